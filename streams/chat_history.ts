/**
 * What happened in chats, event by event. An event has no id: its place in the chat stands in, which
 * stays because a chat's history only grows.
 */

import schema from "../schemas/chat_history.json" with { type: "json" };
import { CHILD_BOOKMARK_KEYS } from "../lib/stream/chat_bookmark.ts";
import { childStream } from "../lib/stream/child.ts";
import type { ChildStream } from "../lib/stream/stream.ts";

export const chatHistory: ChildStream = childStream({
  tapStreamId: "chat_history",
  parent: "chats",
  member: "history",
  keyProperties: ["chat_id", "position"],
  bookmarkKeys: CHILD_BOOKMARK_KEYS,
  schema,
  link: ({ id = null }, position) => ({ chat_id: id, position }),
});
