/**
 * Catalogs: what a sync is told to read. Users and tools edit these files, so whatever has one clear
 * meaning is taken, and a stream that is not selected may be wrong in every other way.
 */

import { InputError } from "../errors.ts";
import { isNumber } from "../exact_number.ts";
import { describeType, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { type EditedStream, editWarnings, isReadAnew } from "./catalog_edits.ts";
import type { Schema } from "./schema.ts";
import { schemaProblem } from "./schema_problem.ts";
import { type MetadataItem, type Selection, selectionTree } from "./selection.ts";

/** What a catalog says of one stream. */
export interface CatalogEntry {
  tapStreamId: string;
  /** Whether it is to be read; if not, schema and selection are empty. */
  selected: boolean;
  schema: Schema;
  selection: Selection;
  /** From a legacy `replication_key`, for the SCHEMA message; undefined without one. */
  bookmarkProperties: string[] | undefined;
  /** Whether an incremental stream is to be read from `start_date` on, whatever its bookmark says. */
  isReadAnew: boolean;
}

/** What a catalog is checked against: the streams that the tap has. */
export interface KnownStream extends Omit<EditedStream, "replicationKeys"> {
  /** The properties that may order its bookmarks, which depend on how it is read. */
  replicationKeys(config: { chatsApi: "search" | "incremental" }): readonly string[];
}

/** A stream as it is read when no catalog is given. */
export function defaultEntry(stream: { tapStreamId: string; schema: Schema }): CatalogEntry {
  const { tapStreamId, schema } = stream;
  return {
    tapStreamId,
    selected: true,
    schema,
    selection: selectionTree([]),
    bookmarkProperties: undefined,
    isReadAnew: false,
  };
}

/**
 * The streams of a catalog as it is read from a file, in its order; of a stream that is listed more
 * than once, which is warned about, the first entry.
 *
 * @throws {InputError} when it is no catalog, or a selected stream cannot be read as it says.
 */
export function checkCatalog(
  catalog: Json,
  file: string,
  knownStreams: readonly KnownStream[],
  warn: (warning: string) => void = () => {},
): CatalogEntry[] {
  const named = `catalog file ${JSON.stringify(file)}`;
  const fail = (problem: string): never => {
    throw new InputError(`Cannot use ${named}: ${problem}`);
  };
  const streams = isJsonObject(catalog) ? catalog.streams : undefined;
  if (!Array.isArray(streams)) {
    return fail(
      isJsonObject(catalog)
        ? `"streams" is ${describeType(streams)}, expected a list of streams`
        : `expected an object with "streams", found ${describeType(catalog)}`,
    );
  }
  const counts = new Map<string, number>();
  const entries = streams.flatMap((stream, index): CatalogEntry[] => {
    if (!isJsonObject(stream)) {
      return fail(`"streams.${index}" is ${describeType(stream)}, expected an object`);
    }
    const { tap_stream_id: id } = stream;
    if (typeof id === "string") {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      if (counts.get(id) !== 1) return [];
    }
    return [readEntry(stream, index, knownStreams, { fail, warn })];
  });
  for (const [id, count] of counts) {
    if (count === 1) continue;
    warn(
      `Stream "${id}" is listed ${count} times in ${named}: the first entry counts, remove the rest`,
    );
  }
  return entries;
}

/** Whether an entry selects its stream: in its metadata, or as older tools do it in its schema. */
export function isSelected({ metadata, schema }: JsonObject): boolean {
  return isTruthy(rootOf(readMetadata(metadata).items)?.selected) ||
    isJsonObject(schema) && isTruthy(schema.selected);
}

/** The entries in order, but beginning with the stream that an interrupted run was reading. */
export function rotateEntries<Entry extends { tapStreamId: string }>(
  entries: readonly Entry[],
  currentlySyncing: Json | undefined,
): Entry[] {
  const first = entries.findIndex(({ tapStreamId }) => tapStreamId === currentlySyncing);
  return first < 0 ? [...entries] : [...entries.slice(first), ...entries.slice(0, first)];
}

/** What becomes of what is wrong with a catalog, and of what is odd about it. */
interface Findings {
  fail(problem: string): never;
  warn(warning: string): void;
}

function readEntry(
  stream: JsonObject,
  index: number,
  knownStreams: readonly KnownStream[],
  findings: Findings,
): CatalogEntry {
  const { tap_stream_id: id, schema } = stream;
  const tapStreamId = typeof id === "string" ? id : `streams.${index}`;
  const fail = (problem: string) => findings.fail(`stream "${tapStreamId}": ${problem}`);

  const { items, problem } = readMetadata(stream.metadata);
  if (!isSelected(stream)) {
    // What cannot be read might have been what selects the stream.
    if (problem !== undefined && rootOf(items) === undefined) fail(problem);
    return { ...defaultEntry({ tapStreamId, schema: {} }), selected: false };
  }

  if (typeof id !== "string") {
    return fail(`"tap_stream_id" is ${describeType(id)}, expected a stream's name`);
  }
  const known = knownStreams.find((other) => other.tapStreamId === id);
  if (known === undefined) {
    const names = knownStreams.map((other) => other.tapStreamId).join(", ");
    return fail(
      `it is selected, but this tap has no such stream: deselect it, or choose from ${names}`,
    );
  }
  const found = problem ?? schemaProblem(schema, known.keyProperties);
  if (found !== undefined) fail(found);
  const edited = { ...known, replicationKeys: anyReplicationKeys(known) };
  for (const warning of editWarnings(stream, items, edited)) {
    findings.warn(`Stream "${id}" in the catalog: ${warning}`);
  }
  return {
    tapStreamId,
    selected: true,
    schema: schema as Schema,
    selection: selectionTree(items),
    bookmarkProperties: readReplicationKey(stream.replication_key),
    isReadAnew: isReadAnew(items, edited),
  };
}

function anyReplicationKeys(stream: KnownStream): string[] {
  const ways = ["search", "incremental"] as const;
  return ways.flatMap((chatsApi) => stream.replicationKeys({ chatsApi }));
}

/** What the metadata says of the stream itself. */
function rootOf(items: readonly MetadataItem[]): JsonObject | undefined {
  return items.findLast(({ breadcrumb }) => breadcrumb.length === 0)?.metadata;
}

/** Truthy as singer-python has it: the text "false" selects, an empty list or object does not. */
function isTruthy(value: Json | undefined): boolean {
  if (typeof value !== "object" || value === null) return Boolean(value);
  return isNumber(value) || Object.keys(value).length > 0;
}

/** The items that can be read, and what is wrong with the first one that cannot. */
function readMetadata(metadata: Json | undefined): { items: MetadataItem[]; problem?: string } {
  if (metadata === undefined || metadata === null) return { items: [] };
  if (!Array.isArray(metadata)) {
    return { items: [], problem: `"metadata" is ${describeType(metadata)}, expected a list` };
  }
  const isItem = (item: unknown): item is MetadataItem =>
    isJsonObject(item) && isJsonObject(item.metadata) && Array.isArray(item.breadcrumb) &&
    item.breadcrumb.every((step) => typeof step === "string");
  const items = metadata.filter(isItem);
  const wrong = metadata.findIndex((item) => !isItem(item));
  return wrong < 0 ? { items } : {
    items,
    problem: `"metadata.${wrong}" is not an object with a list of texts as "breadcrumb" and an ` +
      `object as "metadata"`,
  };
}

function readReplicationKey(value: Json | undefined): string[] | undefined {
  const keys = [value ?? []].flat().filter((key) => typeof key === "string" && key !== "");
  return keys.length === 0 ? undefined : keys as string[];
}
