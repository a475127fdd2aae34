import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { TapError } from "../../../lib/errors.ts";
import { searchChats } from "../../../lib/zendesk/search.ts";
import type { SearchKind } from "../../../lib/zendesk/search_requests.ts";
import { judgeWindow, type WindowVerdict } from "../../../lib/zendesk/search_windows.ts";
import { createStubChatApi, createStubContext } from "../../fakes/stub_chat_api.ts";
import { chatAt, parseQuery, searchOver } from "../../fakes/stub_search.ts";

const CHAT: SearchKind = { type: "chat", field: "end_timestamp" };
const NOW = Date.parse("2026-01-15T12:00:00Z") / 1000;
const DAY = 86_400;
const CEILING = 10_000;

Deno.test("judgeWindow() reads up to 2,000 hits and sizes the next window for 1,000", {
  permissions: "none",
}, () => {
  const cases: [hits: number, width: number, WindowVerdict][] = [
    [0, 100, { kind: "read", nextWidth: 800 }],
    [1, 100, { kind: "read", nextWidth: 800 }],
    [125, 100, { kind: "read", nextWidth: 800 }],
    [126, 100, { kind: "read", nextWidth: 793 }],
    [1_000, 100, { kind: "read", nextWidth: 100 }],
    [2_000, 100, { kind: "read", nextWidth: 50 }],
    [2_001, 100, { kind: "narrow", width: 49 }],
    [4_000, 100, { kind: "narrow", width: 25 }],
    [10_001, 100, { kind: "narrow", width: 9 }],
    [1_000_000, 100, { kind: "narrow", width: 1 }],
    [2_001, 2, { kind: "narrow", width: 1 }],
    [2_001, 1, { kind: "read", nextWidth: 1 }],
    [10_000, 1, { kind: "read", nextWidth: 1 }],
    [0, 1, { kind: "read", nextWidth: 8 }],
    [0, 0, { kind: "read", nextWidth: 1 }],
    [10_000, 0, { kind: "read", nextWidth: 1 }],
    [10_001, 0, { kind: "overflow" }],
  ];
  for (const [hits, width, verdict] of cases) {
    assertEquals(judgeWindow(hits, width), verdict, `${hits} hits in ${width} s`);
  }
});

Deno.test("judgeWindow() always narrows to a smaller window that still has a length", {
  permissions: "none",
}, () => {
  for (const hits of [2_001, 3_000, 10_001, 999_999, Number.MAX_SAFE_INTEGER]) {
    for (const width of [2, 3, 10, 1_000, 500_000_000]) {
      const verdict = judgeWindow(hits, width);
      assert(verdict.kind === "narrow" && verdict.width >= 1 && verdict.width < width);
    }
  }
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
  range: { from: number; to: number; widest?: number },
): Promise<Reading> {
  const api = createStubChatApi(searchOver(times.map((time, index) => chatAt(`${index}`, time))));
  const { log, lines } = createStubContext({ api });
  const reading: Reading = { ids: [], windows: [], requests: 0 };
  let searched = 0;
  for await (const step of searchChats(api, CHAT, { widest: Infinity, ...range }, log)) {
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
      assertLessOrEqual(to - from, widest, about);
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

Deno.test("searchChats() asks for no window wider than it is told", {
  permissions: "none",
}, async () => {
  const range = { from: NOW - 10 * DAY, to: NOW };

  const { windows, requests } = await read([], { ...range, widest: 3 * DAY });

  assertEquals(requests, 4);
  assertEquals(windows.map(({ from, to }) => [(NOW - from) / DAY, (NOW - to) / DAY]), [
    [10, 7],
    [7, 4],
    [4, 1],
    [1, 0],
  ]);
});
