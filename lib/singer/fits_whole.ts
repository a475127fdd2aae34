/** Judges a value against one type without changing it, for nodes where several types could take it. */

import { isJsonObject, type Json } from "../json.ts";
import { fitScalar } from "./scalars.ts";
import { type Alternative, alternativesOf, isOpen, memberSchema, type Schema } from "./schema.ts";

/** Whether the value fits the type without anything in it being made null. */
export function fitsWhole({ type, schema, besideNumber }: Alternative, value: Json): boolean {
  const nodeFits = (node: Schema, part: Json) =>
    alternativesOf(node).some((alternative) => fitsWhole(alternative, part));
  if (type === "array" && Array.isArray(value)) {
    const { items } = schema;
    return items === undefined || value.every((item) => nodeFits(items, item));
  }
  if (type === "object" && isJsonObject(value)) {
    return isOpen(schema) || Object.entries(value).every(([name, part]) => {
      const node = memberSchema(schema, name);
      return node === undefined || part === undefined || nodeFits(node, part);
    });
  }
  return fitScalar({ type, schema, besideNumber }, value) !== undefined;
}
