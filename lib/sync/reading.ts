/**
 * Selected streams made ready to be read. A stream and its children are one reading, for they come with
 * the same pages. Whatever could be wrong with catalog or state shows here, for all streams and before
 * the first message.
 */

import type { Json } from "../json.ts";
import type { CatalogEntry } from "../singer/catalog.ts";
import { FitReport } from "../singer/fit_report.ts";
import type { Schema } from "../singer/schema.ts";
import { schemaMessageSchema } from "../singer/schema_message.ts";
import { compileRecordFitter } from "../singer/transform.ts";
import { type AnyStream, isChild, sourceOf, type Stream } from "../stream/stream.ts";
import type { OpenStream } from "./run.ts";

/** A stream that the catalog selects, with what the catalog says of it. */
export interface SelectedStream {
  stream: AnyStream;
  entry: CatalogEntry;
}

/** A stream that is written from the pages of a reading. */
export interface Output {
  tapStreamId: string;
  keyProperties: readonly string[];
  /** For a child: its rows in a row of the page. */
  rowsIn?: (pageRow: Json) => Json[];
  /**
   * A row as the JSON text of a record.
   *
   * @throws {FitError} when it cannot be written.
   */
  fit: (row: Json) => string;
  report: FitReport;
  schema: Schema;
  bookmarkProperties: readonly string[] | undefined;
}

/** A stream, ready to be read. */
export interface Reading extends OpenStream {
  /** What is written of it: the stream itself if that is selected, then its children. */
  outputs: readonly Output[];
}

/**
 * Makes streams ready to be read, in the order in which the first of each family stands. `open` begins
 * to read and checks the bookmarks; `streams` is the table, which has the parents that are not selected.
 *
 * @throws {InputError} when the state holds a bookmark that cannot be read.
 */
export function prepareReadings(
  selected: readonly SelectedStream[],
  streams: readonly AnyStream[],
  open: (stream: Stream, written: readonly string[]) => OpenStream,
): Reading[] {
  const families = Map.groupBy(selected, ({ stream }) => sourceOf(stream, streams));
  return [...families].map(([source, members]) => {
    const outputs = members.toSorted((a, b) => rank(a) - rank(b)).map(prepareOutput);
    return { ...open(source, outputs.map((output) => output.tapStreamId)), outputs };
  });
}

function rank({ stream }: SelectedStream): number {
  return isChild(stream) ? 1 : 0;
}

function prepareOutput({ stream, entry }: SelectedStream): Output {
  const { tapStreamId, keyProperties, openObjects = [] } = stream;
  const { schema, selection, bookmarkProperties } = entry;
  const report = new FitReport(tapStreamId);
  return {
    tapStreamId,
    keyProperties,
    ...(isChild(stream) && { rowsIn: stream.rowsIn }),
    fit: compileRecordFitter({ schema, selection, keyProperties, openObjects, report }),
    report,
    schema: schemaMessageSchema(schema),
    bookmarkProperties,
  };
}
