/**
 * The one loop that turns what streams yield into messages. Whatever could be wrong with catalog or
 * state shows while streams are prepared, before the first message; from then on a STATE is always
 * the last one, also when the run fails or is stopped.
 */

import type { JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import type { CatalogEntry } from "../singer/catalog.ts";
import { FitReport } from "../singer/fit_report.ts";
import { type MessageWriter, recordEnvelope } from "../singer/messages.ts";
import { RecordCounter } from "../singer/metrics.ts";
import type { Schema } from "../singer/schema.ts";
import { schemaMessageSchema } from "../singer/schema_message.ts";
import { advanceState, withCurrentlySyncing } from "../singer/state.ts";
import { compileRecordFitter } from "../singer/transform.ts";
import type { Position, Stream, StreamItems } from "../stream/stream.ts";

/** A stream that the catalog selects, with what the catalog says of it. */
export interface SelectedStream {
  stream: Stream;
  entry: CatalogEntry;
}

/** What became of one stream. */
export interface StreamSummary {
  tapStreamId: string;
  records: number;
  /** Requests sent for it, failed attempts included. */
  requests: number;
  seconds: number;
}

/** What a sync reports to while it reads. */
export interface Progress {
  begin(tapStreamId: string): void;
  /** A page of so many records was written. */
  page(records: number): void;
  /** Everything up to here was written. */
  reached(position: Position): void;
}

/** A selected stream, ready to be read. */
export interface Reading {
  stream: Stream;
  items: StreamItems;
  fit: (record: JsonObject) => JsonObject;
  report: FitReport;
  schema: Schema;
  bookmarkProperties: readonly string[] | undefined;
}

/** What a sync is made from. */
export interface SyncOptions {
  /** In the order in which they are to be read. */
  readings: readonly Reading[];
  state: JsonObject;
  writer: MessageWriter;
  log: Log;
  progress: Progress;
  /** Aborts when the run is to end with what is written by then. */
  signal: AbortSignal;
  /** Requests sent so far. */
  requestCount(): number;
  /** The time, in milliseconds, for durations. */
  monotonicMs(): number;
}

/**
 * Makes a stream ready to be read. `open` begins to read it and checks its bookmark.
 *
 * @throws {InputError} when the state holds a bookmark that cannot be read.
 */
export function prepareReading(
  { stream, entry }: SelectedStream,
  open: (stream: Stream) => StreamItems,
): Reading {
  const { tapStreamId, keyProperties, openObjects = [] } = stream;
  const { schema, selection, bookmarkProperties } = entry;
  const report = new FitReport(tapStreamId);
  return {
    stream,
    items: open(stream),
    fit: compileRecordFitter({
      tapStreamId,
      schema,
      selection,
      keyProperties,
      openObjects,
      report,
    }),
    report,
    schema: schemaMessageSchema(schema),
    bookmarkProperties,
  };
}

/**
 * Reads the streams into messages and says what became of each.
 *
 * @throws {TapError} when the API cannot be read, or a record cannot be written.
 */
export async function sync(options: SyncOptions): Promise<StreamSummary[]> {
  const { readings, writer, log, progress, signal, monotonicMs } = options;
  let state = options.state;
  const summaries: StreamSummary[] = [];

  async function read({ stream, items, fit }: Reading, counter: RecordCounter): Promise<void> {
    const { tapStreamId } = stream;
    for await (const item of items) {
      if (item.kind === "page") {
        const envelope = recordEnvelope(tapStreamId, item.extractedAt);
        const { length } = item.records;
        // Taken off the page one by one, so that what is written need not outlive the rest of it.
        item.records.reverse();
        for (let record; (record = item.records.pop()) !== undefined;) {
          writer.record(envelope, fit(record));
          if (writer.isFull) await flushOrStop();
        }
        counter.add(length);
        progress.page(length);
      } else {
        state = advanceState(state, tapStreamId, item.bookmark, item.state);
        writer.state(state);
        if (item.position !== undefined) progress.reached(item.position);
      }
      await flushOrStop();
    }
  }

  async function flushOrStop(): Promise<void> {
    await writer.flush();
    signal.throwIfAborted();
  }

  try {
    for (const reading of readings) {
      const { tapStreamId, keyProperties } = reading.stream;
      const [startedMs, requestsBefore] = [monotonicMs(), options.requestCount()];
      const counter = new RecordCounter(tapStreamId, log, monotonicMs);
      log.info(`Starting sync for stream: ${tapStreamId}, ${reading.items.origin}`);
      progress.begin(tapStreamId);
      state = withCurrentlySyncing(state, tapStreamId);
      writer.state(state);
      writer.schema(tapStreamId, reading.schema, keyProperties, reading.bookmarkProperties);
      await flushOrStop();
      await read(reading, counter).finally(() => {
        counter.tell();
        reading.report.write(log);
      });
      summaries.push({
        tapStreamId,
        records: counter.total,
        requests: options.requestCount() - requestsBefore,
        seconds: (monotonicMs() - startedMs) / 1000,
      });
    }
    state = withCurrentlySyncing(state, null);
  } finally {
    writer.state(state);
    await writer.flush();
  }
  return summaries;
}
