/** Columns that a target keeps as text, read as the types that their schema names. */

import type { Schema } from "../../lib/singer/schema.ts";
import { type Exact, type ExactObject, parseExact } from "./exact_json.ts";
import { typesOf } from "./stored_value.ts";

/** A row in which objects and arrays are JSON texts. */
export function structuresFromText(schema: Schema, row: ExactObject): ExactObject {
  return mapColumns(schema, row, (node, value) => {
    const isStructure = typesOf(node).some((type) => type === "object" || type === "array");
    return isStructure && typeof value === "string" ? parseExact(value) : value;
  });
}

/** A row in which everything is text, nothing at all being null. */
export function everythingFromText(schema: Schema, row: ExactObject): ExactObject {
  return mapColumns(schema, row, (node, value) => {
    const [type] = typesOf(node);
    if (value === "") return null;
    // As Python prints them.
    if (type === "boolean" && (value === "True" || value === "False")) return value === "True";
    return type === "string" ? value : parseExact(value as string);
  });
}

function mapColumns(
  schema: Schema,
  row: ExactObject,
  read: (node: Schema, value: Exact) => Exact,
): ExactObject {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      read(schema.properties?.[name] ?? {}, value ?? null),
    ]),
  );
}
