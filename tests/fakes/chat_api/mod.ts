/**
 * A Zendesk Chat API on loopback for tests, demo and benches. It holds an account and computes
 * every page from it, so what a client gets is right or wrong by the data, not by a script.
 *
 * ```ts
 * await using api = await startFakeChatApi({
 *   account: { chats: [chat("1", "2026-01-05T10:00:00Z")], agents: [{ id: 7 }] },
 *   faults: [
 *     { on: "/agents", status: 429, headers: { "retry-after": "2" } },
 *     { on: "/chats/search", after: 1, times: 2, ending: "reset" },
 *     { on: "/chats", alter: (body) => ({ ...body, docs: {} }), times: Infinity },
 *   ],
 * });
 * ```
 *
 * - `account`: any of {@linkcode AccountData}; what is left out is empty. Chats are an array of rows or
 *   `generatedChats({count, bytes, from, to})`. Change it at any time: `api.account.agents.push(…)`,
 *   `api.chats.put(chat)`, `api.chats.delete(id)`.
 * - `faults` ({@linkcode Fault}): `on` which requests, `after` how many go well, `times` how many are hit;
 *   then `status`/`headers`/`body` (any answer: HTML, wrong shapes, redirects), `alter(body)`,
 *   `delayMs`, or `ending`: "close" | "reset" | "hang", before the headers, or inside the body
 *   with `bytes`. More can be pushed to `api.faults`.
 * - `refuse`: streams answered with 403, 404 or a reply, as `{ account: 403, roles: 404 }`.
 * - `onRequest(request, api)`: called, and awaited, before each answer.
 * - the members of {@linkcode Behaviour}: `now`, `startIdExclusive`, `indexLagSeconds`, …
 * - `api.requests` is the log. A request that no correct client sends (unknown path or parameter,
 *   not a GET, over 200 ids) gets a 501 and makes disposing throw, unless `allowUnexpected`.
 */

import { delay } from "@std/async/delay";
import { type AccountData, type AccountLists, emptyAccount } from "./account.ts";
import { type Behaviour, likelyBehaviour } from "./behaviour.ts";
import { ChatStore } from "./chat_store.ts";
import type { Endpoint, Holdings } from "./endpoint.ts";
import { endpointOf } from "./endpoints.ts";
import { type Fault, FaultQueue, replyOf } from "./faults.ts";
import { type Delivery, type HttpRequest, serveHttp } from "./http.ts";
import { BadRequest, errorReply, type Reply } from "./reply.ts";
import { type ApiRequest, readRequest } from "./request.ts";

export { emptyAccount } from "./account.ts";
export type { AccountData, AccountLists } from "./account.ts";
export type { Behaviour } from "./behaviour.ts";
export { ChatStore } from "./chat_store.ts";
export type { ChatCollection, ChatEntry } from "./chat_store.ts";
export { chat, offlineMessage } from "./chat_rows.ts";
export type { ExportName } from "./export_page.ts";
export type { Fault } from "./faults.ts";
export { generatedChats } from "./generated_chats.ts";
export type { Reply } from "./reply.ts";
export type { ApiRequest } from "./request.ts";

/** The token that is accepted unless a test sets another. */
export const TOKEN = "harbour-bikes-token";

/** How to start the server; see the top of this module. */
export interface FakeChatApiOptions extends Partial<Behaviour> {
  account?: Partial<AccountData>;
  token?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Added to every answer. */
  delayMs?: number;
  faults?: readonly Fault[];
  refuse?: Record<string, 403 | 404 | Reply>;
  onRequest?(request: ApiRequest, api: FakeChatApi): void | Promise<void>;
  /** Called when a fault has a request wait, for a time or for ever. */
  onStall?(request: ApiRequest, fault: Fault): void;
  allowUnexpected?: boolean;
}

/** A running server. What it holds may be changed while it runs. */
export interface FakeChatApi extends AsyncDisposable {
  /** The API root, for `base_url`. */
  readonly url: string;
  readonly chats: ChatStore;
  readonly account: AccountLists;
  readonly behaviour: Behaviour;
  readonly faults: Fault[];
  readonly refuse: Record<string, 403 | 404 | Reply>;
  token: string;
  readonly requests: ApiRequest[];
  /** What was wrong with requests that no correct client sends. */
  readonly unexpected: string[];
  /** The greatest number of requests that were under way at once. */
  peakInFlight: number;
  /** Answers without a network between, for tests of thousands of runs; ends before an answer throw. */
  readonly fetch: typeof fetch;
}

const ROOT = "/api/v2/chat";

/** Starts a server; `await using` stops it, and throws if there was an unexpected request. */
export async function startFakeChatApi(options: FakeChatApiOptions = {}): Promise<FakeChatApi> {
  const {
    account,
    token = TOKEN,
    port = 0,
    delayMs = 0,
    faults = [],
    refuse = {},
    onRequest,
    onStall,
    allowUnexpected = false,
    ...behaviour
  } = options;
  const { chats, ...lists } = { ...emptyAccount(), ...account };
  const queue = new FaultQueue(faults);
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) =>
    stopping.signal.addEventListener("abort", () => resolve())
  );
  let inFlight = 0;

  async function handle(incoming: HttpRequest): Promise<Delivery> {
    const request = readRequest(incoming, ROOT, api.requests.length);
    api.requests.push(request);
    api.peakInFlight = Math.max(api.peakInFlight, ++inFlight);
    try {
      return await deliver(request);
    } catch (error) {
      if (stopping.signal.aborted) return { ending: "close" };
      api.unexpected.push(`${request.method} ${request.path}?${request.query}: ${error}`);
      request.status = 501;
      return { reply: errorReply(501), ending: "close" };
    } finally {
      inFlight--;
    }
  }
  const http = await serveHttp(port, handle);

  async function deliver(request: ApiRequest): Promise<Delivery> {
    const endpoint = endpointOf(request.method, request.path, request.params);
    if (onRequest !== undefined) await Promise.race([onRequest(request, api), stopped]);
    const fault = queue.take(request);
    if (fault?.delayMs !== undefined || fault?.ending === "hang") onStall?.(request, fault);
    const waitMs = delayMs + (fault?.delayMs ?? 0);
    if (waitMs > 0) await delay(waitMs, { signal: stopping.signal });
    const { ending = queue.keepsConnections ? "keep" : "close", bytes, alter } = fault ?? {};
    if (fault?.ending !== undefined && bytes === undefined) return { ending };

    let reply = fault && replyOf(fault);
    reply ??= refusal(api, request, endpoint) ?? answer(api, request, endpoint);
    if (alter !== undefined && reply.status < 400) {
      reply = { ...reply, body: JSON.stringify(alter(JSON.parse(reply.body))) };
    }
    request.status = reply.status;
    if (api.behaviour.tellsTime) reply = withDate(reply, api.behaviour.now());
    return { reply, ending, ...(bytes === undefined ? {} : { bytes }) };
  }

  const url = `http://127.0.0.1:${http.port}${ROOT}`;
  const api: FakeChatApi & Holdings = {
    url,
    chats: new ChatStore(chats),
    account: lists,
    behaviour: { ...likelyBehaviour(url), ...behaviour },
    token,
    faults: queue.faults,
    refuse: { ...refuse },
    requests: [],
    unexpected: [],
    peakInFlight: 0,
    async fetch(input, { headers, signal } = {}) {
      const { pathname, search } = new URL(`${input}`);
      const { reply, bytes } = await handle({
        method: "GET",
        target: pathname + search,
        headers: Object.fromEntries(new Headers(headers)),
      });
      signal?.throwIfAborted();
      if (reply === undefined || bytes !== undefined) throw new TypeError("connection closed");
      return new Response(reply.body, { status: reply.status, headers: reply.headers ?? {} });
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await http[Symbol.asyncDispose]();
      if (api.unexpected.length > 0 && !allowUnexpected) {
        throw new Error(`Unexpected requests to the Chat API:\n${api.unexpected.join("\n")}`);
      }
    },
  };
  return api;
}

function withDate(reply: Reply, nowMs: number): Reply {
  return { ...reply, headers: { date: new Date(nowMs).toUTCString(), ...reply.headers } };
}

function refusal(api: FakeChatApi, request: ApiRequest, { stream }: Endpoint): Reply | undefined {
  if (request.headers.authorization !== `Bearer ${api.token}`) {
    return errorReply(401, "Could not verify your authorization for this resource");
  }
  const refused = api.refuse[stream];
  return typeof refused === "number" ? errorReply(refused) : refused;
}

function answer(holdings: Holdings, { params }: ApiRequest, endpoint: Endpoint): Reply {
  try {
    return { status: 200, body: endpoint.answer(holdings, params) };
  } catch (error) {
    if (error instanceof BadRequest) return errorReply(400, error.message);
    throw error;
  }
}
