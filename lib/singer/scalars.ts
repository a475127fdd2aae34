/**
 * One value against one type, as singer-python converts it. `undefined` says that the value does not
 * fit. What differs from Python on purpose: booleans are not made from just anything, and what is no
 * text becomes JSON text, not Python's repr.
 */

import { normalizeDateTime } from "../date_time.ts";
import type { Json } from "../json.ts";
import { decimalText, parseInteger, parseNumber } from "./numbers.ts";
import type { Alternative } from "./schema.ts";

/** The value as the type has it; objects and arrays fit no type here but a plain string or any. */
export function fitScalar(
  { type, schema, besideNumber }: Alternative,
  value: Json,
): Json | undefined {
  switch (type) {
    case "any":
      return value;
    case "null":
      return value === null || value === "" ? null : undefined;
    case "string":
      if (schema.format === "date-time") return fitDateTime(value);
      return schema.format === "singer.decimal" ? fitDecimal(value) : fitString(value);
    case "integer": {
      const number = fitNumber(value, parseInteger);
      return number === undefined ? undefined : Math.trunc(number);
    }
    case "number":
      return fitNumber(value, parseNumber);
    case "boolean":
      return (value === 0 || value === 1) && !besideNumber ? value === 1 : fitBoolean(value);
    default:
      return undefined;
  }
}

function fitString(value: Json): string | undefined {
  if (typeof value === "string") return value;
  return value === null || value === Infinity || value === -Infinity
    ? undefined
    : JSON.stringify(value);
}

function fitDateTime(value: Json): string | undefined {
  return typeof value === "string" ? normalizeDateTime(value) : undefined;
}

function fitDecimal(value: Json): string | undefined {
  return typeof value === "string" || typeof value === "number"
    ? decimalText(String(value))
    : undefined;
}

function fitNumber(
  value: Json,
  parse: (text: string) => number | undefined,
): number | undefined {
  if (typeof value === "string") return parse(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  // A number too large for a double is Infinity once it is parsed.
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function fitBoolean(value: Json): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string" || value.length > 5) return undefined;
  const lower = value.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}
