/**
 * Date-times as Singer messages carry them: `YYYY-MM-DDTHH:MM:SS.ffffffZ`, always UTC, always six
 * digits, so that they sort as text. What the API sends is nearly always that form short of its
 * fraction, and is only checked and padded: dates are the greatest cost of fitting a record.
 */

import { readDateTime } from "./date_time_forms.ts";

/** The last instant that `formatMicros` can write. */
const LAST_MICROS = 253402300799999968;

/** The text as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, fractions cut; undefined when it is no date-time. */
export function normalizeDateTime(text: string): string | undefined {
  if (!isCommonForm(text)) return normalizeOtherForm(text);
  const end = text.length - 1;
  if (end === 26) return text;
  // Joined rather than added: a concatenation stays a rope, and serialising ropes is slow.
  return end === 19
    ? [text.slice(0, 19), ".000000Z"].join("")
    : [text.slice(0, Math.min(26, end)).padEnd(26, "0"), "Z"].join("");
}

/**
 * The instant in epoch microseconds; undefined when the text is no date-time. Exact up to the year
 * 2255, where microseconds leave the safe integers.
 */
export function parseMicros(text: string): number | undefined {
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

/** Whether the text is a valid `YYYY-MM-DDTHH:MM:SSZ`, with or without a fraction. */
function isCommonForm(text: string): boolean {
  const end = text.length - 1;
  if (end < 19 || text[end] !== "Z" || text[10] !== "T") return false;
  if (text[4] !== "-" || text[7] !== "-" || text[13] !== ":" || text[16] !== ":") return false;
  if (end > 19 && (text[19] !== "." || end === 20 || digits(text, 20, end) < 0)) return false;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) &&
    hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
}

/** The number written in the digits from `start` to `end`; -1 when one of them is no digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function normalizeOtherForm(text: string): string | undefined {
  const read = readDateTime(text);
  if (read === undefined || read.local.year < 1) return undefined;
  const utc = read.local.subtract({ minutes: read.offsetMinutes });
  if (utc.year < 1 || utc.year > 9999) return undefined;
  return `${utc.toString({ smallestUnit: "microsecond" })}Z`;
}
