/** What discovery prints: one catalog entry a stream, members and metadata in singer-python's order. */

import type { JsonObject } from "../json.ts";
import type { Schema } from "./schema.ts";

/** What an entry is made from. */
export interface DiscoveredStream {
  tapStreamId: string;
  keyProperties: readonly string[];
  replicationMethod: "FULL_TABLE" | "INCREMENTAL";
  schema: Schema;
  selectedByDefault: boolean;
  /** The stream whose rows it is part of. */
  parent?: string;
}

/** A stream's entry in the printed catalog. Key and replication properties cannot be deselected. */
export function discoveryEntry(
  { tapStreamId, keyProperties, replicationMethod, schema, selectedByDefault, parent }:
    DiscoveredStream,
  replicationKeys: readonly string[] = [],
): JsonObject {
  const automatic = new Set([...keyProperties, ...replicationKeys]);
  const root: JsonObject = {
    "table-key-properties": [...keyProperties],
    "forced-replication-method": replicationMethod,
    "valid-replication-keys": [...replicationKeys],
    inclusion: "available",
    ...(selectedByDefault && { "selected-by-default": true }),
    ...(parent !== undefined && { "parent-tap-stream-id": parent }),
  };
  const fields = Object.keys(schema.properties ?? {}).map((name) => ({
    breadcrumb: ["properties", name],
    metadata: { inclusion: automatic.has(name) ? "automatic" : "available" },
  }));
  return {
    tap_stream_id: tapStreamId,
    schema: schema as JsonObject,
    stream: tapStreamId,
    metadata: [{ breadcrumb: [], metadata: root }, ...fields],
  };
}
