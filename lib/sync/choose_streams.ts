/** Which streams a command is about, and with which fields: by catalog, by `--select`, or by default. */

import { zip } from "@std/collections/zip";
import type { JsonObject } from "../json.ts";
import { applyPatterns } from "../singer/apply_patterns.ts";
import { type CatalogEntry, checkCatalog, defaultEntry, isSelected } from "../singer/catalog.ts";
import { discoveryEntry } from "../singer/discovery_entry.ts";
import { entriesOf } from "../singer/entry_fields.ts";
import { requireMatches } from "../singer/select_patterns.ts";
import type { AnyStream } from "../stream/stream.ts";
import { streamsNotLacking } from "./discover.ts";
import { readCatalog } from "./inputs.ts";
import type { Run } from "./run.ts";

/** What a choice depends on. */
export interface Choice {
  /** The table of streams. */
  streams: readonly AnyStream[];
  /** The patterns of `--select`; empty without any. */
  patterns: readonly string[];
}

/** What discovery prints of these streams; with patterns, `selected` is set as they say. */
export function discoveredCatalog(
  streams: readonly AnyStream[],
  patterns: readonly string[],
  config: Parameters<AnyStream["replicationKeys"]>[0] = { chatsApi: "search" },
): JsonObject {
  const entries = streams.map((stream) => {
    const entry = discoveryEntry(stream, stream.replicationKeys(config));
    return patterns.length === 0 ? entry : selectByDefault(entry, stream);
  });
  const catalog = { streams: entries };
  return patterns.length === 0 ? catalog : applyPatterns(catalog, patterns);
}

/** Patterns that only exclude begin with the streams that are synced by default. */
function selectByDefault(entry: JsonObject, { selectedByDefault }: AnyStream): JsonObject {
  const [root, ...fields] = entry.metadata as { metadata: JsonObject }[];
  const metadata = { ...root!.metadata, selected: selectedByDefault };
  return { ...entry, metadata: [{ ...root!, metadata }, ...fields] };
}

/**
 * The streams that the patterns select, all without any.
 *
 * @throws {UsageError} when a pattern matches nothing.
 */
export function matchedStreams({ streams, patterns }: Choice): AnyStream[] {
  if (patterns.length === 0) return [...streams];
  requireMatches(discoveredCatalog(streams, []), patterns);
  const entries = entriesOf(discoveredCatalog(streams, patterns));
  return zip(streams, entries).filter(([, entry]) => isSelected(entry)).map(([stream]) => stream);
}

/**
 * The streams of a catalog file, in its order, as patterns select them; `warn` is told what is odd.
 *
 * @throws {InputError} when it cannot be read, or a selected stream cannot be read as it says.
 * @throws {UsageError} when a pattern matches nothing.
 */
export function catalogEntries(
  file: string,
  { streams, patterns }: Choice,
  warn: (warning: string) => void,
): CatalogEntry[] {
  const catalog = readCatalog(file);
  if (patterns.length === 0 || !Array.isArray(catalog.streams)) {
    return checkCatalog(catalog, file, streams, warn);
  }
  requireMatches(catalog, patterns);
  return checkCatalog(applyPatterns(catalog, patterns), file, streams, warn);
}

/**
 * Without a catalog: what the patterns select, else the Python tap's streams, as far as the account has
 * them.
 *
 * @throws {UsageError} when a pattern matches nothing.
 */
export async function discoveredEntries(
  run: Run,
  { streams, patterns }: Choice,
): Promise<CatalogEntry[]> {
  if (patterns.length === 0) {
    const defaults = streams.filter(({ selectedByDefault }) => selectedByDefault);
    return (await streamsNotLacking(defaults, run)).map(defaultEntry);
  }
  const found = await streamsNotLacking(matchedStreams({ streams, patterns }), run);
  return checkCatalog(discoveredCatalog(found, patterns, run.config), "", streams);
}
