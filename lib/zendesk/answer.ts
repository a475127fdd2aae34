/**
 * Takes the API's answers apart. Whatever is not of the documented shape is a `ShapeError` that
 * says where and what was found, never the content, so that an odd answer can be asked for again
 * and can neither crash a stream nor pass for an empty page. Rows are handed on whatever they are:
 * one that cannot be written must not keep back those beside it.
 */

import { isNumber } from "../exact_number.ts";
import { describeType, isJsonObject, type Json, type JsonObject } from "../json.ts";

/** The answer is JSON, but not what was asked for; the message is one clause without content. */
export class ShapeError extends Error {
  override name = "ShapeError";
}

function mismatch(expected: string, found: Json | undefined, place: string): ShapeError {
  const where = place === "" ? "" : `"${place}": `;
  return new ShapeError(`${where}${expected} was expected, found ${describeType(found)}`);
}

function object(value: Json | undefined, place: string): JsonObject {
  if (!isJsonObject(value)) throw mismatch("an object", value, place);
  return value;
}

function array(value: Json | undefined, place: string): Json[] {
  if (!Array.isArray(value)) throw mismatch("an array", value, place);
  return value;
}

/** The answer as an object. */
export function objectAnswer(body: Json): JsonObject {
  return object(body, "");
}

/** The object that is a member of the answer. */
export function objectIn(body: Json, name: string): JsonObject {
  return object(objectAnswer(body)[name], name);
}

/** The rows of an answer that is a list; each should be an object. */
export function rows(body: Json): Json[] {
  return array(body, "");
}

/** The rows of an answer that has them as a member; each should be an object. */
export function rowsIn(body: Json, name: string): Json[] {
  return array(objectAnswer(body)[name], name);
}

/** A text member; `undefined` when it is null or absent. */
export function optionalText(from: JsonObject, name: string): string | undefined {
  const value = from[name] ?? undefined;
  if (value !== undefined && typeof value !== "string") throw mismatch("text", value, name);
  return value;
}

/** A member that counts something, a whole number from 0; `undefined` when it is null or absent. */
export function optionalCount(from: JsonObject, name: string): number | undefined {
  const value = from[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!isNumber(value)) throw mismatch("a count", value, name);
  const count = Number(`${value}`);
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new ShapeError(`"${name}": a count was expected, found ${value}`);
  }
  return count;
}
