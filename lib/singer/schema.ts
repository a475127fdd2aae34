/** The JSON Schema subset that Singer catalogs carry. Unknown keywords are kept and ignored. */

import type { Json } from "../json.ts";

/** One schema node, as a catalog file or a file in `schemas/` has it. */
export interface Schema {
  type?: string | string[];
  format?: string;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  [keyword: string]: Json | Schema | Schema[] | Record<string, Schema> | undefined;
}

/** One type that a schema node allows, `any` where it names none. */
export interface Alternative {
  type: string;
  /** The node that names the type, and with it the type's format, properties or items. */
  schema: Schema;
  /** Whether a number could also be meant: 0 and 1 are then no booleans. */
  besideNumber: boolean;
}

/** The types that a node allows, in the order in which singer-python tries them: null last. */
export function alternativesOf(schema: Schema): Alternative[] {
  const named = namedTypes(schema);
  const besideNumber = named.some(([type]) => type === "integer" || type === "number");
  return named.map(([type, schema]) => ({ type, schema, besideNumber }));
}

function namedTypes(schema: Schema): [type: string, schema: Schema][] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(namedTypes);
  if (schema.type === undefined) return [["any", schema]];
  const types = [schema.type].flat();
  const ordered = types.filter((type) => type !== "null");
  if (ordered.length < types.length) ordered.push("null");
  return ordered.map((type) => [type, schema]);
}

/** Whether one of the types admits null. */
export function admitsNull(alternatives: readonly Alternative[]): boolean {
  return alternatives.some(({ type }) => type === "null" || type === "any");
}

/** Whether an object node says nothing about its members. */
export function isOpen(schema: Schema): boolean {
  return Object.keys(schema.properties ?? {}).length === 0 &&
    Object.keys(schema.patternProperties ?? {}).length === 0;
}

/** The patterns of an object node; as in Python's `re.match`, one holds at a name's beginning. */
export function patternsOf(
  schema: Schema,
): { pattern: string; regexp: RegExp; member: Schema }[] {
  return Object.entries(schema.patternProperties ?? {})
    .map(([pattern, member]) => ({ pattern, regexp: new RegExp(`^(?:${pattern})`), member }));
}

/** An object node without these properties. */
export function withoutProperties(schema: Schema, names: readonly string[]): Schema {
  if (names.length === 0) return schema;
  const properties = Object.entries(schema.properties ?? {})
    .filter(([name]) => !names.includes(name));
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** The path of a member of the object at `path`, dotted as in messages; the path of a record is empty. */
export function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** What an object node says of the member with this name. */
export function memberSchema(schema: Schema, name: string): Schema | undefined {
  const { properties } = schema;
  if (properties && Object.hasOwn(properties, name)) return properties[name];
  return patternsOf(schema).find(({ regexp }) => regexp.test(name))?.member;
}
