/**
 * Search and bulk read over chats held in memory, as the API has them: newest first, 40 a page, both
 * bounds inclusive, true counts, 400 behind the 250th page.
 */

import type { JsonObject } from "../../lib/json.ts";
import { refusal, type StubReply, type StubRequest } from "./stub_chat_api.ts";

const PAGE_SIZE = 40;
const MOST_PAGES = 250;
const QUERY_REGEXP = /^type:(\w+) AND (\w+):\[(.+) TO (.+)\]$/;

/** A chat of the given kind at an instant in epoch seconds, with no more than a search needs. */
export function chatAt(id: string, seconds: number, type = "chat"): JsonObject {
  const time = new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
  return type === "chat"
    ? { id, type, timestamp: time, end_timestamp: time }
    : { id, type, timestamp: time };
}

/** The bounds of a search in epoch seconds, read from its query. */
export function parseQuery(q: string): { type: string; field: string; from: number; to: number } {
  const [, type, field, from, to] = QUERY_REGEXP.exec(q)!;
  const seconds = (naive: string) => Date.parse(`${naive}Z`) / 1000;
  return { type: type!, field: field!, from: seconds(from!), to: seconds(to!) };
}

/** Answers requests for `chats/search` and `chats`. */
export function searchOver(chats: readonly JsonObject[]): (request: StubRequest) => StubReply {
  const documents = new Map(chats.map((chat) => [chat.id as string, chat]));
  const indexes = new Map([
    ["chat", indexOf(chats, "chat", "end_timestamp")],
    ["offline_msg", indexOf(chats, "offline_msg", "timestamp")],
  ]);
  return ({ path, params: { q = "", page = "1", ids = "" } }) => {
    if (path === "chats") {
      const docs = Object.fromEntries(ids.split(",").map((id) => [id, documents.get(id) ?? null]));
      return { body: { docs, count: Object.keys(docs).length } };
    }
    const { type, from, to } = parseQuery(q);
    const index = indexes.get(type)!;
    const [low, high] = [firstFrom(index, from), firstFrom(index, to + 0.000001)];
    const end = high - (Number(page) - 1) * PAGE_SIZE;
    const start = Math.max(low, end - PAGE_SIZE);
    if (Number(page) > MOST_PAGES) return refusal(400);
    const next = `https://acme.zendesk.com/api/v2/chat/chats/search?${new URLSearchParams({
      q,
      page: `${Number(page) + 1}`,
    })}`;
    return {
      body: {
        results: index.slice(start, Math.max(start, end)).reverse().map(({ id }) => ({ id })),
        count: high - low,
        next_url: start > low ? next : null,
      },
    };
  };
}

interface Entry {
  id: string;
  seconds: number;
}

function indexOf(chats: readonly JsonObject[], type: string, field: string): Entry[] {
  return chats.filter((chat) => chat.type === type)
    .map((chat) => ({ id: chat.id as string, seconds: Date.parse(chat[field] as string) / 1000 }))
    .sort((a, b) => a.seconds - b.seconds);
}

/** Where the first entry is that is not before `seconds`. */
function firstFrom(index: readonly Entry[], seconds: number): number {
  let [low, high] = [0, index.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (index[middle]!.seconds >= seconds) high = middle;
    else low = middle + 1;
  }
  return low;
}
