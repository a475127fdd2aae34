/**
 * Numbers digit by digit: those in texts, as Python reads them (spaces around, `_` between digits, a
 * leading `+`), and integers as far as columns hold them. What JSON cannot write, `inf` and `nan`, is
 * no number here.
 */

import { ExactNumber, fromBigInt, numberFrom } from "../exact_number.ts";

const INTEGER_REGEXP = /^[+-]?\d+(?:_\d+)*$/;
const DECIMAL_REGEXP =
  /^(?<sign>[+-]?)(?=\.?\d)(?<whole>(?:\d+(?:_\d+)*)?)\.?(?<fraction>(?:\d+(?:_\d+)*)?)(?:e(?<exponent>[+-]?\d+(?:_\d+)*))?$/i;

/** Every decimal number of so many digits comes back from a double as it was. */
const DOUBLE_DIGITS = 15;

/** How many digits the greatest integer of 64 bits has. */
const BIGINT_DIGITS = 19;

/** A decimal number: `digits`, without zeros in front, times ten to the `exponent`. */
interface Decimal {
  sign: "" | "-";
  digits: string;
  exponent: number;
}

/** The integer in a text; thousands may have their commas. Undefined beyond 64 bits. */
export function parseInteger(text: string): number | ExactNumber | undefined {
  const digits = text.replaceAll(",", "").trim();
  return INTEGER_REGEXP.test(digits) ? wholeOf(readDecimal(digits)) : undefined;
}

/** The number in a text; thousands may have their commas. Undefined beyond every double. */
export function parseNumber(text: string): number | ExactNumber | undefined {
  const source = decimalText(text.replaceAll(",", ""));
  const number = source === undefined ? undefined : numberFrom(source);
  if (!(number instanceof ExactNumber)) return number;
  return number.source.replaceAll(/\D/g, "").length > DOUBLE_DIGITS
    ? number
    : Number(number.source);
}

/** A number without its fraction. Undefined beyond 64 bits. */
export function wholePart(value: number | ExactNumber): number | ExactNumber | undefined {
  if (typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER) {
    return Math.trunc(value);
  }
  return wholeOf(readDecimal(String(value)));
}

/** Whether a number has anything behind the point. */
export function hasFraction(value: number | ExactNumber): boolean {
  if (typeof value === "number") return Number.isFinite(value) && !Number.isInteger(value);
  const decimal = readDecimal(value.source);
  if (decimal === undefined || decimal.exponent >= 0) return false;
  return /[^0]/.test(decimal.digits.slice(decimal.exponent));
}

/**
 * A decimal number as Python's `Decimal` writes it, every digit kept: `5.10`, `1E-7`. Exponents of
 * more than fifteen digits are refused.
 */
export function decimalText(text: string): string | undefined {
  const decimal = readDecimal(text.trim());
  if (decimal === undefined) return undefined;
  const { sign, digits, exponent } = decimal;
  // How many of the digits stand before the point.
  const point = digits.length + exponent;
  if (exponent > 0 || point <= -6) return sign + scientific(digits, point - 1);
  if (exponent === 0) return sign + digits;
  return point > 0
    ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
    : `${sign}0.${"0".repeat(-point)}${digits}`;
}

function readDecimal(text: string): Decimal | undefined {
  const groups = DECIMAL_REGEXP.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const [whole, fraction, exponent] = [groups.whole, groups.fraction, groups.exponent ?? "0"]
    .map((digits) => digits!.replaceAll("_", "")) as [string, string, string];
  if (exponent.length > 16) return undefined;
  return {
    sign: groups.sign === "-" ? "-" : "",
    digits: (whole + fraction).replace(/^0+(?=\d)/, ""),
    exponent: Number(exponent) - fraction.length,
  };
}

function wholeOf(decimal: Decimal | undefined): number | ExactNumber | undefined {
  if (decimal === undefined) return undefined;
  const { sign, digits, exponent } = decimal;
  const length = digits.length + exponent;
  if (length <= 0 || digits === "0") return 0;
  if (length > BIGINT_DIGITS) return undefined;
  const whole = BigInt(sign + digits.slice(0, length).padEnd(length, "0"));
  if (whole !== BigInt.asIntN(64, whole)) return undefined;
  return fromBigInt(whole);
}

function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${digits[0]}${fraction}E${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}
