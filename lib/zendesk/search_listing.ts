/**
 * The listing of one search window: pages of ids followed to the last, and the chats behind them read
 * in bulk while the next page of ids is on its way.
 */

import { TapError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import { type BulkReads, PAGE_IDS } from "./bulk_read.ts";
import type { ChatApi } from "./client.ts";
import { RequestError } from "./request_error.ts";
import {
  describeWindow,
  linkedPage,
  type SearchPage,
  type SearchWindow,
} from "./search_requests.ts";

/** Far above the 250 pages of a window that is full to the ceiling. */
const MOST_PAGES = 1_000;

/** Ids that a message names before it only counts. */
const NAMED_IDS = 10;

/** Characters of an id that a message shows; real ones have about thirty. */
const NAMED_CHARS = 40;

/** A search whose pages cannot all be read. */
export class SearchError extends TapError {
  override name = "SearchError";
}

/** Chats in no particular order; `receivedAtMs` is when they arrived, in epoch milliseconds. */
export interface FoundChats {
  kind: "chats";
  chats: JsonObject[];
  receivedAtMs: number;
}

/** What is known of a window so far: all ids, and those without a document. */
export interface Listing {
  listed: Set<string>;
  lacking: Set<string>;
}

/**
 * Follows the pages from `page` on and yields the chats whose ids were not listed before; returns what
 * kept it from the last page, if anything did.
 *
 * @throws {SearchError} when the pages have no end.
 */
export async function* readPages(
  { api, bulk }: { api: ChatApi; bulk: BulkReads },
  window: SearchWindow,
  page: SearchPage,
  { listed, lacking }: Listing,
): AsyncGenerator<FoundChats, RequestError | undefined> {
  const followed = new Set<string>();
  const pending: string[] = [];
  while (true) {
    const ids = page.ids.filter((id) => !listed.has(id));
    // An empty page is the last one, unless hits are still missing.
    const mayHaveMore = page.ids.length > 0 || listed.size < page.count;
    const next = page.next !== undefined && mayHaveMore
      ? nextPage(api, window, page.next, followed)
      : undefined;
    // Whoever stops reading in the meantime leaves this promise behind.
    next?.catch(() => {});
    for (const id of ids) listed.add(id);
    pending.push(...ids);
    // Read as soon as another page would not fit.
    while (pending.length > 0 && (next === undefined || pending.length + PAGE_IDS > bulk.size)) {
      for await (const answer of bulk.read(pending.splice(0, bulk.size))) {
        for (const id of answer.lacking) lacking.add(id);
        if (answer.chats.length > 0) yield { kind: "chats", ...answer };
      }
    }
    if (next === undefined) return undefined;
    const answered = await next;
    if (answered instanceof RequestError) return answered;
    page = answered;
  }
}

/** Asks once more for chats that had no document, takes off what came, and says what is lacking still. */
export async function* readLacking(
  { bulk, log }: { bulk: BulkReads; log: Pick<Log, "warning" | "show"> },
  window: SearchWindow,
  lacking: Set<string>,
): AsyncGenerator<FoundChats> {
  const pending = [...lacking];
  lacking.clear();
  while (pending.length > 0) {
    for await (const answer of bulk.read(pending.splice(0, bulk.size))) {
      for (const id of answer.lacking) lacking.add(id);
      if (answer.chats.length > 0) yield { kind: "chats", ...answer };
    }
  }
  // An id that shows a secret is no chat's, and must not get into the state.
  for (const id of lacking) if (log.show(id) !== id) lacking.delete(id);
  if (lacking.size === 0) return;
  log.warning(
    `The API has no document for ${lacking.size} of the chats that the search for ` +
      `${describeWindow(window)} lists, asked twice: ${nameIds(lacking)}; the next runs ask for ` +
      "them again",
  );
}

/** Ids for a message: the first few of them, shortened. */
export function nameIds(ids: Iterable<string>): string {
  const all = [...ids];
  const named = all.slice(0, NAMED_IDS).map((id) => id.slice(0, NAMED_CHARS)).join(", ");
  return all.length > NAMED_IDS ? `${named}, …` : named;
}

async function nextPage(
  api: ChatApi,
  window: SearchWindow,
  query: string,
  followed: Set<string>,
): Promise<SearchPage | RequestError> {
  if (followed.has(query) || followed.size === MOST_PAGES) {
    throw new SearchError(
      `Cannot read chats: the search for ${describeWindow(window)} does not end, its links lead ` +
        (followed.has(query) ? "back to a page already read" : `through ${MOST_PAGES} pages`) +
        `; run again later, or set "chats_api" to "incremental"`,
    );
  }
  followed.add(query);
  return await linkedPage(api, query);
}
