/**
 * The requests of a search for chats: pages of ids. What leads from one page to the next is only the
 * query of the link in the answer: the token must not follow a link to another host.
 */

import { isJsonObject } from "../json.ts";
import { objectAnswer, optionalCount, optionalText, rowsIn, ShapeError } from "./answer.ts";
import type { ApiRequest, ChatApi } from "./client.ts";
import { RequestError } from "./request_error.ts";
import type { Params } from "./request_parts.ts";

/** One kind of chat and the time by which it is found. */
export interface SearchKind {
  type: "chat" | "offline_msg";
  field: "end_timestamp" | "timestamp";
}

/** A stretch of time: both ends in epoch seconds, inclusive. */
export interface SearchWindow {
  kind: SearchKind;
  from: number;
  to: number;
}

/** One page of what a search lists. */
export interface SearchPage {
  ids: string[];
  /** Hits of the whole window, as the API counts them. */
  count: number;
  /** The query string that leads to the next page. */
  next: string | undefined;
}

/** Statuses by which the API says that a search is too much for it; 524 is Cloudflare's 504. */
const TOO_MUCH_STATUSES = new Set<number | undefined>([400, 413, 414, 422, 504, 524]);

/** The first page of a window, or its refusal, which a narrower window may not meet. */
export function firstPage(api: ChatApi, window: SearchWindow): Promise<SearchPage | RequestError> {
  return pageOrRefusal(api, windowQuery(window));
}

/** The page that the link in an answer leads to, or its refusal. */
export function linkedPage(api: ChatApi, query: string): Promise<SearchPage | RequestError> {
  return pageOrRefusal(api, query);
}

async function pageOrRefusal(
  api: ChatApi,
  query: Params | string,
): Promise<SearchPage | RequestError> {
  try {
    return await api.get(searchRequest(query));
  } catch (error) {
    const isTooMuch = error instanceof RequestError &&
      (TOO_MUCH_STATUSES.has(error.status) || error.failure.kind === "timeout");
    if (!isTooMuch) throw error;
    if (error.isPassing) api.limitPatience();
    return error;
  }
}

/** A window in words. */
export function describeWindow({ kind, from, to }: SearchWindow): string {
  const time = from === to
    ? `in the second ${naiveUtc(from)}`
    : `from ${naiveUtc(from)} to ${naiveUtc(to)}`;
  return `${kind.type} with ${kind.field} ${time} UTC`;
}

function searchRequest(query: Params | string): ApiRequest<SearchPage> {
  return {
    endpoint: "chats",
    path: "chats/search",
    query,
    read(body) {
      // A hit without an id cannot be asked for: it is counted and not listed.
      const ids = new Set<string>();
      for (const hit of rowsIn(body, "results")) {
        const id = isJsonObject(hit) ? hit.id : undefined;
        if (typeof id === "string" && id !== "") ids.add(id);
      }
      const answer = objectAnswer(body);
      const link = optionalText(answer, "next_url");
      return {
        ids: [...ids],
        count: Math.max(optionalCount(answer, "count") ?? 0, ids.size),
        next: link === undefined || link === "" ? undefined : queryOf(link),
      };
    },
  };
}

function queryOf(link: string): string {
  const mark = link.indexOf("?");
  if (mark < 0) throw new ShapeError(`a "next_url" without a query`);
  return link.slice(mark + 1).split("#", 1)[0]!;
}

/** Bounds without an offset mean UTC; with `+00:00` the search finds nothing (Python tap 0.5.1). */
function windowQuery({ kind, from, to }: SearchWindow): { q: string } {
  return { q: `type:${kind.type} AND ${kind.field}:[${naiveUtc(from)} TO ${naiveUtc(to)}]` };
}

/** Epoch seconds as `YYYY-MM-DDTHH:MM:SS`, in UTC. */
function naiveUtc(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().slice(0, 19);
}
