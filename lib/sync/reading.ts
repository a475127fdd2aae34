/**
 * A selected stream made ready to be read. Whatever could be wrong with catalog or state shows here,
 * for all streams and before the first message.
 */

import type { Json, JsonObject } from "../json.ts";
import type { CatalogEntry } from "../singer/catalog.ts";
import { FitReport } from "../singer/fit_report.ts";
import type { Schema } from "../singer/schema.ts";
import { schemaMessageSchema } from "../singer/schema_message.ts";
import { compileRecordFitter } from "../singer/transform.ts";
import type { Stream } from "../stream/stream.ts";
import type { OpenStream } from "./run.ts";

/** A stream that the catalog selects, with what the catalog says of it. */
export interface SelectedStream {
  stream: Stream;
  entry: CatalogEntry;
}

/** A selected stream, ready to be read. */
export interface Reading extends OpenStream {
  stream: Stream;
  /** @throws {FitError} for a row that cannot be written. */
  fit: (row: Json) => JsonObject;
  report: FitReport;
  schema: Schema;
  bookmarkProperties: readonly string[] | undefined;
}

/**
 * Makes a stream ready to be read. `open` begins to read it and checks its bookmark.
 *
 * @throws {InputError} when the state holds a bookmark that cannot be read.
 */
export function prepareReading(
  { stream, entry }: SelectedStream,
  open: (stream: Stream) => OpenStream,
): Reading {
  const { tapStreamId, keyProperties, openObjects = [] } = stream;
  const { schema, selection, bookmarkProperties } = entry;
  const report = new FitReport(tapStreamId);
  return {
    ...open(stream),
    stream,
    fit: compileRecordFitter({ schema, selection, keyProperties, openObjects, report }),
    report,
    schema: schemaMessageSchema(schema),
    bookmarkProperties,
  };
}
