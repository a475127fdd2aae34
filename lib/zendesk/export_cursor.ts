/**
 * Where an export stands. The API refuses a `start_time` of the last five minutes, and rows may
 * still come in behind a cursor that young, so no such cursor is asked with or stored.
 */

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
  startedAtMs: number;
  unit: ExportUnit;
  /** Keys of the cursors that were asked with. */
  visited: ReadonlySet<string>;
}

/** Stop, or go on from a cursor; either way `cursor` is what to store, if anything. */
export type PageVerdict =
  | { kind: "stop"; cursor: ExportCursor | undefined; young: boolean }
  | { kind: "next"; cursor: ExportCursor }
  | { kind: "stuck" };

/** Decides after a page. A repeated cursor is the normal end of a short page, and a loop after a full one. */
export function afterPage(
  { asked, end, full, empty, startedAtMs, unit, visited }: PageFacts,
): PageVerdict {
  if (empty) return { kind: "stop", cursor: undefined, young: false };
  const answered = answeredCursor(end, unit, startedAtMs);
  const isOlder = answered === undefined || requestTime(answered, unit) < requestTime(asked, unit);
  if (full && (isOlder || visited.has(cursorKey(answered, unit)))) return { kind: "stuck" };
  if (isOlder) return { kind: "stop", cursor: undefined, young: false };

  const settled = (startedAtMs - SETTLED_MS) * 1000;
  const young = answered.micros > settled;
  const cursor = young ? { micros: settled, id: undefined } : answered;
  return full && !young ? { kind: "next", cursor } : { kind: "stop", cursor, young: full };
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
