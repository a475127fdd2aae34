/** The three ways of reading chats that are not an export: the list, the search, the bulk read. */

import type { JsonObject } from "../../../lib/json.ts";
import type { ChatEntry } from "./chat_store.ts";
import type { Holdings, Params } from "./endpoint.ts";
import { SECOND, toSecondText } from "./instant.ts";
import { BadRequest, UnexpectedRequest } from "./reply.ts";
import { wholeNumber } from "./request.ts";
import { parseSearchQuery } from "./search_query.ts";

const PAGE = 40;
/** Ids that no client needs to ask for at once; more of them is a mistake. */
const MAX_IDS = 200;

/** `GET /chats`: every chat, newest first; the cursor is opaque to clients. */
export function chatsPage({ chats, behaviour }: Holdings, params: Params): string {
  const skip = wholeNumber(params, "cursor", 0);
  const everything = { field: "timestamp", from: -Infinity, to: Infinity } as const;
  const { count, hits } = chats.find(everything, skip, PAGE);
  const next = skip + PAGE;
  const nextUrl = next < count ? `${behaviour.linkRoot}/chats?cursor=${next}` : null;
  const texts = hits.map((entry) => chats.text(entry, false));
  return `{"chats":[${texts.join(",")}],"next_url":${JSON.stringify(nextUrl)}}`;
}

/** `GET /chats?ids=`: documents by id. */
export function chatsById({ chats, behaviour }: Holdings, list: string): string {
  const asked = [...new Set(list.split(","))];
  if (asked.length > MAX_IDS) throw new UnexpectedRequest(`${asked.length} ids in one bulk read`);
  if (asked.length > behaviour.mostIds && behaviour.beyondMostIds === "refuse") {
    throw new BadRequest(`Too many ids: at most ${behaviour.mostIds}`);
  }
  const ids = asked.slice(0, behaviour.mostIds);
  const docs: string[] = [];
  let count = 0;
  for (const id of ids) {
    const entry = chats.entry(id);
    if (entry !== undefined) count++;
    else if (behaviour.missingDocs === "absent") continue;
    docs.push(`${JSON.stringify(id)}:${entry === undefined ? null : chats.text(entry, false)}`);
  }
  return `{"docs":{${docs.join(",")}},"count":${count}}`;
}

/** `GET /chats/search`: newest first, by the time that was searched for. */
export function searchPage({ chats, behaviour }: Holdings, params: Params): string {
  const filter = parseSearchQuery(params.q ?? "");
  const page = Math.max(1, wholeNumber(params, "page", 1));
  if (page * PAGE > behaviour.searchCeiling) {
    throw new BadRequest(`Result window is too large: at most ${behaviour.searchCeiling} hits`);
  }
  if (behaviour.indexLagSeconds > 0) {
    const indexedTo = behaviour.now() * 1000 - behaviour.indexLagSeconds * SECOND;
    filter.to = Math.min(filter.to, indexedTo);
  }
  const { count, hits } = chats.find(filter, (page - 1) * PAGE, PAGE);
  const link = (to: number) =>
    `${behaviour.linkRoot}/chats/search?${new URLSearchParams({
      q: params.q ?? "",
      page: `${to}`,
    })}`;
  return JSON.stringify({
    results: hits.map((entry) => searchHit(entry, behaviour.linkRoot)),
    count,
    next_url: page * PAGE < count ? link(page + 1) : null,
    prev_url: page > 1 ? link(page - 1) : null,
  });
}

function searchHit(entry: ChatEntry, linkRoot: string): JsonObject {
  return {
    id: entry.id,
    timestamp: toSecondText(entry.timestamp),
    preview: entry.type === "chat" ? "Hello, I have a question" : "Left a message",
    type: entry.type,
    url: `${linkRoot}/chats/${entry.id}`,
  };
}
