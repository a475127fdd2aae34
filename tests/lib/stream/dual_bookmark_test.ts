import { assertEquals, assertThrows } from "@std/assert";
import {
  advanceKind,
  CHAT_KINDS,
  fullSyncEnd,
  kindBookmark,
  planSearch,
  readDual,
  type SearchPlan,
} from "../../../lib/stream/dual_bookmark.ts";
import { InputError } from "../../../lib/errors.ts";
import type { JsonObject } from "../../../lib/json.ts";
import { BookmarkReader } from "../../../lib/singer/state.ts";

const DAY = 86_400 * 1e6;
const START_DATE = at("2020-01-01");
const STARTED_AT = at("2026-01-15T12:00:00Z");

function at(text: string): number {
  return Date.parse(text) * 1000;
}

/** The plan of a run with the given state, `fullSyncDays` undefined unless given. */
function plan(state: JsonObject, fullSyncDays?: number): SearchPlan {
  const root = new BookmarkReader(state, "", "state.json");
  return planSearch(root.nested("bookmarks").nested("chats"), root, {
    startDateMicros: START_DATE,
    startedAtMicros: STARTED_AT,
    fullSyncDays,
  });
}

function dual(chat: number, offline: number): SearchPlan["dual"] {
  return { "chat.end_timestamp": chat, "offline_msg.timestamp": offline };
}

const DUAL_STATE = {
  "chat.end_timestamp": "2025-01-02T00:10:00.000000Z",
  "offline_msg.timestamp": "2025-01-03",
};
const DUAL = dual(at("2025-01-02T00:10:00Z"), at("2025-01-03"));

Deno.test("CHAT_KINDS reads chats by their end before messages by their time", {
  permissions: "none",
}, () => {
  assertEquals(CHAT_KINDS, [
    { type: "chat", field: "end_timestamp", key: "chat.end_timestamp" },
    { type: "offline_msg", field: "timestamp", key: "offline_msg.timestamp" },
  ]);
});

Deno.test("readDual() puts a value of its own in place of each that is absent", {
  permissions: "none",
}, () => {
  const cases: [JsonObject, SearchPlan["dual"]][] = [
    [{}, dual(5, 5)],
    [{ "chat.end_timestamp": null, "offline_msg.timestamp": {} }, dual(5, 5)],
    [{ "chat.end_timestamp": "1970-01-01T00:00:01Z" }, dual(1e6, 5)],
    [{ "offline_msg.timestamp": "1970-01-01T00:00:01Z", offset: 3 }, dual(5, 1e6)],
  ];
  for (const [value, expected] of cases) {
    assertEquals(readDual(new BookmarkReader(value, "", "state.json"), 5), expected);
  }
});

Deno.test("planSearch() begins at the dual bookmark, or at start_date without one", {
  permissions: "none",
}, () => {
  const cases: [JsonObject, SearchPlan["dual"]][] = [
    [{}, dual(START_DATE, START_DATE)],
    [{ bookmarks: { chats: DUAL_STATE } }, DUAL],
    [
      { bookmarks: { chats: { ...DUAL_STATE, "offline_msg.timestamp": {} } } },
      dual(DUAL["chat.end_timestamp"], START_DATE),
    ],
    // Older than start_date: the bookmark counts.
    [
      { bookmarks: { chats: { ...DUAL_STATE, "chat.end_timestamp": "2015-01-01T00:00:00Z" } } },
      dual(at("2015-01-01"), DUAL["offline_msg.timestamp"]),
    ],
  ];
  for (const [state, expected] of cases) {
    assertEquals(plan(state), { from: expected, dual: expected, fullSyncStarted: undefined });
  }
});

Deno.test("planSearch() reads everything again when that was never done or is due", {
  permissions: "none",
}, () => {
  const due = { from: dual(START_DATE, START_DATE), dual: DUAL, fullSyncStarted: STARTED_AT };
  const notDue = { from: DUAL, dual: DUAL, fullSyncStarted: undefined };
  const cases: [string | null | JsonObject, SearchPlan][] = [
    [null, due],
    [{}, due],
    ["2026-01-08T12:00:00.000000Z", due],
    ["2026-01-08T13:00:00.000000+01:00", due],
    ["2026-01-08T12:00:00.000001Z", notDue],
    ["2026-01-15", notDue],
    ["2020-01-01T00:00:00.000000+00:00", due],
  ];
  for (const [chats_last_full_sync, expected] of cases) {
    assertEquals(plan({ bookmarks: { chats: DUAL_STATE }, chats_last_full_sync }, 7), expected);
  }
  assertEquals(plan({ bookmarks: { chats: DUAL_STATE } }, 7), due);
});

Deno.test("planSearch() goes on with an interrupted full re-sync, due or not", {
  permissions: "none",
}, () => {
  const full_sync = {
    started: "2026-01-14T00:00:00.000000Z",
    "chat.end_timestamp": "2022-05-01T00:00:00.000000Z",
  };
  const expected = {
    from: dual(at("2022-05-01"), START_DATE),
    dual: DUAL,
    fullSyncStarted: at("2026-01-14"),
  };
  const bookmarks = { chats: { ...DUAL_STATE, full_sync } };

  assertEquals(plan({ bookmarks }, 7), expected);
  assertEquals(plan({ bookmarks, chats_last_full_sync: "2026-01-15T00:00:00Z" }, 7), expected);
});

Deno.test("planSearch() knows no full re-sync without the setting", { permissions: "none" }, () => {
  const full_sync = { started: "2026-01-14T00:00:00Z", "chat.end_timestamp": "2022-05-01" };
  const normal = { from: DUAL, dual: DUAL, fullSyncStarted: undefined };

  assertEquals(plan({ bookmarks: { chats: DUAL_STATE } }), normal);
  assertEquals(plan({ bookmarks: { chats: { ...DUAL_STATE, full_sync } } }), normal);
});

Deno.test("planSearch() begins anew when a full re-sync is finished", {
  permissions: "none",
}, () => {
  const chats = { ...DUAL_STATE, full_sync: null };
  assertEquals(plan({ bookmarks: { chats }, chats_last_full_sync: "2026-01-01" }, 7), {
    from: dual(START_DATE, START_DATE),
    dual: DUAL,
    fullSyncStarted: STARTED_AT,
  });
});

Deno.test("planSearch() refuses what it cannot read, whatever it needs of it", {
  permissions: "none",
}, () => {
  const cases: [JsonObject, string][] = [
    [{ bookmarks: { chats: { "chat.end_timestamp": 5 } } }, "bookmarks.chats.chat.end_timestamp"],
    [
      { bookmarks: { chats: { "offline_msg.timestamp": "soon" } } },
      "bookmarks.chats.offline_msg.timestamp",
    ],
    [{ bookmarks: { chats: { full_sync: "2020" } } }, "bookmarks.chats.full_sync"],
    [{ bookmarks: { chats: { full_sync: { started: 1 } } } }, "bookmarks.chats.full_sync.started"],
    [
      { bookmarks: { chats: { full_sync: { started: "2020-01-01", "chat.end_timestamp": "x" } } } },
      "bookmarks.chats.full_sync.chat.end_timestamp",
    ],
    [{ chats_last_full_sync: 1704067200 }, "chats_last_full_sync"],
  ];
  for (const [state, key] of cases) {
    assertThrows(() => plan(state, 7), InputError, `state file "state.json": "${key}" is `);
  }
});

Deno.test("advanceKind() takes the least of its three bounds and never goes back", {
  permissions: "none",
}, () => {
  const lag = 5 * 60 * 1e6;
  const startedAtMicros = 1_000 * lag;
  const cases: [before: number, greatestSeen: number, windowEndMicros: number, after: number][] = [
    [1, 50 * lag, 60 * lag, 50 * lag],
    [1, 60 * lag, 50 * lag, 50 * lag],
    [1, 1_000 * lag, 1_001 * lag, 999 * lag],
    [1, 999 * lag, 1_000 * lag, 999 * lag],
    [1, 999 * lag + 1, 1_000 * lag, 999 * lag],
    [55 * lag, 50 * lag, 60 * lag, 55 * lag],
    [1_000 * lag - 1, 1_000 * lag, 1_000 * lag, 1_000 * lag - 1],
  ];
  for (const [before, greatestSeen, windowEndMicros, after] of cases) {
    assertEquals(advanceKind(before, { greatestSeen, windowEndMicros, startedAtMicros }), after);
  }
});

Deno.test("kindBookmark() names one kind, or both below full_sync while one is under way", {
  permissions: "none",
}, () => {
  const [chat, offline] = CHAT_KINDS;
  const normal: SearchPlan = { from: DUAL, dual: DUAL, fullSyncStarted: undefined };
  const full: SearchPlan = { from: DUAL, dual: DUAL, fullSyncStarted: STARTED_AT };

  const reached = dual(at("2025-02-01") + 7, at("2025-01-01"));
  assertEquals(kindBookmark(normal, chat!, reached), {
    "chat.end_timestamp": "2025-02-01T00:00:00.000007Z",
  });
  assertEquals(kindBookmark(full, offline!, reached), {
    full_sync: {
      started: "2026-01-15T12:00:00.000000Z",
      "chat.end_timestamp": "2025-02-01T00:00:00.000007Z",
      "offline_msg.timestamp": "2025-01-01T00:00:00.000000Z",
    },
  });
});

Deno.test("fullSyncEnd() joins the greater of both bookmarks in one checkpoint", {
  permissions: "none",
}, () => {
  const full = { from: DUAL, dual: DUAL, fullSyncStarted: at("2026-01-14") };
  const reached = dual(DUAL["chat.end_timestamp"] - DAY, DUAL["offline_msg.timestamp"] + DAY);

  assertEquals(fullSyncEnd(full, reached), {
    bookmark: {
      "chat.end_timestamp": "2025-01-02T00:10:00.000000Z",
      "offline_msg.timestamp": "2025-01-04T00:00:00.000000Z",
      full_sync: null,
    },
    state: { chats_last_full_sync: "2026-01-14T00:00:00.000000Z" },
  });
});
