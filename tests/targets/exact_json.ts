/** JSON whose numbers keep their digits, on the way in and out: a double would round those to compare. */

/** A number that is no double; `source` is as it was written. */
export class Digits {
  constructor(readonly source: string) {}
}

/** What exact JSON is made of. */
export type Exact = null | boolean | number | string | Digits | Exact[] | ExactObject;

/** An object of exact JSON; a member that is `undefined` is absent. */
export interface ExactObject {
  [member: string]: Exact | undefined;
}

/** Parses JSON. Numbers that a double holds are numbers, however they are written. */
export function parseExact(text: string): Exact {
  return JSON.parse(text, function (_name, value, context?: { source: string }) {
    if (typeof value !== "number") return value;
    const { source } = context!;
    return decimalOf(String(value)) === decimalOf(source) ? value : new Digits(source);
  });
}

/** Parses JSON for JavaScript's own `JSON.stringify`, which then writes each number as it was. */
export function parseForWriting(text: string): unknown {
  return forWriting(parseExact(text));
}

/** Compact JSON. */
export function writeExact(value: Exact): string {
  return JSON.stringify(forWriting(value));
}

/** One form for all ways to write a number: `-12.50e1` is `-125e0`. */
export function decimalOf(source: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(source);
  if (match === null) return source;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const scale = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${sign}${significant}e${scale}`;
}

/** Whether this is an object and nothing else. */
export function isExactObject(value: Exact | undefined): value is ExactObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Digits);
}

declare global {
  interface JSON {
    /** Text that `JSON.stringify` writes as it is (ECMAScript's JSON.parse source text access). */
    rawJSON(text: string): unknown;
  }
}

function forWriting(value: Exact | undefined): unknown {
  if (value instanceof Digits) return JSON.rawJSON(value.source);
  if (Array.isArray(value)) return value.map(forWriting);
  if (!isExactObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, forWriting(member)]),
  );
}
