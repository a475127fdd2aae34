import { assertEquals, assertThrows } from "@std/assert";
import {
  fullSyncBookmark,
  fullSyncEnd,
  type FullSyncPlan,
  planFullSync,
  readFullSync,
} from "../../../lib/stream/full_sync.ts";
import { InputError } from "../../../lib/errors.ts";
import type { JsonObject } from "../../../lib/json.ts";
import { BookmarkReader } from "../../../lib/singer/state.ts";

const START_DATE = at("2020-01-01");
const STARTED_AT = at("2026-01-15T12:00:00Z");

function at(text: string): number {
  return Date.parse(text) * 1000;
}

/** What a run with the given state does about the full re-sync. */
function plan(
  { full_sync = null, last = null }: {
    full_sync?: JsonObject | null;
    last?: string | JsonObject | null;
  },
): FullSyncPlan {
  const state = { chats_last_full_sync: last, bookmarks: { chats: { full_sync } } };
  const root = new BookmarkReader(state, "", "state.json");
  const stored = readFullSync(root.nested("bookmarks").nested("chats"), root, START_DATE);
  return planFullSync(stored, {
    startedAtMicros: STARTED_AT,
    startDateMicros: START_DATE,
    days: 7,
  });
}

const ANEW: FullSyncPlan = {
  kind: "read",
  fullSync: {
    started: STARTED_AT,
    reached: { "chat.end_timestamp": START_DATE, "offline_msg.timestamp": START_DATE },
  },
};

const INTERRUPTED = {
  started: "2026-01-14T00:00:00.000000Z",
  "chat.end_timestamp": "2022-05-01T00:00:00.000000Z",
};

const RESUMED: FullSyncPlan = {
  kind: "read",
  fullSync: {
    started: at("2026-01-14"),
    reached: { "chat.end_timestamp": at("2022-05-01"), "offline_msg.timestamp": START_DATE },
  },
};

Deno.test("planFullSync() begins when that was never done, or N days ago less an hour", {
  permissions: "none",
}, () => {
  const cases: [string | null | JsonObject, FullSyncPlan][] = [
    [null, ANEW],
    [{}, ANEW],
    ["2020-01-01T00:00:00.000000+00:00", ANEW],
    ["2026-01-08T12:00:00.000000Z", ANEW],
    // A cron job that began a minute earlier today than a week ago.
    ["2026-01-08T12:01:00.000000Z", ANEW],
    ["2026-01-08T14:00:00.000000+01:00", ANEW],
    ["2026-01-08T13:00:00.000001Z", { kind: "none" }],
    ["2026-01-15", { kind: "none" }],
    ["2026-02-15", { kind: "none" }],
  ];
  for (const [last, expected] of cases) assertEquals(plan({ last }), expected, `${last}`);
});

Deno.test("planFullSync() goes on with an interrupted one, due or not", {
  permissions: "none",
}, () => {
  const cases: (string | null)[] = [
    null,
    "2020-01-01",
    "2026-01-13T23:00:00Z",
    "2026-01-14T00:00:00Z",
  ];
  for (const last of cases) assertEquals(plan({ full_sync: INTERRUPTED, last }), RESUMED);
});

Deno.test("planFullSync() begins anew or drops what is older than N days or than the last one", {
  permissions: "none",
}, () => {
  const cases: [started: string, last: string | null, FullSyncPlan["kind"]][] = [
    ["2026-01-08T12:00:00Z", "2026-01-01", "read"],
    ["2026-01-08T11:59:59Z", "2026-01-01", "read"],
    ["2026-01-08T11:59:59Z", null, "read"],
    ["2026-01-14T00:00:00Z", "2026-01-14T00:00:01Z", "drop"],
    ["2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "read"],
    // Begun by a clock that was wrong.
    ["2026-02-14T00:00:00Z", "2026-01-14T00:00:00Z", "drop"],
    ["2026-02-14T00:00:00Z", null, "read"],
  ];
  for (const [started, last, kind] of cases) {
    const full_sync = { ...INTERRUPTED, started };
    const found = plan({ full_sync, last });
    assertEquals(found.kind, kind);
    const isOld = started !== "2026-01-08T12:00:00Z";
    if (found.kind === "read" && isOld) assertEquals(found, ANEW);
  }
});

Deno.test("planFullSync() lets everything be without the setting, or before start_date", {
  permissions: "none",
}, () => {
  const stored = { underWay: undefined, last: undefined };
  const times = { startedAtMicros: STARTED_AT, startDateMicros: START_DATE };
  assertEquals(planFullSync(stored, { ...times, days: undefined }), { kind: "none" });
  const future = { ...times, startDateMicros: STARTED_AT + 1 };
  assertEquals(planFullSync(stored, { ...future, days: 7 }), { kind: "none" });
});

Deno.test("readFullSync() refuses what it cannot read", { permissions: "none" }, () => {
  const cases: [JsonObject, string][] = [
    [{ bookmarks: { chats: { full_sync: "2020" } } }, "bookmarks.chats.full_sync"],
    [{ bookmarks: { chats: { full_sync: { started: 1 } } } }, "bookmarks.chats.full_sync.started"],
    [
      { bookmarks: { chats: { full_sync: { started: "2020-01-01", "chat.end_timestamp": "x" } } } },
      "bookmarks.chats.full_sync.chat.end_timestamp",
    ],
    [{ chats_last_full_sync: 1704067200 }, "chats_last_full_sync"],
  ];
  for (const [state, key] of cases) {
    const root = new BookmarkReader(state, "", "state.json");
    const read = () => readFullSync(root.nested("bookmarks").nested("chats"), root, START_DATE);
    assertThrows(read, InputError, `state file "state.json": "${key}" is `);
  }
});

Deno.test("a full re-sync is told in the bookmark, and its end in one checkpoint", {
  permissions: "none",
}, () => {
  if (RESUMED.kind !== "read") throw new Error("unreachable");
  assertEquals(fullSyncBookmark(RESUMED.fullSync), {
    full_sync: {
      started: "2026-01-14T00:00:00.000000Z",
      "chat.end_timestamp": "2022-05-01T00:00:00.000000Z",
      "offline_msg.timestamp": "2020-01-01T00:00:00.000000Z",
    },
  });
  assertEquals(fullSyncEnd(RESUMED.fullSync), {
    bookmark: { full_sync: null },
    state: { chats_last_full_sync: "2026-01-14T00:00:00.000000Z" },
  });
});
