/**
 * The chats of an account, found by kind, time and change. Only ids and times are held as objects;
 * the rest is text made when it is asked for, so that 300,000 chats fit beside a bench.
 */

import type { JsonObject } from "../../../lib/json.ts";
import { SECOND, toMicros } from "./instant.ts";
import { compareText, firstIndex } from "./sorted.ts";

/** What a chat is found by; times are microseconds, `NaN` where the chat has none. */
export interface ChatEntry {
  id: string;
  type: string;
  timestamp: number;
  end_timestamp: number;
  /** In whole seconds (of microseconds): the resolution of the export's cursor. */
  update_timestamp: number;
}

/** The times of an entry. */
export type ChatTime = "timestamp" | "end_timestamp" | "update_timestamp";

/** Chats that are made rather than held. */
export interface ChatCollection {
  entries(): Iterable<ChatEntry>;
  /** One chat as JSON; `exported`: with the members that the incremental export alone has. */
  text(entry: ChatEntry, exported: boolean): string;
}

/** Which chats to find: kind (any when absent) and inclusive bounds in microseconds. */
export interface ChatFilter {
  type?: string;
  field: ChatTime;
  from: number;
  to: number;
}

/** A mutable set of chats. Chats are replaced with `put`: objects changed in place stay unnoticed. */
export class ChatStore {
  readonly #entries = new Map<string, ChatEntry>();
  readonly #documents = new Map<string, JsonObject>();
  readonly #collection: ChatCollection | undefined;
  readonly #indexes = new Map<string, ChatEntry[]>();

  constructor(chats: readonly JsonObject[] | ChatCollection) {
    if ("entries" in chats && "text" in chats) {
      this.#collection = chats;
      for (const entry of chats.entries()) this.#entries.set(entry.id, entry);
    } else {
      for (const chat of chats) this.put(chat);
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Adds a chat, or replaces the one with its id. */
  put(chat: JsonObject): void {
    const entry = entryOf(chat);
    this.#entries.set(entry.id, entry);
    this.#documents.set(entry.id, chat);
    this.#indexes.clear();
  }

  delete(id: string): void {
    this.#entries.delete(id);
    this.#documents.delete(id);
    this.#indexes.clear();
  }

  /** A copy of a chat, with every member; `undefined` if there is none. */
  get(id: string): JsonObject | undefined {
    const entry = this.#entries.get(id);
    return entry && JSON.parse(this.text(entry, true));
  }

  entry(id: string): ChatEntry | undefined {
    return this.#entries.get(id);
  }

  /** One chat as JSON, as the export or as the other endpoints show it. */
  text(entry: ChatEntry, exported: boolean): string {
    const document = this.#documents.get(entry.id);
    if (document === undefined) return this.#collection?.text(entry, exported) ?? "null";
    if (exported) return JSON.stringify(document);
    const { update_timestamp: _, engagements: __, deleted: ___, ...rest } = document;
    return JSON.stringify(rest);
  }

  /** How many chats match, and those at `skip` and after, newest first. */
  find(filter: ChatFilter, skip: number, take: number): { count: number; hits: ChatEntry[] } {
    const { type, field, from, to } = filter;
    const sorted = this.sortedBy(field, type);
    const start = firstIndex(sorted, (entry) => entry[field] >= from);
    const end = Math.max(start, firstIndex(sorted, (entry) => entry[field] > to));
    const last = Math.max(start, end - skip);
    return {
      count: end - start,
      hits: sorted.slice(Math.max(start, last - take), last).reverse(),
    };
  }

  /** Chats that have this time, oldest first, then by id. */
  sortedBy(field: ChatTime, type?: string): readonly ChatEntry[] {
    const key = `${type} ${field}`;
    let index = this.#indexes.get(key);
    if (index === undefined) {
      index = [...this.#entries.values()]
        .filter((entry) => (type === undefined || entry.type === type) && !isNaN(entry[field]))
        .sort((a, b) => a[field] - b[field] || compareText(a.id, b.id));
      this.#indexes.set(key, index);
    }
    return index;
  }
}

function entryOf(chat: JsonObject): ChatEntry {
  const timestamp = toMicros(chat.timestamp);
  const end = toMicros(chat.end_timestamp);
  const changed = toMicros(chat.update_timestamp ?? chat.end_timestamp ?? chat.timestamp);
  return {
    id: String(chat.id),
    type: String(chat.type),
    timestamp,
    end_timestamp: end,
    update_timestamp: Math.floor(changed / SECOND) * SECOND,
  };
}
