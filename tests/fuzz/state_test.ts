/** Whatever a state file holds, it is refused with an `InputError` or a sync gets on with it. */

import { assertEquals, assertLessOrEqual } from "@std/assert";
import { InputError } from "../../lib/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../lib/json.ts";
import { checkState } from "../../lib/singer/state.ts";
import { type Draw, drawFor } from "../fakes/sample_account/random.ts";
import {
  RUN_STARTED_AT,
  type RunOptions,
  runStreams,
  smallAccount,
  stateOf,
} from "../run_streams.ts";
import { API_ROOT, fetchFrom } from "./account_fetch.ts";
import { drawJson, drawObject, type Vocabulary } from "./draw_json.ts";

const STREAMS = [
  "agents",
  "bans",
  "chats",
  "agent_timeline",
  "agent_events",
  "conversions",
  "department_events",
];

const DATES = [
  "2026-01-05T10:20:00.000000Z",
  "2026-01-05T10:20:00.123456Z",
  "2026-01-05T10:20:00+00:00",
  "2026-01-05",
  "2025-12-31T23:59:59Z",
  "2099-01-01T00:00:00Z",
  "1969-12-31T23:59:59.999999Z",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999999Z",
  "2026-02-30T00:00:00Z",
  "yesterday",
];

const VOCABULARY: Vocabulary = {
  names: [
    ...STREAMS,
    "bookmarks",
    "currently_syncing",
    "chats_last_full_sync",
    "chat.end_timestamp",
    "offline_msg.timestamp",
    "update_timestamp",
    "update_timestamp_id",
    "start_time",
    "timestamp",
    "timestamp_id",
    "full_sync",
    "started",
    "offset",
    "id",
  ],
  values: [...DATES, "chat-20", "chats", "tickets", null, 2],
};

/** Objects where a state has objects, and there, now and then, anything. */
function drawState(draw: Draw): JsonObject {
  const nearly = (value: Json) => draw.happens(0.03) ? drawJson(draw, VOCABULARY) : value;
  const instants = (names: string[]): JsonObject =>
    Object.fromEntries(names.map((name) => [name, nearly(draw.one(DATES.slice(0, -2))!)]));
  const bookmarks: JsonObject = {
    agents: { offset: nearly({ id: nearly(draw.whole(0, 5)) }) },
    bans: nearly({}),
    chats: nearly({
      ...instants(["chat.end_timestamp", "offline_msg.timestamp", "update_timestamp"]),
      update_timestamp_id: nearly("chat-20"),
      full_sync: nearly(draw.happens(0.5) ? null : instants(["started", "chat.end_timestamp"])),
    }),
    agent_timeline: instants(["start_time"]),
    conversions: { ...instants(["timestamp"]), timestamp_id: nearly("c1") },
    tickets: nearly({ updated_at: "2020-01-01T00:00:00Z" }),
  };
  for (const name of Object.keys(bookmarks)) if (draw.happens(0.4)) delete bookmarks[name];
  return {
    ...instants(["chats_last_full_sync"]),
    bookmarks: nearly(bookmarks),
    currently_syncing: nearly(draw.one([null, "chats", "tickets"])),
    elsewhere: drawJson(draw, VOCABULARY),
  };
}

const ACCOUNT = smallAccount();

type Settings = Pick<RunOptions, "chatsApi" | "chatsFullSyncDays" | "startDateMicros">;

function drawSettings(draw: Draw): Settings {
  return {
    chatsApi: draw.one(["search", "incremental"]),
    chatsFullSyncDays: draw.one([undefined, 1, 36_500]),
    startDateMicros: Date.parse(draw.one(["2026-01-01T00:00:00Z", "1960-05-01T00:00:00Z"])) * 1000,
  };
}

function runFrom(state: JsonObject, settings: Settings): ReturnType<typeof runStreams> {
  let asked = 0;
  const stop = new AbortController();
  const answer = fetchFrom(ACCOUNT, RUN_STARTED_AT);
  return runStreams({
    ...settings,
    apiRoot: API_ROOT,
    only: STREAMS,
    state,
    agentsPageLimit: 2,
    bansPageLimit: 2,
    signal: stop.signal,
    fetch(input, init) {
      if (++asked > 200) stop.abort(new Error("More than 200 requests"));
      return answer(input, init);
    },
  });
}

Deno.test("sync() reads on from any state, or refuses it before the first message", {
  permissions: "none",
}, async () => {
  let refused = 0;
  const seeds = 600;
  for (let seed = 0; seed < seeds; seed++) {
    const draw = drawFor(seed);
    const state = draw.happens(0.6) ? drawState(draw) : drawObject(draw, VOCABULARY);
    const before = structuredClone(state);
    const settings = drawSettings(draw);
    const run = await runFrom(state, settings);
    const what = `seed ${seed}: ${JSON.stringify(before)}: ${run.error}`;
    assertEquals(state, before, what);
    if (run.error !== undefined) {
      refused++;
      assertEquals(run.error instanceof InputError, true, what);
      assertEquals(run.messages, [], what);
      assertLessOrEqual((run.error as Error).message.length, 600, what);
      continue;
    }
    const last = stateOf(run);
    assertEquals(last?.currently_syncing, null, what);
    assertKept(before, last!, what);
    const next = await runFrom(last!, settings);
    assertEquals([next.error, stateOf(next)?.currently_syncing], [undefined, null], what);
  }
  assertEquals(refused > seeds / 10 && refused < seeds * 0.9, true, `${refused} refused`);
});

/** That what the run does not know is in its state as it was. */
function assertKept(before: JsonObject, after: JsonObject, what: string): void {
  const others = (object: JsonObject, own: readonly string[]) =>
    Object.fromEntries(Object.entries(object).filter(([name]) => !own.includes(name)));
  const own = ["bookmarks", "currently_syncing", "chats_last_full_sync"];
  assertEquals(others(after, own), others(before, own), what);
  const [old, young] = [before.bookmarks ?? {}, after.bookmarks];
  if (!isJsonObject(old) || !isJsonObject(young)) throw new Error(`No bookmarks: ${what}`);
  assertEquals(others(young, STREAMS), others(old, STREAMS), what);
  for (const stream of STREAMS) {
    const names = Object.keys((old[stream] ?? {}) as JsonObject);
    const kept = Object.keys((young[stream] ?? {}) as JsonObject);
    assertEquals(names.filter((name) => !kept.includes(name)), [], what);
  }
}

Deno.test("checkState() takes any JSON or refuses it with an InputError", {
  permissions: "none",
}, () => {
  for (let seed = 0; seed < 3_000; seed++) {
    const value = drawJson(drawFor(seed), VOCABULARY);
    try {
      assertEquals(isJsonObject(checkState(value, "state.json").bookmarks ?? {}), true);
    } catch (error) {
      const what = `seed ${seed}: ${JSON.stringify(value)}: ${error}`;
      assertEquals(error instanceof InputError, true, what);
    }
  }
});
