/**
 * One value against one type, as singer-python converts it. `undefined` says that the value does not
 * fit. What differs from Python on purpose: booleans are not made from just anything, what is no text
 * becomes JSON text and not Python's repr, and integers stay within 64 bits.
 */

import { normalizeDateTime } from "../date_time.ts";
import { isNumber } from "../exact_number.ts";
import type { Json } from "../json.ts";
import { decimalText, parseInteger, parseNumber, wholePart } from "./numbers.ts";
import type { Alternative } from "./schema.ts";

/** The value as the type has it; objects and arrays fit no type here but a plain string or any. */
export function fitScalar(
  { type, schema, besideNumber }: Alternative,
  value: Json,
): Json | undefined {
  // A number too large for a double is infinite once it is parsed, and fits nothing.
  if (value === Infinity || value === -Infinity) return undefined;
  switch (type) {
    case "any":
      return value;
    case "null":
      return value === null || value === "" ? null : undefined;
    case "string":
      if (schema.format === "date-time") return fitDateTime(value);
      return schema.format === "singer.decimal" ? fitDecimal(value) : fitString(value);
    case "integer":
      if (isNumber(value)) return wholePart(value);
      return typeof value === "string" ? parseInteger(value) : fitFlag(value);
    case "number":
      if (isNumber(value)) return value;
      return typeof value === "string" ? parseNumber(value) : fitFlag(value);
    case "boolean":
      if (!isNumber(value)) return fitBoolean(value);
      return besideNumber ? undefined : [false, true][Number(String(value))];
    default:
      return undefined;
  }
}

function fitString(value: Json): string | undefined {
  if (typeof value === "string") return value;
  return value === null ? undefined : JSON.stringify(value);
}

function fitDateTime(value: Json): string | undefined {
  return typeof value === "string" ? normalizeDateTime(value) : undefined;
}

function fitDecimal(value: Json): string | undefined {
  if (typeof value === "string") return decimalText(value);
  return isNumber(value) ? decimalText(String(value)) : undefined;
}

/** A boolean as the number that Python takes it for. */
function fitFlag(value: Json): number | undefined {
  return typeof value === "boolean" ? Number(value) : undefined;
}

function fitBoolean(value: Json): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string" || value.length > 5) return undefined;
  const lower = value.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}
