import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { TapError } from "../../../lib/errors.ts";
import { searchChats } from "../../../lib/zendesk/search.ts";
import type { SearchKind } from "../../../lib/zendesk/search_requests.ts";
import {
  type FirstPage,
  type WindowVerdict,
  WindowWidths,
} from "../../../lib/zendesk/search_windows.ts";
import { BulkReads } from "../../../lib/zendesk/bulk_read.ts";
import { createStubChatApi, createStubContext } from "../../fakes/stub_chat_api.ts";
import { chatAt, parseQuery, searchOver } from "../../fakes/stub_search.ts";

const CHAT: SearchKind = { type: "chat", field: "end_timestamp" };
const NOW = Date.parse("2026-01-15T12:00:00Z") / 1000;
const DAY = 86_400;
const CEILING = 10_000;

/** The first page of a window that counts so many hits, more of them on later pages. */
function counting(count: number): FirstPage {
  return { count, listed: Math.min(40, count), isLast: count <= 40 };
}

Deno.test("WindowWidths reads up to 2,000 hits and sizes the next window for 1,000", {
  permissions: "none",
}, () => {
  const cases: [hits: number, width: number, nextWidth: number][] = [
    [0, 100, 800],
    [1, 100, 800],
    [125, 100, 800],
    [126, 100, 793],
    [1_000, 100, 100],
    [2_000, 100, 50],
    [2_001, 1, 1],
    [10_000, 1, 1],
    [0, 1, 8],
    [0, 0, 1],
    [10_000, 0, 1],
  ];
  for (const [hits, width, nextWidth] of cases) {
    const widths = new WindowWidths(Infinity);
    const about = `${hits} hits in ${width} s`;
    assertEquals(widths.judge(counting(hits), width), { kind: "read" }, about);
    assertEquals(widths.next(width, hits), nextWidth, about);
  }
});

Deno.test("WindowWidths narrows what has too many hits, and gives up at a full second", {
  permissions: "none",
}, () => {
  const cases: [hits: number, width: number, WindowVerdict][] = [
    [2_001, 100, { kind: "narrow", width: 49 }],
    [4_000, 100, { kind: "narrow", width: 25 }],
    [10_001, 100, { kind: "narrow", width: 9 }],
    [1_000_000, 100, { kind: "narrow", width: 1 }],
    [2_001, 2, { kind: "narrow", width: 1 }],
    [10_001, 1, { kind: "narrow", width: 0 }],
    [10_001, 0, { kind: "overflow" }],
  ];
  for (const [hits, width, verdict] of cases) {
    assertEquals(new WindowWidths(Infinity).judge(counting(hits), width), verdict);
  }
  for (const hits of [2_001, 3_000, 10_001, 999_999, Number.MAX_SAFE_INTEGER]) {
    for (const width of [2, 3, 10, 1_000, 500_000_000]) {
      const verdict = new WindowWidths(Infinity).judge(counting(hits), width);
      assert(verdict.kind === "narrow" && verdict.width >= 1 && verdict.width < width);
    }
  }
});

Deno.test(
  "WindowWidths caps windows that have hits, and no others",
  { permissions: "none" },
  () => {
    const widths = new WindowWidths(100);
    assertEquals(widths.first(1_000), 100);
    assertEquals(widths.next(100, 0), 800);
    assertEquals(widths.judge(counting(0), 800), { kind: "read" });
    assertEquals(widths.next(800, 0), 6_400);
    assertEquals(widths.judge(counting(1), 6_400), { kind: "narrow", width: 100 });
    assertEquals(widths.judge(counting(3_000), 6_400), { kind: "narrow", width: 100 });
    assertEquals(widths.judge(counting(1), 100), { kind: "read" });
    assertEquals(widths.next(100, 1), 100);
  },
);

Deno.test(
  "WindowWidths believes a list that ends more than a count",
  { permissions: "none" },
  () => {
    const page = { count: 20_000, listed: 3, isLast: true };
    for (const width of [0, 1, 1_000]) {
      assertEquals(new WindowWidths(Infinity).judge(page, width), { kind: "read" });
    }
  },
);

Deno.test(
  "WindowWidths follows no count that is not to be trusted",
  { permissions: "none" },
  () => {
    const widths = new WindowWidths(5_000);
    widths.distrustCounts();
    for (const width of [0, 1, 5_000]) {
      assertEquals(widths.judge(counting(10_000), width), { kind: "read" });
    }
    assertEquals(widths.judge(counting(10_000), 6_000), { kind: "narrow", width: 5_000 });
    // But for one that no search can page through.
    assertEquals(widths.judge(counting(50_000), 5_000), { kind: "narrow", width: 100 });
    assertEquals(widths.judge(counting(50_000), 0), { kind: "read" });
  },
);

Deno.test("WindowWidths halves what is refused down to an hour, and keeps to it", {
  permissions: "none",
}, () => {
  const HOUR = 3_600;
  const widths = new WindowWidths(Infinity);
  const refused = (width: number) => widths.narrower(width, { mayBeHits: false });
  assertEquals([refused(100_000), widths.first(1e9), widths.next(20_000, 0)], [
    50_000,
    50_000,
    50_000,
  ]);
  assertEquals([refused(HOUR + 1), widths.first(1e9)], [HOUR, HOUR]);
  assertEquals([refused(HOUR), refused(10)], [undefined, undefined]);

  const byHits = new WindowWidths(Infinity);
  assertEquals(byHits.narrower(HOUR, { mayBeHits: true }), HOUR / 2);
  assertEquals(byHits.narrower(1, { mayBeHits: true }), 0);
  assertEquals(byHits.narrower(0, { mayBeHits: true }), undefined);
  // A crowded minute does not make the years behind it minutes.
  assertEquals(byHits.first(1e9), HOUR);
});

interface Reading {
  ids: string[];
  /** Windows that were read to their end, in epoch seconds. */
  windows: { from: number; to: number }[];
  requests: number;
}

/** Reads a range of chats at the given seconds, one chat each, ids being indexes. */
async function read(
  times: readonly number[],
  { from, to, widest = Infinity }: { from: number; to: number; widest?: number },
): Promise<Reading> {
  const api = createStubChatApi(searchOver(times.map((time, index) => chatAt(`${index}`, time))));
  const { log, lines } = createStubContext({ api });
  const reading: Reading = { ids: [], windows: [], requests: 0 };
  let searched = 0;
  const search = { api, bulk: new BulkReads(api), widths: new WindowWidths(widest), log };
  for await (const step of searchChats(search, CHAT, { from, to: () => to })) {
    if (step.kind === "chats") reading.ids.push(...step.chats.map(({ id }) => id as string));
    else {
      // The window that ends there is the last one that was searched anew.
      const searches = api.requests.slice(searched).filter(isFirstPage);
      const { from, to } = parseQuery(searches.at(-1)!.replace(/^.*\?q=/, ""));
      assertEquals(to, step.to);
      reading.windows.push({ from, to });
      searched = api.requestCount;
    }
  }
  assertEquals(lines, []);
  reading.requests = api.requestCount;
  return reading;
}

function isFirstPage(request: string): boolean {
  return request.startsWith("chats/search?") && !request.includes("&page=");
}

/** Whether the windows leave no second of the range out. */
function assertTiled(windows: Reading["windows"], range: { from: number; to: number }): void {
  let covered = range.from - 1;
  for (const { from, to } of windows) {
    assert(from <= covered + 1 && to >= from, `a gap between ${covered} and ${from}`);
    covered = to;
  }
  assertEquals(covered, range.to);
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Times spread over a range: evenly, in bursts of a few seconds, and many in the same second. */
function spread(random: () => number, { from, to }: { from: number; to: number }): number[] {
  const within = () => from + Math.floor(random() * (to - from + 1));
  const times: number[] = [];
  for (let group = Math.floor(random() * 6); group > 0; group--) {
    const [start, length] = [within(), Math.floor(random() ** 4 * (to - from))];
    for (let count = Math.floor(random() ** 2 * 4_000); count > 0; count--) {
      times.push(Math.min(to, start + Math.floor(random() * (length + 1))));
    }
  }
  return [...times, from, to];
}

Deno.test("searchChats() tiles any range with windows that list every chat", {
  permissions: "none",
}, async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seeded(seed);
    const length = Math.floor(10 ** (random() * 8.7));
    const range = { from: NOW - length, to: NOW };
    const times = spread(random, range);
    const widest = random() < 0.3 ? Math.max(1, Math.floor(random() * 400) * DAY) : Infinity;

    const { ids, windows } = await read(times, { ...range, widest });

    const about = `seed ${seed}`;
    assertEquals(new Set(ids).size, times.length, about);
    assertTiled(windows, range);
    for (const { from, to } of windows) {
      const hits = times.filter((time) => time >= from && time <= to).length;
      assert(hits <= 2_000 || (to - from <= 1 && hits <= CEILING), `${hits} hits, ${about}`);
      if (hits > 0) assertLessOrEqual(to - from, widest, about);
    }
  }
});

Deno.test("searchChats() reads a range of a single second", { permissions: "none" }, async () => {
  assertEquals(await read([NOW, NOW], { from: NOW, to: NOW }), {
    ids: ["1", "0"],
    windows: [{ from: NOW, to: NOW }],
    requests: 2,
  });
});

Deno.test("searchChats() splits two seconds that a search cannot page through together", {
  permissions: "none",
}, async () => {
  const times = [NOW - 1, NOW].flatMap((time) => Array<number>(6_000).fill(time));
  for (const range of [{ from: NOW - 1, to: NOW }, { from: NOW - 30 * DAY, to: NOW + DAY }]) {
    const { ids, windows } = await read(times, range);

    assertEquals(new Set(ids).size, 12_000);
    assertTiled(windows, range);
  }
});

Deno.test("searchChats() names the second that a search cannot page through, and the way out", {
  permissions: "none",
}, async () => {
  const times = Array<number>(10_001).fill(NOW - 7);

  const error = await assertRejects(
    () => read(times, { from: NOW - 30 * DAY, to: NOW }),
    TapError,
    "2026-01-15T11:59:53",
  );

  assert(error.message.includes('"chats_api"') && error.message.includes("incremental"));
  assert(!error.message.includes("2026-01-15T11:59:52"), error.message);
  assert(!error.message.includes("2026-01-15T11:59:54"), error.message);
});

Deno.test("searchChats() reads a second that is full to the ceiling", {
  permissions: "none",
}, async () => {
  const times = Array<number>(10_000).fill(NOW - 7);

  const { ids } = await read([...times, NOW - 9, NOW - 5], { from: NOW - DAY, to: NOW });

  assertEquals(new Set(ids).size, 10_002);
});

Deno.test("searchChats() has to ask once about years without a chat", {
  permissions: "none",
}, async () => {
  const range = { from: Date.parse("2010-01-01") / 1000, to: NOW };
  assertEquals((await read([], range)).requests, 1);
});

Deno.test("searchChats() goes beyond the widest window where there are no hits", {
  permissions: "none",
}, async () => {
  const range = { from: NOW - 600 * DAY, to: NOW };

  const empty = await read([], { ...range, widest: DAY });
  const { windows, ids } = await read([NOW - 100 * DAY, NOW], { ...range, widest: DAY });

  const days = (read: Reading["windows"]) => read.map(({ from, to }) => (to - from) / DAY);
  assertEquals(days(empty.windows), [1, 8, 64, 512, 15]);
  assertEquals(new Set(ids), new Set(["0", "1"]));
  // Windows close in on a hit by a factor of eight, and none that has one is wider than told.
  for (const { from, to } of windows) {
    const hits = [NOW - 100 * DAY, NOW].filter((time) => time >= from && time <= to);
    assert(hits.length === 0 || to - from <= DAY);
  }
  assertLessOrEqual(windows.length, 60);
});
