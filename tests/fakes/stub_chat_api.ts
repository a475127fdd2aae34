/**
 * A Chat API without HTTP, for tests of what stands above the client: a function answers each
 * attempt, and bodies go through the request's own `read`. Failed attempts are repeated as often as
 * the client repeats them, but at once.
 */

import type { Config } from "../../lib/config/config.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { createLog } from "../../lib/log.ts";
import { BookmarkReader } from "../../lib/singer/state.ts";
import type { StreamContext } from "../../lib/stream/stream.ts";
import { ShapeError } from "../../lib/zendesk/answer.ts";
import type { ApiRequest, ChatApi } from "../../lib/zendesk/client.ts";
import type { Params } from "../../lib/zendesk/request_parts.ts";
import { RequestError } from "../../lib/zendesk/request_error.ts";
import { type Failure, maxAttempts } from "../../lib/zendesk/retry.ts";
import { createFakeClock } from "./clock.ts";
import { PLAIN_CONFIG } from "./plain_config.ts";

/** One attempt. */
export interface StubRequest {
  path: string;
  params: Record<string, string>;
}

/** What comes of an attempt: a body, `size` characters long where that matters, or a failure. */
export type StubReply = { body: Json; size?: number } | { failure: Failure };

/** The stub and what it was asked. */
export interface StubChatApi extends ChatApi {
  /** Each attempt in order, as `path?name=value&…` without encoding. */
  readonly requests: string[];
}

/** An API that answers by a function, or with a list of replies, one an attempt. */
export function createStubChatApi(
  script: readonly StubReply[] | ((request: StubRequest) => StubReply | Promise<StubReply>),
): StubChatApi {
  const requests: string[] = [];

  async function attemptOnce<T>(
    { path, read }: ApiRequest<T>,
    query: Params | string,
  ): Promise<{ value: T } | { failure: Failure }> {
    const params = paramsOf(query);
    const text = Object.entries(params).map(([name, value]) => `${name}=${value}`).join("&");
    const request = text === "" ? path : `${path}?${text}`;
    const scripted = typeof script === "function" ? undefined : script[requests.length];
    requests.push(request);
    const reply = typeof script === "function" ? await script({ path, params }) : scripted;
    if (reply === undefined) throw new Error(`Unexpected request: ${request}`);
    if ("failure" in reply) return reply;
    try {
      return { value: read(reply.body, { size: reply.size ?? 1_000, receivedAtMs: STARTED_AT }) };
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      const detail = error.message;
      return { failure: { kind: "shape", status: 200, statusText: "OK", detail } };
    }
  }

  return {
    requests,
    get requestCount() {
      return requests.length;
    },
    limitPatience() {},
    async get(request) {
      let query = request.query ?? "";
      for (let attempt = 1;; attempt++) {
        const result = await attemptOnce(request, query);
        if ("value" in result) return result.value;
        const { failure } = result;
        if (attempt >= maxAttempts(failure)) {
          const url = new URL(`https://acme.zendesk.com/api/v2/chat/${request.path}`);
          throw new RequestError(request.endpoint, url, failure, attempt);
        }
        query = request.revise?.(failure, attempt) ?? query;
      }
    },
  };
}

function paramsOf(query: Params | string): Record<string, string> {
  if (typeof query === "string") return Object.fromEntries(new URLSearchParams(query));
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, `${value}`]));
}

/** An answer with a status that refuses. */
export function refusal(status: number): StubReply {
  return { failure: { kind: "status", status, statusText: "" } };
}

/** When the runs of tests begin. */
export const STARTED_AT = Date.parse("2026-01-15T12:00:00Z");

/** What a stream is handed, and the lines that it logs. */
export interface StubContext extends StreamContext {
  readonly lines: string[];
}

/** A context in which all is at its default but what a test is about. */
export function createStubContext(
  { api, state = {}, tapStreamId = "", startedAt = STARTED_AT, ...config }:
    & { api: ChatApi; state?: JsonObject; tapStreamId?: string; startedAt?: number }
    & Partial<Config>,
): StubContext {
  const lines: string[] = [];
  const root = new BookmarkReader(state, "", "state.json");
  return {
    api,
    config: { ...PLAIN_CONFIG, ...config },
    bookmark: root.nested("bookmarks").nested(tapStreamId),
    state: root,
    runStart: { atMs: startedAt, isKnown: true },
    clock: createFakeClock(new Date(startedAt).toISOString()),
    log: createLog({ write: (line) => lines.push(line) }),
    lines,
  };
}
