/**
 * Instants as whole microseconds since 1970: the finest that the API writes, and still an exact
 * number.
 */

/** One second, in microseconds. */
export const SECOND = 1_000_000;

const INSTANT_REGEXP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z?$/;

/** Microseconds of a UTC date-time with or without `Z`; `NaN` for anything else. */
export function toMicros(value: unknown): number {
  const match = typeof value === "string" ? INSTANT_REGEXP.exec(value) : null;
  if (match === null) return NaN;
  const [, seconds, fraction = ""] = match;
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.padEnd(6, "0"));
}

/** `YYYY-MM-DDTHH:MM:SSZ`, as the API writes the times of chats. */
export function toSecondText(micros: number): string {
  return new Date(micros / 1000).toISOString().slice(0, 19) + "Z";
}

/** `YYYY-MM-DDTHH:MM:SS.ffffffZ`, as the API writes the times of agents. */
export function toMicroText(micros: number): string {
  const fraction = String(micros % SECOND).padStart(6, "0");
  return `${toSecondText(micros).slice(0, 19)}.${fraction}Z`;
}
