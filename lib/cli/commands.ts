/** What each command that reads input files does: requests, and what goes to stdout. */

import { type Clock, systemClock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import { InputError } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import { type CatalogEntry, rotateEntries } from "../singer/catalog.ts";
import { MessageWriter, type Write } from "../singer/messages.ts";
import { printLine, writeStdout } from "../stdout.ts";
import type { AnyStream } from "../stream/stream.ts";
import { checkAccount } from "../sync/check_account.ts";
import {
  catalogEntries,
  discoveredCatalog,
  discoveredEntries,
  matchedStreams,
} from "../sync/choose_streams.ts";
import { availableStreams } from "../sync/discover.ts";
import { loadConfig, loadState } from "../sync/inputs.ts";
import { isWhole, type SyncResult } from "../sync/outcome.ts";
import {
  prepareReadings,
  type Reading,
  type SelectedStream,
  warnOfEmptyStreams,
} from "../sync/reading.ts";
import { openFrom, type Run, startRun } from "../sync/run.ts";
import { sync } from "../sync/sync.ts";
import { FEW_ATTEMPTS } from "../zendesk/retry.ts";
import type { FileCommand } from "./args.ts";
import { ProgressCounter, showEvery } from "./progress.ts";
import { reportOutcomes } from "./summary_table.ts";

/** What a run is handed. */
export interface RunOptions {
  streams: readonly AnyStream[];
  log: Log;
  /** Replaces the terminal's status line; absent when stderr is no terminal. */
  status?: ((text: string) => void) | undefined;
  /** Aborts when the run is to end with what is written by then. */
  signal: AbortSignal;
  /** The machine's when absent. */
  clock?: Clock;
  /** Numbers from 0 to below 1, for back-off. */
  random?: () => number;
  /** Takes what goes to stdout, which it is when absent. */
  write?: Write;
}

/**
 * Does what a command asks for and returns the exit code: 1 for what was only done in part, with lines
 * in the log that say why.
 *
 * @throws {TapError} when it cannot be done.
 */
export async function run(command: FileCommand, options: RunOptions): Promise<0 | 1> {
  // Runners repeat the whole log around the one line that matters.
  const quiet = { ...options, log: { ...options.log, metric() {} } };
  switch (command.kind) {
    case "discover":
      await runDiscover(command, quiet);
      return 0;
    case "test":
      await runTest(command, quiet);
      return 0;
    case "sync":
      return await runSync(command, options) ? 0 : 1;
  }
}

async function runDiscover(command: FileCommand, options: RunOptions): Promise<void> {
  const { log, clock = systemClock, write } = options;
  const patterns = command.select ?? [];
  let { streams } = options;
  let replication: Pick<Config, "chatsApi"> | undefined;
  if (patterns.length > 0) matchedStreams({ streams, patterns });
  if (command.configs.length > 0) {
    const { config, warnings } = loadConfig(command.configs, { log, now: clock.now() });
    const state = loadState(command.state, options.streams);
    for (const warning of [...warnings, ...state.warnings]) log.warning(warning);
    using run = startRun(config, { ...options, mostAttempts: FEW_ATTEMPTS });
    streams = await availableStreams(streams, run);
    replication = config;
  }
  await printLine(
    JSON.stringify(discoveredCatalog(streams, patterns, replication), null, 2),
    write,
  );
}

async function runTest(command: FileCommand, options: RunOptions): Promise<void> {
  const { log, clock = systemClock, write } = options;
  const { config, warnings } = loadConfig(command.configs, { log, now: clock.now() });
  const state = loadState(command.state, options.streams);
  const streams = matchedStreams({ streams: options.streams, patterns: command.select ?? [] });
  for (const warning of [...warnings, ...state.warnings]) log.warning(warning);
  using run = startRun(config, { ...options, mostAttempts: FEW_ATTEMPTS });
  const print = (line: string) => printLine(line, write);
  await checkAccount(streams, run, print, options.streams);
}

/** Whether everything was read and written. */
async function runSync(command: FileCommand, options: RunOptions): Promise<boolean> {
  const { log, clock = systemClock } = options;
  const { config, warnings } = loadConfig(command.configs, { log, now: clock.now() });
  const { state, warnings: oddities } = loadState(command.state, options.streams);
  const choice = { streams: options.streams, patterns: command.select ?? [] };
  const catalog = command.catalog === undefined
    ? undefined
    : catalogEntries(command.catalog, choice, (warning) => warnings.push(warning));
  using run = startRun(config, options);
  const entries = catalog ?? await discoveredEntries(run, choice);

  const open = openFrom(run, state, command.state ?? "");
  const selected = selectStreams(entries, state.currently_syncing, options);
  const readings = prepareReadings(selected, { streams: options.streams, config, open });
  // Only when nothing is wrong with the input, whose one line would be lost among these.
  const empty = warnOfEmptyStreams(selected, config);
  for (const warning of [...warnings, ...oddities, ...empty]) log.warning(warning);

  const result = await syncShowingProgress(run, readings, state, options);
  reportOutcomes(result.outcomes, log);
  if (result.ending !== undefined) throw result.ending.cause;
  // The state that was handed in is written all the same: who keeps the target's last one keeps it.
  if (readings.length === 0) throw nothingSelected(command);
  return isWhole(result);
}

function nothingSelected({ catalog }: FileCommand): InputError {
  return new InputError(
    catalog === undefined
      ? "Nothing is selected: the account has none of the streams, or --select leaves none"
      : `Nothing is selected in catalog file ${
        JSON.stringify(catalog)
      }: add --select PATTERN, or ` +
        'set "selected": true in the metadata at breadcrumb [] of each stream to sync',
  );
}

async function syncShowingProgress(
  { api, clock: { monotonicMs }, config: { requestsPerMinute }, waits }: Run,
  readings: readonly Reading[],
  state: JsonObject,
  options: RunOptions,
): Promise<SyncResult> {
  const progress = new ProgressCounter({
    monotonicMs,
    requestCount: () => api.requestCount,
    requestsPerMinute,
    wait: () => waits.longest,
  });
  using _shown = showProgress(progress, options);
  const { log, signal, write = writeStdout } = options;
  const writer = new MessageWriter(write, { platform: Deno.build.os });
  return await sync({ readings, state, api, writer, log, progress, signal, monotonicMs });
}

/** A line rewritten in place on a terminal, else one in the log each minute. */
function showProgress(progress: ProgressCounter, { log, status }: RunOptions): Disposable {
  if (status === undefined) return showEvery(60_000, progress, log.info);
  const shown = showEvery(200, progress, status);
  return {
    [Symbol.dispose]() {
      shown[Symbol.dispose]();
      status("");
    },
  };
}

/** The selected streams in catalog order, beginning with the one that was interrupted. */
function selectStreams(
  entries: readonly CatalogEntry[],
  currentlySyncing: Json | undefined,
  { streams, log }: RunOptions,
): SelectedStream[] {
  const byId = new Map(streams.map((stream) => [stream.tapStreamId, stream]));
  const others = entries.filter(({ selected }) => !selected);
  if (others.length > 0) {
    log.info(`Not selected: ${others.map(({ tapStreamId }) => tapStreamId).join(", ")}`);
  }
  return rotateEntries(entries, currentlySyncing).flatMap((entry) => {
    const stream = byId.get(entry.tapStreamId);
    return entry.selected && stream !== undefined ? [{ stream, entry }] : [];
  });
}
