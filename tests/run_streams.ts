/**
 * A sync in one call and without a process: the real streams, client and messages against whatever
 * answers at `apiRoot`, on a clock that waiting takes no time on. A run that fails is a result too.
 */

import type { Config } from "../lib/config/config.ts";
import { ProgressCounter } from "../lib/cli/progress.ts";
import { parseExactly } from "../lib/exact_number.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { createLog } from "../lib/log.ts";
import { openFrom, type Run, startRun } from "../lib/sync/run.ts";
import { checkCatalog, defaultEntry, rotateEntries } from "../lib/singer/catalog.ts";
import { MessageWriter } from "../lib/singer/messages.ts";
import { checkState } from "../lib/singer/state.ts";
import type { AnyStream } from "../lib/stream/stream.ts";
import type { StreamOutcome } from "../lib/sync/outcome.ts";
import { prepareReadings } from "../lib/sync/reading.ts";
import { sync } from "../lib/sync/sync.ts";
import { STREAMS } from "../streams/mod.ts";
import { type AccountData, chat, offlineMessage, TOKEN } from "./fakes/chat_api/mod.ts";
import { createFakeClock, type FakeClock } from "./fakes/clock.ts";
import { PLAIN_CONFIG } from "./fakes/plain_config.ts";

/** When runs begin, unless their clock says otherwise. */
export const RUN_STARTED_AT = Date.parse("2026-01-15T12:00:00Z");

/** What to run; config members have their usual defaults, but for a start date of 2026-01-01. */
export interface RunOptions extends Partial<Config> {
  apiRoot: string;
  /** Streams to read, in this order; all of them when absent. */
  only?: readonly string[];
  /** The content of a catalog file, in place of `only`. */
  catalog?: Json;
  /** The content of a state file. */
  state?: JsonObject;
  clock?: FakeClock;
  fetch?: typeof fetch;
  signal?: AbortSignal;
  /** Called with each log line as it is written. */
  onLine?(line: string): void;
}

/** A client with its log, for what needs no messages: discovery and `--test`. */
export interface RunApi extends Run {
  clock: FakeClock;
  /** Log lines without METRIC ones. */
  lines: string[];
  metrics: string[];
}

/** What became of a run. */
export interface StreamsRun {
  /** Every message on stdout. */
  messages: JsonObject[];
  /** Log lines without METRIC ones; the last is CRITICAL if the run failed. */
  lines: string[];
  /** What ended the run early. */
  error: unknown;
  /** Empty when nothing could be read at all. */
  outcomes: StreamOutcome[];
  /** Waits, in milliseconds. */
  sleeps: readonly number[];
  /** Everything that left the program: stdout and the whole log. */
  output: string;
}

/** The client of a run. Backoff takes half of what it may. */
export function createRunApi(
  { apiRoot, clock = createFakeClock(), fetch, signal, onLine, ...settings }: Omit<
    RunOptions,
    "only" | "catalog" | "state"
  >,
): RunApi {
  const config = { ...DEFAULTS, apiRoot, ...settings };
  const lines: string[] = [];
  const metrics: string[] = [];
  const log = createLog({
    write(line) {
      (line.startsWith("INFO METRIC: ") ? metrics : lines).push(line.trimEnd());
      onLine?.(line);
    },
  });
  if (config.accessToken !== undefined) log.conceal(config.accessToken);
  const run = startRun(config, {
    log,
    signal: signal ?? new AbortController().signal,
    clock,
    random: () => 0.5,
    ...(fetch && { fetch }),
  });
  return { ...run, clock, lines, metrics };
}

/** Runs a sync to its end or its failure, which is returned. */
export async function runStreams(
  { only, catalog, state = {}, signal = new AbortController().signal, ...options }: RunOptions,
): Promise<StreamsRun> {
  using run = createRunApi({ ...options, signal });
  const { api, clock: { monotonicMs, sleeps }, log, lines, metrics } = run;
  const requestCount = () => api.requestCount;
  const chunks: Uint8Array[] = [];
  let error: unknown;
  let outcomes: StreamOutcome[] = [];
  try {
    const entries = catalog === undefined
      ? (only ?? STREAMS.map(({ tapStreamId }) => tapStreamId)).map(streamById).map(defaultEntry)
      : checkCatalog(catalog, "catalog.json", STREAMS, log.warning).filter(({ selected }) =>
        selected
      );
    const checked = checkState(state, "state.json");
    const open = openFrom(run, checked, "state.json");
    const result = await sync({
      readings: prepareReadings(
        rotateEntries(entries, checked.currently_syncing)
          .map((entry) => ({ stream: streamById(entry.tapStreamId), entry })),
        { streams: STREAMS, config: run.config, open },
      ),
      state: checked,
      api,
      // deno-lint-ignore require-await
      writer: new MessageWriter(async (bytes) => {
        chunks.push(bytes);
      }),
      log,
      progress: new ProgressCounter({
        monotonicMs,
        requestCount,
        requestsPerMinute: 0,
        wait: () => undefined,
      }),
      signal,
      monotonicMs,
    });
    outcomes = result.outcomes;
    if (result.ending !== undefined) throw result.ending.cause;
  } catch (thrown) {
    error = thrown;
    log.critical(thrown instanceof Error ? thrown.message : String(thrown));
  }
  const stdout = await new Blob(chunks as BlobPart[]).text();
  const messages = stdout.split("\n").slice(0, -1).map((line) => parseExactly(line) as JsonObject);
  const output = [stdout, ...lines, ...metrics].join("\n");
  return { messages, lines, error, outcomes, sleeps, output };
}

/** The records of a stream, or of all. */
export function recordsOf({ messages }: StreamsRun, stream?: string): JsonObject[] {
  return messages
    .filter(({ type, stream: of }) => type === "RECORD" && (stream === undefined || of === stream))
    .map(({ record }) => record as JsonObject);
}

/** Whether every stream of a run was read and written whole. */
export function isWholeRun({ error, outcomes }: StreamsRun): boolean {
  return error === undefined && outcomes.every(({ verdict }) => verdict === "ok");
}

/** The state that a run leaves behind: that of its last message, if this is a STATE. */
export function stateOf({ messages }: StreamsRun): JsonObject | undefined {
  const last = messages.at(-1);
  return last?.type === "STATE" ? last.value as JsonObject : undefined;
}

/** An account with a few rows of everything; of its 54 chats 48 are of one kind: two pages of a search. */
export function smallAccount(): AccountData {
  const at = (minute: number) => `2026-01-05T10:${String(minute).padStart(2, "0")}:00Z`;
  const rows = (make: (index: number) => JsonObject) => [1, 2, 3].map(make);
  return {
    account: { account_key: "9f1c2d3e4b5a69788796a5b4c3d2e1f0", status: "active" },
    agents: rows((id) => ({ id, email: `agent${id}@acme.example` })),
    bans: {
      visitor: [{ id: 1, type: "visitor" }, { id: 3, type: "visitor" }],
      ip_address: [{ id: 2, type: "ip_address" }],
    },
    departments: rows((id) => ({ id, name: `Department ${id}` })),
    goals: rows((id) => ({ id, name: `Goal ${id}` })),
    shortcuts: rows((id) => ({ id: `s${id}`, name: `s${id}`, message: "Hello" })),
    triggers: rows((id) => ({ id, name: `Trigger ${id}` })),
    roles: rows((id) => ({ id, name: `Role ${id}` })),
    skills: rows((id) => ({ id, name: `Skill ${id}` })),
    routing_settings: { routing_mode: "assigned" },
    agent_timeline: rows((minute) => ({ agent_id: 1, start_time: at(minute), status: "online" })),
    agent_events: rows((minute) => ({ id: `e${minute}`, agent_id: 1, timestamp: at(minute) })),
    conversions: rows((minute) => ({ id: `c${minute}`, goal_id: 1, timestamp: at(minute) })),
    department_events: rows((minute) => ({ id: `d${minute}`, timestamp: at(minute) })),
    chats: Array.from(
      { length: 54 },
      (_, index) =>
        index % 9 === 8
          ? offlineMessage(`chat-${index}`, at(index), { message: "Are you open?" })
          : chat(`chat-${index}`, at(index), { comment: "Thank you" }),
    ),
  };
}

const DEFAULTS: Config = {
  ...PLAIN_CONFIG,
  accessToken: TOKEN,
  startDateMicros: Date.parse("2026-01-01T00:00:00Z") * 1000,
};

function streamById(id: string): AnyStream {
  const stream = STREAMS.find(({ tapStreamId }) => tapStreamId === id);
  if (stream === undefined) throw new Error(`There is no stream ${id}`);
  return stream;
}
