/** JSON as TypeScript sees it: what `JSON.parse` returns and every message is made of. */

import { ExactNumber } from "./exact_number.ts";

/** Any JSON value. */
export type Json = null | boolean | number | ExactNumber | string | Json[] | JsonObject;

/** A JSON object; a member that is `undefined` is absent once it is written. */
export interface JsonObject {
  [member: string]: Json | undefined;
}

/** Whether the value is an object, arrays and null excluded. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof ExactNumber);
}

/** What a value is, in the words of an error message; the value itself is never part of it. */
export function describeType(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (value instanceof ExactNumber) return "a number";
  if (typeof value === "object") return "an object";
  return typeof value === "boolean" ? `${value}` : `a ${typeof value}`;
}
