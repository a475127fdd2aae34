/**
 * Nothing is lost. Runs are cut after each message or stopped at each write and resumed from the last
 * STATE that was read; the way of reading chats changes; chats change while they are read.
 */

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { StopError } from "../lib/errors.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { ReaderGoneError } from "../lib/stdout.ts";
import { STREAMS } from "../streams/mod.ts";
import {
  type AccountData,
  chat,
  type FakeChatApi,
  generatedChats,
  offlineMessage,
  startFakeChatApi,
} from "./fakes/chat_api/mod.ts";
import {
  exportRows,
  keysHeld,
  keysRead,
  pad,
  secondText,
  smallAccount,
} from "./program/accounts.ts";
import { catalogWith } from "./program/catalogs.ts";
import { configFor, createRunFolder } from "./program/run_folder.ts";
import { lastState, type Message, messagesIn, recordsOf } from "./program/singer_output.ts";
import { syncInProcess, type SyncRun, type SyncSettings } from "./program/sync_in_process.ts";
import { forMany, runTap, startTap } from "./program/tap_process.ts";

const ALL = STREAMS.map(({ tapStreamId }) => tapStreamId);
const EXPORTS = ["agent_timeline", "agent_events", "conversions", "department_events"];

const NOW = Date.parse("2026-06-15T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One way of reading, to be cut. */
interface Way {
  account: Partial<AccountData>;
  settings: Omit<SyncSettings, "nowMs">;
  /** Stopped at one in so many writes; at each when absent. */
  stopEvery?: number;
}

/** Pages of two rows, and a search a month: many places to be cut at. */
const SMALL_STEPS = { agents_page_limit: 2, bans_page_limit: 2, chat_search_interval_days: 30 };

/** Three pages of an export: times a minute apart, but for some twenty that share one. */
const MANY_ROWS = exportRows(2_300, (index) => {
  const shared = index > 990 && index < 1_010 ? 1_000 : index;
  return Date.UTC(2026, 1, 1) + shared * MINUTE;
});

const MANY_CHATS = MANY_ROWS.conversions.map(({ id, timestamp }) => chat(`${id}`, `${timestamp}`));

const WAYS: Record<string, Way> = {
  "all streams, chats by search": {
    account: smallAccount(),
    settings: { streams: ALL, config: SMALL_STEPS },
  },
  "all streams, chats by incremental export": {
    account: withEngagements(smallAccount()),
    settings: { streams: ALL, config: { ...SMALL_STEPS, chats_api: "incremental" } },
  },
  "a full re-sync of chats": {
    account: smallAccount(),
    settings: {
      streams: ["chats"],
      config: { ...SMALL_STEPS, chats_full_sync_days: 30 },
      state: {
        chats_last_full_sync: "2026-04-01T00:00:00.000000Z",
        bookmarks: {
          chats: {
            "chat.end_timestamp": "2026-04-10T00:00:00.000000Z",
            "offline_msg.timestamp": "2026-03-10T00:00:00.000000Z",
          },
        },
      },
    },
  },
  "a full re-sync of chats, with children at places of their own": {
    account: smallAccount(),
    settings: {
      streams: ["chats", "chat_history", "chat_engagements"],
      config: { ...SMALL_STEPS, chats_full_sync_days: 30 },
      state: {
        chats_last_full_sync: "2026-04-01T00:00:00.000000Z",
        bookmarks: {
          chats: {
            "chat.end_timestamp": "2026-04-10T00:00:00.000000Z",
            "offline_msg.timestamp": "2026-03-10T00:00:00.000000Z",
          },
          chat_history: { "chat.end_timestamp": "2026-03-01T00:00:00.000000Z" },
        },
      },
    },
  },
  "children without chats, by search": {
    account: smallAccount(),
    settings: { streams: ["chat_history"], config: SMALL_STEPS },
  },
  "children without chats, by incremental export": {
    account: withEngagements({ ...smallAccount(), chats: MANY_CHATS }),
    settings: {
      streams: ["chat_engagements", "chat_history"],
      config: { chats_api: "incremental" },
    },
  },
  "2,300 chats by search": {
    account: { chats: MANY_CHATS },
    settings: { streams: ["chats"] },
    stopEvery: 12,
  },
  "2,300 chats by incremental export": {
    account: { chats: MANY_CHATS },
    settings: { streams: ["chats"], config: { chats_api: "incremental" } },
  },
  ...Object.fromEntries(EXPORTS.map((stream) => [
    `2,300 rows of ${stream}`,
    { account: MANY_ROWS, settings: { streams: [stream] } },
  ])),
};

/** What only the incremental export has: two engagements in each chat. */
function withEngagements(account: AccountData): AccountData {
  const chats = (account.chats as JsonObject[]).map((document) => ({
    ...document,
    engagements: [1, 2].map((number) => ({ id: `${document.id}-${number}` })),
  }));
  return { ...account, chats };
}

for (const [name, { account, settings, stopEvery = 1 }] of Object.entries(WAYS)) {
  Deno.test(`a run can be cut after any message and go on: ${name}`, async () => {
    await using api = await startFakeChatApi({ account: structuredClone(account) });
    const cuts = await cutEverywhere(api, { ...settings, nowMs: NOW }, stopEvery);
    addLaterRows(api, NOW + HOUR / 2);
    const held = keysHeld(api, settings.streams);

    const resumed = new Map<string, string[]>();
    for (const cut of cuts) {
      const state = lastState(cut) ?? settings.state ?? {};
      const stateText = JSON.stringify(state);
      if (!resumed.has(stateText)) {
        const run = await syncInProcess(api, { ...settings, state, nowMs: NOW + HOUR });
        assertEquals(run.error, undefined);
        checkFinalState(run);
        resumed.set(stateText, keysRead(run.messages));
      }
      const read = new Set([...keysRead(cut), ...resumed.get(stateText)!]);
      assertEquals([...held.difference(read)], [], stateText);
    }
  });
}

/** What a reader has seen of runs: of one that is cut after each message, of some that are stopped. */
async function cutEverywhere(
  api: FakeChatApi,
  settings: SyncSettings,
  stopEvery: number,
): Promise<Message[][]> {
  const whole = await syncInProcess(api, settings);
  assertEquals(whole.error, undefined);
  checkFinalState(whole);
  // A cut between two of these has read more and goes on from the same STATE.
  const cuts = [
    [],
    ...whole.messages.flatMap(({ type }, index) =>
      type === "STATE" ? [whole.messages.slice(0, index + 1)] : []
    ),
  ];

  for (let last = 1; last <= whole.writes; last += stopEvery) {
    const stopped = await syncInProcess(api, {
      ...settings,
      onWrite: (number, stop) => number === last && stop(new StopError("SIGTERM")),
    });
    // Stopped at its last write a run is complete.
    assert(stopped.error instanceof StopError || last === whole.writes);
    assertEquals(stopped.messages.at(-1)!.type, "STATE");
    cuts.push(stopped.messages);

    const left = await syncInProcess(api, {
      ...settings,
      onWrite: (number) => {
        if (number === last) throw new ReaderGoneError("gone");
      },
    });
    assert(left.error instanceof ReaderGoneError);
    assertEquals([left.writes, left.messages], [
      last,
      whole.messages.slice(0, left.messages.length),
    ]);
  }
  return cuts;
}

/** What comes in between a run that was cut and the one that goes on. */
function addLaterRows(api: FakeChatApi, atMs: number): void {
  const time = secondText(atMs);
  api.chats.put(chat("later", time));
  api.chats.put(offlineMessage("later_message", time));
  for (const [name, rows] of Object.entries(exportRows(1, () => atMs))) {
    api.account[name as keyof typeof MANY_ROWS].push(
      ...rows.map((row) => ({ ...row, id: "later" })),
    );
  }
}

function checkFinalState({ messages }: SyncRun): void {
  const last = messages.at(-1);
  assert(last?.type === "STATE" && last.value.currently_syncing === null);
}

Deno.test("a run that is stopped again and again gets everywhere", async () => {
  await using api = await startFakeChatApi({ account: smallAccount() });
  for (const chats_api of ["search", "incremental"]) {
    const settings = { streams: ["chats", ...EXPORTS], config: { ...SMALL_STEPS, chats_api } };
    const missing = keysHeld(api, settings.streams);
    let state: JsonObject = {};
    let runs = 0;
    for (; missing.size > 0; runs++) {
      assertLessOrEqual(runs, 30);
      const run = await syncInProcess(api, {
        ...settings,
        state,
        nowMs: NOW + runs * MINUTE,
        onWrite: (number, stop) => number === 8 && stop(new StopError("SIGINT")),
      });
      keysRead(run.messages).forEach((key) => missing.delete(key));
      state = lastState(run.messages)!;
    }
    assert(runs > 1);
  }
});

Deno.test("a full re-sync that was interrupted is finished, due or not, and then is done", async () => {
  await using api = await startFakeChatApi({ account: smallAccount() });
  const { settings } = WAYS["a full re-sync of chats"]!;
  const stopped = await syncInProcess(api, {
    ...settings,
    nowMs: NOW,
    onWrite: (number, stop) => number === 12 && stop(new StopError("SIGTERM")),
  });
  const state = lastState(stopped.messages)!;
  const begun = "2026-06-15T12:00:00.000000Z";
  const { full_sync, ...dual } = (state.bookmarks as Record<string, JsonObject>).chats!;
  assertEquals((full_sync as JsonObject).started, begun);
  // The day's chats are there first.
  assertEquals({ ...state, bookmarks: { chats: dual } }, {
    ...settings.state,
    bookmarks: {
      chats: {
        "chat.end_timestamp": "2026-05-07T09:00:00.000000Z",
        "offline_msg.timestamp": "2026-05-16T09:00:00.000000Z",
      },
    },
    currently_syncing: "chats",
  });

  // A run without the setting leaves it as it is; one with it, the day after, ends it.
  const { chats_full_sync_days: _, ...withoutFullSync } = settings.config!;
  const ignoring = await syncInProcess(api, {
    ...settings,
    config: withoutFullSync,
    state,
    nowMs: NOW + 24 * HOUR,
  });
  const kept = (lastState(ignoring.messages)!.bookmarks as Record<string, JsonObject>).chats!;
  assertEquals(kept.full_sync, full_sync);

  const ended = await syncInProcess(api, { ...settings, state, nowMs: NOW + 24 * HOUR });
  assertEquals(lastState(ended.messages), {
    chats_last_full_sync: begun,
    bookmarks: {
      chats: {
        "chat.end_timestamp": "2026-05-07T09:00:00.000000Z",
        "offline_msg.timestamp": "2026-05-16T09:00:00.000000Z",
        full_sync: null,
      },
    },
    currently_syncing: null,
  });

  const next = await syncInProcess(api, {
    ...settings,
    state: lastState(ended.messages)!,
    nowMs: NOW + 48 * HOUR,
  });
  assertEquals(lastState(next.messages), lastState(ended.messages));
  assertEquals(keysRead(next.messages), ["chats c14", "chats m15"]);
});

const DUAL = ["chat.end_timestamp", "offline_msg.timestamp"];
const CURSOR = ["update_timestamp", "update_timestamp_id"];

/** Members of the bookmark of chats. */
function bookmarkOf(state: JsonObject, members: readonly string[]): (Json | undefined)[] {
  const { chats = {} } = (state.bookmarks ?? {}) as Record<string, JsonObject>;
  return members.map((member) => chats[member]);
}

Deno.test("search and incremental export take turns, and every chat arrives", async () => {
  await using api = await startFakeChatApi({ account: smallAccount() });
  const turns = ["search", "incremental", "incremental", "search", "incremental", "search"];
  const read = new Set<string>();
  let state: JsonObject = {};
  for (const [index, chats_api] of turns.entries()) {
    const nowMs = NOW + index * 24 * HOUR;
    api.chats.put(chat(`c_turn${index}`, secondText(nowMs - HOUR)));
    api.chats.put(offlineMessage(`m_turn${index}`, secondText(nowMs - 2 * HOUR)));
    const settings = { streams: ["chats"], config: { chats_api }, state, nowMs };
    const run = await syncInProcess(api, settings);

    assertEquals(run.error, undefined);
    keysRead(run.messages).forEach((key) => read.add(key));
    assertEquals(read, keysHeld(api, ["chats"]));
    const others = chats_api === "search" ? CURSOR : DUAL;
    const next = lastState(run.messages)!;
    assertEquals(bookmarkOf(next, others), bookmarkOf(state, others));
    state = next;
  }
});

Deno.test("a chat edited after its end arrives by incremental export, and not by search", async () => {
  for (const [chats_api, arrivals] of [["search", []], ["incremental", ["edited"]]] as const) {
    await using api = await startFakeChatApi({
      account: {
        chats: [chat("edited", "2026-06-01T10:00:00Z"), chat("b", "2026-06-02T10:00:00Z")],
      },
    });
    const settings = { streams: ["chats"], config: { chats_api } };
    const first = await syncInProcess(api, { ...settings, nowMs: NOW });
    assertEquals(keysRead(first.messages).toSorted(), ["chats b", "chats edited"]);

    const update_timestamp = secondText(NOW + HOUR);
    api.chats.put(chat("edited", "2026-06-01T10:00:00Z", { update_timestamp, rating: "good" }));
    const state = lastState(first.messages)!;
    const second = await syncInProcess(api, { ...settings, state, nowMs: NOW + 2 * HOUR });

    const edited = recordsOf(second.messages, "chats").filter(({ rating }) => rating === "good");
    assertEquals(edited.map(({ id }) => id), [...arrivals]);
  }
});

for (const chats_api of ["search", "incremental"]) {
  Deno.test(`what the API shows five minutes late is not missed: ${chats_api}`, async () => {
    const ago = (minutes: number) => secondText(NOW - minutes * MINUTE);
    await using api = await startFakeChatApi({
      account: {
        chats: [
          chat("old", ago(60)),
          chat("young", ago(1)),
          offlineMessage("young_message", ago(1)),
        ],
        ...exportRows(1, () => NOW - MINUTE),
      },
    });
    const settings = { streams: ["chats", ...EXPORTS], config: { chats_api } };
    const first = await syncInProcess(api, { ...settings, nowMs: NOW });
    addLaterRows(api, NOW - 4 * MINUTE);

    const state = lastState(first.messages)!;
    const second = await syncInProcess(api, { ...settings, state, nowMs: NOW + HOUR });

    const read = new Set(keysRead([...first.messages, ...second.messages]));
    assertEquals(read, keysHeld(api, settings.streams));
  });
}

/** 12,500 chats, 3,000 of them last changed in one second. */
function busyChats(): JsonObject[] {
  const start = Date.UTC(2026, 0, 1);
  return Array.from({ length: 12_500 }, (_, index) => {
    const minute = index < 5_000 ? index : Math.max(5_000, index - 2_999);
    return chat(pad(index), secondText(start + minute * MINUTE));
  });
}

for (const startIdExclusive of [false, true]) {
  const taken = startIdExclusive ? "exclusive" : "inclusive";
  Deno.test(`edits made during an export are not lost, start_id taken as ${taken}`, async () => {
    await using api = await startFakeChatApi({
      account: { chats: busyChats() },
      startIdExclusive,
      onRequest({ index }, api) {
        if (![3, 7, 11].includes(index)) return;
        // Chats that were read before, of the busy second, not read yet, and ones that are new.
        for (const number of [100, 5_500, 7_999, 9_000, 12_499]) {
          const id = pad(number + index);
          api.chats.put({
            ...api.chats.get(id) ?? chat(id, "2026-06-15T11:00:00Z"),
            update_timestamp: secondText(NOW),
            comment: `changed at request ${index}`,
          });
        }
      },
    });
    const settings = { streams: ["chats"], config: { chats_api: "incremental" } };

    const first = await syncInProcess(api, { ...settings, nowMs: NOW });
    const state = lastState(first.messages)!;
    const second = await syncInProcess(api, { ...settings, state, nowMs: NOW + HOUR });

    assertEquals([first.error, second.error], [undefined, undefined]);
    assertLessOrEqual(first.requests, 16);
    assertLessOrEqual(second.requests, 2);
    const latest = new Map<Json | undefined, Json | undefined>();
    for (const { messages } of [first, second]) {
      for (const { id, comment } of recordsOf(messages, "chats")) latest.set(id, comment);
    }
    const held = api.chats.sortedBy("timestamp").map(({ id }) => id);
    const outdated = held.filter((id) => latest.get(id) !== api.chats.get(id)!.comment);
    assertEquals([held.length, latest.size, outdated], [12_503, 12_503, []]);
  });
}

Deno.test("an idle account can be read any number of times", async () => {
  for (const startIdExclusive of [false, true]) {
    for (const emptyEndTime of ["echo", "zero", "null"] as const) {
      for (const account of [smallAccount(), {}]) {
        await using api = await startFakeChatApi({ account, startIdExclusive, emptyEndTime });
        const settings = {
          streams: ["chats", ...EXPORTS],
          config: { chats_api: "incremental" },
        };
        let { error, messages } = await syncInProcess(api, { ...settings, nowMs: NOW });
        assertEquals(error, undefined);
        for (const hours of [1, 2]) {
          const state = lastState(messages)!;
          const again = await syncInProcess(api, { ...settings, state, nowMs: NOW + hours * HOUR });
          assertEquals([again.error, lastState(again.messages)], [undefined, state]);
          assertLessOrEqual(again.requests, 5);
          messages = again.messages;
        }
      }
    }
  }
});

for (const chats_api of ["search", "incremental"]) {
  Deno.test(`a killed, a stopped and a deserted tap go on: ${chats_api}`, {
    ignore: Deno.build.os === "windows",
  }, async () => {
    const chats = generatedChats({ count: 1_500, offlineEvery: 5 });
    await using api = await startFakeChatApi({ account: { chats } });
    await using folder = await createRunFolder({
      "config.json": configFor(api, { chats_api, chat_search_interval_days: 20 }),
      "catalog.json": catalogWith("chats"),
    });
    const args = ["-c", "config.json", "-p", "catalog.json"];
    const held = keysHeld(api, ["chats"]);

    await forMany(["SIGKILL", "SIGTERM", "leave"] as const, async (end) => {
      await using tap = startTap(args, { cwd: folder.path });
      for (let line = 0; line < 700; line++) await tap.readLine();
      if (end === "leave") await tap.closeStdout();
      else tap.signal(end);
      const { stdout } = await tap.finish();
      const cut = messagesIn(stdout.slice(0, stdout.lastIndexOf("\n") + 1));
      const state = `${end}.json`;
      await folder.write({ [state]: lastState(cut)! });

      const resumed = await runTap([...args, "-s", state], { cwd: folder.path });

      assertEquals(resumed.code, 0);
      const read = keysRead([...cut, ...messagesIn(resumed.stdout)]);
      assertEquals([...held.difference(new Set(read))], []);
      assert(keysRead(cut).length < held.size, "the run was over before it was cut");
    });
  });
}
