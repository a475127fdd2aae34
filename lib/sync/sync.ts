/**
 * The one loop that turns what streams yield into messages. A failure ends its own stream and the
 * others are read all the same, unless it would fail them too. Whatever happens, a STATE is always
 * the last message.
 */

import { zip } from "@std/collections/zip";
import { failureLines, TapError } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import { FitError } from "../singer/fit_report.ts";
import { type MessageWriter, type RecordEnvelope, recordEnvelope } from "../singer/messages.ts";
import { RecordCounter } from "../singer/metrics.ts";
import { advanceState, bookmarkIn, withCurrentlySyncing } from "../singer/state.ts";
import { ownCheckpoint } from "../stream/chat_bookmark.ts";
import type { Page, Position } from "../stream/stream.ts";
import type { ChatClient } from "../zendesk/client.ts";
import { RequestError } from "../zendesk/request_error.ts";
import { notReached, type StreamOutcome, type SyncResult } from "./outcome.ts";
import type { Output, Reading } from "./reading.ts";

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

/** An output being written, and what is told of it in the end. */
interface Writing extends Output {
  counter: RecordCounter;
  outcome: StreamOutcome;
}

/** Reads the streams into messages and says what became of each; never rejects. */
export async function sync(options: SyncOptions): Promise<SyncResult> {
  const { readings, api, writer, log, progress, signal, monotonicMs } = options;
  const outcomes = readings.map(({ outputs }) =>
    outputs.map(({ tapStreamId }) => notReached(tapStreamId))
  );
  let { state } = options;

  /** Whether the run is cut off from outside: asked to stop, or without anyone who reads it. */
  const isCut = () => signal.aborted || writer.isBroken;

  async function flushOrStop(): Promise<void> {
    await writer.flush();
    signal.throwIfAborted();
  }

  async function begin({ outputs, items, newcomers }: Reading): Promise<void> {
    const [{ tapStreamId: lead, rowsIn }] = outputs as readonly [Output];
    progress.begin(lead);
    const { outset = {} } = items;
    if (rowsIn === undefined && Object.keys(outset).length > 0) {
      state = advanceState(state, lead, outset);
    }
    for (const { tapStreamId, keyProperties, schema, bookmarkProperties } of outputs) {
      const origin = tapStreamId === lead ? items.origin : `with ${lead}`;
      const reason = newcomers.includes(tapStreamId)
        ? ", new: what the others have is read again for it"
        : "";
      log.info(`Starting sync for stream: ${tapStreamId}, ${origin}${reason}`);
      state = withCurrentlySyncing(state, tapStreamId);
      writer.state(state);
      writer.schema(tapStreamId, schema, keyProperties, bookmarkProperties);
    }
    state = withCurrentlySyncing(state, lead);
    await flushOrStop();
  }

  async function read(reading: Reading, writings: readonly Writing[]): Promise<void> {
    const version = reading.beginVersion();
    for await (const item of reading.items) {
      if (item.kind === "page") {
        await writePage(item, writings, version?.ofRecords);
        if (writings.some(({ report }) => report.rowsLeftOut > 0)) version?.spoil();
      } else if (item.kind === "beginning") {
        progress.reached(item.position);
      } else if (item.kind === "complete") {
        const activated = version?.complete();
        if (activated !== undefined) {
          writer.activateVersion(reading.outputs[0]!.tapStreamId, activated);
        }
      } else {
        advance(writings, { ...item.bookmark, ...version?.bookmark }, item.state);
        writer.state(state);
        if (item.position !== undefined) progress.reached(item.position);
      }
      await flushOrStop();
    }
  }

  /** Writes what each output has of a page, in their order. */
  async function writePage(
    { records, extractedAt }: Page,
    writings: readonly Writing[],
    version: number | undefined,
  ): Promise<void> {
    // Taken before the page's own rows are written, which changes them.
    const parts = writings.map(({ rowsIn }) =>
      rowsIn === undefined ? records : records.flatMap(rowsIn)
    );
    for (const [index, writing] of writings.entries()) {
      const envelope = recordEnvelope(writing.tapStreamId, extractedAt, version);
      const written = await writeRows(parts[index]!, writing, envelope);
      writing.counter.add(written);
      progress.page(written);
    }
  }

  /** Returns how many rows were written; the others are left out and reported. */
  async function writeRows(
    rows: Json[],
    { fit, report }: Output,
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

  /**
   * Each output's bookmark moves, though one that is ahead of the others waits for them. The top of the
   * state is the stream's own; a child keeps the like of it in its bookmark.
   */
  function advance(writings: readonly Writing[], checkpoint: JsonObject, top?: JsonObject): void {
    const isAlone = writings.length === 1;
    const part = (own: JsonObject, moved: JsonObject) =>
      isAlone ? moved : ownCheckpoint(own, moved);
    for (const { tapStreamId, rowsIn } of writings) {
      const own = bookmarkIn(state, tapStreamId);
      state = rowsIn === undefined
        ? advanceState(state, tapStreamId, part(own, checkpoint), part(state, top ?? {}))
        : advanceState(state, tapStreamId, part(own, { ...checkpoint, ...top }));
    }
  }

  /** Reads a stream to its end or to its own failure; any other is passed on. */
  async function readStream(reading: Reading, streamOutcomes: StreamOutcome[]): Promise<void> {
    using _waiting = reading;
    const [startedMs, requestsBefore] = [monotonicMs(), api.requestCount];
    const writings = reading.outputs.map((output, index) => ({
      ...output,
      counter: new RecordCounter(output.tapStreamId, log, monotonicMs),
      outcome: streamOutcomes[index]!,
    }));
    try {
      await begin(reading);
      await read(reading, writings);
      for (const { outcome, report } of writings) {
        outcome.verdict = report.rowsLeftOut === 0 ? "ok" : "incomplete";
      }
    } catch (error) {
      for (const { outcome } of writings) outcome.verdict = isCut() ? "stopped" : "failed";
      if (isCut() || (error instanceof TapError && error.concernsRun)) throw error;
      for (const line of failureLines(error, writings[0]!.tapStreamId)) log.critical(line);
      if (error instanceof RequestError && error.isPassing) api.limitPatience();
    } finally {
      for (const [index, { counter, outcome, report }] of writings.entries()) {
        counter.tell();
        report.write(log);
        outcome.records = counter.total;
        // Children come with the pages of the first.
        outcome.requests = index === 0 ? api.requestCount - requestsBefore : 0;
        outcome.seconds = (monotonicMs() - startedMs) / 1000;
      }
    }
  }

  const result: SyncResult = { outcomes: outcomes.flat() };
  try {
    for (const [reading, outcome] of zip(readings, outcomes)) await readStream(reading, outcome);
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
