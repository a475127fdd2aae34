/** What an endpoint is: the parameters it knows, and how its answer follows from what is held. */

import type { AccountLists } from "./account.ts";
import type { Behaviour } from "./behaviour.ts";
import type { ChatStore } from "./chat_store.ts";

/** What endpoints answer from. */
export interface Holdings {
  account: AccountLists;
  chats: ChatStore;
  behaviour: Behaviour;
}

/** Decoded query parameters. */
export type Params = Record<string, string>;

/** One endpoint. */
export interface Endpoint {
  /** The stream that is refused when this is. */
  stream: string;
  params: readonly string[];
  /** The body of a 200. */
  answer(holdings: Holdings, params: Params): string;
}
