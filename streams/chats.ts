/**
 * Chats and offline messages, by search or by incremental export. The two ways keep separate
 * bookmarks; the export begins, when it has none of its own, where everything was known to be fresh.
 * Gaps that an earlier run met are asked for first in either way.
 */

import schema from "../schemas/chats.json" with { type: "json" };
import { CHAT_BOOKMARK_KEYS } from "../lib/stream/chat_bookmark.ts";
import { askForGaps } from "../lib/stream/chat_gaps.ts";
import { createSearch } from "../lib/stream/chat_pass.ts";
import { openChatSearch } from "../lib/stream/chat_search.ts";
import { pageLinksEnd, readDual } from "../lib/stream/dual_bookmark.ts";
import { openExport } from "../lib/stream/export.ts";
import { readFullSync } from "../lib/stream/full_sync.ts";
import { describeGaps, type Gaps, readGaps } from "../lib/stream/gaps.ts";
import { isJsonObject } from "../lib/json.ts";
import { withOrigin } from "../lib/stream/origin.ts";
import type { Stream, StreamContext, StreamItem, StreamItems } from "../lib/stream/stream.ts";
import { objectAnswer } from "../lib/zendesk/answer.ts";
import { CHATS_EXPORT } from "../lib/zendesk/export_page.ts";
import { probeExport } from "../lib/zendesk/incremental_export.ts";

export const chats: Stream = {
  tapStreamId: "chats",
  keyProperties: ["id"],
  replicationMethod: "INCREMENTAL",
  replicationKeys: ({ chatsApi }) =>
    chatsApi === "incremental"
      ? ["timestamp", "end_timestamp", "update_timestamp"]
      : ["timestamp", "end_timestamp"],
  bookmarkKeys: [...CHAT_BOOKMARK_KEYS, "offset"],
  schema,
  openObjects: ["session"],
  // An upsert would empty the column that an export has filled.
  absentProperties: ({ chatsApi }) => chatsApi === "search" ? ["engagements"] : [],
  selectedByDefault: true,
  discovery: "proof",
  probe: ({ api, config, runStart }) =>
    config.chatsApi === "incremental"
      ? probeExport(api, CHATS_EXPORT, runStart)
      : api.get({ endpoint: "chats", path: "chats", read: objectAnswer }),
  open: (context) => {
    const { bookmark, config: { chatsApi } } = context;
    const items = chatsApi === "incremental" ? openIncremental(context) : openChatSearch(context);
    return Object.assign(items, { outset: pageLinksEnd(bookmark) });
  },
};

function openIncremental(context: StreamContext): StreamItems {
  const gaps = readGaps(context.bookmark);
  const changed = openExport(context, { ...CHATS_EXPORT, startMicros: freshUpTo(context) });
  const origin = `${changed.origin}${describeGaps(gaps)}`;
  return withOrigin(origin, readGapsFirst(context, gaps, changed));
}

/**
 * The last instant up to which the searches left everything fresh, in epoch microseconds: what was
 * edited later may be old in the target. Without a full re-sync that is true of nothing.
 */
function freshUpTo({ bookmark, config: { startDateMicros }, state }: StreamContext): number {
  const dual = readDual(bookmark, startDateMicros);
  const { last, underWay } = readFullSync(bookmark, state, startDateMicros);
  if (last === undefined) return startDateMicros;
  return Math.min(...Object.values(dual), last, underWay?.started ?? last);
}

async function* readGapsFirst(
  context: StreamContext,
  gaps: Gaps,
  changed: StreamItems,
): AsyncGenerator<StreamItem> {
  yield* askForGaps(createSearch(context), gaps, context.log);
  for await (const item of changed) {
    if (item.kind === "page") {
      gaps.idsCame(item.records.map((row) => isJsonObject(row) ? row.id : undefined));
    } else if (item.kind === "checkpoint") Object.assign(item.bookmark, gaps.changes());
    yield item;
  }
}
