/**
 * What goes wrong, as a list. Faults queue: a request is met by the first fault that matches it and
 * is not used up, and the later ones do not see it.
 */

import type { Json } from "../../../lib/json.ts";
import type { Ending } from "./http.ts";
import { errorReply, type Reply } from "./reply.ts";
import type { ApiRequest } from "./request.ts";

/** One thing that goes wrong. */
export interface Fault {
  /** A path, a place in the log or a predicate; any request when absent. */
  on?: string | number | ((request: ApiRequest) => boolean);
  /** How many matching requests go well first (0). */
  after?: number;
  /** How many are met (1). */
  times?: number;

  /** Waits before anything else happens. */
  delayMs?: number;
  /** Answers with this status, headers and body; a string goes out as it is. */
  status?: number;
  headers?: Record<string, string>;
  body?: Json;
  /** Changes the true answer, unless it is a refusal: a count that lies, a link that repeats, a page without some ids. */
  // deno-lint-ignore no-explicit-any
  alter?(body: any): Json;
  /** Closes, resets or never ends the exchange. */
  ending?: Exclude<Ending, "keep">;
  /** With `ending`: how much of the body goes out first; when absent not even the headers do. */
  bytes?: number;
}

/** The faults of a server, and how often each has been matched. */
export class FaultQueue {
  readonly faults: Fault[];
  readonly #matched = new Map<Fault, number>();

  constructor(faults: readonly Fault[]) {
    this.faults = [...faults];
  }

  /** The fault that meets this request. */
  take(request: ApiRequest): Fault | undefined {
    for (const fault of this.faults) {
      const { after = 0, times = 1 } = fault;
      const matched = this.#matched.get(fault) ?? 0;
      if (matched >= after + times || !matches(fault.on, request)) continue;
      this.#matched.set(fault, matched + 1);
      if (matched >= after) return fault;
    }
    return undefined;
  }

  /**
   * Whether connections may be kept. A client is free to repeat a request by itself when a kept
   * connection ends without an answer, and then a hang-up would go unnoticed.
   */
  get keepsConnections(): boolean {
    return !this.faults.some(({ ending, bytes }) => ending !== undefined && bytes === undefined);
  }
}

function matches(on: Fault["on"], request: ApiRequest): boolean {
  if (on === undefined) return true;
  if (typeof on === "string") return request.path === on;
  return typeof on === "number" ? request.index === on : on(request);
}

/** The reply of a fault that has one of its own. */
export function replyOf({ status, headers, body }: Fault): Reply | undefined {
  if (status === undefined && headers === undefined && body === undefined) return undefined;
  const reply = status === undefined || status < 400
    ? { status: status ?? 200, body: "" }
    : errorReply(status);
  const type = { "content-type": "text/plain; charset=utf-8" };
  if (typeof body === "string") return { ...reply, headers: { ...type, ...headers }, body };
  return {
    ...reply,
    headers: { ...headers },
    body: body === undefined ? reply.body : JSON.stringify(body),
  };
}
