/**
 * The one loop that turns what streams yield into messages. A failure ends its own stream and the
 * others are read all the same, unless it would fail them too. Whatever happens, a STATE is always
 * the last message.
 */

import { failureLines, TapError } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import { FitError } from "../singer/fit_report.ts";
import { type MessageWriter, type RecordEnvelope, recordEnvelope } from "../singer/messages.ts";
import { RecordCounter } from "../singer/metrics.ts";
import { advanceState, withCurrentlySyncing } from "../singer/state.ts";
import type { Position } from "../stream/stream.ts";
import { type ChatClient, RequestError } from "../zendesk/client.ts";
import { notReached, type StreamOutcome, type SyncResult } from "./outcome.ts";
import type { Reading } from "./reading.ts";

/** What a sync reports to while it reads. */
export interface Progress {
  begin(tapStreamId: string): void;
  /** A page of so many records was written. */
  page(records: number): void;
  /** Everything up to here was written. */
  reached(position: Position): void;
}

/** What a sync is made from. */
export interface SyncOptions {
  /** In the order in which they are to be read. */
  readings: readonly Reading[];
  state: JsonObject;
  api: Pick<ChatClient, "requestCount" | "limitPatience">;
  writer: MessageWriter;
  log: Log;
  progress: Progress;
  /** Aborts when the run is to end with what is written by then. */
  signal: AbortSignal;
  /** The time, in milliseconds, for durations. */
  monotonicMs(): number;
}

/** Reads the streams into messages and says what became of each; never rejects. */
export async function sync(options: SyncOptions): Promise<SyncResult> {
  const { readings, api, writer, log, progress, signal, monotonicMs } = options;
  const outcomes = readings.map(({ stream }) => notReached(stream.tapStreamId));
  let { state } = options;

  /** Whether the run is cut off from outside: asked to stop, or without anyone who reads it. */
  const isCut = () => signal.aborted || writer.isBroken;

  async function flushOrStop(): Promise<void> {
    await writer.flush();
    signal.throwIfAborted();
  }

  async function begin({ stream, items, schema, bookmarkProperties }: Reading): Promise<void> {
    const { tapStreamId, keyProperties } = stream;
    log.info(`Starting sync for stream: ${tapStreamId}, ${items.origin}`);
    progress.begin(tapStreamId);
    const { outset = {} } = items;
    if (Object.keys(outset).length > 0) state = advanceState(state, tapStreamId, outset);
    state = withCurrentlySyncing(state, tapStreamId);
    writer.state(state);
    writer.schema(tapStreamId, schema, keyProperties, bookmarkProperties);
    await flushOrStop();
  }

  async function read(reading: Reading, counter: RecordCounter): Promise<void> {
    const { tapStreamId } = reading.stream;
    const version = reading.beginVersion();
    for await (const item of reading.items) {
      if (item.kind === "page") {
        const envelope = recordEnvelope(tapStreamId, item.extractedAt, version?.ofRecords);
        const written = await writePage(reading, item.records, envelope);
        counter.add(written);
        progress.page(written);
        if (reading.report.rowsLeftOut > 0) version?.spoil();
      } else if (item.kind === "beginning") {
        progress.reached(item.position);
      } else if (item.kind === "complete") {
        const activated = version?.complete();
        if (activated !== undefined) writer.activateVersion(tapStreamId, activated);
      } else {
        const bookmark = { ...item.bookmark, ...version?.bookmark };
        state = advanceState(state, tapStreamId, bookmark, item.state);
        writer.state(state);
        if (item.position !== undefined) progress.reached(item.position);
      }
      await flushOrStop();
    }
  }

  /** Returns how many rows were written; the others are left out and reported. */
  async function writePage(
    { fit, report }: Reading,
    rows: Json[],
    envelope: RecordEnvelope,
  ): Promise<number> {
    let written = 0;
    // Taken off the page one by one, so that what is written need not outlive the rest of it.
    rows.reverse();
    for (let row; (row = rows.pop()) !== undefined;) {
      try {
        writer.record(envelope, fit(row));
        written++;
      } catch (error) {
        if (!(error instanceof FitError)) throw error;
        report.rowLeftOut(error);
      }
      if (writer.isFull) await flushOrStop();
    }
    return written;
  }

  /** Reads a stream to its end or to its own failure; any other is passed on. */
  async function readStream(reading: Reading, outcome: StreamOutcome): Promise<void> {
    using _waiting = reading;
    const [startedMs, requestsBefore] = [monotonicMs(), api.requestCount];
    const counter = new RecordCounter(outcome.tapStreamId, log, monotonicMs);
    try {
      await begin(reading);
      await read(reading, counter);
      outcome.verdict = reading.report.rowsLeftOut === 0 ? "ok" : "incomplete";
    } catch (error) {
      outcome.verdict = isCut() ? "stopped" : "failed";
      if (isCut() || (error instanceof TapError && error.concernsRun)) throw error;
      for (const line of failureLines(error, outcome.tapStreamId)) log.critical(line);
      if (error instanceof RequestError && error.isPassing) api.limitPatience();
    } finally {
      counter.tell();
      reading.report.write(log);
      outcome.records = counter.total;
      outcome.requests = api.requestCount - requestsBefore;
      outcome.seconds = (monotonicMs() - startedMs) / 1000;
    }
  }

  const result: SyncResult = { outcomes };
  try {
    for (const [index, reading] of readings.entries()) await readStream(reading, outcomes[index]!);
  } catch (cause) {
    result.ending = { cause };
  }
  if (result.ending === undefined || !isCut()) state = withCurrentlySyncing(state, null);
  try {
    writer.state(state);
    await writer.flush();
  } catch (cause) {
    result.ending ??= { cause };
  }
  return result;
}
