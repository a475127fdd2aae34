import { assertEquals } from "@std/assert";
import { warnOfUnknownBookmarks } from "../../../lib/singer/unknown_bookmarks.ts";

const KNOWN = [
  { tapStreamId: "agents", bookmarkKeys: ["offset"] },
  { tapStreamId: "chats", bookmarkKeys: ["chat.end_timestamp", "offline_msg.timestamp"] },
];

Deno.test("warnOfUnknownBookmarks() names streams and keys with the nearest known one", {
  permissions: "none",
}, () => {
  const state = {
    bookmarks: {
      chat: { anything: 1 },
      tickets: {},
      agents: { offset: { whatever: 1 } },
      chats: { "chats.end_timestamp": "2026-01-01", "offline_msg.timestamp": null, x: 1 },
      bans: null,
    },
    currently_syncing: "agent",
    elsewhere: { a: 1 },
  };

  assertEquals(
    warnOfUnknownBookmarks(state, "s.json", KNOWN).map((line) =>
      line.replace('Nothing known in state file "s.json" at ', "")
    ),
    [
      '"bookmarks.chat": it is carried along, did you mean "chats"?',
      '"bookmarks.tickets": it is carried along',
      '"bookmarks.bans": it is carried along',
      '"bookmarks.chats.chats.end_timestamp": it is carried along, did you mean "chat.end_timestamp"?',
      '"bookmarks.chats.x": it is carried along',
      '"currently_syncing": it is carried along, did you mean "agents"?',
    ],
  );
});

Deno.test("warnOfUnknownBookmarks() says nothing of a state in order", {
  permissions: "none",
}, () => {
  const states = [
    {},
    { bookmarks: {}, currently_syncing: null },
    { bookmarks: { agents: {}, chats: null }, currently_syncing: "" },
    { bookmarks: null, chats_last_full_sync: "2026-01-01" },
    { bookmarks: {}, currently_syncing: {} },
  ];
  for (const state of states) assertEquals(warnOfUnknownBookmarks(state, "s.json", KNOWN), []);
});
