/**
 * The dual bookmark of chats read by search. Chats are found by the time they ended, offline
 * messages by the time they were left, and each kind has a bookmark of its own. Edits after that
 * time are not found, which is what the full re-sync is for.
 */

import { parseMicros } from "../date_time.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { BookmarkReader } from "../singer/state.ts";
import type { SearchKind } from "../zendesk/search_requests.ts";

/** A kind of chat, how it is found, and its key in the bookmark. */
export interface ChatKind extends SearchKind {
  key: "chat.end_timestamp" | "offline_msg.timestamp";
  /** What people call it. */
  words: string;
}

/** The two kinds, in the order in which they are read. */
export const CHAT_KINDS: readonly ChatKind[] = [
  { type: "chat", field: "end_timestamp", key: "chat.end_timestamp", words: "chats" },
  {
    type: "offline_msg",
    field: "timestamp",
    key: "offline_msg.timestamp",
    words: "offline messages",
  },
];

/** One value for each kind, in epoch microseconds. */
export type DualMicros = Record<ChatKind["key"], number>;

/** How long the search index may lag behind, in microseconds: a bookmark stays that far back. */
const INDEX_LAG_MICROS = 5 * 60 * 1_000_000;

/** The dual bookmark in a state, `absent` standing in for what is not there. */
export function readDual(bookmark: BookmarkReader, absent: number): DualMicros {
  return {
    "chat.end_timestamp": bookmark.instant("chat.end_timestamp") ?? absent,
    "offline_msg.timestamp": bookmark.instant("offline_msg.timestamp") ?? absent,
  };
}

/** The addresses of next pages that the Python tap keeps. */
const PAGE_LINKS = ["chat.next_url", "offline_msg.next_url"];

/**
 * Members of the bookmark that end the page addresses of a Python state. Going back, the Python tap
 * would follow them past chats that it has not read.
 */
export function pageLinksEnd(bookmark: BookmarkReader): JsonObject {
  const { value: offset } = bookmark.nested("offset");
  const kept = PAGE_LINKS.filter((key) => (offset[key] ?? null) !== null);
  return kept.length === 0 ? {} : { offset: Object.fromEntries(kept.map((key) => [key, null])) };
}

/** What is known when a window is complete; all in epoch microseconds. */
export interface WindowFacts {
  /** The greatest replication value seen so far. */
  greatestSeen: number;
  windowEnd: number;
  /** By the API's clock. */
  startedAt: number;
  /** What a gap before here keeps the bookmark from passing; `Infinity` when there is none. */
  heldAt: number;
}

/**
 * A kind's bookmark after a complete window: as far as chats were seen, but neither beyond the
 * window nor into the time that the index may not have caught up with, nor past a gap that could not
 * be noted; and never back.
 */
export function advanceKind(
  before: number,
  { greatestSeen, windowEnd, startedAt, heldAt }: WindowFacts,
): number {
  const reached = Math.min(greatestSeen, windowEnd, startedAt - INDEX_LAG_MICROS, heldAt);
  return Math.max(before, reached);
}

/** The greatest replication value in chats as the API sent them, or `least` if none is greater. */
export function greatestIn(chats: readonly Json[], { field }: ChatKind, least: number): number {
  let greatest = least;
  for (const chat of chats) {
    const value = isJsonObject(chat) ? chat[field] : undefined;
    const micros = typeof value === "string" ? parseMicros(value) : undefined;
    if (micros !== undefined && micros > greatest) greatest = micros;
  }
  return greatest;
}
