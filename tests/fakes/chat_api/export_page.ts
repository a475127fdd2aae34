/**
 * The incremental exports: rows in order of change, cut after a cursor. They differ in the unit of
 * `start_time` and in how finely their cursor tells rows apart.
 */

import type { JsonObject } from "../../../lib/json.ts";
import { SECOND, toMicros } from "./instant.ts";
import { BadRequest } from "./reply.ts";
import { wholeNumber } from "./request.ts";
import { compareText, firstIndex } from "./sorted.ts";

/** The exports, by the key of their rows. */
export type ExportName =
  | "chats"
  | "agent_timeline"
  | "agent_events"
  | "conversions"
  | "department_events";

/** How the rows of an export are ordered; units and resolutions are microseconds. */
export interface ExportKind {
  timeField: string;
  /** One unit of `start_time` and `end_time`. */
  unit: number;
  /** Rows closer than this share one place of the cursor. */
  resolution: number;
}

/** Every export there is. */
export const EXPORTS: Record<ExportName, ExportKind> = {
  chats: { timeField: "update_timestamp", unit: SECOND, resolution: SECOND },
  agent_timeline: { timeField: "start_time", unit: 1, resolution: 1 },
  agent_events: { timeField: "timestamp", unit: SECOND, resolution: 1 },
  conversions: { timeField: "timestamp", unit: SECOND, resolution: SECOND },
  department_events: { timeField: "timestamp", unit: SECOND, resolution: SECOND },
};

/** A row in its place: time in microseconds at the resolution of its export. */
export interface PlacedRow {
  time: number;
  id: string;
  row: JsonObject;
}

/** Where a page begins and how long it may be. */
export interface ExportRequest {
  /** As sent, in the export's own unit. */
  startTime: number;
  startId: string;
  limit: number;
}

/** start_time must lie further back than this. [ZD-incr] */
const FRESHEST_MS = 5 * 60_000;

/** @throws {BadRequest} for numbers that are none, a limit over 1,000, a time in the last 5 minutes. */
export function parseExportRequest(
  params: Record<string, string>,
  { unit }: ExportKind,
  nowMs: number,
): ExportRequest {
  const startTime = wholeNumber(params, "start_time", 0);
  const limit = wholeNumber(params, "limit", 1000);
  if (limit < 1 || limit > 1000) throw new BadRequest("limit must be between 1 and 1000");
  if ((startTime * unit) / 1000 > nowMs - FRESHEST_MS) {
    throw new BadRequest("start_time must be more than 5 minutes in the past");
  }
  return { startTime, startId: params.start_id ?? "", limit };
}

/** Rows in order of change. Rows without a readable time are in no page. */
export function placeRows(rows: readonly JsonObject[], kind: ExportKind): PlacedRow[] {
  return rows
    .map((row) => ({
      time: Math.floor(toMicros(row[kind.timeField]) / kind.resolution) * kind.resolution,
      id: String(row.id ?? row.agent_id),
      row,
    }))
    .filter(({ time }) => !isNaN(time))
    .sort((a, b) => a.time - b.time || compareText(a.id, b.id));
}

/**
 * The rows from the start time on. A start id skips the rows of exactly that time which come before
 * it and, where the API takes it as exclusive, its own.
 */
export function rowsAfter<Row extends { id: string }>(
  sorted: readonly Row[],
  timeOf: (row: Row) => number,
  from: { time: number; id: string; exclusive: boolean },
  limit: number,
): Row[] {
  const skipped = (row: Row) => {
    if (from.id === "" || timeOf(row) !== from.time) return false;
    return from.exclusive ? row.id <= from.id : row.id < from.id;
  };
  const start = firstIndex(sorted, (row) => timeOf(row) >= from.time && !skipped(row));
  return sorted.slice(start, start + limit);
}

/**
 * A row as `fields` asks for it: `chats(*)` whole, `chats(id,timestamp)` those members, nothing
 * just the id.
 */
export function expandFields(text: string, name: ExportName, fields: string | undefined): string {
  if (fields === `${name}(*)`) return text;
  const wanted = fields === undefined
    ? "id"
    : new RegExp(`^${name}\\(([\\w,]+)\\)$`).exec(fields)?.[1];
  if (wanted === undefined) throw new BadRequest(`Cannot parse fields: ${fields}`);
  const row: JsonObject = JSON.parse(text);
  return JSON.stringify(Object.fromEntries(wanted.split(",").map((name) => [name, row[name]])));
}
