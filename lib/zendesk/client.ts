/**
 * One JSON GET from the Chat API: paced, timed, repeated as the ladder says, and reported. It asks the
 * configured origin only: callers give paths, so the token has nowhere else to go. A refused token is
 * no rung of the ladder: where there is a new one, the request is sent again at once.
 */

import type { Clock } from "../clock.ts";
import { parseExactly } from "../exact_number.ts";
import type { Json } from "../json.ts";
import { type Log, SHORTEST_MASKED } from "../log.ts";
import type { AccessTokens } from "./access_tokens.ts";
import { ShapeError } from "./answer.ts";
import type { Answer, Exchange } from "./exchange.ts";
import { bodyFault, statusFailure } from "./failure.ts";
import { waitLine } from "./hints.ts";
import type { RateLimiter } from "./rate_limit.ts";
import { RequestError } from "./request_error.ts";
import { type Params, requestHeaders, requestUrl } from "./request_parts.ts";
import {
  type Failure,
  FEW_ATTEMPTS,
  isAnswer,
  isRateLimit,
  MAX_ATTEMPTS,
  maxAttempts,
  retryDelay,
} from "./retry.ts";
import type { Waits } from "./waits.ts";

/** How an answer arrived. */
export interface Arrival {
  /** Characters of the body. */
  size: number;
  /** When the body was complete, in epoch milliseconds. */
  receivedAtMs: number;
}

/** What is asked for, and how the answer is read. */
export interface ApiRequest<T> {
  /** The name in messages and metrics: the stream. */
  endpoint: string;
  /** Below the API root, for example `chats/search`. */
  path: string;
  /** Parameters, or the query string of a paging link without its `?`. */
  query?: Params | string;
  /**
   * Reads the parsed body.
   *
   * @throws {ShapeError} when it is not what was asked for, which counts as a failed attempt.
   */
  read(body: Json, arrival: Arrival): T;
  /** Parameters for the attempt after the given one, which failed; the same again when absent. */
  revise?(failure: Failure, attempt: number): Params;
}

/** The API as streams see it. */
export interface ChatApi {
  /** @throws {RequestError} when the request cannot succeed or has failed too often. */
  get<T>(request: ApiRequest<T>): Promise<T>;
  /** Attempts sent so far. */
  readonly requestCount: number;
  /**
   * Gives requests three attempts instead of ten until one is answered: something has just failed by a
   * fault that should have passed, and a night on which the API is down is to end in minutes.
   */
  limitPatience(): void;
}

/** The API as a run sees it, which outlives the failures of its streams. */
export interface ChatClient extends ChatApi {
  /** The same API for someone who ends when `signal` aborts, requests under way included. */
  until(signal: AbortSignal): ChatApi;
}

/** What the client is made from. */
export interface ChatApiOptions {
  /** Without a slash at its end. */
  apiRoot: string;
  tokens: AccessTokens;
  userAgent: string;
  exchange: Exchange;
  /** Attempts that a request gets at the most; ten when absent. */
  mostAttempts?: number;
  clock: Clock;
  random?: () => number;
  limiter: RateLimiter;
  /** Is told what is waited for. */
  waits?: Waits;
  log: Log;
  /** Ends whatever is under way, which then rejects with the signal's reason. */
  signal: AbortSignal;
}

type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** Tokens that one attempt may use up: others keep proving new ones that are no good for this request. */
const MAX_REFUSED_TOKENS = 3;

/** The client for one run. */
export function createChatApi(options: ChatApiOptions): ChatClient {
  const { apiRoot, tokens, userAgent, exchange, clock, limiter, waits, log } = options;
  const { random = Math.random, mostAttempts = MAX_ATTEMPTS } = options;
  const headersWith = requestHeaders(userAgent);
  let requestCount = 0;
  let patience = mostAttempts;

  function interpret<T>(
    request: ApiRequest<T>,
    { response, text }: Answer,
    url: string,
    token: string,
  ): Result<T> {
    if (!response.ok) {
      const explained = token.length < SHORTEST_MASKED ? text : text.replaceAll(token, "***");
      return { ok: false, failure: statusFailure(response, explained, url) };
    }
    const { status, statusText } = response;
    let body: Json;
    try {
      body = parseExactly(text);
    } catch {
      return { ok: false, failure: { kind: "body", status, statusText, fault: bodyFault(text) } };
    }
    try {
      return {
        ok: true,
        value: request.read(body, { size: text.length, receivedAtMs: clock.now() }),
      };
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      return { ok: false, failure: { kind: "shape", status, statusText, detail: error.message } };
    }
  }

  /** Sends a request with one token. */
  async function send<T>(
    request: ApiRequest<T>,
    url: string,
    { token, signal }: { token: string; signal: AbortSignal },
  ): Promise<Result<T>> {
    const headers = headersWith(token);
    const startedMs = clock.monotonicMs();
    using _wait = waits?.begin(`an answer to GET ${request.path}`);
    const answer = await exchange(url, { headers, signal });
    const seconds = Math.round(clock.monotonicMs() - startedMs) / 1_000;
    const result: Result<T> = answer.kind === "answer"
      ? interpret(request, answer, url, token)
      : { ok: false, failure: answer };
    log.metric({
      type: "timer",
      metric: "http_request_duration",
      value: seconds,
      tags: {
        endpoint: request.endpoint,
        ...(answer.kind === "answer" && { http_status_code: answer.response.status }),
        ...(answer.kind === "body" && { http_status_code: answer.status }),
        status: result.ok ? "succeeded" : "failed",
      },
    });
    if (answer.kind === "answer" && answer.response.status !== 401) tokens.accepted(token);
    return result;
  }

  /** One attempt: with another token, too, where the API refuses one that may have expired. */
  async function attemptOnce<T>(
    request: ApiRequest<T>,
    url: string,
    signal: AbortSignal,
  ): Promise<Result<T>> {
    for (let refused = 1;; refused++) {
      await limiter.take(signal);
      const token = await tokens.current();
      requestCount++;
      const result = await send(request, url, { token, signal });
      if (result.ok || result.failure.kind !== "status" || result.failure.status !== 401) {
        return result;
      }
      if (refused === MAX_REFUSED_TOKENS || !await tokens.renew(token)) {
        return { ok: false, failure: { ...result.failure, tokenIsOwn: tokens.areRenewable } };
      }
    }
  }

  async function get<T>(request: ApiRequest<T>, signal: AbortSignal): Promise<T> {
    let query = request.query ?? "";
    for (let attempt = 1;; attempt++) {
      const url = requestUrl(apiRoot, request.path, query);
      const result = await attemptOnce(request, url, signal);
      if (result.ok || isAnswer(result.failure)) patience = mostAttempts;
      if (result.ok) return result.value;

      const { failure } = result;
      const most = Math.min(patience, maxAttempts(failure));
      const waitMs = retryDelay(failure, attempt, { nowMs: clock.now(), random, most });
      if (waitMs === undefined) throw new RequestError(request.endpoint, url, failure, attempt);
      const line = waitLine(`GET ${request.path}`, failure, { waitMs, attempt, most });
      if (isRateLimit(failure)) log.info(line);
      else log.warning(line);
      using _wait = waits?.begin(`attempt ${attempt + 1} of ${most}`, waitMs);
      await clock.sleep(waitMs, signal);
      query = request.revise?.(failure, attempt) ?? query;
    }
  }

  const until = (signal: AbortSignal): ChatApi => ({
    get requestCount() {
      return requestCount;
    },
    get: (request) => get(request, signal),
    limitPatience() {
      patience = Math.min(mostAttempts, FEW_ATTEMPTS);
    },
  });
  return {
    ...until(options.signal),
    get requestCount() {
      return requestCount;
    },
    until: (signal) => until(AbortSignal.any([options.signal, signal])),
  };
}
