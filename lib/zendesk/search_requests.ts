/**
 * The two requests of a search for chats: a page of ids, and the chats behind ids. What leads from one
 * page to the next is only the query of the link in the answer: the token must not follow a link to
 * another host.
 */

import { isJsonObject, type JsonObject } from "../json.ts";
import {
  objectAnswer,
  objectIn,
  optionalCount,
  optionalText,
  rowsIn,
  ShapeError,
} from "./answer.ts";
import type { ApiRequest, ChatApi, Params } from "./client.ts";

const ENDPOINT = "chats";

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

/** The first page of a window. */
export function firstPage(api: ChatApi, window: SearchWindow): Promise<SearchPage> {
  return api.get(searchRequest(windowQuery(window)));
}

/** The page that the link in an answer leads to. */
export function linkedPage(api: ChatApi, query: string): Promise<SearchPage> {
  return api.get(searchRequest(query));
}

/**
 * The chats behind ids, by id; one without a document is left out. Unless there `mayBeNone`, an answer
 * with none of them is a failed request.
 */
export function readBulk(
  api: ChatApi,
  ids: readonly string[],
  { mayBeNone }: { mayBeNone: boolean },
): Promise<Map<string, JsonObject>> {
  return api.get({
    endpoint: ENDPOINT,
    path: "chats",
    query: { ids: ids.join(",") },
    read(body) {
      const docs = objectIn(body, "docs");
      const documents = new Map<string, JsonObject>();
      for (const id of ids) {
        const document = Object.hasOwn(docs, id) ? docs[id] : null;
        if (isJsonObject(document)) {
          // Another chat's document is as good as none.
          if (`${document.id ?? id}` === id) documents.set(id, document);
        } else if (document !== null) {
          throw new ShapeError(`a chat that is not an object in "docs"`);
        }
      }
      if (documents.size === 0 && !mayBeNone) {
        throw new ShapeError(`none of the ${ids.length} chats that were asked for in "docs"`);
      }
      return documents;
    },
  });
}

function searchRequest(query: Params | string): ApiRequest<SearchPage> {
  return {
    endpoint: ENDPOINT,
    path: "chats/search",
    query,
    read(body) {
      const ids = new Set(
        rowsIn(body, "results").map((result) => {
          const id = isJsonObject(result) ? result.id : undefined;
          if (typeof id === "string" && id !== "") return id;
          throw new ShapeError(`a search result without a text as "id"`);
        }),
      );
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
export function naiveUtc(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().slice(0, 19);
}
