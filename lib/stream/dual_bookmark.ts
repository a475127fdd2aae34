/**
 * The dual bookmark of chats read by search. Chats are found by the time they ended, offline
 * messages by the time they were left, and each kind has a bookmark of its own. Edits after that
 * time are not found, which is what the full re-sync is for: it reads everything again beside the
 * dual bookmark, over several runs if need be, and moves the bookmark when it is through.
 */

import { formatMicros } from "../date_time.ts";
import type { JsonObject } from "../json.ts";
import type { BookmarkReader } from "../singer/state.ts";
import type { SearchKind } from "../zendesk/search_requests.ts";

/** A kind of chat, how it is found, and its key in the bookmark. */
export interface ChatKind extends SearchKind {
  key: "chat.end_timestamp" | "offline_msg.timestamp";
}

/** The two kinds, in the order in which they are read. */
export const CHAT_KINDS: readonly ChatKind[] = [
  { type: "chat", field: "end_timestamp", key: "chat.end_timestamp" },
  { type: "offline_msg", field: "timestamp", key: "offline_msg.timestamp" },
];

/** One value for each kind, in epoch microseconds. */
export type DualMicros = Record<ChatKind["key"], number>;

/** How long the search index may lag behind, in microseconds: a bookmark stays that far back. */
const INDEX_LAG_MICROS = 5 * 60 * 1_000_000;

const DAY_MICROS = 86_400 * 1_000_000;

/** What a run by search does. */
export interface SearchPlan {
  /** Where each kind begins. */
  from: DualMicros;
  /** The dual bookmark that the run began with; `start_date` where there was none. */
  dual: DualMicros;
  /** When the full re-sync under way began, in epoch microseconds; undefined for a normal run. */
  fullSyncStarted: number | undefined;
}

/** The settings and the time that decide about a plan. */
export interface SearchPlanOptions {
  startDateMicros: number;
  startedAtMicros: number;
  /** Days between full re-syncs; undefined when there are to be none. */
  fullSyncDays: number | undefined;
}

/**
 * Plans a run from the stream's bookmark and the whole state.
 *
 * @throws {InputError} when a bookmark in the state cannot be read.
 */
export function planSearch(
  bookmark: BookmarkReader,
  state: BookmarkReader,
  { startDateMicros, startedAtMicros, fullSyncDays }: SearchPlanOptions,
): SearchPlan {
  const dual = readDual(bookmark, startDateMicros);
  const fullSync = bookmark.nested("full_sync");
  const interrupted = fullSync.instant("started");
  const progress = readDual(fullSync, startDateMicros);
  const lastFullSync = state.instant("chats_last_full_sync");

  if (fullSyncDays === undefined) return { from: dual, dual, fullSyncStarted: undefined };
  if (interrupted !== undefined) return { from: progress, dual, fullSyncStarted: interrupted };
  if (lastFullSync !== undefined && lastFullSync + fullSyncDays * DAY_MICROS > startedAtMicros) {
    return { from: dual, dual, fullSyncStarted: undefined };
  }
  const fromStart = {
    "chat.end_timestamp": startDateMicros,
    "offline_msg.timestamp": startDateMicros,
  };
  return { from: fromStart, dual, fullSyncStarted: startedAtMicros };
}

/** The dual bookmark in a state, `absent` standing in for what is not there. */
export function readDual(bookmark: BookmarkReader, absent: number): DualMicros {
  return {
    "chat.end_timestamp": bookmark.instant("chat.end_timestamp") ?? absent,
    "offline_msg.timestamp": bookmark.instant("offline_msg.timestamp") ?? absent,
  };
}

/**
 * A kind's bookmark after a complete window: as far as chats were seen, but neither beyond the
 * window nor into the time that the index may not have caught up with, and never back.
 */
export function advanceKind(
  before: number,
  { greatestSeen, windowEndMicros, startedAtMicros }: {
    greatestSeen: number;
    windowEndMicros: number;
    startedAtMicros: number;
  },
): number {
  const reached = Math.min(greatestSeen, windowEndMicros, startedAtMicros - INDEX_LAG_MICROS);
  return Math.max(before, reached);
}

/** What the bookmark says when the kinds have been read this far and `kind` is the one under way. */
export function kindBookmark(plan: SearchPlan, kind: ChatKind, reached: DualMicros): JsonObject {
  if (plan.fullSyncStarted === undefined) return { [kind.key]: formatMicros(reached[kind.key]) };
  return {
    full_sync: {
      started: formatMicros(plan.fullSyncStarted),
      "chat.end_timestamp": formatMicros(reached["chat.end_timestamp"]),
      "offline_msg.timestamp": formatMicros(reached["offline_msg.timestamp"]),
    },
  };
}

/** What ends a full re-sync, in one checkpoint: the dual bookmark joins up with what was read. */
export function fullSyncEnd(
  plan: SearchPlan & { fullSyncStarted: number },
  reached: DualMicros,
): { bookmark: JsonObject; state: JsonObject } {
  const greater = (key: ChatKind["key"]) => formatMicros(Math.max(plan.dual[key], reached[key]));
  return {
    bookmark: {
      "chat.end_timestamp": greater("chat.end_timestamp"),
      "offline_msg.timestamp": greater("offline_msg.timestamp"),
      full_sync: null,
    },
    state: { chats_last_full_sync: formatMicros(plan.fullSyncStarted) },
  };
}
