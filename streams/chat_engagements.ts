/** Spells that agents spent in chats; only the incremental export has them. */

import schema from "../schemas/chat_engagements.json" with { type: "json" };
import { CHILD_BOOKMARK_KEYS } from "../lib/stream/chat_bookmark.ts";
import { childStream } from "../lib/stream/child.ts";
import type { ChildStream } from "../lib/stream/stream.ts";

export const chatEngagements: ChildStream = childStream({
  tapStreamId: "chat_engagements",
  parent: "chats",
  member: "engagements",
  onlyBy: "incremental",
  keyProperties: ["id"],
  bookmarkKeys: CHILD_BOOKMARK_KEYS,
  schema,
  link: ({ id = null }) => ({ chat_id: id }),
});
