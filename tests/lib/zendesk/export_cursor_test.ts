import { assertEquals } from "@std/assert";
import type { Json } from "../../../lib/json.ts";
import {
  afterPage,
  clampStart,
  cursorKey,
  type ExportCursor,
  isAhead,
  isCursorRow,
  type PageFacts,
  type PageVerdict,
  requestTime,
  rowsBefore,
  rowsToCome,
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
    repeated: false,
    endMicros: Infinity,
    startedAtMs: STARTED_AT_MS,
    unit,
    visited: new Set(visited.map((place) => cursorKey(place, unit))),
    ...facts,
  });
}

const NO_ROWS: PageVerdict = { kind: "stop", why: "no rows" };
const NOTHING_NEW: PageVerdict = { kind: "stop", why: "nothing new" };
const NO_CURSOR: PageVerdict = { kind: "stop", why: "no cursor" };
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
  for (const end of ends) assertEquals(judge({ empty: true, full: false, end }), NO_ROWS);
});

Deno.test("afterPage() goes on while the cursor moves, also after a short page", {
  permissions: "none",
}, () => {
  for (const full of [true, false]) {
    const next = (end: PageFacts["end"], asked = cursor(1_000, "a")) => judge({ full, end, asked });
    assertEquals(next({ time: 2_000, id: "b" }), { kind: "next", cursor: cursor(2_000, "b") });
    assertEquals(next({ time: 2_000, id: undefined }), { kind: "next", cursor: cursor(2_000) });
    // Within a second the id alone moves.
    assertEquals(next({ time: 1_000, id: "b" }), { kind: "next", cursor: cursor(1_000, "b") });
    assertEquals(next({ time: 1_000, id: "b" }, cursor(1_000)), {
      kind: "next",
      cursor: cursor(1_000, "b"),
    });
  }
});

Deno.test(
  "afterPage() takes the cursor asked with for the end of a short page, and a full one for stuck",
  {
    permissions: "none",
  },
  () => {
    const cases: Parameters<typeof judge>[0][] = [
      { end: { time: 1_000, id: "a" } },
      { asked: cursor(1_000), end: { time: 1_000, id: undefined } },
      // A second without the row in it is before that row.
      { end: { time: 1_000, id: undefined } },
      // One that was asked with earlier in the run.
      {
        asked: cursor(1_000, "c"),
        end: { time: 1_000, id: "b" },
        visited: [cursor(1_000, "b"), cursor(1_000, "c")],
      },
      // The rows of the page before under another id.
      { end: { time: 1_000, id: "b" }, repeated: true },
    ];
    for (const facts of cases) {
      assertEquals(judge({ ...facts, full: false }), NOTHING_NEW);
      assertEquals(judge({ ...facts, full: true }), STUCK);
    }
  },
);

Deno.test("afterPage() stops at a cursor that is older or missing, and stores nothing", {
  permissions: "none",
}, () => {
  for (const full of [true, false]) {
    assertEquals(judge({ full, end: { time: 999, id: "z" } }), NO_CURSOR);
    assertEquals(judge({ full, end: { time: undefined, id: "z" } }), NO_CURSOR);
    assertEquals(judge({ full, end: { time: undefined, id: undefined } }), NO_CURSOR);
  }
});

Deno.test("afterPage() stores no cursor of the five minutes before the run, and no id with it", {
  permissions: "none",
}, () => {
  const clamped: PageVerdict = { kind: "stop", why: "young", cursor: cursor(SETTLED_SECONDS) };
  for (const full of [true, false]) {
    const at = (time: number) => judge({ full, end: { time, id: "b" } });
    assertEquals(at(SETTLED_SECONDS), { kind: "next", cursor: cursor(SETTLED_SECONDS, "b") });
    assertEquals(at(SETTLED_SECONDS + 1), clamped);
    assertEquals(at(SETTLED_SECONDS + 900), clamped);
  }
});

Deno.test("afterPage() does not take a time far in the future for a young one", {
  permissions: "none",
}, () => {
  // Microseconds from an export that is taken to answer seconds: to store anything would lose rows.
  const time = STARTED_AT_MS * 1000 - 86_400 * 1e6;
  for (const full of [true, false]) {
    assertEquals(judge({ full, end: { time, id: undefined } }), NO_CURSOR);
  }
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
    { kind: "next", cursor: cursor(1_000, "b") },
  );
});

Deno.test("isCursorRow() knows the row of a cursor by id and time, and not when it was edited", {
  permissions: "none",
}, () => {
  const seconds = { timeField: "update_timestamp", unit: "seconds" } as const;
  const place = cursor(Date.parse("2026-01-05T10:00:00Z") / 1000, "a");
  const row = (id: Json, update_timestamp: Json) => ({ id, update_timestamp });
  const cases: [Json, ExportCursor, boolean][] = [
    [row("a", "2026-01-05T10:00:00Z"), place, true],
    [row("a", "2026-01-05T10:00:00.750000Z"), place, true],
    [row("a", "2026-01-05T10:00:01Z"), place, false],
    [row("b", "2026-01-05T10:00:00Z"), place, false],
    [row("a", "2026-01-05T10:00:00Z"), { ...place, id: undefined }, false],
    [row("a", "soon"), place, false],
    [row("a", null), place, false],
    [row(7, "2026-01-05T10:00:00Z"), { ...place, id: "7" }, true],
    [null, place, false],
    ["a", place, false],
  ];
  for (const [given, at, expected] of cases) {
    assertEquals(isCursorRow(given, at, seconds), expected, JSON.stringify(given));
  }
});

Deno.test("isAhead() tells rows behind a cursor's time, in the unit in which requests have it", {
  permissions: "none",
}, () => {
  const place = cursor(Date.parse("2026-01-05T10:00:00Z") / 1000, "a");
  const row = (update_timestamp: Json) => ({ id: "a", update_timestamp });
  const cases: [Json, "seconds" | "microseconds", boolean][] = [
    [row("2026-01-05T10:00:01Z"), "seconds", true],
    [row("2026-01-05T10:00:00.999999Z"), "seconds", false],
    [row("2026-01-05T10:00:00.000001Z"), "microseconds", true],
    [row("2026-01-05T10:00:00Z"), "microseconds", false],
    [row("2026-01-05T09:59:59Z"), "seconds", false],
    [row("soon"), "seconds", false],
    [row(null), "seconds", false],
    [null, "seconds", false],
    [[], "seconds", false],
  ];
  for (const [given, unit, expected] of cases) {
    const time = { timeField: "update_timestamp", unit };
    assertEquals(isAhead(given, place, time), expected, JSON.stringify([given, unit]));
  }
});

Deno.test("rowsToCome() are those of the cursor's time, where there are no ids", {
  permissions: "none",
}, () => {
  const time = { timeField: "timestamp", unit: "seconds" } as const;
  const at = (timestamp: string) => ({ timestamp });
  const rows = ["09:59:59.9", "10:00:00", "10:00:00.5"].map((t) => at(`2026-01-05T${t}Z`));
  const place = cursor(Date.parse("2026-01-05T10:00:00.5Z") / 1000);

  assertEquals(
    rowsToCome([...rows, null, {}], place, time),
    new Set(rows.slice(1).map((row) => JSON.stringify(row))),
  );
  assertEquals(rowsToCome(rows, { ...place, id: "a" }, time), new Set());
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

Deno.test("afterPage() stops at an end, and stores nothing behind it", {
  permissions: "none",
}, () => {
  const at = (end: number): PageVerdict => judge({ endMicros: end * 1e6 });
  assertEquals(at(2_001), { kind: "next", cursor: cursor(2_000, "b") });
  assertEquals(at(2_000), { kind: "stop", why: "end", cursor: cursor(2_000) });
  assertEquals(at(1_999.5), { kind: "stop", why: "end", cursor: cursor(1_999.5) });
  // An end that rows may still come in before is no end yet.
  const young = { time: SETTLED_SECONDS + 200, id: "b" };
  assertEquals(judge({ end: young, endMicros: (SETTLED_SECONDS + 100) * 1e6 }), {
    kind: "stop",
    why: "young",
    cursor: cursor(SETTLED_SECONDS),
  });
});

Deno.test("rowsBefore() keeps what changed before an instant, and what has no time", {
  permissions: "none",
}, () => {
  const rows = [
    { id: "a", update_timestamp: "1970-01-01T00:33:19Z" },
    { id: "b", update_timestamp: "1970-01-01T00:33:20Z" },
    { id: "c" },
    null,
  ];
  const left = rowsBefore(rows, 2_000 * 1e6, { timeField: "update_timestamp" });
  assertEquals(left, [rows[0], rows[2], rows[3]] as typeof left);
});
