import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { InputError } from "../../../lib/errors.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import { BookmarkReader } from "../../../lib/singer/state.ts";
import { describeGaps, Gaps, isGivenUp, readGaps } from "../../../lib/stream/gaps.ts";

const T0 = Date.parse("2026-01-05T00:00:00Z") / 1000;

function read(gaps: Json): Gaps {
  return readGaps(new BookmarkReader({ gaps }, "bookmarks.chats", "state.json"));
}

function time(seconds: number): string {
  return new Date((T0 + seconds) * 1000).toISOString().replace("000Z", "000000Z");
}

/** A window in the state, in seconds from `T0`. */
function window(from: number, to: number, tries = 0, kind = "chat"): JsonObject {
  return { kind, from: time(from), to: time(to), tries };
}

function ids(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `1704.2314815.${from + index}`);
}

Deno.test("Gaps are told in the state as windows and as ids by their tries", {
  permissions: "none",
}, () => {
  const gaps = new Gaps();
  assertEquals(gaps.changes(), {});

  assert(gaps.addWindow({ kind: "chat", from: T0, to: T0 + 60 }));
  assert(gaps.addIds(["a", "b"]));
  assert(gaps.addIds([]));

  const stored = [window(0, 60), { ids: ["a", "b"], tries: 0 }];
  assertEquals(gaps.changes(), { gaps: stored });
  assertEquals(read(stored).changes(), {});
  assertEquals(read(stored).windowsToAsk(), [{ kind: "chat", from: T0, to: T0 + 60, tries: 0 }]);
  assertEquals(read(stored).idsToAsk(), ["a", "b"]);
});

Deno.test("Gaps are removed when they come, and the state is told so", {
  permissions: "none",
}, () => {
  const gaps = read([window(0, 60, 2), { ids: ["a"], tries: 1 }, { ids: ["b", "c"], tries: 4 }]);

  gaps.idsCame(["c", undefined, 7, "x"]);
  assertEquals(gaps.changes(), {
    gaps: [window(0, 60, 2), { ids: ["a"], tries: 1 }, { ids: ["b"], tries: 4 }],
  });

  gaps.replaceWindows(gaps.windowsToAsk(), []);
  gaps.idsCame(["a", "b"]);
  assertEquals(gaps.changes(), { gaps: [] });
});

Deno.test("ids are given up after five runs that asked in vain", { permissions: "none" }, () => {
  let gaps = new Gaps();
  gaps.addIds(["a"]);
  for (let run = 1; run <= 5; run++) {
    gaps = read(gaps.changes().gaps!);
    assertEquals(gaps.idsToAsk(), ["a"]);
    assertEquals(gaps.idsLacked(["a"]), run === 5 ? ["a"] : []);
    // What a window of the same run lists again is as old as it was.
    if (run < 5) assert(gaps.addIds(["a"]));
  }
  assertEquals(gaps.changes(), { gaps: [] });
  assertEquals([4, 5].map((tries) => isGivenUp({ tries })), [false, true]);
});

Deno.test("a run asks for the oldest ten windows", { permissions: "none" }, () => {
  const stored = Array.from({ length: 12 }, (_, index) => window(index * 100, index * 100 + 50));
  assertEquals(
    read(stored).windowsToAsk().map(({ from }) => from - T0),
    Array.from({ length: 10 }, (_, index) => index * 100),
  );
});

Deno.test("windows of one age that touch are one window", { permissions: "none" }, () => {
  const add = (stored: Json[], from: number, to: number) => {
    const gaps = read(stored);
    gaps.addWindow({ kind: "chat", from: T0 + from, to: T0 + to });
    return gaps.changes().gaps;
  };
  assertEquals(add([window(0, 60)], 60, 90), [window(0, 90)]);
  assertEquals(add([window(0, 60)], 61, 90), [window(0, 90)]);
  assertEquals(add([window(0, 60)], 62, 90), [window(0, 60), window(62, 90)]);
  assertEquals(add([window(0, 60), window(90, 120)], 60, 90), [window(0, 120)]);
  // Another kind, or one that was asked for before.
  assertEquals(add([window(0, 60, 0, "offline_msg")], 60, 90), [
    window(0, 60, 0, "offline_msg"),
    window(60, 90),
  ]);
  assertEquals(add([window(0, 60, 1)], 60, 90), [window(0, 60, 1), window(60, 90)]);
  // One that the bookmark has not passed is found again, and is as old as it was.
  assertEquals(add([window(0, 60, 3)], 0, 90), [window(0, 90, 3)]);
});

Deno.test("windows of one age are joined where least is between, until one run asks for all", {
  permissions: "none",
}, () => {
  const gaps = new Gaps();
  for (let index = 0; index < 40; index++) {
    // Pairs that are close, and further from the others.
    const from = T0 + Math.floor(index / 2) * 1_000 + (index % 2) * 100;
    assert(gaps.addWindow({ kind: "chat", from, to: from + 50 }));
  }
  const windows = gaps.windowsToAsk();
  assertEquals([windows.length, gaps.size], [10, { windows: 10, ids: 0 }]);
  for (let index = 0; index < 40; index++) {
    const from = T0 + Math.floor(index / 2) * 1_000 + (index % 2) * 100;
    assert(windows.some((window) => window.from <= from && window.to >= from + 50), `${index}`);
  }
});

Deno.test("no more than 50 windows are noted", { permissions: "none" }, () => {
  // What another program noted: as many ages as there are windows.
  const gaps = read(Array.from({ length: 50 }, (_, index) => {
    return window(index * 100, index * 100 + 50, index);
  }));
  const add = (from: number) => gaps.addWindow({ kind: "chat", from, to: from + 50 });
  // One more of an age that there is needs no room.
  assert(add(T0 + 100_000));
  assertEquals(gaps.size.windows, 50);

  const full = read(Array.from({ length: 50 }, (_, index) => {
    return window(index * 100, index * 100 + 50, index + 1);
  }));
  assertEquals(full.addWindow({ kind: "chat", from: T0 + 100_000, to: T0 + 100_050 }), false);
  assertEquals(full.changes(), {});
});

Deno.test("no more than 1,000 ids are noted, and no more of them than a state has room for", {
  permissions: "none",
}, () => {
  const gaps = new Gaps();
  assert(gaps.addIds(ids(0, 999)));
  assertEquals(gaps.addIds(ids(2_000, 2)), false);
  assert(gaps.addIds([...ids(0, 10), ...ids(2_000, 1)]));
  assertEquals(gaps.size, { windows: 0, ids: 1_000 });

  const long = new Gaps();
  let count = 0;
  while (long.addIds([`${count}-${"x".repeat(500)}`])) count++;
  for (let index = 0; index < 100; index++) {
    long.addWindow({ kind: "chat", from: index * 10, to: index * 10 });
  }
  assertLessOrEqual(count, 100);
  assertLessOrEqual(JSON.stringify(long.changes()).length, 55_000);
  long.idsCame([`0-${"x".repeat(500)}`]);
  assert(long.addIds([`${count}-${"x".repeat(500)}`]));
});

Deno.test("readGaps() refuses what it cannot read, and passes over an empty window", {
  permissions: "none",
}, () => {
  const cases: [Json, string][] = [
    [{ a: 1 }, '"bookmarks.chats.gaps"'],
    ["x", '"bookmarks.chats.gaps"'],
    [[null], '"bookmarks.chats.gaps"'],
    [[{ ids: "a", tries: 0 }], '"bookmarks.chats.gaps[0].ids"'],
    [[{ ids: [5], tries: 0 }], '"bookmarks.chats.gaps[0].ids"'],
    [[window(0, 1, -1)], '"bookmarks.chats.gaps[0].tries"'],
    [[window(0, 1), window(0, 1, 0, "other")], '"bookmarks.chats.gaps[1].kind"'],
    [[{ kind: "chat", from: "soon", to: time(0) }], '"bookmarks.chats.gaps[0].from"'],
  ];
  for (const [gaps, key] of cases) {
    assertThrows(() => read(gaps), InputError, `state file "state.json": ${key} is `);
  }
  for (const gaps of [null, {}, [], [window(5, 4)], [{ tries: 1 }], [{ from: time(0) }]]) {
    assertEquals(read(gaps).size, { windows: 0, ids: 0 });
  }
});

Deno.test("describeGaps() counts what is asked for again", { permissions: "none" }, () => {
  assertEquals(describeGaps(new Gaps()), "");
  assertEquals(
    describeGaps(read([window(0, 1)])),
    ", after 1 window that earlier runs did not get",
  );
  assertEquals(
    describeGaps(read([window(0, 1), window(5, 6), { ids: ["a"], tries: 0 }])),
    ", after 2 windows and 1 chat that earlier runs did not get",
  );
});
