/**
 * JSON texts read without losing a digit. A double holds some sixteen digits; where a text has a
 * number that it cannot hold as written, all numbers of that text keep theirs. A look at the text
 * tells, so that reading one without such numbers costs no more than it did.
 */

import type { Json } from "./json.ts";

declare global {
  /** What ECMAScript 2026 adds, and TypeScript's library does not have yet. */
  interface JSON {
    parse(text: string, reviver: (key: string, value: Json, at: { source: string }) => Json): Json;
    rawJSON(text: string): unknown;
  }
}

/**
 * What every text is looked through for: without it no integer is beyond 2^53. Written out rather than
 * counted, for only then does V8 skip through the text.
 */
const MANY_DIGITS_REGEXP = new RegExp("\\d".repeat(16));

const LONG_NUMBER_REGEXP = /[\d.]{16,}(?:[eE][+-]?\d+)?/g;

/** What can stand before a number's digits in JSON. */
const BEFORE_VALUE = "[:,- \t\r\n";

/** A number whose text says more than a double: more digits, or the same value in other words. */
export class ExactNumber {
  /** The number as JSON has it; a double can hold its size, if not its digits. */
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  toString(): string {
    return this.source;
  }

  /** Makes `JSON.stringify` write the digits as they came. */
  toJSON(): unknown {
    return JSON.rawJSON(this.source);
  }
}

/**
 * `JSON.parse` with every digit kept.
 *
 * @throws {SyntaxError} when the text is no JSON.
 */
export function parseExactly(text: string): Json {
  if (!losesDigits(text)) return JSON.parse(text);
  try {
    return JSON.parse(
      text,
      (_key, value, { source }) => typeof value === "number" ? exact(value, source) : value,
    );
  } catch (error) {
    // Nested too deep to be walked through, as no real answer is; parsing alone takes any depth.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

/** Whether a value is a number, kept by its digits or not. */
export function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === "number" || value instanceof ExactNumber;
}

/** The number in a text as JSON has it, its digits kept; undefined when it is beyond every double. */
export function numberFrom(source: string): number | ExactNumber | undefined {
  const value = exact(Number(source), source);
  return value instanceof ExactNumber || Number.isFinite(value) ? value : undefined;
}

/** The integer of any size that a JSON number is; undefined for what is none. */
export function toBigInt(value: Json | undefined): bigint | undefined {
  if (!isNumber(value)) return undefined;
  const source = String(value);
  if (/^-?\d+$/.test(source)) return BigInt(source);
  const number = Number(source);
  return Number.isSafeInteger(number) ? BigInt(number) : undefined;
}

/** An integer of any size as a JSON number. */
export function fromBigInt(integer: bigint): number | ExactNumber {
  return exact(Number(integer), String(integer));
}

function exact(value: number, source: string): number | ExactNumber {
  return String(value) === source || !Number.isFinite(value) ? value : new ExactNumber(source);
}

function losesDigits(text: string): boolean {
  if (!MANY_DIGITS_REGEXP.test(text)) return false;
  for (const { 0: digits, index } of text.matchAll(LONG_NUMBER_REGEXP)) {
    // Digits in a text, such as a browser's version, are mostly behind something else.
    if (!BEFORE_VALUE.includes(text[index - 1] ?? " ")) continue;
    if (String(Number(digits)) !== digits) return true;
  }
  return false;
}
