/**
 * What a catalog says of a selected stream that this tap does not do, or not as one may think: said
 * aloud, for who edits a catalog wants something. What discovery prints, here and in the Python tap,
 * says nothing of the kind.
 */

import type { Json, JsonObject } from "../json.ts";
import { isOpen, type Schema } from "./schema.ts";
import type { MetadataItem } from "./selection.ts";

/** What is known of a stream whose entry is looked at. */
export interface EditedStream {
  tapStreamId: string;
  keyProperties: readonly string[];
  replicationMethod: "FULL_TABLE" | "INCREMENTAL";
  /** The properties that may order its bookmarks, in any way of reading it. */
  replicationKeys: readonly string[];
}

/** What to warn about in a stream's entry, a clause for each. */
export function editWarnings(
  entry: JsonObject,
  items: readonly MetadataItem[],
  stream: EditedStream,
): string[] {
  const root = items.findLast(({ breadcrumb }) => breadcrumb.length === 0)?.metadata ?? {};
  return [
    ...keyWarnings(entry, root, stream),
    ...methodWarnings(entry, root, stream),
    ...nameWarnings(entry, stream),
    ...items.flatMap((item) => selectionWarnings(item, entry.schema as Schema, stream)),
  ];
}

/** Whether an incremental stream is to be read from `start_date` on each time. */
export function isReadAnew(items: readonly MetadataItem[], stream: EditedStream): boolean {
  const root = items.findLast(({ breadcrumb }) => breadcrumb.length === 0)?.metadata;
  return stream.replicationMethod === "INCREMENTAL" &&
    root?.["replication-method"] === "FULL_TABLE";
}

function keyWarnings(
  entry: JsonObject,
  root: JsonObject,
  { keyProperties }: EditedStream,
): string[] {
  const said = {
    "table-key-properties": root["table-key-properties"],
    "view-key-properties": root["view-key-properties"],
    key_properties: entry.key_properties,
  };
  return Object.entries(said)
    .filter(([, keys]) => isSaid(keys) && !isSameSet(keys, keyProperties))
    .map(([name, keys]) =>
      `${quote(name)} is ${JSON.stringify(keys)}, but its key is ${
        list(keyProperties)
      } all the same`
    );
}

function methodWarnings(entry: JsonObject, root: JsonObject, stream: EditedStream): string[] {
  const { replicationMethod: own, replicationKeys } = stream;
  const asked = root["replication-method"];
  const isDone = asked === own || (asked === "FULL_TABLE" && own === "INCREMENTAL");
  const fixed = {
    "forced-replication-method": root["forced-replication-method"],
    replication_method: entry.replication_method,
  };
  const key = root["replication-key"];
  const lists = [root["valid-replication-keys"] ?? []].flat();
  const odd = [key ?? [], lists].flat(2).filter((name) =>
    !replicationKeys.includes(name as string)
  );
  return [
    ...(isSaid(asked) && !isDone
      ? [`"replication-method" is ${JSON.stringify(asked)}, but it is read as ${own}`]
      : []),
    ...Object.entries(fixed)
      .filter(([, method]) => isSaid(method) && method !== own)
      .map(([name, method]) =>
        `${quote(name)} is ${
          JSON.stringify(method)
        }, which has no effect: to read all of it each ` +
        'time, set "replication-method": "FULL_TABLE" in the metadata at breadcrumb []'
      ),
    ...(odd.length > 0
      ? [`the replication key ${list(odd)} is none of its own, and has no effect`]
      : []),
  ];
}

function nameWarnings(entry: JsonObject, { tapStreamId }: EditedStream): string[] {
  return ["stream", "stream_alias", "table_name"]
    .filter((name) => isSaid(entry[name]) && entry[name] !== tapStreamId)
    .map((name) =>
      `${quote(name)} is ${JSON.stringify(entry[name])}, but its messages are named ` +
      quote(tapStreamId)
    );
}

function selectionWarnings(
  { breadcrumb, metadata }: MetadataItem,
  schema: Schema,
  { keyProperties }: EditedStream,
): string[] {
  const { selected, inclusion } = metadata;
  const path = breadcrumb.filter((step) => step !== "properties").join(".") || "the stream";
  const isDropped = selected === false || inclusion === "unsupported";
  const warnings: string[] = [];
  if (typeof selected === "string" && selected.toLowerCase() === "false") {
    warnings.push(`"selected" of ${path} is a text, which deselects nothing: write false`);
  }
  if (isDropped && inclusion !== "automatic" && isKey(breadcrumb, keyProperties)) {
    warnings.push(`its key property ${path} cannot be deselected`);
  }
  if ((isDropped || selected === true) && !names(schema, breadcrumb)) {
    warnings.push(`its schema has no ${path}, which the metadata selects or deselects`);
  }
  return warnings;
}

function isKey([properties, name, ...rest]: string[], keys: readonly string[]): boolean {
  return properties === "properties" && rest.length === 0 && keys.includes(name ?? "");
}

/** Whether a breadcrumb leads to a place of the schema, or into an object whose members are open. */
function names(schema: Schema, breadcrumb: readonly string[]): boolean {
  const [step, name, ...rest] = breadcrumb;
  if (step === undefined || schema.anyOf !== undefined) return true;
  if (step === "items") {
    return schema.items !== undefined && names(schema.items, breadcrumb.slice(1));
  }
  if (step !== "properties" || name === undefined || isOpen(schema)) return true;
  const { properties = {} } = schema;
  if (!Object.hasOwn(properties, name)) return schema.patternProperties !== undefined;
  return names(properties[name]!, rest);
}

function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function isSameSet(value: Json | undefined, names: readonly string[]): boolean {
  const said = new Set([value].flat());
  return said.size === names.length && names.every((name) => said.has(name));
}

function list(names: readonly unknown[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}

function quote(name: string): string {
  return JSON.stringify(name);
}
