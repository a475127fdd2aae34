/** The three ways of reading chats that are not an export: the list, the search, the bulk read. */

import type { JsonObject } from "../../../lib/json.ts";
import type { Behaviour } from "./behaviour.ts";
import type { ChatEntry, ChatFilter, ChatStore } from "./chat_store.ts";
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
  const { count, hits } = indexed(chats, filter, behaviour, (page - 1) * PAGE);
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

/** The hits of a page, and the count of all, among the chats that the index has already. */
function indexed(
  chats: ChatStore,
  filter: ChatFilter,
  { indexLagSeconds, indexLagVaries, now }: Behaviour,
  skip: number,
): ReturnType<ChatStore["find"]> {
  const lag = indexLagSeconds * SECOND;
  const nowMicros = now() * 1000;
  if (!indexLagVaries || lag === 0) {
    return chats.find({ ...filter, to: Math.min(filter.to, nowMicros - lag) }, skip, PAGE);
  }
  const { hits } = chats.find(filter, 0, Infinity);
  const there = hits.filter((hit) => hit[filter.field] + lag * share(hit.id) <= nowMicros);
  return { count: there.length, hits: there.slice(skip, skip + PAGE) };
}

/** A share from 0 to 1 that is a chat's own. */
function share(id: string): number {
  let mixed = 0;
  for (const character of id) mixed = (mixed * 31 + character.charCodeAt(0)) % 101;
  return mixed / 100;
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
