/**
 * Puts patterns into a catalog: each sets `selected` where it matches. What is excluded stays excluded,
 * whatever the order. Unlike with `meltano select`, a stream's bare name keeps the catalog's own choice
 * of fields, and patterns that only exclude keep its own choice of streams.
 */

import { isJsonObject, type JsonObject } from "../json.ts";
import { type Field, fieldsOf, flatten, nameOf } from "./entry_fields.ts";
import { EntryMetadata } from "./entry_metadata.ts";
import { parsePattern, type Pattern } from "./select_patterns.ts";

/** The catalog with `selected` set as the patterns say; what was handed in stays as it is. */
export function applyPatterns(catalog: JsonObject, patterns: readonly string[]): JsonObject {
  const parsed = patterns.map(parsePattern);
  const onlyExcludes = parsed.every(({ excludes }) => excludes);
  const selectIn = (entry: JsonObject): JsonObject => {
    const own = parsed.filter(({ stream }) => stream.test(nameOf(entry)));
    return own.length === 0 && onlyExcludes ? entry : selectEntry(entry, own, onlyExcludes);
  };
  const { streams } = catalog;
  if (!Array.isArray(streams)) return catalog;
  return {
    ...catalog,
    streams: streams.map((entry) => isJsonObject(entry) ? selectIn(entry) : entry),
  };
}

/** An entry with what the patterns of its stream say of it and of its fields. */
function selectEntry(
  entry: JsonObject,
  patterns: readonly Pattern[],
  onlyExcludes: boolean,
): JsonObject {
  const metadata = new EntryMetadata(entry.metadata);
  const excluding = patterns.filter(({ excludes }) => excludes);
  const including = patterns.filter(({ excludes }) => !excludes);
  const fields = patterns.length === 0 ? [] : fieldsOf(entry);
  const isIncluded = including.some(({ field }) =>
    field === undefined || flatten(fields).some(({ path }) => field.test(path))
  );
  const isExcluded = excluding.some(({ isWhole }) => isWhole);
  const isSaid = isExcluded || !onlyExcludes;
  const selected = isIncluded && !isExcluded;
  if (isSaid) metadata.select([], selected);
  if (selected || !isSaid) {
    selectFields(fields, metadata, {
      including: including.flatMap(({ field }) => field ?? []),
      excluding: excluding.flatMap(({ field }) => field ?? []),
      keepsOthers: onlyExcludes || including.some(({ field }) => field === undefined),
    });
  }
  const { schema } = entry;
  return {
    ...entry,
    metadata: metadata.items,
    // Where older tools select; it would count as well.
    ...(isSaid && isJsonObject(schema) && "selected" in schema &&
      { schema: { ...schema, selected } }),
  };
}

/** What patterns say of the fields of one stream. */
interface FieldChoice {
  including: readonly RegExp[];
  excluding: readonly RegExp[];
  /** Whether a field that no pattern names keeps the catalog's choice, and is not left out. */
  keepsOthers: boolean;
}

/** Selects below a field that itself was chosen (true), left out (false), or kept as it was. */
function selectFields(
  fields: readonly Field[],
  metadata: EntryMetadata,
  choice: FieldChoice,
  parent?: boolean,
): void {
  for (const field of fields) {
    const named = choose(field, choice, parent === true);
    if (named !== undefined && (parent !== named || metadata.has(field.breadcrumb))) {
      metadata.select(field.breadcrumb, named);
    }
    // What is left out is left out with all below it.
    if (named !== false) {
      selectFields(field.fields, metadata, choice, isCovered(field, choice, parent));
    }
  }
}

/** Whether a field is chosen with all that is below it. */
function isCovered(
  { path }: Field,
  { including }: FieldChoice,
  parent?: boolean,
): true | undefined {
  return parent === true || including.some((pattern) => pattern.test(path)) ? true : undefined;
}

/** Whether a field is to be selected; undefined when that stays as it is. */
function choose(field: Field, choice: FieldChoice, isInherited: boolean): boolean | undefined {
  const { including, excluding, keepsOthers } = choice;
  if (excluding.some((pattern) => pattern.test(field.path))) return false;
  const below = [field, ...flatten(field.fields)];
  if (isInherited || including.some((pattern) => below.some(({ path }) => pattern.test(path)))) {
    return true;
  }
  return keepsOthers ? undefined : false;
}
