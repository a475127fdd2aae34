/**
 * Time runs out for the requests on which a server stalls, and for no others: what a client does
 * about it is seen at once and on any machine, however slow.
 */

import { assert } from "@std/assert";
import type { ApiRequest, Fault } from "./chat_api/mod.ts";
import type { FakeClock } from "./clock.ts";

/** What a server says of its stalls, and what clients ask through. */
export interface Stalls {
  /** For `startFakeChatApi`. */
  onStall(request: ApiRequest, fault: Fault): void;
  /** A `fetch` for a client on this clock, which sets its timer right before each request. */
  fetchOn(clock: FakeClock): typeof fetch;
}

/** Connects a server with its clients, which it tells apart by their user agents. */
export function createStalls(): Stalls {
  const underWay = new Map<string, PromiseWithResolvers<Fault>>();

  return {
    onStall({ headers, path, query }, fault) {
      underWay.get(keyOf(headers["user-agent"], path, query))?.resolve(fault);
    },

    fetchOn: (clock) => async (input, init) => {
      const timer = [...clock.timers].at(-1);
      assert(timer !== undefined, "the client has set no timer");
      const { pathname, search } = new URL(`${input}`);
      const agent = new Headers(init?.headers).get("user-agent");
      const stall = Promise.withResolvers<Fault>();
      underWay.set(keyOf(agent, pathname.replace("/api/v2/chat", ""), search.slice(1)), stall);
      stall.promise.then(({ bytes }) => bytes === undefined && timer.callback());
      const response = await fetch(input, init);
      // Part of the body has been sent, which the client is to see.
      stall.promise.then(timer.callback);
      return response;
    },
  };
}

function keyOf(...parts: (string | null | undefined)[]): string {
  return parts.join(" ");
}
