/**
 * The fields of a catalog entry as a tree, for whoever names them by path: `visitor.email`. Array items
 * and alternatives are no step of a path, though they are one of a breadcrumb.
 */

import { isJsonObject, type JsonObject } from "../json.ts";
import { joinPath, type Schema } from "./schema.ts";
import { schemaProblem } from "./schema_problem.ts";

/** A property of a schema; array items are no step of their own in `path`. */
export interface Field {
  path: string;
  breadcrumb: string[];
  fields: Field[];
}

/** The entries of a catalog; what is no object is none, which is for others to say. */
export function entriesOf({ streams }: JsonObject): JsonObject[] {
  return Array.isArray(streams) ? streams.filter(isJsonObject) : [];
}

/** The name of an entry's stream; empty without one. */
export function nameOf({ tap_stream_id: id }: JsonObject): string {
  return typeof id === "string" ? id : "";
}

/** The fields of an entry; none where its schema cannot be used, which is for others to say. */
export function fieldsOf({ schema }: JsonObject): Field[] {
  return schemaProblem(schema, []) === undefined ? fieldsIn(schema as Schema, "", []) : [];
}

function fieldsIn(schema: Schema, path: string, breadcrumb: string[]): Field[] {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.flatMap((alternative) => fieldsIn(alternative, path, breadcrumb));
  }
  const { properties = {}, items } = schema;
  return [
    ...Object.entries(properties).map(([name, member]) => {
      const own = joinPath(path, name);
      const steps = [...breadcrumb, "properties", name];
      return { path: own, breadcrumb: steps, fields: fieldsIn(member, own, steps) };
    }),
    ...items === undefined ? [] : fieldsIn(items, path, [...breadcrumb, "items"]),
  ];
}

/** Fields and all that are below them. */
export function flatten(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...flatten(field.fields)]);
}
