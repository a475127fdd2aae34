/**
 * Incremental streams over the export paginator. The bookmark is the export's cursor: its time
 * below the replication key, and the row within that time, for exports that have one, beside it.
 */

import { formatMicros } from "../date_time.ts";
import type { JsonObject } from "../json.ts";
import type { Schema } from "../singer/schema.ts";
import { describeSpan, startFrom, withOrigin } from "./origin.ts";
import type { Stream, StreamContext, StreamItem, StreamItems } from "./stream.ts";
import type { ExportCursor } from "../zendesk/export_cursor.ts";
import { type Export, probeExport, readExport } from "../zendesk/incremental_export.ts";

/** An export, the replication key that names its bookmark, and where it begins without one. */
export interface ExportStreamOptions extends Export {
  replicationKey: string;
  /** Epoch microseconds; `start_date` when absent. */
  startMicros?: number;
}

/** A stream that is nothing but an export, which an account may lack. */
export function exportStream(
  { keyProperties, schema, ...options }: ExportStreamOptions & {
    keyProperties: readonly string[];
    schema: Schema;
  },
): Stream {
  return {
    tapStreamId: options.endpoint,
    keyProperties,
    replicationMethod: "INCREMENTAL",
    replicationKeys: () => [options.replicationKey],
    bookmarkKeys: [options.replicationKey, idKey(options.replicationKey)],
    schema,
    selectedByDefault: false,
    discovery: "optional",
    probe: ({ api, startedAt }) => probeExport(api, options, startedAt),
    open: (context) => openExport(context, options),
  };
}

/**
 * Reads an export from its bookmark.
 *
 * @throws {InputError} when the bookmark in the state cannot be read.
 */
export function openExport(
  context: StreamContext,
  options: ExportStreamOptions,
): StreamItems {
  const { bookmark, config, startedAt } = context;
  const { replicationKey, startMicros = config.startDateMicros } = options;
  const micros = bookmark.instant(replicationKey);
  const id = bookmark.text(idKey(replicationKey));
  const start = micros === undefined ? { micros: startMicros, id: undefined } : { micros, id };
  // Without a bookmark of its own it may begin at another's.
  const own = startMicros === config.startDateMicros ? micros : micros ?? startMicros;
  const origin = describeSpan(startFrom(own, startMicros), startedAt * 1000);
  return withOrigin(origin, readRows(context, options, start));
}

async function* readRows(
  { api, clock, bookmark, startedAt, log }: StreamContext,
  { replicationKey, ...source }: ExportStreamOptions,
  start: ExportCursor,
): AsyncGenerator<StreamItem> {
  if (start.micros > startedAt * 1000) {
    log.warning(
      `Read nothing of ${source.endpoint}: it begins at ${
        formatMicros(start.micros)
      }, which is in ` +
        `the future; check "${replicationKey}" in the state and "start_date" in the config`,
    );
    return;
  }
  let hasId = idKey(replicationKey) in bookmark.value;
  for await (
    const { rows, cursor } of readExport(api, source, start, { startedAtMs: startedAt, log })
  ) {
    yield { kind: "page", records: rows, extractedAt: clock.now() };
    if (cursor === undefined) continue;
    hasId ||= cursor.id !== undefined;
    const moved: JsonObject = { [replicationKey]: formatMicros(cursor.micros) };
    if (hasId) moved[idKey(replicationKey)] = cursor.id ?? null;
    yield { kind: "checkpoint", bookmark: moved, position: { atMicros: cursor.micros } };
  }
}

function idKey(replicationKey: string): string {
  return `${replicationKey}_id`;
}
