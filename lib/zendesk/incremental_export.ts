/**
 * The incremental export: whole rows in order of change, up to a thousand a request. A page answers
 * the cursor of its last row (`end_time`, for some exports `end_id`), with which the next request is
 * built; `next_page` is never null (Chat API reference, Incremental Export) and is not followed.
 */

import { TapError } from "../errors.ts";
import { describeType, type Json, type JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import { objectAnswer, optionalText, rowsIn } from "./answer.ts";
import type { ApiRequest, ChatApi } from "./client.ts";
import {
  afterPage,
  clampStart,
  cursorKey,
  type ExportCursor,
  requestTime,
} from "./export_cursor.ts";

/** Rows that the API gives at the most. */
const MOST_ROWS = 1_000;

/** Rows that are always asked for, however large or slow the pages are. */
const FEWEST_ROWS = 50;

/** Characters above which a page is a burden on memory, and the next one is made smaller. */
const LARGE_PAGE_CHARS = 2_500_000;

/** Characters up to which the next page is fetched while this one is written: two take room. */
const SMALL_PAGE_CHARS = 1_500_000;

/** Failures in a row that pass for bad luck; the next attempt asks for less. */
const FAILURES_BEFORE_LESS = 3;

/** One export: where it is, and what the API wants to hear and answers. */
export interface Export {
  /** Result key, metric tag and path below `incremental/`. */
  endpoint: string;
  /** Unit of `start_time` and `end_time`. */
  unit: "seconds" | "microseconds";
  /** Resource expansion, without which some exports answer ids alone. */
  fields?: string;
}

/** The export of chats, whole: without the expansion it answers ids. */
export const CHATS_EXPORT: Export = { endpoint: "chats", unit: "seconds", fields: "chats(*)" };

/** Rows of a page and, when the bookmark may move behind them, the cursor to store. */
export interface ExportStep {
  rows: Json[];
  cursor: ExportCursor | undefined;
}

/** Where a page ends, as the API says. */
interface ExportEnd {
  time: number | undefined;
  id: string | undefined;
  /** The time as a message shows it; undefined when it is missing, null or zero. */
  shown: string | undefined;
}

interface ExportPage {
  rows: Json[];
  end: ExportEnd;
  /** Rows that were asked for. */
  limit: number;
  /** Characters of the answer. */
  size: number;
}

/**
 * Reads an export from a cursor up to the present.
 *
 * @throws {TapError} when full pages stop leading forward.
 */
export async function* readExport(
  api: ChatApi,
  source: Export,
  start: ExportCursor,
  { startedAtMs, log }: { startedAtMs: number; log: Log },
): AsyncGenerator<ExportStep> {
  let asked = clampStart(start, startedAtMs);
  const visited = new Set([cursorKey(asked, source.unit)]);
  let most = MOST_ROWS;
  let limit = most;
  let request = fetchPage(api, source, asked, limit);
  let before: string | undefined;
  while (true) {
    const page = await request;
    const verdict = afterPage({
      asked,
      end: page.end,
      full: page.rows.length >= page.limit,
      empty: page.rows.length === 0,
      startedAtMs,
      unit: source.unit,
      visited,
    });
    // Taken before the rows are handed on, for whoever gets them may change them.
    const ends = JSON.stringify([page.rows.at(0), page.rows.at(-1)]);
    const isRepeated = ends === before && verdict.kind === "next" &&
      requestTime(verdict.cursor, source.unit) === requestTime(asked, source.unit);
    if (verdict.kind === "stuck" || isRepeated) {
      const error = stuck(source, asked, page);
      yield { rows: page.rows, cursor: undefined };
      throw error;
    }
    before = ends;
    if (verdict.cursor === undefined && page.end.shown !== undefined && page.rows.length > 0) {
      log.warning(
        `The API ends a page of ${source.endpoint} with an end_time that leads nowhere ` +
          `(${page.end.shown}): the bookmark stays, and the next run reads these rows ` +
          `again; report this line if it comes back`,
      );
    }
    // What was too much for the API once is not tried again in this run.
    if (page.limit < limit) most = page.limit;
    limit = nextLimit(page, most);
    const ahead = verdict.kind === "next" && page.size <= SMALL_PAGE_CHARS
      ? fetchPage(api, source, verdict.cursor, limit)
      : undefined;
    // Whoever stops reading in the meantime leaves this promise behind.
    ahead?.catch(() => {});
    if (page.rows.length > 0) yield { rows: page.rows, cursor: verdict.cursor };
    if (verdict.kind === "stop") {
      if (verdict.young) {
        log.info(
          `Stopped reading ${source.endpoint} five minutes before the start of this run: ` +
            `what changed since then is left to the next run`,
        );
      }
      return;
    }
    asked = verdict.cursor;
    visited.add(cursorKey(asked, source.unit));
    request = ahead ?? fetchPage(api, source, asked, limit);
  }
}

/** Asks for a single row of an export, to learn whether the account has it. */
export async function probeExport(
  api: ChatApi,
  source: Export,
  startedAtMs: number,
): Promise<void> {
  const start = clampStart({ micros: startedAtMs * 1000, id: undefined }, startedAtMs);
  await fetchPage(api, source, start, 1);
}

/** The limit after a page: less when it was large, towards the most again when it was small. */
export function nextLimit(
  { rows, limit, size }: { rows: { length: number }; limit: number; size: number },
  most = MOST_ROWS,
): number {
  if (size > LARGE_PAGE_CHARS) {
    const fitting = Math.floor(rows.length * LARGE_PAGE_CHARS / size);
    return Math.min(most, Math.max(FEWEST_ROWS, fitting));
  }
  return size * 2 <= LARGE_PAGE_CHARS ? Math.min(most, limit * 2) : limit;
}

function fetchPage(
  api: ChatApi,
  source: Export,
  cursor: ExportCursor,
  limit: number,
): Promise<ExportPage> {
  const { endpoint, unit, fields } = source;
  const query = () => ({
    ...(fields !== undefined && { fields }),
    limit,
    start_time: requestTime(cursor, unit),
    ...(cursor.id !== undefined && { start_id: cursor.id }),
  });
  const request: ApiRequest<ExportPage> = {
    endpoint,
    path: `incremental/${endpoint}`,
    query: query(),
    read(body, { size }) {
      return { rows: rowsIn(body, endpoint), end: readEnd(objectAnswer(body)), limit, size };
    },
    revise(failure, attempt) {
      const isRefusedPace = failure.kind === "status" && failure.status === 429;
      if (failure.kind === "timeout" || !isRefusedPace && attempt % FAILURES_BEFORE_LESS === 0) {
        limit = Math.max(Math.min(limit, FEWEST_ROWS), Math.floor(limit / 2));
      }
      return query();
    },
  };
  return api.get(request);
}

function readEnd(answer: JsonObject): ExportEnd {
  const { end_time, end_id } = answer;
  // Which exports have one, and of what type, is not documented.
  const id = typeof end_id === "number" ? `${end_id}` : optionalText(answer, "end_id") || undefined;
  if (!end_time) return { time: undefined, id, shown: undefined };
  if (typeof end_time !== "number") return { time: undefined, id, shown: describeType(end_time) };
  return { time: end_time > 0 ? end_time : undefined, id, shown: `${end_time}` };
}

function stuck(source: Export, asked: ExportCursor, page: ExportPage): TapError {
  return new TapError(
    `Cannot read ${source.endpoint}: after a full page of ${page.rows.length} rows from ` +
      `start_time ${requestTime(asked, source.unit)} the API answers end_time ` +
      `${
        page.end.time ?? "null"
      }, which leads no further; run again later, and report it if it stays`,
  );
}
