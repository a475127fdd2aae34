import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../lib/errors.ts";
import type { JsonObject } from "../../../lib/json.ts";
import { BookmarkReader } from "../../../lib/singer/state.ts";
import {
  isNewBookmark,
  oldestBookmark,
  oldestState,
  ownCheckpoint,
} from "../../../lib/stream/chat_bookmark.ts";

const [MAY, JUNE, JULY] = ["05", "06", "07"].map((month) =>
  `2026-${month}-01T00:00:00.000000Z`
) as [
  string,
  string,
  string,
];

function oldest(...bookmarks: JsonObject[]): JsonObject {
  return oldestBookmark(
    bookmarks.map((value, index) => new BookmarkReader(value, `bookmarks.s${index}`, "state.json")),
  );
}

Deno.test("oldestBookmark() is the least of each member, and none where one has none", {
  permissions: "none",
}, () => {
  const cases: [bookmarks: JsonObject[], oldest: JsonObject][] = [
    [[{ "chat.end_timestamp": JUNE }, { "chat.end_timestamp": "2026-05-01T02:00:00+02:00" }], {
      "chat.end_timestamp": MAY,
    }],
    [
      [
        { "chat.end_timestamp": JUNE, "offline_msg.timestamp": MAY },
        { "chat.end_timestamp": MAY, "offline_msg.timestamp": null },
      ],
      { "chat.end_timestamp": MAY },
    ],
    [[{ "chat.end_timestamp": JUNE, update_timestamp: JUNE }, {}], {}],
    [
      [
        { update_timestamp: JUNE, update_timestamp_id: "b" },
        { update_timestamp: JUNE, update_timestamp_id: null },
        { update_timestamp: JULY, update_timestamp_id: "a" },
      ],
      { update_timestamp: JUNE, update_timestamp_id: null },
    ],
    [
      [
        { update_timestamp: JUNE, update_timestamp_id: "b" },
        { update_timestamp: JUNE, update_timestamp_id: "a" },
      ],
      { update_timestamp: JUNE, update_timestamp_id: null },
    ],
    [
      [
        { update_timestamp: JUNE, update_timestamp_id: "a" },
        { update_timestamp: JULY, update_timestamp_id: "b" },
      ],
      { update_timestamp: JUNE, update_timestamp_id: "a" },
    ],
    [[{ update_timestamp: JUNE }, { update_timestamp: MAY }], { update_timestamp: MAY }],
  ];
  for (const [bookmarks, expected] of cases) assertEquals(oldest(...bookmarks), expected);
});

Deno.test("oldestBookmark() goes on with a full re-sync, and with everybody's gaps", {
  permissions: "none",
}, () => {
  const fullSync = { started: JULY, "chat.end_timestamp": JUNE, "offline_msg.timestamp": MAY };
  const gap = { kind: "chat", from: MAY, to: JUNE, tries: 1 };
  assertEquals(oldest({ full_sync: fullSync, gaps: [gap] }, { full_sync: null, gaps: [] }), {
    full_sync: fullSync,
    gaps: [gap],
  });
  assertEquals(
    oldest(
      { full_sync: fullSync, gaps: [gap, { ids: ["a"], tries: 0 }] },
      { full_sync: { ...fullSync, "chat.end_timestamp": MAY }, gaps: [{ ...gap }] },
    ),
    {
      full_sync: { ...fullSync, "chat.end_timestamp": MAY },
      gaps: [gap, { ids: ["a"], tries: 0 }],
    },
  );
});

Deno.test("oldestBookmark() names the bookmark that cannot be read", {
  permissions: "none",
}, () => {
  const error = assertThrows(
    () => oldest({ update_timestamp: JUNE }, { update_timestamp: "soon" }),
    InputError,
  );
  assertEquals(error.message.includes('"bookmarks.s1.update_timestamp" is "soon"'), true);
  assertThrows(
    () => oldest({}, { full_sync: { "chat.end_timestamp": "long ago" } }),
    InputError,
    '"bookmarks.s1.full_sync.chat.end_timestamp" is "long ago"',
  );
});

Deno.test("ownCheckpoint() never takes a bookmark back", { permissions: "none" }, () => {
  const own = { "chat.end_timestamp": JUNE, update_timestamp: JUNE, update_timestamp_id: "b" };
  assertEquals(
    ownCheckpoint(own, { "chat.end_timestamp": MAY, "offline_msg.timestamp": MAY, gaps: [] }),
    { "offline_msg.timestamp": MAY, gaps: [] },
  );
  assertEquals(
    ownCheckpoint(own, { update_timestamp: MAY, update_timestamp_id: "a", full_sync: null }),
    { full_sync: null },
  );
  const ahead = { update_timestamp: JULY, update_timestamp_id: "a", "chat.end_timestamp": JULY };
  assertEquals(ownCheckpoint(own, ahead), ahead);
  assertEquals(ownCheckpoint({}, ahead), ahead);
});

Deno.test("isNewBookmark() sees through what the Python tap leaves for nothing", {
  permissions: "none",
}, () => {
  const isNew = (value: JsonObject) => isNewBookmark(new BookmarkReader(value, "", "state.json"));
  assertEquals([{}, { update_timestamp: null }, { offset: {} }].map(isNew), [true, true, true]);
  assertEquals(isNew({ update_timestamp: MAY }), false);
});

Deno.test("oldestState() knows the last full re-sync that no stream has missed", {
  permissions: "none",
}, () => {
  const state = { chats_last_full_sync: JULY, currently_syncing: "chats" };
  const place = (value: JsonObject) => new BookmarkReader(value, "", "state.json");
  const cases: [child: JsonObject, last: JsonObject][] = [
    [{ chats_last_full_sync: JUNE }, { chats_last_full_sync: JUNE }],
    [{ chats_last_full_sync: JULY }, { chats_last_full_sync: JULY }],
    [{}, {}],
  ];
  for (const [child, last] of cases) {
    assertEquals(oldestState(state, [place(state), place(child)]), {
      currently_syncing: "chats",
      ...last,
    });
  }
  assertEquals(ownCheckpoint({ chats_last_full_sync: JULY }, { chats_last_full_sync: JUNE }), {});
});
