/**
 * Chats by search, window by window. A search answers ids, newest first and 40 a page, so nothing can
 * be said about a window before all of it is read; what it lacks then is handed on with it.
 */

import type { Log } from "../log.ts";
import type { BulkReads } from "./bulk_read.ts";
import type { ChatApi } from "./client.ts";
import { RequestError } from "./request_error.ts";
import {
  type FoundChats,
  type Listing,
  readLacking,
  readPages,
  SearchError,
} from "./search_listing.ts";
import {
  describeWindow,
  firstPage,
  type SearchKind,
  type SearchWindow,
} from "./search_requests.ts";
import { SEARCH_CEILING, type WindowWidths } from "./search_windows.ts";

/** What the searches of one run share. */
export interface Search {
  api: ChatApi;
  bulk: BulkReads;
  widths: WindowWidths;
  log: Pick<Log, "warning" | "show">;
}

/** What is to be read: both ends in epoch seconds, inclusive. */
export interface SearchRange {
  from: number;
  /** Asked for after each window: the first answers may tell that the run began at another time. */
  to(): number;
}

/** Chats in no particular order, or the news that a window is read. */
export type SearchStep = FoundChats | WindowRead;

/** A window that was read to its end, in epoch seconds, and what is lacking of it. */
export interface WindowRead {
  kind: "window";
  from: number;
  to: number;
  listed: number;
  /** Whether more chats were counted than listed, each time. */
  isShort: boolean;
  /** Ids that were listed and have no document. */
  lacking: string[];
}

/**
 * Reads a range window by window, from the past to the present. Neighbours share a second, because
 * more chats may have come into the last one meanwhile.
 *
 * @throws {SearchError} when a window cannot be read to its end, however narrow.
 */
export async function* searchChats(
  search: Search,
  kind: SearchKind,
  range: SearchRange,
): AsyncGenerator<SearchStep> {
  const { widths } = search;
  let from = range.from;
  let width = widths.first(range.to() - from);
  // The first one had all the attempts, and says what is wrong best.
  let refusal: Refused | undefined;
  while (true) {
    const window = { kind, from, to: Math.min(from + width, range.to()) };
    const span = window.to - window.from;
    const outcome = yield* readWindow(search, window);
    if (outcome.kind === "narrow") {
      width = outcome.width;
      continue;
    }
    if (outcome.kind === "refused") {
      refusal ??= outcome;
      width = narrower(search, window, { ...outcome, error: refusal.error });
      continue;
    }
    refusal = undefined;
    yield outcome;
    if (window.to >= range.to()) return;
    from = span === 0 ? window.to + 1 : window.to;
    width = widths.next(span, outcome.listed);
  }
}

/** What became of a window: read, or to be tried again as a narrower one. */
type WindowOutcome = WindowRead | { kind: "narrow"; width: number } | Refused;

/** A window of which a page was refused. */
interface Refused {
  kind: "refused";
  error: RequestError;
  isFirstPage: boolean;
}

async function* readWindow(
  search: Search,
  window: SearchWindow,
): AsyncGenerator<SearchStep, WindowOutcome> {
  const { api, widths } = search;
  const span = window.to - window.from;
  const first = await firstPage(api, window);
  if (first instanceof RequestError) return { kind: "refused", error: first, isFirstPage: true };
  const isLast = first.next === undefined;
  const verdict = widths.judge({ count: first.count, listed: first.ids.length, isLast }, span);
  if (verdict.kind === "overflow") throw overflow(window, first.count);
  if (verdict.kind === "narrow") return verdict;

  const found: Listing = { listed: new Set(), lacking: new Set() };
  let error = yield* readPages(search, window, first, found);
  let { count } = first;
  if (error === undefined && found.listed.size < count && widths.countsHold) {
    // A chat that was deleted meanwhile moves all older ones up by one, the first of each page into
    // the page before.
    const again = await firstPage(api, window);
    if (again instanceof RequestError) error = again;
    else {
      ({ count } = again);
      error = yield* readPages(search, window, again, found);
    }
  }
  if (error !== undefined) return { kind: "refused", error, isFirstPage: false };

  const isShort = found.listed.size < count;
  if (isShort) warnOfCount(search, window, { count, listed: found.listed.size });
  yield* readLacking(search, window, found.lacking);
  const { from, to } = window;
  const { listed: { size: listed }, lacking } = found;
  return { kind: "window", from, to, listed, isShort, lacking: [...lacking] };
}

/** Says once a run that counts and lists differ. */
function warnOfCount(
  { widths, log }: Search,
  window: SearchWindow,
  { count, listed }: { count: number; listed: number },
): void {
  if (!widths.countsHold) return;
  widths.distrustCounts();
  log.warning(
    `The search for ${describeWindow(window)} counts ${count} chats and lists ${listed}, asked ` +
      "twice: the next runs ask for the others again",
  );
}

function overflow(window: SearchWindow, count: number): SearchError {
  return new SearchError(
    `Cannot read chats: the search for ${describeWindow(window)} has ${count} hits, and no more ` +
      `than ${SEARCH_CEILING} can be read by search; set "chats_api" to "incremental"`,
  );
}

/** The width to try after a refusal. @throws {TapError} when there is nothing left to narrow. */
function narrower(
  { widths }: Search,
  window: SearchWindow,
  { error, isFirstPage }: Refused,
): number {
  // A first page can be too much for its width alone, and what takes too long for that as well.
  const width = widths.narrower(window.to - window.from, {
    mayBeHits: !isFirstPage && !error.isPassing,
  });
  if (width !== undefined) return width;
  if (isFirstPage || error.isPassing) throw error;
  throw new SearchError(
    `Cannot read chats: a later page of the search for ${describeWindow(window)} is refused, and ` +
      `there is nothing left to narrow; set "chats_api" to "incremental" (${error.message})`,
  );
}
