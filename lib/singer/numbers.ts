/**
 * Numbers in texts, as Python reads them: spaces around, `_` between digits, a leading `+`. What
 * JSON cannot write, `inf` and `nan`, is no number here.
 */

const INTEGER_REGEXP = /^[+-]?\d+(?:_\d+)*$/;
const DECIMAL_REGEXP =
  /^(?<sign>[+-]?)(?=\.?\d)(?<whole>(?:\d+(?:_\d+)*)?)\.?(?<fraction>(?:\d+(?:_\d+)*)?)(?:e(?<exponent>[+-]?\d+(?:_\d+)*))?$/i;

/** The integer in a text; thousands may have their commas. */
export function parseInteger(text: string): number | undefined {
  const digits = text.replaceAll(",", "").trim();
  return INTEGER_REGEXP.test(digits) ? finite(digits) : undefined;
}

/** The number in a text; thousands may have their commas. */
export function parseNumber(text: string): number | undefined {
  const digits = text.replaceAll(",", "").trim();
  return DECIMAL_REGEXP.test(digits) ? finite(digits) : undefined;
}

function finite(digits: string): number | undefined {
  const value = Number(digits.replaceAll("_", ""));
  return Number.isFinite(value) ? value : undefined;
}

/**
 * A decimal number as Python's `Decimal` writes it, every digit kept: `5.10`, `1E-7`. Exponents of
 * more than fifteen digits are refused.
 */
export function decimalText(text: string): string | undefined {
  const groups = DECIMAL_REGEXP.exec(text.trim())?.groups;
  if (groups === undefined) return undefined;
  const [whole, fraction, exponentText] = [groups.whole, groups.fraction, groups.exponent ?? "0"]
    .map((digits) => digits!.replaceAll("_", "")) as [string, string, string];
  if (exponentText.length > 16) return undefined;
  const sign = groups.sign === "-" ? "-" : "";
  const digits = (whole + fraction).replace(/^0+(?=\d)/, "");
  const exponent = Number(exponentText) - fraction.length;
  // How many of the digits stand before the point.
  const point = digits.length + exponent;
  if (exponent > 0 || point <= -6) return sign + scientific(digits, point - 1);
  if (exponent === 0) return sign + digits;
  return point > 0
    ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
    : `${sign}0.${"0".repeat(-point)}${digits}`;
}

function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${digits[0]}${fraction}E${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}
