/** What each command does once argv is understood: input files, requests, and what goes to stdout. */

import { systemClock } from "../clock.ts";
import { availableStreams } from "../discover.ts";
import type { JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import { type CatalogEntry, checkCatalog, defaultEntry, rotateEntries } from "../singer/catalog.ts";
import { discoveryEntry } from "../singer/discovery_entry.ts";
import { MessageWriter } from "../singer/messages.ts";
import { BookmarkReader, checkState, EMPTY_STATE } from "../singer/state.ts";
import { writeStdout } from "../stdout.ts";
import type { Stream } from "../stream.ts";
import {
  prepareReading,
  type Reading,
  type SelectedStream,
  type StreamSummary,
  sync,
} from "../sync.ts";
import { checkStreams } from "../test_connection.ts";
import { VERSION } from "../version.ts";
import { type ChatApi, createChatApi } from "../zendesk/client.ts";
import { createRateLimiter } from "../zendesk/rate_limit.ts";
import { about } from "./about.ts";
import { type Command, usage } from "./args.ts";
import { type Config, resolveConfig } from "./config.ts";
import { ENVIRONMENT, readConfigSources } from "./config_source.ts";
import { decodeText, readJsonFile } from "./input_file.ts";
import { ProgressCounter, showEvery } from "./progress.ts";
import { summaryTable } from "./summary_table.ts";

/** What a run is handed. */
export interface RunOptions {
  streams: readonly Stream[];
  log: Log;
  /** Replaces the terminal's status line; absent when stderr is no terminal. */
  status?: ((text: string) => void) | undefined;
  /** Aborts when the run is to end with what is written by then. */
  signal: AbortSignal;
}

/** The commands that read input files. */
type FileCommand = Extract<Command, { configs: string[] }>;

/**
 * Does what a command asks for.
 *
 * @throws {TapError} when it cannot be done.
 */
export async function run(
  command: Exclude<Command, { kind: "login" }>,
  options: RunOptions,
): Promise<void> {
  switch (command.kind) {
    case "help":
      return await print(usage(VERSION));
    case "version":
      return await print(`tap-zendesk-chat ${VERSION}`);
    case "about":
      return await print(about(command.format));
    case "discover":
      return await runDiscover(command, options);
    case "test":
      return await runTest(command, options);
    case "sync":
      return await runSync(command, options);
  }
}

async function runDiscover(command: FileCommand, options: RunOptions): Promise<void> {
  let { streams } = options;
  let chatsApi: Config["chatsApi"] = "search";
  if (command.configs.length > 0) {
    const { config, warnings } = loadConfig(command, options.log);
    loadState(command);
    for (const warning of warnings) options.log.warning(warning);
    using run = startRun(config, options);
    streams = await availableStreams(streams, run);
    chatsApi = config.chatsApi;
  }
  const entries = streams.map((stream) =>
    discoveryEntry(stream, stream.replicationKeys({ chatsApi }))
  );
  await print(JSON.stringify({ streams: entries }, null, 2));
}

async function runTest(command: FileCommand, options: RunOptions): Promise<void> {
  const { config, warnings } = loadConfig(command, options.log);
  for (const warning of warnings) options.log.warning(warning);
  using run = startRun(config, options);
  await checkStreams(options.streams, run, print);
}

async function runSync(command: FileCommand, options: RunOptions): Promise<void> {
  const { log } = options;
  const { config, warnings } = loadConfig(command, log);
  const state = loadState(command);
  const catalog = command.catalog === undefined ? undefined : loadCatalog(command.catalog, options);
  using run = startRun(config, options);
  const entries = catalog ?? await defaultCatalog(run, options);

  const stateReader = new BookmarkReader(state, "", command.state ?? "");
  const bookmarks = stateReader.nested("bookmarks");
  const open = (stream: Stream) =>
    stream.open({ ...run, bookmark: bookmarks.nested(stream.tapStreamId), state: stateReader });
  const readings = selectStreams(entries, stateReader.text("currently_syncing"), options)
    .map((selected) => prepareReading(selected, open));
  // Only when nothing is wrong with the input, whose one line would be lost among these.
  for (const warning of warnings) log.warning(warning);

  const summaries = await syncShowingProgress(run, readings, state, options);
  for (const line of summaryTable(summaries)) log.info(line);
}

async function syncShowingProgress(
  { api, clock: { monotonicMs } }: Run,
  readings: readonly Reading[],
  state: JsonObject,
  options: RunOptions,
): Promise<StreamSummary[]> {
  const requestCount = () => api.requestCount;
  const progress = new ProgressCounter({ monotonicMs, requestCount });
  using _shown = showProgress(progress, options);
  const writer = new MessageWriter(writeStdout);
  const { log, signal } = options;
  return await sync({
    readings,
    state,
    writer,
    log,
    progress,
    signal,
    requestCount,
    monotonicMs,
  });
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

function loadCatalog(file: string, { streams }: RunOptions): CatalogEntry[] {
  return checkCatalog(readJsonFile("catalog", file, readText), file, streams);
}

/** Without a catalog the Python tap's streams are synced, as far as the account has them. */
async function defaultCatalog(run: Run, { streams }: RunOptions): Promise<CatalogEntry[]> {
  const defaults = streams.filter(({ selectedByDefault }) => selectedByDefault);
  return (await availableStreams(defaults, run)).map(defaultEntry);
}

/** The selected streams in catalog order, beginning with the one that was interrupted. */
function selectStreams(
  entries: readonly CatalogEntry[],
  currentlySyncing: string | undefined,
  { streams, log }: RunOptions,
): SelectedStream[] {
  const byId = new Map(streams.map((stream) => [stream.tapStreamId, stream]));
  return rotateEntries(entries, currentlySyncing).flatMap((entry) => {
    const stream = byId.get(entry.tapStreamId);
    if (entry.selected && stream !== undefined) return [{ stream, entry }];
    log.info(`Skipping stream: ${entry.tapStreamId}`);
    return [];
  });
}

/** The config and what is odd about it; from here on its token is masked in the log. */
function loadConfig(
  { configs }: FileCommand,
  log: Log,
): { config: Config; warnings: string[] } {
  const sources = readConfigSources(configs, { readText, env: (name) => Deno.env.get(name) });
  for (const { values: { access_token } } of sources) {
    if (typeof access_token === "string") log.conceal(access_token.trim());
  }
  const { config, warnings } = resolveConfig(sources, { now: systemClock.now() });
  return { config, warnings: [...warnings, ...configs.flatMap(warnOfReaders)] };
}

/** A config file holds the token, so it should be its owner's alone. */
function warnOfReaders(file: string): string[] {
  if (file === ENVIRONMENT) return [];
  const { mode } = Deno.statSync(file);
  const isOpen = mode !== null && (mode & 0o004) !== 0;
  const name = JSON.stringify(file);
  return isOpen
    ? [`Config file ${name} can be read by everyone on this machine: chmod 600 it`]
    : [];
}

function loadState({ state: file }: FileCommand): JsonObject {
  return file === undefined ? EMPTY_STATE : checkState(readJsonFile("state", file, readText), file);
}

function readText(path: string): string {
  return decodeText(Deno.readFileSync(path));
}

/** What a run that asks the API has for all of its streams. */
interface Run extends Disposable {
  api: ChatApi;
  config: Config;
  clock: typeof systemClock;
  startedAt: number;
  log: Log;
}

/** Whatever is still on its way when the run is disposed of is given up. */
function startRun(config: Config, { log, signal }: RunOptions): Run {
  const end = new AbortController();
  const clock = systemClock;
  const api = createChatApi({
    apiRoot: config.apiRoot,
    accessToken: config.accessToken,
    userAgent: config.userAgent,
    timeoutMs: config.requestTimeoutSeconds * 1000,
    clock,
    limiter: createRateLimiter({ perMinute: config.requestsPerMinute, clock, log }),
    log,
    signal: AbortSignal.any([signal, end.signal]),
  });
  const dispose = () => end.abort();
  return { api, config, clock, startedAt: clock.now(), log, [Symbol.dispose]: dispose };
}

async function print(text: string): Promise<void> {
  await writeStdout(new TextEncoder().encode(text + "\n"));
}
