/**
 * Tables of what is nested in chats, against a fake Chat API: what they cost, which come with which,
 * where each stands, and what a target has of them that puts a state together stream by stream.
 */

import { assert, assertEquals } from "@std/assert";
import { StopError } from "../lib/errors.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { defaultEntry } from "../lib/singer/catalog.ts";
import { discoveredCatalog } from "../lib/sync/choose_streams.ts";
import { warnOfEmptyStreams } from "../lib/sync/reading.ts";
import { STREAMS } from "../streams/mod.ts";
import { chat, type FakeChatApi, startFakeChatApi } from "./fakes/chat_api/mod.ts";
import { keysHeld, keysRead, secondText } from "./program/accounts.ts";
import { lastState, type Message, recordsOf } from "./program/singer_output.ts";
import { syncInProcess, type SyncRun } from "./program/sync_in_process.ts";
import { recordsOf as recordsOfRun, runStreams } from "./run_streams.ts";
import { createFakeClock } from "./fakes/clock.ts";

const NOW = Date.parse("2026-06-15T12:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FAMILY = ["chats", "chat_history", "chat_engagements"];
const WAYS = ["search", "incremental"] as const;

/** Chats a day apart, each with as many events as its number says, and one engagement. */
function chats(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `c${index}`;
    return chat(id, secondText(NOW - (count - index) * DAY), {
      history: Array.from({ length: index % 4 }, (_, event) => ({
        type: "chat.msg",
        msg: `${event} of ${id}`,
        tags: ["a"],
      })),
      engagements: [{ id: `${id}-e`, accepted: true, count: { total: index } }],
    });
  });
}

/** The streams of the family that a way of reading has rows for. */
function familyBy(way: string): string[] {
  return way === "search" ? FAMILY.slice(0, 2) : FAMILY;
}

function sync(
  api: FakeChatApi,
  way: string,
  streams: readonly string[],
  more: Partial<Parameters<typeof syncInProcess>[1]> = {},
): Promise<SyncRun> {
  const config = { chats_api: way, chat_search_interval_days: 7, ...more.config };
  return syncInProcess(api, { nowMs: NOW, ...more, streams, config });
}

function bookmarksIn(messages: readonly Message[]): Record<string, JsonObject> {
  return lastState(messages)!.bookmarks as Record<string, JsonObject>;
}

/** The type and stream of each message, repetitions left out. */
function outline(messages: readonly Message[]): string[] {
  const steps = messages.map((message) =>
    message.type === "STATE" ? "STATE" : `${message.type} ${message.stream}`
  );
  return steps.filter((step, index) => step !== steps[index - 1]);
}

/** The records between two states each. */
function betweenStates(messages: readonly Message[]): Message[][] {
  const segments: Message[][] = [[]];
  for (const message of messages) {
    if (message.type === "STATE") segments.push([]);
    else if (message.type === "RECORD") segments.at(-1)!.push(message);
  }
  return segments;
}

for (const way of WAYS) {
  Deno.test(`children come after their page and before its checkpoint: ${way}`, async () => {
    await using api = await startFakeChatApi({ account: { chats: chats(10) } });
    const { messages } = await sync(api, way, FAMILY);

    const begin = FAMILY.flatMap((stream) => ["STATE", `SCHEMA ${stream}`]);
    assertEquals(outline(messages).slice(0, begin.length), begin);
    assertEquals(new Set(keysRead(messages)), keysHeld(api, familyBy(way)));
    for (const segment of betweenStates(messages)) {
      const rows = recordsOf(segment, "chats");
      const history = recordsOf(segment, "chat_history");
      assertEquals(
        history.map(({ chat_id, position }) => `${chat_id} ${position}`),
        rows.flatMap(({ id, history = [] }) =>
          (history as Json[]).map((_, position) => `${id} ${position}`)
        ),
      );
      const steps = outline(segment).join();
      assert(
        /^((,|^)RECORD chats(,RECORD chat_history)?(,RECORD chat_engagements)?)*$/.test(steps),
        steps,
      );
    }
  });

  Deno.test(`children cost no request, whoever is selected: ${way}`, async () => {
    await using api = await startFakeChatApi({ account: { chats: chats(30) } });
    const alone = await sync(api, way, ["chats"]);
    for (const streams of [FAMILY, ["chat_history"], ["chat_engagements", "chat_history"]]) {
      const run = await sync(api, way, streams);
      assertEquals([run.error, run.requests], [undefined, alone.requests], streams.join());
      const held = keysHeld(api, familyBy(way).filter((stream) => streams.includes(stream)));
      assertEquals(new Set(keysRead(run.messages)), held);
      const schemas = outline(run.messages).filter((step) => step.startsWith("SCHEMA"));
      assertEquals(schemas.toSorted(), streams.map((stream) => `SCHEMA ${stream}`).toSorted());
      assertEquals(Object.keys(bookmarksIn(run.messages)).toSorted(), streams.toSorted());
      const { outcomes } = run;
      assertEquals(outcomes.reduce((sum, { requests }) => sum + requests, 0), run.requests);
    }
  });

  Deno.test(`each child has a copy of the parent's cursor: ${way}`, async () => {
    await using api = await startFakeChatApi({ account: { chats: chats(30) } });
    const { messages } = await sync(api, way, FAMILY);
    for (const message of messages) {
      if (message.type !== "STATE") continue;
      const bookmarks = message.value.bookmarks as Record<string, JsonObject>;
      assertEquals(bookmarks.chat_history, bookmarks.chats);
      assertEquals(bookmarks.chat_engagements, bookmarks.chats);
    }
  });

  Deno.test(`a child that is selected later is filled from start_date, and says so: ${way}`, async () => {
    await using api = await startFakeChatApi({ account: { chats: chats(30) } });
    const first = await sync(api, way, ["chats"]);
    const state = lastState(first.messages)!;
    const before = bookmarksIn(first.messages).chats;

    const second = await sync(api, way, ["chats", "chat_history"], { state, nowMs: NOW + HOUR });
    assertEquals(new Set(keysRead(second.messages)), keysHeld(api, ["chats", "chat_history"]));
    const begins = second.log.filter((line) => line.includes("Starting sync"));
    assertEquals(begins.length, 2);
    assert(begins[0]!.includes("from start_date 2026-01-01"), begins[0]);
    assert(begins[1]!.endsWith("new: what the others have is read again for it\n"), begins[1]);
    for (const message of second.messages) {
      if (message.type !== "STATE") continue;
      // What is ahead waits: it neither goes back nor forgets.
      assertEquals((message.value.bookmarks as JsonObject).chats, before);
    }
    const { chats: own, chat_history: child } = bookmarksIn(second.messages);
    assertEquals(Object.keys(child!), Object.keys(own!));

    const third = await sync(api, way, ["chats", "chat_history"], {
      state: lastState(second.messages)!,
      nowMs: NOW + 2 * HOUR,
    });
    assert(keysRead(third.messages).length < 5);
  });

  Deno.test(`a child that is filled in several runs lacks nothing in the end: ${way}`, async () => {
    await using api = await startFakeChatApi({ account: { chats: chats(40) } });
    const streams = familyBy(way);
    const held = keysHeld(api, streams);
    let state = lastState((await sync(api, way, ["chats"])).messages)!;
    const [at] = Object.values(state.bookmarks as JsonObject) as [JsonObject];
    const read: string[] = keysRead([]);
    for (let runs = 0;; runs++) {
      assert(runs < 60, "it never gets everywhere");
      const run = await sync(api, way, streams, {
        state,
        onWrite: (number, stop) => number === 5 && stop(new StopError("SIGTERM")),
      });
      read.push(...keysRead(run.messages));
      state = lastState(run.messages)!;
      for (const [key, value] of Object.entries(at)) {
        const now = (state.bookmarks as Record<string, JsonObject>).chats![key];
        assert(`${now}` >= `${value}`, `${key} went back from ${value} to ${now}`);
      }
      if (run.error === undefined) break;
    }
    const children = [...held].filter((key) => !key.startsWith("chats "));
    assertEquals(children.filter((key) => !read.includes(key)), []);
  });

  Deno.test(`a target that knows states stream by stream loses nothing: ${way}`, async () => {
    await using api = await startFakeChatApi({ account: { chats: chats(30) } });
    const streams = familyBy(way);
    const { messages } = await sync(api, way, streams);
    const states = messages.filter((message) => message.type === "STATE");
    // One stream was flushed at each of these, the other at the end: each has its own part.
    for (const { value } of states) {
      const early = (value.bookmarks ?? {}) as JsonObject;
      const pieced = { ...bookmarksIn(messages), chat_history: early.chat_history ?? {} };
      const cut = messages.slice(
        0,
        messages.findIndex((message) => message.type === "STATE" && message.value === value),
      );
      const run = await sync(api, way, streams, {
        state: { bookmarks: pieced },
        nowMs: NOW + HOUR,
      });
      const rows = [...recordsOf(cut, "chat_history"), ...recordsOf(run.messages, "chat_history")];
      assertEquals(
        new Set(rows.map(({ chat_id, position }) => `chat_history ${chat_id} ${position}`)),
        keysHeld(api, ["chat_history"]),
      );
    }
  });
}

Deno.test("deselected fields of chats do not empty their children", async () => {
  await using api = await startFakeChatApi({ account: { chats: chats(6) }, now: () => NOW });
  const metadata = (stream: string) => [
    { breadcrumb: [], metadata: { selected: true } },
    ...(stream === "chats"
      ? ["history", "engagements"].map((name) => ({
        breadcrumb: ["properties", name],
        metadata: { selected: false },
      }))
      : [{ breadcrumb: ["properties", "tags"], metadata: { selected: false } }]),
  ];
  const streams = FAMILY.map((stream) => ({
    tap_stream_id: stream,
    stream,
    schema: STREAMS.find(({ tapStreamId }) => tapStreamId === stream)!.schema as Json,
    metadata: metadata(stream),
  }));
  const run = await runStreams({
    apiRoot: api.url,
    chatsApi: "incremental",
    startDateMicros: Date.parse("2026-01-01T00:00:00Z") * 1000,
    catalog: { streams },
    clock: createFakeClock(new Date(NOW).toISOString()),
  });
  assert(recordsOfRun(run, "chats").every((record) => !("history" in record)));
  assertEquals(recordsOfRun(run, "chat_history").slice(0, 2), [
    { type: "chat.msg", msg: "0 of c1", chat_id: "c1", position: 0 },
    { type: "chat.msg", msg: "0 of c2", chat_id: "c2", position: 0 },
  ]);
  assertEquals(recordsOfRun(run, "chat_engagements")[1], {
    id: "c1-e",
    accepted: true,
    count: { total: 1 },
    chat_id: "c1",
  });
});

Deno.test("a row of a child that cannot be written is left out alone", async () => {
  const document = chat("odd", secondText(NOW - DAY), {
    history: [{ msg: "first" }, "hello", null, { msg: "last" }],
    engagements: [{ id: null }, { id: "e1" }],
  });
  await using api = await startFakeChatApi({ account: { chats: [document] } });
  const run = await sync(api, "incremental", FAMILY);
  assertEquals(
    run.outcomes.map(({ tapStreamId, verdict, records }) => [tapStreamId, verdict, records]),
    [
      ["chats", "ok", 1],
      ["chat_history", "incomplete", 2],
      ["chat_engagements", "incomplete", 1],
    ],
  );
  assertEquals(recordsOf(run.messages, "chat_history").map(({ position }) => position), [0, 3]);
});

Deno.test("12,500 chats cost the same requests with children as without", async () => {
  const many = Array.from(
    { length: 12_500 },
    (_, index) =>
      chat(`c${index}`, secondText(NOW - DAY - index * 60_000), { history: [{ msg: "Hi" }] }),
  );
  for (const way of WAYS) {
    await using api = await startFakeChatApi({ account: { chats: many } });
    const alone = await syncInProcess(api, {
      streams: ["chats"],
      config: { chats_api: way },
      nowMs: NOW,
    });
    const family = await syncInProcess(api, {
      streams: FAMILY,
      config: { chats_api: way },
      nowMs: NOW,
    });
    assertEquals([family.error, family.requests], [undefined, alone.requests]);
    assertEquals(new Set(keysRead(family.messages)).size, 25_000);
    assertEquals(bookmarksIn(family.messages).chat_history, bookmarksIn(alone.messages).chats);
  }
});

Deno.test("each stream knows when it was read anew as a whole, children by their own bookmark", async () => {
  await using api = await startFakeChatApi({ account: { chats: chats(10) } });
  const config = { chats_full_sync_days: 7 };
  const pair = ["chats", "chat_history"];
  const begun = (ms: number) => new Date(ms).toISOString().replace(".000Z", ".000000Z");
  const lasts = (state: JsonObject) => [
    state.chats_last_full_sync,
    (state.bookmarks as Record<string, JsonObject>).chat_history?.chats_last_full_sync,
  ];

  const alone = lastState((await sync(api, "search", ["chat_history"], { config })).messages)!;
  assertEquals(lasts(alone), [undefined, begun(NOW)]);

  // Chats are new beside it, so that all is read; the child's last re-sync is a later one then, too.
  const later = NOW + DAY;
  const both = await sync(api, "search", pair, { config, state: alone, nowMs: later });
  assertEquals(lasts(lastState(both.messages)!), [begun(later), begun(later)]);
  assertEquals(new Set(keysRead(both.messages)), keysHeld(api, pair));

  // What chats did without it is not the child's.
  const chatsOnly = await sync(api, "search", ["chats"], {
    config,
    state: lastState(both.messages)!,
    nowMs: NOW + 9 * DAY,
  });
  assertEquals(lasts(lastState(chatsOnly.messages)!), [begun(NOW + 9 * DAY), begun(later)]);
});

Deno.test("a child beside chats does not keep a Python state's page links", async () => {
  await using api = await startFakeChatApi({ account: { chats: chats(10) } });
  const offset = { "chat.next_url": "https://www.zopim.com/api/v2/chats/search?page=3" };
  const bookmark = { "chat.end_timestamp": "2026-06-08T12:00:00Z", offset };
  const { messages } = await sync(api, "search", FAMILY, {
    state: { bookmarks: { chats: bookmark } },
  });
  assertEquals(bookmarksIn(messages.slice(0, 1)).chats!.offset, { "chat.next_url": null });
  assertEquals("offset" in bookmarksIn(messages).chat_history!, false);
});

Deno.test("engagements by search are known to stay empty", { permissions: "none" }, () => {
  const selected = STREAMS.map((stream) => ({ stream, entry: defaultEntry(stream) }));
  assertEquals(warnOfEmptyStreams(selected, { chatsApi: "incremental" }), []);
  assertEquals(warnOfEmptyStreams(selected, { chatsApi: "search" }), [
    'Stream chat_engagements stays empty: set "chats_api" to "incremental" for its rows',
  ]);
});

Deno.test("discovery says of children whose they are", { permissions: "none" }, () => {
  const { streams } = discoveredCatalog(STREAMS, []) as { streams: JsonObject[] };
  const parents = streams.map(({ tap_stream_id, metadata }) => {
    const [root] = metadata as { metadata: JsonObject }[];
    return [tap_stream_id, root!.metadata["parent-tap-stream-id"]] as const;
  });
  assertEquals(parents.filter(([, parent]) => parent !== undefined), [
    ["chat_history", "chats"],
    ["chat_engagements", "chats"],
  ]);
});
