/**
 * The incremental export: whole rows in order of change, up to a thousand a request. A page answers
 * the cursor of its last row (`end_time`, for some exports `end_id`), with which the next request is
 * built; `next_page` is never null (Chat API reference, Incremental Export) and is not followed.
 */

import type { Json } from "../json.ts";
import type { Log } from "../log.ts";
import type { RunStart } from "./api_clock.ts";
import type { ChatApi } from "./client.ts";
import {
  afterPage,
  clampStart,
  cursorKey,
  type ExportCursor,
  isAhead,
  isCursorRow,
  rowsBefore,
  rowsToCome,
} from "./export_cursor.ts";
import { lostCursor, stuck, unexpanded } from "./export_failures.ts";
import {
  areUnexpanded,
  type Export,
  type ExportPage,
  fetchPage,
  largerLimit,
  MOST_ROWS,
  nextLimit,
} from "./export_page.ts";
import { RequestError } from "./request_error.ts";

/** Characters up to which the next page is fetched while this one is written: two take room. */
const SMALL_PAGE_CHARS = 1_500_000;

const DAY_MS = 24 * 60 * 60_000;

/** Statuses by which a `start_time` may be refused as too recent; which one is not documented. */
const TOO_RECENT_STATUSES = new Set<number | undefined>([400, 422]);

/** Rows of a page and, when the bookmark may move behind them, the cursor to store. */
export interface ExportStep {
  rows: Json[];
  cursor: ExportCursor | undefined;
  /** When the page arrived, in epoch milliseconds. */
  receivedAtMs: number;
}

/**
 * Reads an export from a cursor up to the present, or to an end in epoch microseconds before that.
 *
 * @throws {TapError} when full pages stop leading forward, or rows hold nothing but ids.
 */
export async function* readExport(
  api: ChatApi,
  source: Export,
  start: ExportCursor,
  { runStart, endMicros = Infinity, log }: { runStart: RunStart; endMicros?: number; log: Log },
): AsyncGenerator<ExportStep> {
  let most = MOST_ROWS;
  let limit = most;
  let { asked, page } = await fetchFirst(api, source, start, { limit, runStart });
  const visited = new Set([cursorKey(asked, source.unit)]);
  let before: string | undefined;
  let written: ReadonlySet<string> | undefined;
  while (true) {
    if (areUnexpanded(page.rows)) throw unexpanded(source);
    // Taken before the rows are handed on, for whoever gets them may change them.
    const ends = JSON.stringify([page.rows.at(0), page.rows.at(-1)]);
    const verdict = afterPage({
      asked,
      end: page.end,
      full: page.full,
      empty: page.rows.length === 0,
      repeated: ends === before,
      startedAtMs: runStart.atMs,
      endMicros,
      unit: source.unit,
      visited,
    });
    if (verdict.kind === "stuck") {
      const larger = await fetchLarger(api, source, asked, page);
      if (larger === undefined) {
        const error = stuck(source, asked, page);
        yield { rows: page.rows, cursor: undefined, receivedAtMs: page.receivedAtMs };
        throw error;
      }
      page = larger;
      continue;
    }
    // What was too much for the API once is not tried again in this run.
    if (page.limit < limit) most = page.limit;
    limit = nextLimit(page, most);
    const ahead = verdict.kind === "next" && page.size <= SMALL_PAGE_CHARS
      ? fetchPage(api, source, verdict.cursor, limit)
      : undefined;
    // Whoever stops reading in the meantime leaves this promise behind.
    ahead?.catch(() => {});

    const isFull = page.full;
    const cursor = "cursor" in verdict ? verdict.cursor : undefined;
    const toCome = verdict.kind === "next"
      ? rowsToCome(page.rows, verdict.cursor, source)
      : undefined;
    // The first page may begin before the stored cursor, which was too young to be asked with.
    dropWritten(page, source, asked.micros < start.micros ? start : asked, written);
    if (verdict.kind !== "next") page.rows = rowsBefore(page.rows, endMicros, source);
    if (page.rows.length > 0 || cursor !== undefined) {
      yield { rows: page.rows, cursor, receivedAtMs: page.receivedAtMs };
    }
    if (verdict.kind === "stop") {
      if (verdict.why === "no cursor") log.warning(lostCursor(source, page));
      if (verdict.why === "young" && isFull) {
        log.info(
          `Stopped reading ${source.endpoint} five minutes before the start of this run: ` +
            `what changed since then is left to the next run`,
        );
      }
      return;
    }
    before = ends;
    written = toCome;
    asked = verdict.cursor;
    visited.add(cursorKey(asked, source.unit));
    page = await (ahead ?? fetchPage(api, source, asked, limit));
  }
}

/** Asks for a single row of an export, of the last day, to learn whether the account has it. */
export async function probeExport(api: ChatApi, source: Export, runStart: RunStart): Promise<void> {
  const start = { micros: (runStart.atMs - DAY_MS) * 1000, id: undefined };
  await fetchFirst(api, source, start, { limit: 1, runStart });
}

/**
 * The first page, and the cursor that it was asked with: where a wrong clock made it too recent, one
 * by the API's clock, which the refusal tells.
 */
async function fetchFirst(
  api: ChatApi,
  source: Export,
  start: ExportCursor,
  { limit, runStart }: { limit: number; runStart: RunStart },
): Promise<{ asked: ExportCursor; page: ExportPage }> {
  const asked = clampStart(start, runStart.atMs);
  try {
    return { asked, page: await fetchPage(api, source, asked, limit) };
  } catch (error) {
    const corrected = clampStart(start, runStart.atMs);
    const isTooRecent = error instanceof RequestError && TOO_RECENT_STATUSES.has(error.status) &&
      corrected.micros < asked.micros;
    if (!isTooRecent) throw error;
    return { asked: corrected, page: await fetchPage(api, source, corrected, limit) };
  }
}

/** The page again with more rows, where a full one led no further; undefined when that is no help. */
async function fetchLarger(
  api: ChatApi,
  source: Export,
  asked: ExportCursor,
  page: ExportPage,
): Promise<ExportPage | undefined> {
  const limit = largerLimit(page.limit);
  if (limit === undefined) return undefined;
  try {
    const larger = await fetchPage(api, source, asked, limit);
    // Attempts that failed made the request smaller again.
    return larger.rows.length > page.rows.length || larger.limit > page.limit ? larger : undefined;
  } catch (error) {
    if (error instanceof RequestError && limit > MOST_ROWS) return undefined;
    throw error;
  }
}

/** Takes off the page what the page before had, or the run that stored the cursor. */
function dropWritten(
  page: ExportPage,
  source: Export,
  asked: ExportCursor,
  written: ReadonlySet<string> = new Set(),
): void {
  const isWritten = (row: Json) =>
    isCursorRow(row, asked, source) || written.size > 0 && written.has(JSON.stringify(row));
  // Rows come in order of change, so what was written is at the cursor's own time, before all others.
  const ahead = page.rows.findIndex((row) => isAhead(row, asked, source));
  const [atCursor, others] = ahead < 0
    ? [page.rows, []]
    : [page.rows.slice(0, ahead), page.rows.slice(ahead)];
  if (atCursor.some(isWritten)) {
    page.rows = [...atCursor.filter((row) => !isWritten(row)), ...others];
  }
}
