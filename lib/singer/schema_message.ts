/**
 * A stream's schema as its SCHEMA message carries it: whole, deselected fields included, but without
 * what targets stumble over. Draft 4's boolean bounds are invalid in every later draft, and
 * `multipleOf` fails on values such as 19.99.
 */

import { isJsonObject, type Json } from "../json.ts";
import type { Schema } from "./schema.ts";

/** Keywords by what they hold: schemas by name, a list of schemas, or one schema. */
const NAMED = new Set(["properties", "patternProperties", "definitions", "$defs"]);
const LISTED = new Set(["anyOf", "oneOf", "allOf"]);
const SINGLE = new Set(["items", "additionalProperties", "not"]);

/** A copy of the schema for the SCHEMA message. */
export function schemaMessageSchema(schema: Schema): Schema {
  return cleanNode(schema as Json) as Schema;
}

function cleanNode(node: Json): Json {
  return mapMembers(node, (keyword, value) => {
    if (keyword === "multipleOf") return undefined;
    if (keyword === "exclusiveMinimum" || keyword === "exclusiveMaximum") {
      return typeof value === "boolean" ? undefined : value;
    }
    if (NAMED.has(keyword)) return mapMembers(value, (_name, member) => cleanNode(member));
    if (LISTED.has(keyword) && Array.isArray(value)) return value.map(cleanNode);
    return SINGLE.has(keyword) ? cleanNode(value) : value;
  });
}

/** A copy of an object without the members that become undefined; anything else as it is. */
function mapMembers(value: Json, map: (name: string, member: Json) => Json | undefined): Json {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, map(name, member!)] as const)
      .filter(([_name, member]) => member !== undefined),
  );
}
