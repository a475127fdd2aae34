/**
 * Incremental streams over the export paginator. The bookmark is the export's cursor: its time
 * below the replication key, and the row within that time, for exports that have one, beside it.
 */

import { formatMicros } from "../date_time.ts";
import type { JsonObject } from "../json.ts";
import type { Schema } from "../singer/schema.ts";
import type { BookmarkReader } from "../singer/state.ts";
import { isFuture } from "../zendesk/api_clock.ts";
import type { ExportCursor } from "../zendesk/export_cursor.ts";
import type { Export } from "../zendesk/export_page.ts";
import { probeExport, readExport } from "../zendesk/incremental_export.ts";
import { describeEnd, describeSpan, startFrom, withOrigin } from "./origin.ts";
import type { Stream, StreamContext, StreamItem, StreamItems } from "./stream.ts";

/** An export, whose time field is the stream's replication key, and where it begins without a bookmark. */
export interface ExportStreamOptions extends Export {
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
    replicationKeys: () => [options.timeField],
    bookmarkKeys: [options.timeField, idKey(options.timeField)],
    schema,
    selectedByDefault: false,
    discovery: "optional",
    probe: ({ api, runStart }) => probeExport(api, options, runStart),
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
  const { bookmark, config, runStart } = context;
  const { startDateMicros } = config;
  const { timeField, startMicros = startDateMicros } = options;
  const stored = storedCursor(bookmark, timeField);
  const start = stored ?? { micros: startMicros, id: undefined };
  // Without a bookmark of its own it may begin at another's.
  const own = startMicros === startDateMicros ? stored?.micros : start.micros;
  const until = Math.min(runStart.atMs * 1000, config.endDateMicros);
  const origin = describeSpan(startFrom(own, startMicros), until);
  return withOrigin(origin, readRows(context, options, start));
}

/**
 * The cursor in a bookmark.
 *
 * @throws {InputError} when it cannot be read.
 */
function storedCursor(
  bookmark: BookmarkReader,
  timeField: string,
): ExportCursor | undefined {
  const micros = bookmark.instant(timeField);
  const id = bookmark.text(idKey(timeField));
  return micros === undefined ? undefined : { micros, id };
}

async function* readRows(
  { api, bookmark, config: { endDateMicros }, runStart, log }: StreamContext,
  source: Export,
  start: ExportCursor,
): AsyncGenerator<StreamItem> {
  const { endpoint, timeField } = source;
  const warnOfFuture = () =>
    log.warning(
      `Read nothing of ${endpoint}: it begins at ${formatMicros(start.micros)}, which is in the ` +
        `future; check "${timeField}" in the state and "start_date" in the config`,
    );
  if (isFuture(start.micros, runStart)) return warnOfFuture();
  if (start.micros >= endDateMicros) return log.info(describeEnd(endpoint, start.micros));
  let hasId = idKey(timeField) in bookmark.value;
  const options = { runStart, endMicros: endDateMicros, log };
  for await (const step of readExport(api, source, start, options)) {
    // The first answer may have told that the run began earlier than the machine's clock says.
    if (isFuture(start.micros, runStart)) return warnOfFuture();
    const { rows, cursor, receivedAtMs } = step;
    if (rows.length > 0) yield { kind: "page", records: rows, extractedAt: receivedAtMs };
    // What was read again, because it was young, may end before where the run began.
    if (cursor === undefined || cursor.micros < start.micros) continue;
    hasId ||= cursor.id !== undefined;
    const moved: JsonObject = { [timeField]: formatMicros(cursor.micros) };
    if (hasId) moved[idKey(timeField)] = cursor.id ?? null;
    const range = { fromMicros: start.micros, toMicros: runStart.atMs * 1000 };
    yield { kind: "checkpoint", bookmark: moved, position: { atMicros: cursor.micros, range } };
  }
}

function idKey(timeField: string): string {
  return `${timeField}_id`;
}
