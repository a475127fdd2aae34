import { assertEquals } from "@std/assert";
import {
  afterPage,
  clampStart,
  cursorKey,
  type ExportCursor,
  type PageFacts,
  type PageVerdict,
  requestTime,
} from "../../../lib/zendesk/export_cursor.ts";

const STARTED_AT_MS = Date.parse("2026-01-15T12:00:00Z");
/** The latest time that may be stored, and in which unit it is. */
const SETTLED_SECONDS = STARTED_AT_MS / 1000 - 300;

function cursor(seconds: number, id?: string): ExportCursor {
  return { micros: seconds * 1e6, id };
}

/** The verdict on a full page in the middle of an export, but for what is given. */
function judge(
  { asked = cursor(1_000, "a"), visited = [asked], ...facts }:
    & Partial<Omit<PageFacts, "visited">>
    & { visited?: readonly ExportCursor[] },
): PageVerdict {
  const { unit = "seconds" } = facts;
  return afterPage({
    asked,
    end: { time: 2_000, id: "b" },
    full: true,
    empty: false,
    startedAtMs: STARTED_AT_MS,
    unit,
    visited: new Set(visited.map((place) => cursorKey(place, unit))),
    ...facts,
  });
}

const KEPT: PageVerdict = { kind: "stop", cursor: undefined, young: false };
const STUCK: PageVerdict = { kind: "stuck" };

Deno.test("afterPage() stops at a page without rows and keeps the cursor", {
  permissions: "none",
}, () => {
  const ends = [
    { time: undefined, id: undefined },
    { time: 1_000, id: "a" },
    { time: 2_000, id: "b" },
    { time: 500, id: undefined },
  ];
  for (const end of ends) assertEquals(judge({ empty: true, full: false, end }), KEPT);
});

Deno.test("afterPage() stops at a short page and stores its cursor", {
  permissions: "none",
}, () => {
  assertEquals(judge({ full: false }), { kind: "stop", cursor: cursor(2_000, "b"), young: false });
  assertEquals(judge({ full: false, end: { time: 2_000, id: undefined } }), {
    kind: "stop",
    cursor: cursor(2_000),
    young: false,
  });
});

Deno.test("afterPage() takes a repeated cursor for the normal end of a short page", {
  permissions: "none",
}, () => {
  assertEquals(judge({ full: false, end: { time: 1_000, id: "a" } }), {
    kind: "stop",
    cursor: cursor(1_000, "a"),
    young: false,
  });
});

Deno.test("afterPage() stores nothing of a short page whose cursor is older or missing", {
  permissions: "none",
}, () => {
  assertEquals(judge({ full: false, end: { time: 999, id: "z" } }), KEPT);
  assertEquals(judge({ full: false, end: { time: undefined, id: "z" } }), KEPT);
});

Deno.test("afterPage() is stuck where a full page leads no further", {
  permissions: "none",
}, () => {
  assertEquals(judge({ end: { time: 1_000, id: "a" } }), STUCK);
  assertEquals(judge({ end: { time: 999, id: "z" } }), STUCK);
  assertEquals(judge({ end: { time: undefined, id: undefined } }), STUCK);
  assertEquals(
    judge({
      asked: cursor(1_000, "c"),
      end: { time: 1_000, id: "b" },
      visited: [cursor(1_000, "b"), cursor(1_000, "c")],
    }),
    STUCK,
  );
  assertEquals(judge({ asked: cursor(1_000), end: { time: 1_000, id: undefined } }), STUCK);
});

Deno.test("afterPage() goes on from a full page, within a second by the id alone", {
  permissions: "none",
}, () => {
  assertEquals(judge({}), { kind: "next", cursor: cursor(2_000, "b") });
  assertEquals(judge({ end: { time: 1_000, id: "b" } }), {
    kind: "next",
    cursor: cursor(1_000, "b"),
  });
  assertEquals(judge({ asked: cursor(1_000), end: { time: 1_000, id: "b" } }), {
    kind: "next",
    cursor: cursor(1_000, "b"),
  });
});

Deno.test("afterPage() stores no cursor of the five minutes before the run, and no id with it", {
  permissions: "none",
}, () => {
  const clamped = cursor(SETTLED_SECONDS);
  const cases: [full: boolean, time: number, PageVerdict][] = [
    [true, SETTLED_SECONDS, { kind: "next", cursor: cursor(SETTLED_SECONDS, "b") }],
    [true, SETTLED_SECONDS + 1, { kind: "stop", cursor: clamped, young: true }],
    [true, SETTLED_SECONDS + 900, { kind: "stop", cursor: clamped, young: true }],
    [
      false,
      SETTLED_SECONDS,
      { kind: "stop", cursor: cursor(SETTLED_SECONDS, "b"), young: false },
    ],
    [false, SETTLED_SECONDS + 1, { kind: "stop", cursor: clamped, young: false }],
  ];
  for (const [full, time, verdict] of cases) {
    assertEquals(judge({ full, end: { time, id: "b" } }), verdict);
  }
});

Deno.test("afterPage() does not take a time far in the future for a young one", {
  permissions: "none",
}, () => {
  // Microseconds from an export that is taken to answer seconds: to store anything would lose rows.
  const time = STARTED_AT_MS * 1000 - 86_400 * 1e6;
  assertEquals(judge({ end: { time, id: undefined } }), STUCK);
  assertEquals(judge({ full: false, end: { time, id: undefined } }), KEPT);
});

Deno.test("afterPage() reads end_time in the unit of the export, fractions included", {
  permissions: "none",
}, () => {
  assertEquals(judge({ end: { time: 2_000.25, id: undefined } }), {
    kind: "next",
    cursor: { micros: 2_000_250_000, id: undefined },
  });
  assertEquals(
    judge({
      unit: "microseconds",
      asked: { micros: 1_607_919_371_515_217, id: undefined },
      end: { time: 1_607_919_371_515_218, id: undefined },
    }),
    { kind: "next", cursor: { micros: 1_607_919_371_515_218, id: undefined } },
  );
});

Deno.test("afterPage() compares cursors as they are sent", { permissions: "none" }, () => {
  // Behind 1000.9 the same request would follow, for start_time is cut to whole seconds.
  assertEquals(judge({ asked: cursor(1_000), end: { time: 1_000.9, id: undefined } }), STUCK);
  assertEquals(
    judge({
      asked: { micros: 1_000_900_000, id: undefined },
      full: false,
      end: { time: 1_000, id: "b" },
    }),
    { kind: "stop", cursor: cursor(1_000, "b"), young: false },
  );
});

Deno.test("clampStart() begins at least six minutes before the run, and then without an id", {
  permissions: "none",
}, () => {
  const latest = STARTED_AT_MS / 1000 - 360;
  const cases: [ExportCursor, ExportCursor][] = [
    [cursor(latest - 1, "a"), cursor(latest - 1, "a")],
    [cursor(latest, "a"), cursor(latest, "a")],
    [cursor(latest + 1, "a"), cursor(latest)],
    [{ micros: latest * 1e6 + 1, id: "a" }, cursor(latest)],
    [cursor(latest + 100_000), cursor(latest)],
  ];
  for (const [asked, expected] of cases) {
    assertEquals(clampStart(asked, STARTED_AT_MS), expected);
  }
});

Deno.test("requestTime() rounds seconds down and sends microseconds whole", {
  permissions: "none",
}, () => {
  const place = { micros: 1_607_919_371_999_999, id: "a" };
  assertEquals(requestTime(place, "seconds"), 1_607_919_371);
  assertEquals(requestTime(place, "microseconds"), 1_607_919_371_999_999);
});

Deno.test("cursorKey() is the same for what would be the same request", {
  permissions: "none",
}, () => {
  const place = (micros: number, id?: string) => cursorKey({ micros, id }, "seconds");
  assertEquals(place(1_000_900_000, "a"), place(1_000_100_000, "a"));
  assertEquals(
    new Set([place(1e9), place(1e9, "a"), place(1e9, "b"), place(1.001e9)]).size,
    4,
  );
});
