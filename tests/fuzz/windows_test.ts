/**
 * Search windows over chats that lie anywhere: evenly, in bursts, or thousands in one second. The
 * windows that are read tile the range, every chat in it arrives, and none is above the ceiling.
 */

import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { TapError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { BulkReads } from "../../lib/zendesk/bulk_read.ts";
import { searchChats } from "../../lib/zendesk/search.ts";
import type { SearchKind } from "../../lib/zendesk/search_requests.ts";
import { WindowWidths } from "../../lib/zendesk/search_windows.ts";
import { type Draw, drawFor } from "../fakes/sample_account/random.ts";
import { createStubChatApi, createStubContext, type StubReply } from "../fakes/stub_chat_api.ts";
import { chatAt, parseQuery, searchOver } from "../fakes/stub_search.ts";

const NOW = Date.parse("2026-01-15T12:00:00Z") / 1000;
const DAY = 86_400;
const CEILING = 10_000;

const KINDS: SearchKind[] = [
  { type: "chat", field: "end_timestamp" },
  { type: "offline_msg", field: "timestamp" },
];

/** Both ends and the widest window with hits, in seconds. */
interface Range {
  from: number;
  to: number;
  widest: number;
}

interface ReadWindow {
  from: number;
  to: number;
  /** Hits as the search counts them. */
  count: number;
}

function drawRange(draw: Draw): Range {
  const to = NOW - draw.whole(0, DAY);
  const length = draw.one([0, 1, 2, 60, 3_600, DAY, 30 * DAY, 3_650 * DAY])!;
  const widest = draw.one([Infinity, DAY, 14 * DAY])!;
  return {
    from: to - draw.whole(0, length),
    to,
    widest: length > 400 * widest ? Infinity : widest,
  };
}

/** Chats of both kinds in and around a range, some of them crowded. */
function drawChats(draw: Draw, { from, to }: Range): JsonObject[] {
  const groups = Array.from({ length: draw.whole(0, 4) }, () => ({
    count: draw.one([1, 3, 45, 400, 2_500, 12_000])!,
    at: draw.whole(from - 5, to + 5),
    spread: draw.one([0, 0, 1, 60, DAY, to - from])!,
  }));
  return groups.flatMap(({ count, at, spread }, group) =>
    Array.from({ length: count }, (_, index) => {
      const kind = draw.happens(0.8) ? "chat" : "offline_msg";
      return chatAt(`${group}-${index}`, at + draw.whole(0, spread), kind);
    })
  );
}

Deno.test("searchChats() tiles any range, and brings every chat in it", {
  permissions: "none",
}, async () => {
  for (let seed = 0; seed < 80; seed++) {
    const draw = drawFor(seed);
    const range = drawRange(draw);
    const kind = draw.one(KINDS)!;
    const chats = drawChats(draw, range);
    const answer = searchOver(chats);
    const asked: ReadWindow[] = [];
    const api = createStubChatApi((request): StubReply => {
      const reply = answer(request);
      const { q, page } = request.params;
      if (q !== undefined && page === undefined) {
        const { count } = (reply as { body: JsonObject }).body;
        asked.push({ ...parseQuery(q), count: count as number });
      }
      return reply;
    });

    const read: ReadWindow[] = [];
    const brought = new Map<unknown, JsonObject>();
    const { log, lines } = createStubContext({ api });
    const readAll = async () => {
      const search = { api, bulk: new BulkReads(api), widths: new WindowWidths(range.widest), log };
      for await (const step of searchChats(search, kind, { ...range, to: () => range.to })) {
        if (step.kind === "window") read.push(asked.at(-1)!);
        else for (const chat of step.chats) brought.set(chat.id, chat);
        if (step.kind === "window") assertEquals(step.to, read.at(-1)!.to);
      }
    };
    const inRange = chats.filter((chat) => {
      const seconds = secondsOf(chat, kind);
      return chat.type === kind.type && seconds >= range.from && seconds <= range.to;
    });
    if (fullestSecond(inRange, kind) > CEILING) {
      await assertRejects(readAll, TapError, '"chats_api" to "incremental"');
      continue;
    }
    await readAll();

    const what = `seed ${seed}: ${JSON.stringify({ range, kind, read })}`;
    assertTiled(read, range, what);
    for (const { from, to, count } of read) {
      if (count > 0) assertLessOrEqual(to - from, range.widest, what);
      assertLessOrEqual(count, CEILING, what);
      if (to - from > 1) assertLessOrEqual(count, 2_000, what);
    }
    assertEquals([...brought.keys()].toSorted(), inRange.map(({ id }) => id).toSorted(), what);
    assertEquals(lines, [], what);
    const days = (range.to - range.from) / Math.min(range.widest, range.to - range.from || 1);
    assertLessOrEqual(api.requests.length, 150 + inRange.length / 4 + 2 * days, what);
  }
});

function secondsOf(chat: JsonObject, { field }: SearchKind): number {
  return Date.parse(`${chat[field]}`) / 1000;
}

/** The most chats that share one second. */
function fullestSecond(chats: readonly JsonObject[], kind: SearchKind): number {
  const counts = new Map<number, number>();
  for (const chat of chats) {
    const seconds = secondsOf(chat, kind);
    counts.set(seconds, (counts.get(seconds) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

Deno.test("searchChats() keeps to its windows although one hit is counted and not listed", {
  permissions: "none",
}, async () => {
  const from = NOW - 400 * DAY;
  const burst = NOW - 10 * DAY;
  const chats = Array.from({ length: 25_000 }, (_, index) => chatAt(`${index}`, burst + index / 2));
  const answer = searchOver(chats);
  const api = createStubChatApi((request): StubReply => {
    const reply = answer(request) as { body: JsonObject };
    const { q, page } = request.params;
    if (q !== undefined && page === undefined && parseQuery(q).from <= from + DAY) {
      reply.body.count = reply.body.count as number + 1;
    }
    return reply;
  });
  const { log } = createStubContext({ api });
  const brought = new Set<unknown>();
  const search = { api, bulk: new BulkReads(api), widths: new WindowWidths(14 * DAY), log };
  for await (const step of searchChats(search, KINDS[0]!, { from, to: () => NOW })) {
    if (step.kind === "chats") { for (const { id } of step.chats) brought.add(id); }
  }
  assertEquals(brought.size, chats.length);
  assertLessOrEqual(api.requests.length, 1_600);
});

/** That windows cover the range without a gap; only single seconds share nothing with the next. */
function assertTiled(windows: readonly ReadWindow[], range: Range, what: string): void {
  assertEquals([windows[0]?.from, windows.at(-1)?.to], [range.from, range.to], what);
  for (const [index, { from, to }] of windows.entries()) {
    assertEquals(from <= to, true, what);
    const before = windows[index - 1];
    if (before === undefined) continue;
    const expected = before.from === before.to ? before.to + 1 : before.to;
    assertEquals(from, expected, what);
  }
}
