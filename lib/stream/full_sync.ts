/**
 * The full re-sync of chats read by search. Edits after the end of a chat are not found by its time,
 * so every so many days all chats are read again, after the run's normal pass and over several runs
 * if need be. This module decides when; how far it is stands beside the dual bookmark.
 */

import { formatMicros } from "../date_time.ts";
import type { JsonObject } from "../json.ts";
import type { BookmarkReader } from "../singer/state.ts";
import { type DualMicros, readDual } from "./dual_bookmark.ts";

/** The state's key, at its top, of when the last one that came to its end began. */
export const LAST_FULL_SYNC = "chats_last_full_sync";

const HOUR_MICROS = 3_600 * 1_000_000;
const DAY_MICROS = 24 * HOUR_MICROS;

/** A full re-sync under way; all times are epoch microseconds. */
export interface FullSync {
  /** When it began: what was edited before is fresh at its end. */
  started: number;
  /** How far each kind has been read again. */
  reached: DualMicros;
}

/** What the state knows of full re-syncs. */
export interface StoredFullSync {
  /** The one that was interrupted. */
  underWay: FullSync | undefined;
  /** When the last one that came to its end began. */
  last: number | undefined;
}

/** What a run does about the full re-sync. */
export type FullSyncPlan =
  /** Nothing, and the state keeps what it has. */
  | { kind: "none" }
  /** Nothing, and one that was interrupted is forgotten. */
  | { kind: "drop" }
  | { kind: "read"; fullSync: FullSync };

/**
 * What the state knows, times that are missing being `start_date`.
 *
 * @throws {InputError} when it cannot be read.
 */
export function readFullSync(
  bookmark: BookmarkReader,
  state: BookmarkReader,
  startDateMicros: number,
): StoredFullSync {
  const stored = bookmark.nested("full_sync");
  const started = stored.instant("started");
  const reached = readDual(stored, startDateMicros);
  return {
    underWay: started === undefined ? undefined : { started, reached },
    last: state.instant(LAST_FULL_SYNC),
  };
}

/** Decides at a run's start, given in epoch microseconds like the rest. */
export function planFullSync(
  { underWay, last }: StoredFullSync,
  { startedAtMicros, startDateMicros, days }: {
    startedAtMicros: number;
    startDateMicros: number;
    /** Days between full re-syncs; undefined when there are to be none. */
    days: number | undefined;
  },
): FullSyncPlan {
  if (days === undefined || startDateMicros > startedAtMicros) return { kind: "none" };
  const isUsable = underWay !== undefined && underWay.started <= startedAtMicros &&
    underWay.started + days * DAY_MICROS >= startedAtMicros &&
    (last === undefined || last <= underWay.started);
  if (isUsable) return { kind: "read", fullSync: underWay };

  // A run a day by cron begins some seconds earlier or later each time.
  const isDue = last === undefined || last + days * DAY_MICROS - HOUR_MICROS <= startedAtMicros;
  if (!isDue) return { kind: underWay === undefined ? "none" : "drop" };
  const reached = {
    "chat.end_timestamp": startDateMicros,
    "offline_msg.timestamp": startDateMicros,
  };
  return { kind: "read", fullSync: { started: startedAtMicros, reached } };
}

/** What the bookmark says of a full re-sync under way. */
export function fullSyncBookmark({ started, reached }: FullSync): JsonObject {
  return {
    full_sync: {
      started: formatMicros(started),
      "chat.end_timestamp": formatMicros(reached["chat.end_timestamp"]),
      "offline_msg.timestamp": formatMicros(reached["offline_msg.timestamp"]),
    },
  };
}

/** What ends one, in one checkpoint. */
export function fullSyncEnd({ started }: FullSync): { bookmark: JsonObject; state: JsonObject } {
  return {
    bookmark: { full_sync: null },
    state: { [LAST_FULL_SYNC]: formatMicros(started) },
  };
}
