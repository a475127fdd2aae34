/**
 * Selected streams made ready to be read. A stream and its children are one reading, for they come with
 * the same pages. Whatever could be wrong with catalog or state shows here, for all streams and before
 * the first message.
 */

import type { Config } from "../config/config.ts";
import type { Json } from "../json.ts";
import type { CatalogEntry } from "../singer/catalog.ts";
import { FitReport } from "../singer/fit_report.ts";
import { type Schema, withoutProperties } from "../singer/schema.ts";
import { schemaMessageSchema } from "../singer/schema_message.ts";
import { compileRecordFitter } from "../singer/transform.ts";
import { type AnyStream, isChild, sourceOf } from "../stream/stream.ts";
import type { openFrom, OpenStream } from "./run.ts";

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

/** What streams are made ready with. */
export interface ReadingOptions {
  /** The table, which has the parents that are not selected. */
  streams: readonly AnyStream[];
  config: Pick<Config, "chatsApi">;
  /** Begins to read, and checks the bookmarks: as `openFrom` has it. */
  open: ReturnType<typeof openFrom>;
}

/**
 * Makes streams ready to be read, in the order in which the first of each family stands.
 *
 * @throws {InputError} when the state holds a bookmark that cannot be read.
 */
export function prepareReadings(
  selected: readonly SelectedStream[],
  { streams, config, open }: ReadingOptions,
): Reading[] {
  const families = Map.groupBy(selected, ({ stream }) => sourceOf(stream, streams));
  return [...families].map(([source, members]) => {
    const ordered = members.toSorted((a, b) => rank(a) - rank(b));
    const written = ordered.map(({ stream: { tapStreamId }, entry: { isReadAnew } }) => ({
      tapStreamId,
      isReadAnew,
    }));
    const outputs = ordered.map((member) => prepareOutput(member, config));
    return { ...open(source, written), outputs };
  });
}

/** Says of selected streams that stay empty why they do. */
export function warnOfEmptyStreams(
  selected: readonly SelectedStream[],
  { chatsApi }: Pick<Config, "chatsApi">,
): string[] {
  return selected.flatMap(({ stream }) => {
    const onlyBy = isChild(stream) ? stream.onlyBy : undefined;
    if (onlyBy === undefined || onlyBy === chatsApi) return [];
    return [
      `Stream ${stream.tapStreamId} stays empty: set "chats_api" to "${onlyBy}" for its rows`,
    ];
  });
}

function rank({ stream }: SelectedStream): number {
  return isChild(stream) ? 1 : 0;
}

function prepareOutput(
  { stream, entry }: SelectedStream,
  config: Pick<Config, "chatsApi">,
): Output {
  const { tapStreamId, keyProperties, openObjects = [] } = stream;
  const { selection, bookmarkProperties } = entry;
  const schema = withoutProperties(entry.schema, stream.absentProperties?.(config) ?? []);
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
