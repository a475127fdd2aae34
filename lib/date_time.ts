/**
 * Date-times as Singer messages carry them: `YYYY-MM-DDTHH:MM:SS.ffffffZ`, always UTC, always six
 * digits, so that they sort as text. What the API sends is nearly always that form short of its
 * fraction, and is only checked and padded: dates are the greatest cost of fitting a record.
 */

import { readDateTime } from "./date_time_forms.ts";

/** `YYYY-MM-DDTHH:MM:SSZ`, with or without a fraction: all dates from 1000 on but 29 February. */
const COMMON_REGEXP = new RegExp(
  String.raw`^[1-9]\d\d\d-(?:` +
    String.raw`(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|` +
    String.raw`(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|` +
    String.raw`02-(?:0[1-9]|1\d|2[0-8])` +
    String.raw`)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$`,
);
/** The last instant that `formatMicros` can write. */
const LAST_MICROS = 253402300799999968;

/** What follows the second. */
const NO_FRACTION = ".000000Z";

/** The text as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, fractions cut; undefined when it is no date-time. */
export function normalizeDateTime(text: string): string | undefined {
  if (!COMMON_REGEXP.test(text)) return normalizeOtherForm(text);
  if (text.length === 27) return text;
  const end = Math.min(text.length - 1, 26);
  return join(text.slice(0, end), NO_FRACTION.slice(end - 19));
}

const parts = ["", ""];

/** Joined rather than added: a concatenation stays a rope, and serialising ropes is slow. */
function join(start: string, end: string): string {
  parts[0] = start;
  parts[1] = end;
  return parts.join("");
}

/**
 * The instant in epoch microseconds; undefined when the text is no date-time. Exact up to the year
 * 2255, where microseconds leave the safe integers.
 */
export function parseMicros(text: string): number | undefined {
  // The form that nearly all have needs no rewriting first.
  if (text.length === 20 && COMMON_REGEXP.test(text)) return Date.parse(text) * 1000;
  const normal = normalizeDateTime(text);
  if (normal === undefined) return undefined;
  return Date.parse(normal.slice(0, 19) + "Z") * 1000 + Number(normal.slice(20, 26));
}

/** An instant of the years 1 to 9999, in epoch microseconds, as `YYYY-MM-DDTHH:MM:SS.ffffffZ`. */
export function formatMicros(micros: number): string {
  const writable = Math.min(micros, LAST_MICROS);
  const seconds = Math.floor(writable / 1e6);
  const fraction = Math.floor(writable - seconds * 1e6);
  const second = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${second}.${String(fraction).padStart(6, "0")}Z`;
}

function normalizeOtherForm(text: string): string | undefined {
  const read = readDateTime(text);
  if (read === undefined || read.local.year < 1) return undefined;
  const utc = read.local.subtract({ minutes: read.offsetMinutes });
  if (utc.year < 1 || utc.year > 9999) return undefined;
  return `${utc.toString({ smallestUnit: "microsecond" })}Z`;
}
