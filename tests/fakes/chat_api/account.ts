/** What an account holds. Rows are plain objects: the server sends them as they are. */

import type { JsonObject } from "../../../lib/json.ts";
import type { ChatCollection } from "./chat_store.ts";

/** Everything but the chats. The server reads these at each request, so a test may change them. */
export interface AccountLists {
  account: JsonObject;
  agents: JsonObject[];
  bans: { visitor: JsonObject[]; ip_address: JsonObject[] };
  departments: JsonObject[];
  goals: JsonObject[];
  shortcuts: JsonObject[];
  triggers: JsonObject[];
  roles: JsonObject[];
  skills: JsonObject[];
  routing_settings: JsonObject;
  agent_timeline: JsonObject[];
  agent_events: JsonObject[];
  conversions: JsonObject[];
  department_events: JsonObject[];
}

/** An account, chats included. */
export interface AccountData extends AccountLists {
  chats: readonly JsonObject[] | ChatCollection;
}

/** An account in which nothing has happened yet. */
export function emptyAccount(): AccountData {
  return {
    account: { account_key: "9f1c2d3e4b5a69788796a5b4c3d2e1f0", status: "active" },
    agents: [],
    bans: { visitor: [], ip_address: [] },
    departments: [],
    goals: [],
    shortcuts: [],
    triggers: [],
    roles: [],
    skills: [],
    routing_settings: { routing_mode: "assigned" },
    agent_timeline: [],
    agent_events: [],
    conversions: [],
    department_events: [],
    chats: [],
  };
}
