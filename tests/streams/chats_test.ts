import { assertEquals, assertLessOrEqual, assertStringIncludes, assertThrows } from "@std/assert";
import { InputError } from "../../lib/errors.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { advanceState } from "../../lib/singer/state.ts";
import { chats } from "../../streams/chats.ts";
import {
  createStubChatApi,
  createStubContext,
  STARTED_AT,
  type StubReply,
  type StubRequest,
} from "../fakes/stub_chat_api.ts";
import { exportOver } from "../fakes/stub_export.ts";
import { chatAt, searchOver } from "../fakes/stub_search.ts";

const STARTED_SECONDS = STARTED_AT / 1000;
const SETTLED = "2026-01-15T11:55:00.000000Z";
const DAY = 86_400;
const START_DATE = Date.parse("2020-01-01T00:00:00Z") / 1000;

type Answer = (request: StubRequest) => StubReply | Promise<StubReply>;
type Settings = Partial<Omit<Parameters<typeof createStubContext>[0], "api">>;

interface Run {
  /** The ids of all records, in order. */
  ids: string[];
  /** The state after each checkpoint that changed it. */
  states: JsonObject[];
  /** The last of them. */
  state: JsonObject;
  lines: string[];
  requests: readonly string[];
}

/** Reads chats as the sync loop does, up to `stopAfter` items. */
async function run(
  answer: Answer,
  { state = { bookmarks: {} }, stopAfter = Infinity, ...settings }:
    & Settings
    & { stopAfter?: number } = {},
): Promise<Run> {
  const api = createStubChatApi(answer);
  const context = createStubContext({
    api,
    state,
    tapStreamId: "chats",
    startDateMicros: START_DATE * 1e6,
    ...settings,
  });
  const result: Run = { ids: [], states: [], state, lines: context.lines, requests: api.requests };
  let items = 0;
  for await (const item of chats.open(context)) {
    if (item.kind === "page") {
      result.ids.push(...(item.records as JsonObject[]).map(({ id }) => id as string));
    } else if (item.kind === "checkpoint") {
      const next = advanceState(result.state, "chats", item.bookmark, item.state);
      if (JSON.stringify(next) !== JSON.stringify(result.state)) result.states.push(next);
      result.state = next;
    }
    if (++items >= stopAfter) break;
  }
  return result;
}

function bookmarks(chat: Json, offline: Json, more: JsonObject = {}): JsonObject {
  return {
    bookmarks: {
      chats: { "chat.end_timestamp": chat, "offline_msg.timestamp": offline, ...more },
    },
  };
}

function seconds(text: string): number {
  return Date.parse(text) / 1000;
}

/** A number of chats spread evenly over a span of time that ends at the given second. */
function spread(count: number, { until, over }: { until: number; over: number }): JsonObject[] {
  return Array.from(
    { length: count },
    (_, index) => chatAt(`${index}`, Math.floor(until - over + (index + 0.5) * over / count)),
  );
}

Deno.test("chats read by search are chats by their end, then messages by their time", {
  permissions: "none",
}, async () => {
  const answer = searchOver([
    chatAt("a", seconds("2025-06-01T10:00:00Z")),
    chatAt("b", seconds("2025-06-02T10:00:00Z")),
    chatAt("m", seconds("2025-06-03T10:00:00Z"), "offline_msg"),
  ]);

  const { ids, states, requests, lines } = await run(answer);

  assertEquals(ids, ["b", "a", "m"]);
  assertEquals(states, [
    { bookmarks: { chats: { "chat.end_timestamp": "2025-06-02T10:00:00.000000Z" } } },
    bookmarks("2025-06-02T10:00:00.000000Z", "2025-06-03T10:00:00.000000Z"),
  ]);
  assertEquals(requests, [
    "chats/search?q=type:chat AND end_timestamp:[2020-01-01T00:00:00 TO 2026-01-15T12:00:00]",
    "chats?ids=b,a",
    "chats/search?q=type:offline_msg AND timestamp:[2020-01-01T00:00:00 TO 2026-01-15T12:00:00]",
    "chats?ids=m",
  ]);
  assertEquals(lines, []);
});

Deno.test("chats yield records as the API sent them, with the time of their answer", {
  permissions: "none",
}, async () => {
  const chat = chatAt("a", seconds("2025-06-01T10:00:00Z"));
  const context = createStubContext({
    api: createStubChatApi(searchOver([{ ...chat, extra: { nested: [null] } }])),
    tapStreamId: "chats",
  });

  const items = await Array.fromAsync(chats.open(context));

  assertEquals(items.find(({ kind }) => kind === "page"), {
    kind: "page",
    records: [{ ...chat, extra: { nested: [null] } }],
    extractedAt: STARTED_AT,
  });
});

Deno.test("chats say how far in time each of their two parts is", {
  permissions: "none",
}, async () => {
  const state = bookmarks("2025-12-26T12:00:00Z", "2026-01-14T12:00:00.5Z");
  const context = createStubContext({
    api: createStubChatApi(searchOver([])),
    state,
    tapStreamId: "chats",
    startedAt: STARTED_AT + 1,
    chatSearchIntervalDays: 15,
  });

  const positions: unknown[] = [];
  for await (const item of chats.open(context)) {
    if (item.kind === "beginning" || (item.kind === "checkpoint" && item.position)) {
      positions.push(item.position);
    }
  }

  const toMicros = (STARTED_AT + 1) * 1000;
  const chat = { fromMicros: seconds("2025-12-26T12:00:00Z") * 1e6, toMicros };
  const offline = { fromMicros: seconds("2026-01-14T12:00:00Z") * 1e6 + 500_000, toMicros };
  assertEquals(positions, [
    { part: "chats", atMicros: chat.fromMicros, range: chat },
    { part: "chats", atMicros: seconds("2026-01-10T12:00:00Z") * 1e6, range: chat },
    { part: "chats", atMicros: toMicros, range: chat },
    { part: "offline messages", atMicros: offline.fromMicros, range: offline },
    { part: "offline messages", atMicros: toMicros, range: offline },
  ]);
});

Deno.test("chats begin at the bookmark, lower bound rounded down and upper bound up", {
  permissions: "none",
}, async () => {
  const state = bookmarks("2025-06-02T10:00:00.900000+02:00", "2025-06-03");

  const { requests } = await run(searchOver([]), { state, startedAt: STARTED_AT + 1 });

  assertEquals(requests, [
    "chats/search?q=type:chat AND end_timestamp:[2025-06-02T08:00:00 TO 2026-01-15T12:00:01]",
    "chats/search?q=type:offline_msg AND timestamp:[2025-06-03T00:00:00 TO 2026-01-15T12:00:01]",
  ]);
});

Deno.test("chats without a hit store the bookmark or start_date in one form", {
  permissions: "none",
}, async () => {
  const start = "2020-01-01T00:00:00.000000Z";
  const cases: [JsonObject, JsonObject][] = [
    [{ bookmarks: {} }, bookmarks(start, start)],
    [bookmarks({}, null), bookmarks(start, start)],
    [
      bookmarks("2025-06-02T10:00:00.5+02:00", "12/01/2010"),
      bookmarks("2025-06-02T08:00:00.500000Z", "2010-12-01T00:00:00.000000Z"),
    ],
  ];
  for (const [before, after] of cases) {
    const { ids, state } = await run(searchOver([]), { state: before });
    assertEquals([ids, state], [[], after]);
  }
});

Deno.test("chats store no bookmark of the five minutes before the run", {
  permissions: "none",
}, async () => {
  const at = (time: number) => run(searchOver([chatAt("a", time)]));
  const cases: [number, string][] = [
    [STARTED_SECONDS - 301, "2026-01-15T11:54:59.000000Z"],
    [STARTED_SECONDS - 300, SETTLED],
    [STARTED_SECONDS - 299, SETTLED],
    [STARTED_SECONDS, SETTLED],
  ];
  for (const [time, expected] of cases) {
    const { ids, state } = await at(time);
    assertEquals([ids, state], [["a"], bookmarks(expected, "2020-01-01T00:00:00.000000Z")]);
  }
});

Deno.test("chats never move a bookmark back", { permissions: "none" }, async () => {
  const [recent, early] = ["2026-01-15T11:58:00.000000Z", "2026-01-15T11:57:59Z"];
  const answer = searchOver([
    chatAt("a", seconds("2026-01-15T11:59:00Z")),
    chatAt("m", seconds(early), "offline_msg"),
  ]);

  const { state } = await run(answer, { state: bookmarks(recent, recent) });

  assertEquals(state, bookmarks(recent, recent));
});

Deno.test("chats store no bookmark beyond the window that was read", {
  permissions: "none",
}, async () => {
  // A chat whose own time is later than the index has it.
  const late = {
    ...chatAt("a", seconds("2020-01-05T00:00:00Z")),
    end_timestamp: "2025-01-01T00:00:00Z",
  };
  const answer: Answer = (request) => {
    const reply = searchOver([chatAt("a", seconds("2020-01-05T00:00:00Z"))])(request);
    return request.path === "chats" ? { body: { docs: { a: late } } } : reply;
  };

  const { states } = await run(answer, { chatSearchIntervalDays: 10 });

  assertEquals(states.slice(0, 2), [
    { bookmarks: { chats: { "chat.end_timestamp": "2020-01-11T00:00:00.000000Z" } } },
    { bookmarks: { chats: { "chat.end_timestamp": "2020-01-21T00:00:00.000000Z" } } },
  ]);
});

Deno.test("chats do not count a replication value that is missing or no time", {
  permissions: "none",
}, async () => {
  const time = seconds("2025-06-01T10:00:00Z");
  const values: (Json | undefined)[] = [null, undefined, "", "soon", 5, {}, "2025-13-01T00:00:00Z"];
  for (const end_timestamp of values) {
    const docs = {
      a: { ...chatAt("a", time), end_timestamp },
      b: chatAt("b", seconds("2025-05-01T10:00:00Z")),
    };
    const search = searchOver([chatAt("a", time), docs.b]);
    const answer: Answer = (request) =>
      request.path === "chats" ? { body: { docs } } : search(request);

    const { ids, state } = await run(answer);

    assertEquals(ids, ["a", "b"]);
    assertEquals(state, bookmarks("2025-05-01T10:00:00.000000Z", "2020-01-01T00:00:00.000000Z"));
  }
});

Deno.test("chats store fractions of a second", { permissions: "none" }, async () => {
  const chat = {
    ...chatAt("a", seconds("2025-06-01T10:00:00Z")),
    end_timestamp: "2025-06-01T10:00:00.25Z",
  };

  const { state } = await run(searchOver([chat]));

  assertEquals(state, bookmarks("2025-06-01T10:00:00.250000Z", "2020-01-01T00:00:00.000000Z"));
});

Deno.test("chats keep what else the state holds", { permissions: "none" }, async () => {
  const chat = chatAt("a", seconds("2025-06-02T10:00:00Z"));
  const offset = { "chat.next_url": "https://www.zopim.com/api/v2/chats/search?q=x", id: 5 };
  const update = { update_timestamp: "2024-01-01T00:00:00.000000Z", update_timestamp_id: "z" };
  const before: JsonObject = {
    ...bookmarks("2025-06-01", "2025-06-01", { offset, ...update, full_sync: null }),
    chats_last_full_sync: "2024-01-01T00:00:00.000000+00:00",
    currently_syncing: "chats",
  };

  const { state, requests } = await run(searchOver([chat]), { state: before });

  assertEquals(state, {
    ...before,
    ...bookmarks("2025-06-02T10:00:00.000000Z", "2025-06-01T00:00:00.000000Z", {
      offset,
      ...update,
      full_sync: null,
    }),
  });
  assertEquals(requests.some((request) => request.includes("q=x")), false);
});

Deno.test("chats of the future are left alone with a warning, and so is their bookmark", {
  permissions: "none",
}, async () => {
  const future = (STARTED_SECONDS + DAY) * 1e6;

  const fresh = await run(searchOver([]), { startDateMicros: future });
  const resync = await run(searchOver([]), { startDateMicros: future, chatsFullSyncDays: 7 });
  const resumed = await run(searchOver([chatAt("m", STARTED_SECONDS - DAY, "offline_msg")]), {
    state: bookmarks("2026-01-16T00:00:00.000000Z", "2026-01-01"),
  });

  assertEquals([fresh.ids, fresh.requests], [[], []]);
  assertEquals(fresh.lines.length, 2);
  assertStringIncludes(
    fresh.lines[0]!,
    "WARNING Read no chats of type chat: they begin at 2026-01-16T12:00:00.000000Z, which is in the " +
      "future; check ",
  );
  // A mistyped start_date that is put right later must not have left anything in the state.
  assertEquals(fresh.state, { bookmarks: {} });
  assertEquals(resync.state, { bookmarks: {} });
  assertEquals([resumed.ids, resumed.lines.length], [["m"], 1]);
  assertEquals(
    resumed.state,
    bookmarks("2026-01-16T00:00:00.000000Z", "2026-01-14T12:00:00.000000Z"),
  );
});

Deno.test("chats refuse bookmarks that they cannot read before they ask for anything", {
  permissions: "none",
}, () => {
  const cases: [JsonObject, string][] = [
    [bookmarks(5, null), "bookmarks.chats.chat.end_timestamp"],
    [bookmarks(null, "soon"), "bookmarks.chats.offline_msg.timestamp"],
    [bookmarks(null, null, { full_sync: [] }), "bookmarks.chats.full_sync"],
    [{ bookmarks: {}, chats_last_full_sync: "x" }, "chats_last_full_sync"],
  ];
  for (const [state, key] of cases) {
    const api = createStubChatApi([]);
    const context = createStubContext({ api, state, tapStreamId: "chats", chatsFullSyncDays: 1 });
    assertThrows(() => chats.open(context), InputError, `state file "state.json": "${key}" is `);
    assertEquals(api.requests, []);
  }
});

Deno.test("chats lose nothing when a run stops behind any item and the next goes on", {
  permissions: "none",
}, async () => {
  const all = [
    ...spread(3_000, { until: STARTED_SECONDS - DAY, over: 700 * DAY }),
    chatAt("m1", seconds("2024-06-01T10:00:00Z"), "offline_msg"),
    chatAt("m2", seconds("2025-06-01T10:00:00Z"), "offline_msg"),
  ];
  const answer = searchOver(all);
  const full = { chatsFullSyncDays: 7 };
  for (const settings of [{}, full]) {
    const whole = await run(answer, settings);
    const items = whole.states.length + Math.ceil(whole.ids.length / 40) + 2;
    for (let stopAfter = 1; stopAfter < items; stopAfter += 7) {
      const first = await run(answer, { ...settings, stopAfter });
      const second = await run(answer, { ...settings, state: first.state });
      const ids = new Set([...first.ids, ...second.ids]);
      assertEquals(ids.size, all.length, `stopped after ${stopAfter} items`);
      assertEquals(second.state, whole.state);
    }
  }
});

Deno.test("chats are read again as a whole behind the day's when that was never done", {
  permissions: "none",
}, async () => {
  const answer = searchOver([
    chatAt("old", seconds("2020-05-01T00:00:00Z")),
    chatAt("new", seconds("2025-06-02T10:00:00Z")),
    chatAt("m", seconds("2020-05-01T00:00:00Z"), "offline_msg"),
  ]);
  const before = bookmarks("2025-06-01", "2025-06-01");

  const { ids, states, requests } = await run(answer, { state: before, chatsFullSyncDays: 7 });

  const started = "2026-01-15T12:00:00.000000Z";
  const [start, end] = ["2020-01-01T00:00:00.000000Z", "2025-06-01T00:00:00.000000Z"];
  const chat = "2025-06-02T10:00:00.000000Z";
  const underWay = (p: string, q: string): JsonObject => ({
    full_sync: { started, "chat.end_timestamp": p, "offline_msg.timestamp": q },
  });
  assertEquals(ids, ["new", "old", "m"]);
  assertEquals(states, [
    bookmarks(chat, "2025-06-01", underWay(start, start)),
    bookmarks(chat, end, underWay(start, start)),
    bookmarks(chat, end, underWay(end, start)),
    bookmarks(chat, end, underWay(end, end)),
    { ...bookmarks(chat, end, { full_sync: null }), chats_last_full_sync: started },
  ]);
  // Up to where the normal pass began, which read the rest.
  const ranges = requests.flatMap((text) => /\[(.+)\]/.exec(text)?.[1] ?? []);
  assertEquals(ranges, [
    "2025-06-01T00:00:00 TO 2026-01-15T12:00:00",
    "2025-06-01T00:00:00 TO 2026-01-15T12:00:00",
    "2020-01-01T00:00:00 TO 2025-06-01T00:00:00",
    "2020-01-01T00:00:00 TO 2025-06-01T00:00:00",
  ]);
});

Deno.test("chats of a run without any bookmark are a full sync by themselves", {
  permissions: "none",
}, async () => {
  const all = spread(3_000, { until: STARTED_SECONDS - DAY, over: 700 * DAY });
  const started = "2026-01-15T12:00:00.000000Z";
  const settings = { chatsFullSyncDays: 7 };

  const whole = await run(searchOver(all), settings);
  const plain = await run(searchOver(all));

  assertEquals(whole.requests, plain.requests);
  assertEquals(whole.state.chats_last_full_sync, started);
  assertEquals(plain.state.chats_last_full_sync, undefined);
  const bookmark = (whole.state.bookmarks as Record<string, JsonObject>).chats!;
  assertEquals(bookmark.full_sync, null);

  // Interrupted, it is one all the same, and reads nothing twice that it had read.
  const first = await run(searchOver(all), { ...settings, stopAfter: 60 });
  const second = await run(searchOver(all), {
    ...settings,
    state: first.state,
    startedAt: STARTED_AT + DAY * 1000,
  });
  assertEquals(second.state.chats_last_full_sync, started);
  assertEquals(new Set([...first.ids, ...second.ids]).size, all.length);
  assertLessOrEqual(second.ids.length, all.length - 1_000);
});

Deno.test("chats are read again as a whole when that is due and not before", {
  permissions: "none",
}, async () => {
  const answer = searchOver([chatAt("old", seconds("2020-05-01T00:00:00Z"))]);
  const at = (chats_last_full_sync: string) =>
    run(answer, {
      state: { ...bookmarks("2025-06-01", "2025-06-01"), chats_last_full_sync },
      chatsFullSyncDays: 7,
    });

  const due = await at("2026-01-08T13:00:00.000000+00:00");
  const notDue = await at("2026-01-08T13:00:01.000000Z");

  assertEquals([due.ids, notDue.ids], [["old"], []]);
  assertEquals(due.state, {
    ...bookmarks("2025-06-01T00:00:00.000000Z", "2025-06-01T00:00:00.000000Z", { full_sync: null }),
    chats_last_full_sync: "2026-01-15T12:00:00.000000Z",
  });
  assertEquals(notDue.state, {
    ...bookmarks("2025-06-01T00:00:00.000000Z", "2025-06-01T00:00:00.000000Z"),
    chats_last_full_sync: "2026-01-08T13:00:01.000000Z",
  });
});

Deno.test("chats finish an interrupted full re-sync, also when none is due", {
  permissions: "none",
}, async () => {
  const started = "2026-01-14T12:00:00.000000Z";
  const full_sync = { started, "chat.end_timestamp": "2022-05-01T00:00:00.000000Z" };
  const answer = searchOver([
    chatAt("before", seconds("2021-01-01T00:00:00Z")),
    chatAt("behind", seconds("2023-01-01T00:00:00Z")),
    chatAt("m", seconds("2020-05-01T00:00:00Z"), "offline_msg"),
    chatAt("new", seconds("2026-01-15T11:00:00Z"), "offline_msg"),
  ]);
  const before = {
    ...bookmarks("2025-06-01", "2025-06-01", { full_sync }),
    chats_last_full_sync: "2026-01-14T00:00:00.000000Z",
  };

  const { ids, state } = await run(answer, { state: before, chatsFullSyncDays: 7 });

  assertEquals(ids, ["new", "behind", "m"]);
  assertEquals(state, {
    ...bookmarks("2025-06-01T00:00:00.000000Z", "2026-01-15T11:00:00.000000Z", { full_sync: null }),
    chats_last_full_sync: started,
  });
});

Deno.test("chats forget an interrupted full re-sync that the last one has overtaken", {
  permissions: "none",
}, async () => {
  const full_sync = { started: "2026-01-14T12:00:00Z", "chat.end_timestamp": "2022-05-01" };
  const before = {
    ...bookmarks("2025-06-01", "2025-06-01", { full_sync }),
    chats_last_full_sync: "2026-01-15T00:00:00.000000Z",
  };

  const { ids, state } = await run(
    searchOver([chatAt("behind", seconds("2023-01-01T00:00:00Z"))]),
    { state: before, chatsFullSyncDays: 7 },
  );

  assertEquals(ids, []);
  assertEquals(state, {
    ...bookmarks("2025-06-01T00:00:00.000000Z", "2025-06-01T00:00:00.000000Z", { full_sync: null }),
    chats_last_full_sync: "2026-01-15T00:00:00.000000Z",
  });
});

Deno.test("chats leave a full re-sync alone without the setting", {
  permissions: "none",
}, async () => {
  const full_sync = { started: "2026-01-14", "chat.end_timestamp": "2022-05-01" };
  const answer = searchOver([chatAt("old", seconds("2023-01-01T00:00:00Z"))]);

  const { ids, state } = await run(answer, {
    state: bookmarks("2025-06-01", "2025-06-01", { full_sync }),
  });

  assertEquals(ids, []);
  assertEquals(
    state,
    bookmarks("2025-06-01T00:00:00.000000Z", "2025-06-01T00:00:00.000000Z", { full_sync }),
  );
});

Deno.test("chats of an empty account since 2010 cost no more than 4 requests", {
  permissions: "none",
}, async () => {
  const { requests } = await run(searchOver([]), {
    startDateMicros: seconds("2010-01-01T00:00:00Z") * 1e6,
  });
  assertLessOrEqual(requests.length, 4);
});

Deno.test("chats cost no more than 520 requests for 10,000 in ten years", {
  permissions: "none",
}, async () => {
  const all = spread(10_000, { until: STARTED_SECONDS, over: 3_652 * DAY });

  const { ids, requests } = await run(searchOver(all), {
    startDateMicros: (STARTED_SECONDS - 3_652 * DAY) * 1e6,
  });

  assertEquals(new Set(ids).size, 10_000);
  assertLessOrEqual(requests.length, 520);
});

Deno.test("chats cost no more than 1,360 requests for 25,000 in one afternoon", {
  permissions: "none",
}, async () => {
  const all = spread(25_000, { until: STARTED_SECONDS - 100 * DAY, over: 4 * 3_600 });

  const { ids, requests } = await run(searchOver(all), {
    startDateMicros: seconds("2010-01-01T00:00:00Z") * 1e6,
  });

  assertEquals(new Set(ids).size, 25_000);
  assertLessOrEqual(requests.length, 1_360);
});

Deno.test("chats name update_timestamp as a replication key only when it orders them", {
  permissions: "none",
}, () => {
  assertEquals(chats.replicationKeys({ chatsApi: "search" }), ["timestamp", "end_timestamp"]);
  assertEquals(chats.replicationKeys({ chatsApi: "incremental" }), [
    "timestamp",
    "end_timestamp",
    "update_timestamp",
  ]);
});

Deno.test("chats by incremental export begin at their bookmark, or where all was fresh", {
  permissions: "none",
}, async () => {
  const dual = bookmarks("2025-06-02T00:00:00.9Z", "2025-06-01T00:00:01Z");
  const last = (chats_last_full_sync: string, state: JsonObject = dual) => ({
    ...state,
    chats_last_full_sync,
  });
  const full_sync = { started: "2025-04-01T00:00:00Z" };
  const cases: [JsonObject, string][] = [
    [{ bookmarks: {} }, "start_time=1577836800"],
    // Without a full re-sync any chat may have been edited behind the search's back.
    [dual, "start_time=1577836800"],
    [bookmarks("2025-06-01", "2025-06-01", { full_sync }), "start_time=1577836800"],
    [last("2025-05-01T00:00:00Z"), "start_time=1746057600"],
    [last("2025-07-01T00:00:00Z"), "start_time=1748736001"],
    [last("2025-07-01T00:00:00Z", bookmarks("2025-06-01", null)), "start_time=1577836800"],
    [
      last("2025-05-01T00:00:00Z", bookmarks("2025-06-01", "2025-06-01", { full_sync })),
      "start_time=1743465600",
    ],
    [
      last(
        "2025-05-01T00:00:00Z",
        bookmarks("2024-01-01", "2024-01-01", {
          update_timestamp: "2025-01-01T00:00:00.000000Z",
          update_timestamp_id: "z",
        }),
      ),
      "start_time=1735689600&start_id=z",
    ],
  ];
  for (const [state, cursor] of cases) {
    const { requests } = await run(() => ({ body: { chats: [], end_time: null } }), {
      state,
      chatsApi: "incremental",
    });
    assertEquals(requests, [`incremental/chats?fields=chats(*)&limit=1000&${cursor}`]);
  }
});

Deno.test("chats see an edit after the end by incremental export, and not by search", {
  permissions: "none",
}, async () => {
  const chat = chatAt("a", seconds("2025-06-01T10:00:00Z"));
  const rows = [{ ...chat, update_timestamp: "2025-06-01T10:00:00Z" }];
  const exported = exportOver(rows, { inclusive: false, now: () => STARTED_SECONDS });
  const searched = searchOver([chat]);
  const incremental = { chatsApi: "incremental" as const };

  const bySearch = await run(searched);
  const byExport = await run(exported, incremental);
  rows[0]!.update_timestamp = "2025-06-02T10:00:00Z";
  const searchedAgain = await run(searched, {
    state: bookmarks("2025-06-01T10:00:01Z", "2025-06-01"),
  });
  const exportedAgain = await run(exported, { ...incremental, state: byExport.state });

  assertEquals([bySearch.ids, searchedAgain.ids], [["a"], []]);
  assertEquals([byExport.ids, exportedAgain.ids], [["a"], ["a"]]);
  assertEquals(exportedAgain.state, {
    bookmarks: {
      chats: { update_timestamp: "2025-06-02T10:00:00.000000Z", update_timestamp_id: "a" },
    },
  });
});

Deno.test("chats go on from search to incremental export and back with nothing lost", {
  permissions: "none",
}, async () => {
  const [first, second, third] = ["2025-06-01", "2025-07-01", "2025-08-01"]
    .map((day, index) => chatAt(`${index}`, seconds(`${day}T10:00:00Z`)));
  const searched = (known: JsonObject[]) => searchOver(known);
  const exported = (known: JsonObject[]) =>
    exportOver(
      known.map((chat) => ({ ...chat, update_timestamp: chat.end_timestamp })),
      { inclusive: true, now: () => STARTED_SECONDS },
    );

  const one = await run(searched([first!]));
  const two = await run(exported([first!, second!]), { chatsApi: "incremental", state: one.state });
  const three = await run(searched([first!, second!, third!]), { state: two.state });

  assertEquals(new Set(two.ids).has("1"), true);
  assertEquals(three.ids, ["2", "1", "0"]);
  assertEquals(
    three.state,
    bookmarks("2025-08-01T10:00:00.000000Z", "2020-01-01T00:00:00.000000Z", {
      update_timestamp: "2025-07-01T10:00:00.000000Z",
      update_timestamp_id: "1",
    }),
  );
});

Deno.test("chats warn of a future bookmark of the export and read nothing", {
  permissions: "none",
}, async () => {
  const state = { bookmarks: { chats: { update_timestamp: "2026-02-01T00:00:00Z" } } };

  const { requests, lines, state: after } = await run(() => ({ body: {} }), {
    state,
    chatsApi: "incremental",
  });

  assertEquals([requests, after, lines.length], [[], state, 1]);
});
