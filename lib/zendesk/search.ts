/**
 * Chats by search. A search answers ids, newest first and 40 a page; the chats behind them are read
 * in bulk while the next page of ids is on its way. Because the newest come first, nothing can be
 * said about a window before all of it is read.
 */

import { TapError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import { type ChatApi, RequestError } from "./client.ts";
import {
  firstPage,
  linkedPage,
  naiveUtc,
  readBulk,
  type SearchKind,
  type SearchPage,
  type SearchWindow,
} from "./search_requests.ts";
import { isFalseCount, judgeWindow, SEARCH_CEILING } from "./search_windows.ts";

/** Ids that one bulk request carries: as many as a search page holds. */
const BULK_IDS = 40;

/** Far above the 250 pages of a window that is full to the ceiling. */
const MOST_PAGES = 1_000;

/** Ids that a warning names before it only counts. */
const NAMED_IDS = 10;

/** Characters of an id that a warning shows; real ones have about thirty. */
const NAMED_CHARS = 40;

/** What is to be read: both ends in epoch seconds, inclusive; the widest window in seconds. */
export interface SearchRange {
  from: number;
  to: number;
  widest: number;
}

/** Chats in no particular order, or the news that all up to `to` (epoch seconds) were among them. */
export type SearchStep =
  | { kind: "chats"; chats: JsonObject[] }
  | { kind: "window"; to: number };

/**
 * Reads a range window by window, from the past to the present. Neighbours share a second, because
 * more chats may have come into the last one meanwhile.
 *
 * @throws {TapError} when one second holds more chats than a search can page through.
 */
export async function* searchChats(
  api: ChatApi,
  kind: SearchKind,
  range: SearchRange,
  log: Log,
): AsyncGenerator<SearchStep> {
  let from = range.from;
  let width = Math.min(range.to - from, range.widest);
  let countsHold = true;
  while (true) {
    const window = { kind, from, to: Math.min(from + width, range.to) };
    const span = window.to - window.from;
    const first = await firstPage(api, window);
    // Windows that follow counts which do not hold could become a second each, for years.
    if (!countsHold) first.count = first.ids.length;
    const verdict = judgeWindow(first.count, span);
    if (verdict.kind === "overflow") throw overflow(window, first.count);
    if (verdict.kind === "narrow") {
      width = verdict.width;
      continue;
    }
    const listed = yield* readWindow(api, window, first, log);
    if (listed === "refused") {
      if (span === 0) throw refused(window);
      width = Math.floor(span / 2);
      continue;
    }
    if (isFalseCount(first.count, listed)) countsHold = false;
    yield { kind: "window", to: window.to };
    if (window.to >= range.to) return;
    from = span === 0 ? window.to + 1 : window.to;
    width = Math.min(verdict.nextWidth, range.widest);
  }
}

/** Yields a window's chats; returns how many ids were listed, unless the API refuses a page. */
async function* readWindow(
  api: ChatApi,
  window: SearchWindow,
  first: SearchPage,
  log: Log,
): AsyncGenerator<SearchStep, number | "refused"> {
  const listed = new Set<string>();
  const missing = new Set<string>();
  if (!(yield* readPages(api, window, first, listed, missing))) return "refused";
  if (listed.size < first.count) {
    // A chat that was deleted meanwhile moves all older ones up by one, the first of each page into
    // the page before.
    const again = await firstPage(api, window);
    if (!(yield* readPages(api, window, again, listed, missing))) return "refused";
    if (listed.size < again.count) {
      log.warning(
        `The search for ${
          describe(window)
        } counts ${again.count} chats and lists ${listed.size}: ` +
          `to read the others set "chats_api" to "incremental"`,
      );
    }
  }
  yield* readMissing(api, window, [...missing], log);
  return listed.size;
}

/** Follows the pages from `page` on and yields the chats whose ids were not `listed` before. */
async function* readPages(
  api: ChatApi,
  window: SearchWindow,
  page: SearchPage,
  listed: Set<string>,
  missing: Set<string>,
): AsyncGenerator<SearchStep, boolean> {
  const followed = new Set<string>();
  while (true) {
    // An empty page is the last one, unless hits are still missing.
    const mayHaveMore = page.ids.length > 0 || listed.size < page.count;
    const next = page.next !== undefined && mayHaveMore
      ? nextPage(api, window, page.next, followed)
      : undefined;
    // Whoever stops reading in the meantime leaves this promise behind.
    next?.catch(() => {});
    const ids = page.ids.filter((id) => !listed.has(id));
    for (let index = 0; index < ids.length; index += BULK_IDS) {
      const asked = ids.slice(index, index + BULK_IDS);
      const documents = await readBulk(api, asked, { mayBeNone: asked.length < 2 });
      for (const id of asked) {
        listed.add(id);
        if (!documents.has(id)) missing.add(id);
      }
      if (documents.size > 0) yield { kind: "chats", chats: [...documents.values()] };
    }
    if (next === undefined) return true;
    const answered = await next;
    if (answered === "refused") return false;
    page = answered;
  }
}

/** Asks once more for chats that had no document, and says which still have none. */
async function* readMissing(
  api: ChatApi,
  window: SearchWindow,
  missing: string[],
  log: Log,
): AsyncGenerator<SearchStep> {
  const lost: string[] = [];
  for (let index = 0; index < missing.length; index += BULK_IDS) {
    const asked = missing.slice(index, index + BULK_IDS);
    const documents = await readBulk(api, asked, { mayBeNone: true });
    lost.push(...asked.filter((id) => !documents.has(id)));
    if (documents.size > 0) yield { kind: "chats", chats: [...documents.values()] };
  }
  if (lost.length > 0) {
    const named = lost.slice(0, NAMED_IDS).map((id) => id.slice(0, NAMED_CHARS)).join(", ");
    log.warning(
      `The API has no document for ${lost.length} of the chats that the search for ` +
        `${describe(window)} lists, asked twice: ${named}${
          lost.length > NAMED_IDS ? ", …" : ""
        }; ` +
        `unless they were deleted, only a full re-sync ("chats_full_sync_days") reads them`,
    );
  }
}

/** The page that a link leads to, or "refused" for a page behind the ceiling. */
async function nextPage(
  api: ChatApi,
  window: SearchWindow,
  query: string,
  followed: Set<string>,
): Promise<SearchPage | "refused"> {
  if (followed.has(query) || followed.size === MOST_PAGES) {
    throw new TapError(
      `Cannot read chats: the search for ${describe(window)} does not end, its links lead ` +
        (followed.has(query) ? "back to a page already read" : `through ${MOST_PAGES} pages`) +
        `; run again later, or set "chats_api" to "incremental"`,
    );
  }
  followed.add(query);
  try {
    return await linkedPage(api, query);
  } catch (error) {
    if (error instanceof RequestError && error.status === 400) return "refused";
    throw error;
  }
}

function describe({ kind, from, to }: SearchWindow): string {
  const time = from === to
    ? `in the second ${naiveUtc(from)}`
    : `from ${naiveUtc(from)} to ${naiveUtc(to)}`;
  return `${kind.type} with ${kind.field} ${time} UTC`;
}

function overflow(window: SearchWindow, count: number): TapError {
  return new TapError(
    `Cannot read chats: the search for ${describe(window)} has ${count} hits, and no more than ` +
      `${SEARCH_CEILING} can be read by search; set "chats_api" to "incremental"`,
  );
}

function refused(window: SearchWindow): TapError {
  return new TapError(
    `Cannot read chats: the search for ${describe(window)} is answered with 400 on a later page, ` +
      `and there is nothing left to narrow; set "chats_api" to "incremental"`,
  );
}
