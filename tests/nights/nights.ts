/**
 * Nights in a row: everything but the process around it runs once a night against a fake Chat API that
 * may misbehave, is handed the state that the night before left, and is judged by what a target holds
 * in the end. Clocks are fake, so a night of back-off passes at once.
 */

import { run as runCommand } from "../../lib/cli/commands.ts";
import { failureLines, TapError } from "../../lib/errors.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { createLog } from "../../lib/log.ts";
import { STREAMS } from "../../streams/mod.ts";
import {
  type AccountData,
  type Behaviour,
  type FakeChatApi,
  type Fault,
  startFakeChatApi,
} from "../fakes/chat_api/mod.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { catalogWith } from "../program/catalogs.ts";
import { configFor, createRunFolder, type RunFolder } from "../program/run_folder.ts";
import { lastState, type Message, messagesIn } from "../program/singer_output.ts";
import { Target } from "./target.ts";

/** When the first run begins, in epoch milliseconds; the others follow a day apart. */
export const FIRST_NIGHT_MS = Date.parse("2026-06-01T02:00:00Z");

const DAY_MS = 24 * 60 * 60_000;

/** What is different about one night; the next one knows nothing of it. */
export interface Night {
  faults?: readonly Fault[];
  refuse?: FakeChatApi["refuse"];
  behaviour?: Partial<Omit<Behaviour, "now">>;
  /** Settings beside those of all nights. */
  config?: Record<string, Json>;
  /** How far the machine's clock is ahead of the API's. */
  clockAheadMs?: number;
  /** Ends the run as a signal does, before the request that this is true of is answered. */
  stopAt?(path: string): boolean;
}

/** What came of a run. */
export interface NightRun {
  code: number;
  messages: Message[];
  /** Lines of the log without METRIC ones. */
  log: string[];
  requests: number;
}

/** What discovery came to. */
export interface DiscoveryRun extends Omit<NightRun, "messages"> {
  found: string[];
}

/** Nights at one account. */
export interface Nights extends AsyncDisposable {
  readonly api: FakeChatApi;
  /** What was written to the target so far. */
  readonly target: Target;
  /** The state that the last run left; it may be replaced. */
  state: JsonObject;
  /** Lets a day pass, then syncs. */
  sync(night?: Night): Promise<NightRun>;
  /** Discovers, at the same hour as the last sync. */
  discover(night?: Night): Promise<DiscoveryRun>;
}

/** What all nights have in common. */
export interface NightsOptions {
  account: Partial<AccountData>;
  /** Selected in this order; without a catalog when absent. */
  streams?: readonly string[];
  config?: Record<string, Json>;
  state?: JsonObject;
}

/** Starts an API; nothing is asked of it yet. */
export async function startNights(
  { account, streams, config = {}, state = {} }: NightsOptions,
): Promise<Nights> {
  let stopAt: Night["stopAt"];
  let stop = new AbortController();
  const api = await startFakeChatApi({
    account,
    onRequest({ path }) {
      if (stopAt?.(path)) stop.abort(new Stopped());
    },
  });
  const folder = await createRunFolder();
  if (streams !== undefined) await folder.write({ "catalog.json": catalogInOrder(streams) });
  const usual = { ...api.behaviour };
  let nowMs = FIRST_NIGHT_MS - DAY_MS;

  async function run(
    kind: "sync" | "discover",
    night: Night,
  ): Promise<Omit<NightRun, "messages"> & { stdout: string }> {
    const { faults = [], refuse = {}, behaviour, clockAheadMs = 0 } = night;
    const clock = createFakeClock(new Date(nowMs + clockAheadMs).toISOString());
    api.faults.splice(0, Infinity, ...faults);
    for (const stream of Object.keys(api.refuse)) delete api.refuse[stream];
    Object.assign(api.refuse, refuse);
    Object.assign(api.behaviour, usual, behaviour, { now: () => clock.now() - clockAheadMs });
    stop = new AbortController();
    stopAt = night.stopAt;
    await folder.write({
      "config.json": configFor(api, { ...config, ...night.config }),
      "state.json": nights.state,
    });

    const requestsBefore = api.requests.length;
    const [chunks, log]: [Uint8Array[], string[]] = [[], []];
    const code = await runToCode(folder, {
      kind,
      clock,
      signal: stop.signal,
      hasCatalog: streams !== undefined && kind === "sync",
      writeLine: (line) => log.push(line.trimEnd()),
      // deno-lint-ignore require-await
      async write(bytes) {
        chunks.push(bytes);
      },
    });
    return {
      code,
      stdout: await new Blob(chunks as BlobPart[]).text(),
      log: log.filter((line) => !line.startsWith("INFO METRIC: ")),
      requests: api.requests.length - requestsBefore,
    };
  }

  const nights: Nights = {
    api,
    target: new Target(),
    state,
    async sync(night = {}) {
      nowMs += DAY_MS;
      const { stdout, ...result } = await run("sync", night);
      const messages = stdout === "" ? [] : messagesIn(stdout);
      nights.target.take(messages);
      nights.state = lastState(messages) ?? nights.state;
      return { ...result, messages };
    },
    async discover(night = {}) {
      const { stdout, ...result } = await run("discover", night);
      const streams: JsonObject[] = stdout === "" ? [] : JSON.parse(stdout).streams;
      return { ...result, found: streams.map(({ tap_stream_id }) => `${tap_stream_id}`) };
    },
    async [Symbol.asyncDispose]() {
      await folder[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
  return nights;
}

/** The exit code of a stop, whatever signal it may stand for. */
export const STOPPED = 143;

class Stopped extends TapError {
  override readonly exitCode = STOPPED;
}

/** Runs a command as `main.ts` does, to its exit code. */
async function runToCode(
  { path }: RunFolder,
  { kind, hasCatalog, writeLine, ...effects }:
    & { kind: "sync" | "discover"; hasCatalog: boolean; writeLine(line: string): void }
    & Pick<Parameters<typeof runCommand>[1], "clock" | "signal" | "write">,
): Promise<number> {
  const log = createLog({ write: writeLine });
  const command = {
    kind,
    configs: [`${path}/config.json`],
    state: `${path}/state.json`,
    ...(hasCatalog && { catalog: `${path}/catalog.json` }),
  };
  try {
    return await runCommand(command, { ...effects, streams: STREAMS, log, random: () => 0.5 });
  } catch (error) {
    for (const line of failureLines(error)) log.critical(line);
    return error instanceof TapError ? error.exitCode : 1;
  }
}

/** A catalog with these streams, in this order and no others. */
function catalogInOrder(streams: readonly string[]): JsonObject {
  const { streams: entries } = catalogWith(...streams);
  const order = new Map(streams.map((stream, index) => [stream, index]));
  const place = (stream: string) => order.get(stream) ?? Infinity;
  return {
    streams: entries
      .filter(({ tap_stream_id }) => order.has(tap_stream_id))
      .sort((a, b) => place(a.tap_stream_id) - place(b.tap_stream_id)),
  };
}
