/**
 * Where the reading of a stream begins and ends, in words: who lowers `start_date` while there is a
 * bookmark learns from the log why nothing comes of it.
 */

import { formatMicros } from "../date_time.ts";
import type { StreamItem, StreamItems } from "./stream.ts";

/** An instant from which rows are read, in epoch microseconds, and what says so. */
export interface Start {
  micros: number;
  by: "bookmark" | "start_date";
}

/** The start that a bookmark makes, or `start_date` in its place. */
export function startFrom(bookmark: number | undefined, startDateMicros: number): Start {
  return bookmark === undefined
    ? { micros: startDateMicros, by: "start_date" }
    : { micros: bookmark, by: "bookmark" };
}

/** A start in words. */
export function describeStart({ micros, by }: Start): string {
  return `from ${by === "bookmark" ? "the bookmark" : by} ${formatMicros(micros)}`;
}

/** A start and an end, in epoch microseconds, in words. */
export function describeSpan(start: Start, endMicros: number): string {
  return `${describeStart(start)} up to ${formatMicros(endMicros)}`;
}

/** Why nothing is read of what begins, in epoch microseconds, behind the end of a bounded run. */
export function describeEnd(what: string, startMicros: number): string {
  return `Read nothing of ${what}: it begins at ${
    formatMicros(startMicros)
  }, and "end_date" is not ` +
    "after that";
}

/** What a stream yields, with its origin. */
export function withOrigin(origin: string, items: AsyncGenerator<StreamItem>): StreamItems {
  return Object.assign(items, { origin });
}
