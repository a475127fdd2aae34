/**
 * Chats behind ids, read in bulk. A bulk answer is a document for each id; what it lacks is no failure,
 * for a chat may have been deleted, or be there the next time.
 */

import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { objectIn } from "./answer.ts";
import type { ChatApi } from "./client.ts";

/** Ids on a page of a search, which one bulk read is known to take. */
export const PAGE_IDS = 40;

/** What came of one bulk read. */
export interface BulkAnswer {
  chats: JsonObject[];
  /** Ids without a document. */
  lacking: string[];
  /** When it arrived, in epoch milliseconds. */
  receivedAtMs: number;
}

/** The bulk reads of one run, which decide how many ids each of them takes. */
export class BulkReads {
  readonly #api: ChatApi;

  constructor(api: ChatApi) {
    this.#api = api;
  }

  /** Ids that the next read takes at the most. */
  get size(): number {
    return PAGE_IDS;
  }

  /** Reads the chats behind ids, no more of them than `size`. */
  read(ids: readonly string[]): Promise<BulkAnswer> {
    return this.#api.get({
      endpoint: "chats",
      path: "chats",
      query: { ids: ids.join(",") },
      read(body, { receivedAtMs }) {
        const docs = objectIn(body, "docs");
        const chats: JsonObject[] = [];
        const lacking: string[] = [];
        for (const id of ids) {
          const chat = chatOf(Object.hasOwn(docs, id) ? docs[id] : undefined, id);
          if (chat === undefined) lacking.push(id);
          else chats.push(chat);
        }
        return { chats, lacking, receivedAtMs };
      },
    });
  }
}

/** The chat that a document is, with the id of its place in the answer where it has none of its own. */
function chatOf(document: Json | undefined, id: string): JsonObject | undefined {
  // A document of nothing but its id would empty the row that a target holds.
  if (!isJsonObject(document) || Object.keys(document).every((name) => name === "id")) {
    return undefined;
  }
  const own = document.id ?? undefined;
  if (own === undefined) return { ...document, id };
  // Another chat's document is as good as none.
  return `${own}` === id ? document : undefined;
}
