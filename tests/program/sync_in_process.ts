/**
 * The same work without a process around it, where a test needs hundreds of runs: the real client,
 * streams and message writer against a fake API, wired as `lib/cli/commands.ts` wires them, with a clock
 * that stands still and a reader that may interfere with each write.
 */

import { resolveConfig } from "../../lib/config/config.ts";
import { availableStreams } from "../../lib/sync/discover.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { createLog } from "../../lib/log.ts";
import { defaultEntry, rotateEntries } from "../../lib/singer/catalog.ts";
import { MessageWriter } from "../../lib/singer/messages.ts";
import { openFrom, type Run, startRun } from "../../lib/sync/run.ts";
import { checkState } from "../../lib/singer/state.ts";
import type { StreamOutcome } from "../../lib/sync/outcome.ts";
import { prepareReadings } from "../../lib/sync/reading.ts";
import { sync } from "../../lib/sync/sync.ts";
import { STREAMS } from "../../streams/mod.ts";
import type { FakeChatApi } from "../fakes/chat_api/mod.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { configFor } from "./run_folder.ts";
import { type Message, messagesIn } from "./singer_output.ts";

/** What is synced, and how. */
export interface SyncSettings {
  /** Streams in the order in which they are selected. */
  streams: readonly string[];
  /** Settings beside those that lead to the API. */
  config?: Record<string, Json>;
  state?: JsonObject;
  /** When the run begins, in epoch milliseconds, for the tap and the API. */
  nowMs: number;
  /**
   * Called before each write with its number, from 1. It may throw what a write throws, or stop the
   * run as a signal does.
   */
  onWrite?(number: number, stop: (reason: Error) => void): void;
}

/** What came of a sync. */
export interface SyncRun {
  messages: Message[];
  /** How often something was written. */
  writes: number;
  requests: number;
  /** The lines of the log. */
  log: string[];
  /** What ended it before its time. */
  error: unknown;
  outcomes: StreamOutcome[];
}

/** Syncs. Only a mistake of the test makes it throw. */
export async function syncInProcess(api: FakeChatApi, settings: SyncSettings): Promise<SyncRun> {
  const { onWrite } = settings;
  const stop = new AbortController();
  using context = createContext(api, settings, stop.signal);
  const state = checkState(settings.state ?? {}, "state.json");
  const run: SyncRun = {
    messages: [],
    writes: 0,
    requests: 0,
    log: context.lines,
    error: undefined,
    outcomes: [],
  };

  const open = openFrom(context, state, "state.json");
  const streams = settings.streams.map((name) =>
    STREAMS.find(({ tapStreamId }) => tapStreamId === name)!
  );
  const selected = rotateEntries(streams, state.currently_syncing)
    .map((stream) => ({ stream, entry: defaultEntry(stream) }));
  const readings = prepareReadings(selected, { streams: STREAMS, config: context.config, open });
  const decoder = new TextDecoder();
  // deno-lint-ignore require-await
  const writer = new MessageWriter(async (bytes) => {
    onWrite?.(++run.writes, (reason) => stop.abort(reason));
    run.messages.push(...messagesIn(decoder.decode(bytes)));
  });
  const { outcomes, ending } = await sync({
    readings,
    state,
    api: context.api,
    writer,
    log: context.log,
    progress: { begin() {}, page() {}, reached() {} },
    signal: stop.signal,
    monotonicMs: context.clock.monotonicMs,
  });
  run.outcomes = outcomes;
  run.error = ending?.cause;
  run.requests = context.api.requestCount;
  return run;
}

/** The streams that discovery finds, and the lines that it logs. */
export async function discoverInProcess(
  api: FakeChatApi,
  nowMs: number,
): Promise<{ found: string[]; log: string[] }> {
  using context = createContext(api, { nowMs }, new AbortController().signal);
  const found = await availableStreams(STREAMS, context);
  return { found: found.map(({ tapStreamId }) => tapStreamId), log: context.lines };
}

/** A run with what it logged. */
interface Context extends Run {
  lines: string[];
}

function createContext(
  api: FakeChatApi,
  settings: Pick<SyncSettings, "config" | "nowMs">,
  signal: AbortSignal,
): Context {
  const { nowMs } = settings;
  api.behaviour.now = () => nowMs;
  const values = configFor(api, settings.config);
  const { config } = resolveConfig([{ file: "config.json", values }], { now: nowMs });
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line) });
  const clock = createFakeClock(new Date(nowMs).toISOString());
  return { ...startRun(config, { log, signal, clock }), lines };
}
