/** Values that fit no type of their node: which they are, in words that never hold them. */

import { isNumber } from "../exact_number.ts";
import { describeType, type Json } from "../json.ts";
import { type Alternative, alternativesOf, type Schema } from "./schema.ts";

/** A value fits neither a type of its node nor null; nothing can be written in its place. */
export class MisfitError extends Error {
  override name = "MisfitError";

  /** The message names path, kind and types, never the value. */
  constructor(path: string, value: Json, schema: Schema) {
    const alternatives = alternativesOf(schema);
    const types = alternatives.map(({ type }) => type).join(" or ");
    super(`"${path}" is ${describeKind(value, alternatives)}, expected ${types}`);
  }
}

function describeKind(value: Json, alternatives: readonly Alternative[]): string {
  // Not even true may be told from false.
  if (typeof value === "boolean") return "a boolean";
  return isTooLarge(value, alternatives) ? "a number beyond its type" : describeType(value);
}

/** Whether the value is a number that would fit if it were smaller. */
export function isTooLarge(value: Json, alternatives: readonly Alternative[]): boolean {
  if (!isNumber(value)) return false;
  return value === Infinity || value === -Infinity ||
    alternatives.some(({ type }) => type === "integer");
}
