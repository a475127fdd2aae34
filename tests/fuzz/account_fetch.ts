/** The fake Chat API without HTTP: a `fetch`, fast enough for thousands of runs. */

import { type AccountData, ChatStore } from "../fakes/chat_api/mod.ts";
import { likelyBehaviour } from "../fakes/chat_api/behaviour.ts";
import { endpointOf } from "../fakes/chat_api/endpoints.ts";
import { BadRequest, errorReply } from "../fakes/chat_api/reply.ts";

/** The API root that `fetchFrom` answers at. */
export const API_ROOT = "http://127.0.0.1:1/api/v2/chat";

/** Answers from an account as it is at `nowMs`; rejects a request that no correct client sends. */
export function fetchFrom({ chats, ...account }: AccountData, nowMs: number): typeof fetch {
  const behaviour = { ...likelyBehaviour(API_ROOT), now: () => nowMs };
  const holdings = { account, chats: new ChatStore(chats), behaviour };
  // deno-lint-ignore require-await
  return async (input) => {
    const { pathname, searchParams } = new URL(`${input}`);
    const params = Object.fromEntries(searchParams);
    const path = pathname.slice(new URL(API_ROOT).pathname.length);
    const endpoint = endpointOf("GET", path, params);
    try {
      return new Response(endpoint.answer(holdings, params));
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      const { status, body } = errorReply(400, error.message);
      return new Response(body, { status });
    }
  };
}
