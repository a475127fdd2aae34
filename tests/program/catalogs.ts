/** Catalogs as users make them: what discovery prints, with streams selected. */

import type { JsonObject } from "../../lib/json.ts";
import { discoveryEntry } from "../../lib/singer/discovery_entry.ts";
import { STREAMS } from "../../streams/mod.ts";

/** One entry of a catalog file. */
export interface EntryFile extends JsonObject {
  tap_stream_id: string;
  schema: JsonObject;
  metadata: { breadcrumb: string[]; metadata: JsonObject }[];
}

/** A catalog file. */
export interface CatalogFile extends JsonObject {
  streams: EntryFile[];
}

/** The whole catalog with these streams selected. */
export function catalogWith(...tapStreamIds: string[]): CatalogFile {
  const streams = STREAMS.map((stream) =>
    structuredClone(discoveryEntry(stream, stream.replicationKeys({ chatsApi: "search" })))
  );
  return selectStreams({ streams: streams as EntryFile[] }, tapStreamIds);
}

/** The catalog with these streams selected, which changes it. */
export function selectStreams(catalog: CatalogFile, tapStreamIds: readonly string[]): CatalogFile {
  for (const { tap_stream_id, metadata } of catalog.streams) {
    if (tapStreamIds.includes(tap_stream_id)) metadata[0]!.metadata.selected = true;
  }
  return catalog;
}

/** The streams of a catalog, in its order. */
export function streamNames(catalog: CatalogFile): string[] {
  return catalog.streams.map(({ tap_stream_id }) => tap_stream_id);
}
