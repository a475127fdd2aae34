/**
 * Chats behind ids, read in bulk. How many ids a request may have is nowhere documented, so reads begin
 * with what a page of a search holds, grow while answers are complete, and shrink to what the API
 * takes. What an answer lacks is no failure: a chat may have been deleted, or be there the next time.
 */

import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { objectIn } from "./answer.ts";
import type { ChatApi } from "./client.ts";
import { RequestError } from "./request_error.ts";
import { callsForLess } from "./retry.ts";

/** Ids on a page of a search, which one bulk read is known to take. */
export const PAGE_IDS = 40;

/** Ids that a read grows to: a URL of some 6,000 characters, within what servers usually take. */
export const MOST_IDS = 200;

/** Statuses that may mean too much at once. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 413, 414, 422, 431]);

/** Documents that may be lacking, for deleted chats have none, before an answer is taken to be cut short. */
const FEW_LACKING = 2;
const FEW_LACKING_SHARE = 1 / 20;

/** What came of one bulk read. */
export interface BulkAnswer {
  chats: JsonObject[];
  /** Ids without a document. */
  lacking: string[];
  /** When it arrived, in epoch milliseconds. */
  receivedAtMs: number;
}

/** The bulk reads of one run, which learn how many ids the API takes. */
export class BulkReads {
  readonly #api: ChatApi;
  #size = PAGE_IDS;
  #most = MOST_IDS;
  #answers = 0;
  #refusals = 0;

  constructor(api: ChatApi) {
    this.#api = api;
  }

  /** Ids that the next read takes at the most. */
  get size(): number {
    return this.#size;
  }

  /**
   * Reads the chats behind ids, no more of them than `size`, in as many requests as the API makes of
   * them. Each id is in one answer, once.
   *
   * @throws {RequestError} when not even one id can be read; if others could, it counts as lacking.
   */
  async *read(ids: readonly string[]): AsyncGenerator<BulkAnswer> {
    const answer = await this.#ask(ids);
    if (answer instanceof RequestError) return yield* this.#readParts(ids, answer);
    const { chats, lacking } = answer;
    if (chats.length > 0 && lacking.length > fewLacking(ids)) {
      yield { ...answer, lacking: [] };
      return yield* this.#readRest(ids, lacking);
    }
    // What is asked for again, in parts, says nothing of larger reads.
    const isFull = ids.length > this.#size / 2;
    if (isFull && lacking.length === 0) this.#size = Math.min(2 * this.#size, this.#most);
    yield answer;
  }

  /** Reads what was refused at once part by part; if that is all it took, parts are what the API takes. */
  async *#readParts(ids: readonly string[], refusal: RequestError): AsyncGenerator<BulkAnswer> {
    if (ids.length === 1) {
      if (this.#answers === 0) throw refusal;
      yield { chats: [], lacking: [...ids], receivedAtMs: 0 };
      return;
    }
    const part = Math.min(PAGE_IDS, Math.ceil(ids.length / 2));
    const refusals = this.#refusals;
    for (let at = 0; at < ids.length; at += part) yield* this.read(ids.slice(at, at + part));
    if (this.#refusals === refusals) this.#settle(part);
  }

  /** Asks for what an answer lacked, in parts that are smaller than the read that was too large. */
  async *#readRest(
    ids: readonly string[],
    lacking: readonly string[],
  ): AsyncGenerator<BulkAnswer> {
    const came = ids.length - lacking.length;
    const part = Math.min(PAGE_IDS, Math.max(came, Math.ceil(ids.length / 2)));
    let isComplete = true;
    for (let at = 0; at < lacking.length; at += part) {
      for await (const answer of this.read(lacking.slice(at, at + part))) {
        isComplete &&= answer.lacking.length === 0;
        yield answer;
      }
    }
    if (ids.length > PAGE_IDS) this.#settle(PAGE_IDS);
    // Documents that come and go by chance hardly leave out half of them, and then none.
    else if (isComplete && lacking.length >= came) this.#settle(came);
  }

  /** Takes no more ids than these for the rest of the run. */
  #settle(most: number): void {
    this.#most = Math.min(this.#most, most);
    this.#size = Math.min(this.#size, this.#most);
  }

  /** One request; its refusal when the ids may have been too many. */
  async #ask(ids: readonly string[]): Promise<BulkAnswer | RequestError> {
    try {
      const answer = await this.#get(ids);
      this.#answers++;
      return answer;
    } catch (error) {
      if (!(error instanceof RequestError) || !REFUSALS.has(error.status)) throw error;
      this.#refusals++;
      return error;
    }
  }

  #get(ids: readonly string[]): Promise<BulkAnswer> {
    let asked = ids;
    const query = () => ({ ids: asked.join(",") });
    return this.#api.get({
      endpoint: "chats",
      path: "chats",
      query: query(),
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
      revise(failure, attempt) {
        if (callsForLess(failure, attempt)) asked = ids.slice(0, PAGE_IDS);
        return query();
      },
    });
  }
}

/** How many of these ids may lack a document without a doubt about the others. */
function fewLacking(ids: readonly string[]): number {
  return Math.max(FEW_LACKING, ids.length * FEW_LACKING_SHARE);
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
