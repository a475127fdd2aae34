import { assertEquals } from "@std/assert";
import {
  advanceKind,
  CHAT_KINDS,
  type DualMicros,
  greatestIn,
  pageLinksEnd,
  readDual,
} from "../../../lib/stream/dual_bookmark.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import { BookmarkReader } from "../../../lib/singer/state.ts";

function dual(chat: number, offline: number): DualMicros {
  return { "chat.end_timestamp": chat, "offline_msg.timestamp": offline };
}

Deno.test("CHAT_KINDS reads chats by their end before messages by their time", {
  permissions: "none",
}, () => {
  assertEquals(CHAT_KINDS.map(({ type, field, key }) => [type, field, key]), [
    ["chat", "end_timestamp", "chat.end_timestamp"],
    ["offline_msg", "timestamp", "offline_msg.timestamp"],
  ]);
});

Deno.test("readDual() puts a value of its own in place of each that is absent", {
  permissions: "none",
}, () => {
  const cases: [JsonObject, DualMicros][] = [
    [{}, dual(5, 5)],
    [{ "chat.end_timestamp": null, "offline_msg.timestamp": {} }, dual(5, 5)],
    [{ "chat.end_timestamp": "1970-01-01T00:00:01Z" }, dual(1e6, 5)],
    [{ "offline_msg.timestamp": "1970-01-01T00:00:01Z", offset: 3 }, dual(5, 1e6)],
  ];
  for (const [value, expected] of cases) {
    assertEquals(readDual(new BookmarkReader(value, "", "state.json"), 5), expected);
  }
});

Deno.test("pageLinksEnd() ends the page addresses of a Python state, and nothing else", {
  permissions: "none",
}, () => {
  const url = "https://www.zopim.com/api/v2/chats/search?q=x";
  const cases: [JsonObject, JsonObject][] = [
    [{}, {}],
    [{ offset: {} }, {}],
    [{ offset: { "chat.next_url": null, id: 5 } }, {}],
    [{ offset: { "chat.next_url": url, id: 5 } }, { offset: { "chat.next_url": null } }],
    [
      { offset: { "chat.next_url": url, "offline_msg.next_url": url } },
      { offset: { "chat.next_url": null, "offline_msg.next_url": null } },
    ],
  ];
  for (const [value, expected] of cases) {
    assertEquals(pageLinksEnd(new BookmarkReader(value, "", "state.json")), expected);
  }
});

Deno.test("advanceKind() takes the least of its bounds and never goes back", {
  permissions: "none",
}, () => {
  const lag = 5 * 60 * 1e6;
  const startedAt = 1_000 * lag;
  const cases: [
    before: number,
    greatestSeen: number,
    windowEnd: number,
    heldAt: number,
    after: number,
  ][] = [
    [1, 50 * lag, 60 * lag, Infinity, 50 * lag],
    [1, 60 * lag, 50 * lag, Infinity, 50 * lag],
    [1, 60 * lag, 50 * lag, 40 * lag, 40 * lag],
    [45 * lag, 60 * lag, 50 * lag, 40 * lag, 45 * lag],
    [1, 1_000 * lag, 1_001 * lag, Infinity, 999 * lag],
    [1, 999 * lag, 1_000 * lag, Infinity, 999 * lag],
    [1, 999 * lag + 1, 1_000 * lag, Infinity, 999 * lag],
    [55 * lag, 50 * lag, 60 * lag, Infinity, 55 * lag],
    [1_000 * lag - 1, 1_000 * lag, 1_000 * lag, Infinity, 1_000 * lag - 1],
  ];
  for (const [before, greatestSeen, windowEnd, heldAt, after] of cases) {
    assertEquals(advanceKind(before, { greatestSeen, windowEnd, startedAt, heldAt }), after);
  }
});

Deno.test("greatestIn() counts times of the API's rows, and nothing else", {
  permissions: "none",
}, () => {
  const [chat, offline] = CHAT_KINDS;
  const rows: Json[] = [
    { end_timestamp: "1970-01-01T00:00:03Z", timestamp: "1970-01-01T00:00:09Z" },
    { end_timestamp: "1970-01-01T00:00:04.25Z" },
    { end_timestamp: null },
    { end_timestamp: 7_000_000 },
    { end_timestamp: "soon" },
    null,
  ];
  assertEquals(greatestIn(rows, chat!, 1), 4_250_000);
  assertEquals(greatestIn(rows, offline!, 1), 9_000_000);
  assertEquals(greatestIn(rows, chat!, 5_000_000), 5_000_000);
});
