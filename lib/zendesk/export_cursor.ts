/**
 * Where an export stands, and whether it goes on. The API refuses a `start_time` of the last five
 * minutes, and rows may still come in behind a cursor that young, so no such cursor is asked with or
 * stored. How many rows a page has proves nothing: the API may cut pages where it likes, so an export
 * goes on for as long as its cursor moves.
 */

import { parseMicros } from "../date_time.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";

/** A place in an export: the time of change in epoch microseconds and the row within it. */
export interface ExportCursor {
  micros: number;
  id: string | undefined;
}

/** Unit in which an export takes and gives times. */
export type ExportUnit = "seconds" | "microseconds";

/** How old a stored cursor is at least when the run begins (Chat API reference: five minutes). */
const SETTLED_MS = 5 * 60_000;

/** How far in the future an answered time may be: a run may take long, but not that long. */
const FUTURE_MS = 7 * 24 * 60 * 60_000;

/** How old the first `start_time` is at least when the run begins: a minute is left for clocks that disagree. */
const START_MS = 6 * 60_000;

/**
 * The first cursor to ask with: not too young, and not before 1970, where the API's times begin. A
 * time that had to be moved loses its id: it is another place.
 */
export function clampStart(cursor: ExportCursor, startedAtMs: number): ExportCursor {
  const micros = Math.max(0, Math.min(cursor.micros, (startedAtMs - START_MS) * 1000));
  return micros === cursor.micros ? cursor : { micros, id: undefined };
}

/** The cursor's time as `start_time` has it: whole seconds are rounded down. */
export function requestTime({ micros }: ExportCursor, unit: ExportUnit): number {
  return unit === "seconds" ? Math.floor(micros / 1_000_000) : micros;
}

/** What makes two requests the same request. */
export function cursorKey(cursor: ExportCursor, unit: ExportUnit): string {
  return `${requestTime(cursor, unit)} ${cursor.id ?? ""}`;
}

/** What a page says about the next one. */
export interface PageFacts {
  asked: ExportCursor;
  /** As answered; undefined for what is missing, null or zero. */
  end: { time: number | undefined; id: string | undefined };
  /** As many rows as were asked for. */
  full: boolean;
  empty: boolean;
  /** The rows are those of the page before. */
  repeated: boolean;
  /** By the API's clock. */
  startedAtMs: number;
  /** The instant in epoch microseconds before which all is to be read; `Infinity` for none. */
  endMicros: number;
  unit: ExportUnit;
  /** Keys of the cursors that were asked with. */
  visited: ReadonlySet<string>;
}

/** Go on from a cursor; or stop, and store a cursor if there is one; or fail, as full pages lead nowhere. */
export type PageVerdict =
  | { kind: "next"; cursor: ExportCursor }
  | { kind: "stop"; why: "no rows" | "nothing new" | "no cursor" }
  | { kind: "stop"; why: "young" | "end"; cursor: ExportCursor }
  | { kind: "stuck" };

/** Decides after a page; the first rule that fits is the one. */
export function afterPage(
  { asked, end, full, empty, repeated, startedAtMs, endMicros, unit, visited }: PageFacts,
): PageVerdict {
  if (empty) return { kind: "stop", why: "no rows" };
  const answered = answeredCursor(end, unit, startedAtMs);
  const ahead = answered === undefined
    ? -1
    : requestTime(answered, unit) - requestTime(asked, unit);
  if (
    answered !== undefined && ahead >= 0 &&
    (visited.has(cursorKey(answered, unit)) ||
      // The second of a cursor without its row is no place behind that row.
      ahead === 0 && (repeated || answered.id === undefined))
  ) {
    return full ? { kind: "stuck" } : { kind: "stop", why: "nothing new" };
  }
  if (answered === undefined || ahead < 0) return { kind: "stop", why: "no cursor" };

  const settled = (startedAtMs - SETTLED_MS) * 1000;
  if (answered.micros < endMicros && answered.micros <= settled) {
    return { kind: "next", cursor: answered };
  }
  const why = endMicros <= settled ? "end" : "young";
  return { kind: "stop", why, cursor: { micros: Math.min(endMicros, settled), id: undefined } };
}

/** The rows of a page that changed before an instant in epoch microseconds, and those without a time. */
export function rowsBefore(
  rows: readonly Json[],
  endMicros: number,
  { timeField }: Pick<RowTime, "timeField">,
): Json[] {
  return rows.filter((row) => !(isJsonObject(row) && (timeOf(row, timeField) ?? -1) >= endMicros));
}

/** How an export tells the time of a row. */
interface RowTime {
  timeField: string;
  unit: ExportUnit;
}

/**
 * Whether a row is the very one that a cursor stands at, by id and time. Whoever stored the cursor has
 * written it; edited since then, it has another time.
 */
export function isCursorRow(row: Json, cursor: ExportCursor, time: RowTime): boolean {
  return cursor.id !== undefined && isJsonObject(row) && `${row.id}` === cursor.id &&
    isAt(row, cursor, time);
}

/** Whether a row changed later than the time of a cursor, as requests tell times. */
export function isAhead(row: Json, cursor: ExportCursor, time: RowTime): boolean {
  const atRow = isJsonObject(row) ? requestTimeOf(row, time) : undefined;
  return atRow !== undefined && atRow > requestTime(cursor, time.unit);
}

/**
 * The rows of a page, as texts, that the next one will have again: those of the cursor's time, where
 * the export has no ids to begin behind.
 */
export function rowsToCome(
  rows: readonly Json[],
  cursor: ExportCursor,
  time: RowTime,
): ReadonlySet<string> {
  if (cursor.id !== undefined) return new Set();
  const again = rows.filter((row) => isJsonObject(row) && isAt(row, cursor, time));
  return new Set(again.map((row) => JSON.stringify(row)));
}

function isAt(row: JsonObject, cursor: ExportCursor, time: RowTime): boolean {
  return requestTimeOf(row, time) === requestTime(cursor, time.unit);
}

function requestTimeOf(row: JsonObject, { timeField, unit }: RowTime): number | undefined {
  const micros = timeOf(row, timeField);
  return micros === undefined ? undefined : requestTime({ micros, id: undefined }, unit);
}

function timeOf(row: JsonObject, timeField: string): number | undefined {
  const text = row[timeField];
  return typeof text === "string" ? parseMicros(text) : undefined;
}

/** The cursor that a page answers, if it can be one. */
function answeredCursor(
  { time, id }: PageFacts["end"],
  unit: ExportUnit,
  startedAtMs: number,
): ExportCursor | undefined {
  if (time === undefined) return undefined;
  const micros = Math.floor(unit === "seconds" ? time * 1_000_000 : time);
  return micros > (startedAtMs + FUTURE_MS) * 1000 ? undefined : { micros, id };
}
