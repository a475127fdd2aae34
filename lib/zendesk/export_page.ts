/**
 * One page of an incremental export: the request, how many rows it asks for, and what came. Rows are
 * handed on as they are, but for the cursor's own.
 */

import { isNumber } from "../exact_number.ts";
import { describeType, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { objectAnswer, optionalText, rowsIn } from "./answer.ts";
import type { ApiRequest, ChatApi } from "./client.ts";
import { type ExportCursor, type ExportUnit, requestTime } from "./export_cursor.ts";
import { callsForLess } from "./retry.ts";

/** Rows that the API gives at the most (Chat API reference, Incremental Export). */
export const MOST_ROWS = 1_000;

/** Rows to ask for where a thousand lead no further: the API may give more than it says. */
const BEYOND_MOST_ROWS = 10_000;

/** Rows that are always asked for, however large or slow the pages are. */
const FEWEST_ROWS = 50;

/** Characters above which a page is a burden on memory, and the next one is made smaller. */
const LARGE_PAGE_CHARS = 2_500_000;

const KEY_REGEXP = /^(agent_)?id$/;

/** One export: where it is, and what the API wants to hear and answers. */
export interface Export {
  /** Result key, metric tag and path below `incremental/`. */
  endpoint: string;
  /** Unit of `start_time` and `end_time`. */
  unit: ExportUnit;
  /** Resource expansion, without which some exports answer ids alone. */
  fields?: string;
  /** The member of a row that has the time of its change. */
  timeField: string;
}

/** The export of chats, whole: without the expansion it answers ids. */
export const CHATS_EXPORT: Export = {
  endpoint: "chats",
  unit: "seconds",
  fields: "chats(*)",
  timeField: "update_timestamp",
};

/** What came of one request. */
export interface ExportPage {
  rows: Json[];
  /** Where the page ends, as the API says. */
  end: ExportEnd;
  /** Rows that were asked for. */
  limit: number;
  /** Whether there are as many rows as the API would give. */
  full: boolean;
  /** Characters of the answer. */
  size: number;
  /** In epoch milliseconds. */
  receivedAtMs: number;
}

/** The cursor as answered. */
export interface ExportEnd {
  /** Undefined when it is missing, null or zero. */
  time: number | undefined;
  id: string | undefined;
  /** The time as a message shows it. */
  shown: string;
}

/** Asks for a page, and for less of it after attempts that failed. */
export function fetchPage(
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
    read(body, { size, receivedAtMs }) {
      const rows = rowsIn(body, endpoint);
      // Asked for more than it gives, the API may answer as much as it does.
      const full = rows.length >= limit || limit > MOST_ROWS && rows.length <= MOST_ROWS;
      return { rows, end: readEnd(objectAnswer(body)), limit, full, size, receivedAtMs };
    },
    revise(failure, attempt) {
      if (failure.kind === "timeout" || callsForLess(failure, attempt)) {
        limit = Math.max(Math.min(limit, FEWEST_ROWS), Math.floor(limit / 2));
      }
      return query();
    },
  };
  return api.get(request);
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

/** The limit to try where a full page led no further; undefined when all were tried. */
export function largerLimit(limit: number): number | undefined {
  return [MOST_ROWS, BEYOND_MOST_ROWS].find((larger) => larger > limit);
}

/** Whether rows hold nothing but ids: the API did not expand them, though whole ones are asked for. */
export function areUnexpanded(rows: readonly Json[]): boolean {
  const isBare = (row: Json) =>
    isJsonObject(row) && Object.keys(row).length > 0 &&
    Object.keys(row).every((name) => KEY_REGEXP.test(name));
  return rows.length > 0 && rows.every(isBare);
}

function readEnd(answer: JsonObject): ExportEnd {
  const { end_time, end_id } = answer;
  // Which exports have one, and of what type, is not documented.
  const id = isNumber(end_id) ? `${end_id}` : optionalText(answer, "end_id") || undefined;
  if (isNumber(end_time)) {
    const time = Number(`${end_time}`);
    return { time: time > 0 ? time : undefined, id, shown: `${end_time}` };
  }
  return { time: undefined, id, shown: describeType(end_time) };
}
