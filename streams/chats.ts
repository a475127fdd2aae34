/**
 * Chats and offline messages, by search or by incremental export. The two ways keep separate
 * bookmarks; the export begins where the search left off when it has none of its own.
 */

import schema from "../schemas/chats.json" with { type: "json" };
import {
  advanceKind,
  CHAT_KINDS,
  type ChatKind,
  type DualMicros,
  fullSyncEnd,
  kindBookmark,
  planSearch,
  readDual,
  type SearchPlan,
} from "../lib/stream/dual_bookmark.ts";
import { formatMicros, parseMicros } from "../lib/date_time.ts";
import { openExport } from "../lib/stream/export.ts";
import type { JsonObject } from "../lib/json.ts";
import { describeStart, type Start, startFrom, withOrigin } from "../lib/stream/origin.ts";
import type { Stream, StreamContext, StreamItem, StreamItems } from "../lib/stream/stream.ts";
import { objectAnswer } from "../lib/zendesk/answer.ts";
import { CHATS_EXPORT, probeExport } from "../lib/zendesk/incremental_export.ts";
import { searchChats } from "../lib/zendesk/search.ts";

const DAY_SECONDS = 86_400;

export const chats: Stream = {
  tapStreamId: "chats",
  keyProperties: ["id"],
  replicationMethod: "INCREMENTAL",
  replicationKeys: ({ chatsApi }) =>
    chatsApi === "incremental"
      ? ["timestamp", "end_timestamp", "update_timestamp"]
      : ["timestamp", "end_timestamp"],
  bookmarkKeys: [
    ...["chat.end_timestamp", "offline_msg.timestamp", "full_sync", "gaps", "offset"],
    ...["update_timestamp", "update_timestamp_id"],
  ],
  schema,
  openObjects: ["session"],
  selectedByDefault: true,
  discovery: "proof",
  probe: ({ api, config, startedAt }) =>
    config.chatsApi === "incremental"
      ? probeExport(api, CHATS_EXPORT, startedAt)
      : api.get({ endpoint: "chats", path: "chats", read: objectAnswer }),
  open: (context) =>
    context.config.chatsApi === "incremental" ? openIncremental(context) : openSearch(context),
};

function openIncremental(context: StreamContext): StreamItems {
  const dual = readDual(context.bookmark, context.config.startDateMicros);
  return openExport(context, {
    ...CHATS_EXPORT,
    replicationKey: "update_timestamp",
    startMicros: Math.min(dual["chat.end_timestamp"], dual["offline_msg.timestamp"]),
  });
}

function openSearch(context: StreamContext): StreamItems {
  const { bookmark, config, startedAt, state } = context;
  const plan = planSearch(bookmark, state, {
    startDateMicros: config.startDateMicros,
    startedAtMicros: startedAt * 1000,
    fullSyncDays: config.chatsFullSyncDays,
  });
  return withOrigin(searchOrigin(context, plan), readBySearch(context, plan));
}

/** From where each kind is read. */
function searchOrigin({ bookmark, startedAt }: StreamContext, plan: SearchPlan): string {
  const { from, fullSyncStarted } = plan;
  const starts = CHAT_KINDS.map(({ key, type }) => {
    const start = startFrom(bookmark.instant(key), from[key]);
    const again: Start = { micros: from[key], by: "re-sync" };
    return `${type} ${describeStart(fullSyncStarted === undefined ? start : again)}`;
  });
  const begun = fullSyncStarted === undefined
    ? ""
    : `a full re-sync begun ${formatMicros(fullSyncStarted)}: `;
  return `${begun}${starts.join(" and ")} up to ${formatMicros(startedAt * 1000)}`;
}

async function* readBySearch(
  context: StreamContext,
  plan: SearchPlan,
): AsyncGenerator<StreamItem> {
  const { log, startedAt } = context;
  const { fullSyncStarted } = plan;
  const reached = { ...plan.from };
  let isComplete = true;
  for (const kind of CHAT_KINDS) {
    if (plan.from[kind.key] > startedAt * 1000) {
      // Nothing is stored, so that a mistyped start_date leaves nothing behind once it is corrected.
      isComplete = false;
      log.warning(
        `Read no chats of type ${kind.type}: they begin at ${formatMicros(plan.from[kind.key])}, ` +
          `which is in the future; check "${kind.key}" in the state and "start_date" in the config`,
      );
    } else {
      yield* readKind(context, plan, kind, reached);
    }
  }
  if (fullSyncStarted !== undefined && isComplete) {
    yield { kind: "checkpoint", ...fullSyncEnd({ ...plan, fullSyncStarted }, reached) };
  }
}

/** Reads one kind of chat up to the start of the run and moves what is `reached` along. */
async function* readKind(
  { api, clock, config, log, startedAt }: StreamContext,
  plan: SearchPlan,
  kind: ChatKind,
  reached: DualMicros,
): AsyncGenerator<StreamItem> {
  const startedAtMicros = startedAt * 1000;
  const fromMicros = plan.from[kind.key];
  const range = {
    from: Math.floor(fromMicros / 1e6),
    to: Math.ceil(startedAt / 1000),
    widest: (config.chatSearchIntervalDays ?? Infinity) * DAY_SECONDS,
  };
  let greatestSeen = fromMicros;
  for await (const step of searchChats(api, kind, range, log)) {
    if (step.kind === "chats") {
      greatestSeen = greatestIn(step.chats, kind, greatestSeen);
      yield { kind: "page", records: step.chats, extractedAt: clock.now() };
      continue;
    }
    const windowEndMicros = step.to * 1e6;
    const seen = { greatestSeen, windowEndMicros, startedAtMicros };
    reached[kind.key] = advanceKind(reached[kind.key], seen);
    yield {
      kind: "checkpoint",
      bookmark: kindBookmark(plan, kind, reached),
      position: {
        part: kind.type,
        atMicros: Math.min(windowEndMicros, startedAtMicros),
        range: { fromMicros, toMicros: startedAtMicros },
      },
    };
  }
}

/** The greatest replication value in chats as the API sent them, or `least` if none is greater. */
function greatestIn(records: readonly JsonObject[], { field }: ChatKind, least: number): number {
  let greatest = least;
  for (const { [field]: value } of records) {
    const micros = typeof value === "string" ? parseMicros(value) : undefined;
    if (micros !== undefined && micros > greatest) greatest = micros;
  }
  return greatest;
}
