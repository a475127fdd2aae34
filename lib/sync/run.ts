/** What the streams of one run have in common: the client, the config, the clock, and its beginning. */

import { assert } from "@std/assert/assert";
import { type Clock, systemClock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import type { JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import { BookmarkReader } from "../singer/state.ts";
import { TableVersion, VERSION_KEY } from "../singer/table_version.ts";
import { isNewBookmark, oldestBookmark, oldestState } from "../stream/chat_bookmark.ts";
import type { Stream, StreamItems } from "../stream/stream.ts";
import { type AccessTokens, givenToken, ownTokens } from "../zendesk/access_tokens.ts";
import { ApiClock } from "../zendesk/api_clock.ts";
import { type ChatApiOptions, type ChatClient, createChatApi } from "../zendesk/client.ts";
import { type ClientTokenOptions, requestClientToken } from "../zendesk/client_token.ts";
import { createExchange, type ExchangeOptions } from "../zendesk/exchange.ts";
import { createRateLimiter } from "../zendesk/rate_limit.ts";
import { MAX_ATTEMPTS } from "../zendesk/retry.ts";
import { Waits } from "../zendesk/waits.ts";

/** A run under way; what it still waits for is given up when it is disposed of. */
export interface Run extends Disposable {
  api: ChatClient;
  config: Config;
  clock: Clock;
  runStart: ApiClock;
  log: Log;
  waits: Waits;
}

/** What a run is started with; the real clock and network when they are absent. */
export interface RunEffects
  extends Pick<ExchangeOptions, "signal" | "fetch">, Pick<ChatApiOptions, "log" | "mostAttempts"> {
  clock?: Clock;
  random?: () => number;
}

/** A stream that is being read; what it still waits for is given up when it is disposed of. */
export interface OpenStream extends Disposable {
  items: StreamItems;
  /** Streams that are new beside others that are not, for which all is read again. */
  newcomers: readonly string[];
  /** The version of a read that begins now; undefined for streams that are no full tables. */
  beginVersion(): TableVersion | undefined;
}

/** Starts a run; nothing is requested yet. */
export function startRun(
  config: Config,
  {
    log,
    signal,
    clock = systemClock,
    random = Math.random,
    mostAttempts = MAX_ATTEMPTS,
    ...effects
  }: RunEffects,
): Run {
  const end = new AbortController();
  const timeoutMs = config.requestTimeoutSeconds * 1000;
  const ending = AbortSignal.any([signal, end.signal]);
  const shared = { clock, random, log, signal: ending, mostAttempts };
  const exchange = createExchange({ ...effects, ...shared, timeoutMs });
  const runStart = new ApiClock({ clock, log });
  const { apiRoot, userAgent } = config;
  const waits = new Waits(clock);
  const api = createChatApi({
    ...shared,
    apiRoot,
    tokens: accessTokens(config, { ...shared, userAgent, exchange }),
    userAgent,
    exchange: runStart.listenTo(exchange),
    limiter: createRateLimiter({ perMinute: config.requestsPerMinute, clock, log, waits }),
    waits,
  });
  const dispose = () => end.abort();
  return { api, config, clock, runStart, log, waits, [Symbol.dispose]: dispose };
}

/** The tokens that a config leads to. */
function accessTokens(
  { accessToken, client }: Config,
  options: ClientTokenOptions,
): AccessTokens {
  if (client === undefined) {
    assert(accessToken !== undefined, "a config has a token or a client");
    return givenToken(accessToken);
  }
  const request = () => requestClientToken(client, options);
  return ownTokens({ given: accessToken, request, log: options.log });
}

/** A stream that rows are for. */
export interface WrittenStream {
  tapStreamId: string;
  /** Whether it is read from `start_date` on, whatever its bookmark says. */
  isReadAnew: boolean;
}

/**
 * What begins to read a stream in this run, from where a state says; `file` is the state's. Its rows are
 * for `written`: for the stream itself, for children of it, or for both.
 */
export function openFrom(
  run: Run,
  state: JsonObject,
  file: string,
): (stream: Stream, written: readonly WrittenStream[]) => OpenStream {
  const root = new BookmarkReader(state, "", file);
  const bookmarks = root.nested("bookmarks");
  return (stream, written) => {
    const end = new AbortController();
    const api = run.api.until(end.signal);
    const own = written.map(({ tapStreamId, isReadAnew }) => {
      const bookmark = bookmarks.nested(tapStreamId);
      return isReadAnew ? bookmark.withValue({}) : bookmark;
    });
    const bookmark = own.length === 1 ? own[0]! : own[0]!.withValue(oldestBookmark(own));
    const places = written.map(({ tapStreamId, isReadAnew }, index) => {
      if (tapStreamId !== stream.tapStreamId) return own[index]!;
      return isReadAnew ? root.withValue({}) : root;
    });
    const isAlone = places.every((place) => place === root);
    const known = isAlone ? root : root.withValue(oldestState(root.value, places));
    const items = stream.open({ ...run, api, bookmark, state: known });
    const versioning = {
      isAsked: run.config.emitActivateVersionMessages,
      stored: bookmark.integer(VERSION_KEY),
      isContinued: items.isContinued ?? false,
    };
    const newcomers = written
      .filter((stream, index) => !stream.isReadAnew && isNewBookmark(own[index]!))
      .map(({ tapStreamId }) => tapStreamId);
    const isFullTable = stream.replicationMethod === "FULL_TABLE";
    return {
      items,
      newcomers: newcomers.length < written.length ? newcomers : [],
      beginVersion: () =>
        isFullTable ? new TableVersion({ ...versioning, nowMs: run.clock.now() }) : undefined,
      [Symbol.dispose]: () => end.abort(),
    };
  };
}
