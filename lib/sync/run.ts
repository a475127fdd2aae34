/** What the streams of one run have in common: the client, the config, the clock, and its beginning. */

import type { Config } from "../config/config.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { Log } from "../log.ts";
import { BookmarkReader } from "../singer/state.ts";
import type { JsonObject } from "../json.ts";
import type { Stream, StreamItem } from "../stream/stream.ts";
import { type ChatApi, type ChatApiOptions, createChatApi } from "../zendesk/client.ts";
import { createRateLimiter } from "../zendesk/rate_limit.ts";

/** A run under way; what it still waits for is given up when it is disposed of. */
export interface Run extends Disposable {
  api: ChatApi;
  config: Config;
  clock: Clock;
  /** In epoch milliseconds. */
  startedAt: number;
  log: Log;
}

/** What a run is started with; the real clock and network when they are absent. */
export interface RunEffects extends Pick<ChatApiOptions, "log" | "signal" | "fetch" | "random"> {
  clock?: Clock;
}

/** Starts a run; nothing is requested yet. */
export function startRun(
  config: Config,
  { log, signal, clock = systemClock, ...effects }: RunEffects,
): Run {
  const end = new AbortController();
  const api = createChatApi({
    apiRoot: config.apiRoot,
    accessToken: config.accessToken,
    userAgent: config.userAgent,
    timeoutMs: config.requestTimeoutSeconds * 1000,
    clock,
    limiter: createRateLimiter({ perMinute: config.requestsPerMinute, clock, log }),
    log,
    signal: AbortSignal.any([signal, end.signal]),
    ...effects,
  });
  const dispose = () => end.abort();
  return { api, config, clock, startedAt: clock.now(), log, [Symbol.dispose]: dispose };
}

/** What begins to read a stream in this run, from where a state says; `file` is the state's. */
export function openFrom(
  run: Run,
  state: JsonObject,
  file: string,
): (stream: Stream) => AsyncIterable<StreamItem> {
  const root = new BookmarkReader(state, "", file);
  const bookmarks = root.nested("bookmarks");
  return (stream) =>
    stream.open({ ...run, bookmark: bookmarks.nested(stream.tapStreamId), state: root });
}
