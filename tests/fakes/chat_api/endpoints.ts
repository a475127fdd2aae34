/**
 * Every endpoint, as a table. Each computes its answer from the data held at that moment, and lists
 * the parameters it knows: any other is a mistake of the client.
 */

import type { Json, JsonObject } from "../../../lib/json.ts";
import type { AccountLists } from "./account.ts";
import { chatsById, chatsPage, searchPage } from "./chat_endpoints.ts";
import type { Endpoint, Holdings, Params } from "./endpoint.ts";
import { exportOf } from "./export_endpoint.ts";
import { BadRequest, UnexpectedRequest } from "./reply.ts";
import { wholeNumber } from "./request.ts";

/** The endpoints, by their path below the API root. */
export const ENDPOINTS: Record<string, Endpoint> = {
  "/account": list("account", (account) => account.account),
  "/agents": { stream: "agents", params: ["since_id", "limit"], answer: agentsPage },
  "/agents/me": list("agents", (account) => account.agents[0] ?? {}),
  "/bans": { stream: "bans", params: ["since_id", "limit"], answer: bansPage },
  "/departments": list("departments", (account) => account.departments),
  "/goals": list("goals", (account) => account.goals),
  "/shortcuts": list("shortcuts", (account) => account.shortcuts),
  "/triggers": list("triggers", (account) => account.triggers),
  "/roles": list("roles", (account) => account.roles),
  "/skills": list("skills", (account) => account.skills),
  "/routing_settings/account": list("routing_settings", (account) => ({
    data: account.routing_settings,
  })),
  "/chats": {
    stream: "chats",
    params: ["ids", "cursor"],
    answer: (holdings, params) =>
      params.ids === undefined ? chatsPage(holdings, params) : chatsById(holdings, params.ids),
  },
  "/chats/search": { stream: "chats", params: ["q", "page"], answer: searchPage },
  "/incremental/chats": exportOf("chats"),
  "/incremental/agent_timeline": exportOf("agent_timeline"),
  "/incremental/agent_events": exportOf("agent_events"),
  "/incremental/conversions": exportOf("conversions"),
  "/incremental/department_events": exportOf("department_events"),
};

function list(stream: string, body: (account: AccountLists) => Json): Endpoint {
  return { stream, params: [], answer: ({ account }) => JSON.stringify(body(account)) };
}

function agentsPage({ account }: Holdings, params: Params): string {
  const limit = wholeNumber(params, "limit", 100);
  if (limit > 200) throw new BadRequest("limit is too large");
  const since = wholeNumber(params, "since_id", 0);
  return JSON.stringify(ascending(account.agents, since).slice(0, limit));
}

function bansPage({ account, behaviour }: Holdings, params: Params): string {
  const limit = wholeNumber(params, "limit", 10);
  if (limit > 1000) throw new BadRequest("limit is too large");
  const since = wholeNumber(params, "since_id", 0);
  const { visitor, ip_address } = account.bans;
  const together = new Set(ascending([...visitor, ...ip_address], since).slice(0, limit));
  const page = (bans: readonly JsonObject[]) =>
    behaviour.bansLimitEachList
      ? ascending(bans, since).slice(0, limit)
      : ascending(bans, since).filter((ban) => together.has(ban));
  return JSON.stringify({ visitor: page(visitor), ip_address: page(ip_address) });
}

function ascending(rows: readonly JsonObject[], since: number): JsonObject[] {
  return rows.filter((row) => Number(row.id) >= since).sort((a, b) => Number(a.id) - Number(b.id));
}

/** Finds the endpoint. @throws {UnexpectedRequest} for a path, method or parameter there is not. */
export function endpointOf(method: string, path: string, params: Params): Endpoint {
  const endpoint = Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined;
  if (endpoint === undefined) throw new UnexpectedRequest("no such endpoint");
  if (method !== "GET") throw new UnexpectedRequest("only GET is expected");
  const unknown = Object.keys(params).filter((name) => !endpoint.params.includes(name));
  if (unknown.length > 0) throw new UnexpectedRequest(`unknown parameter ${unknown.join(", ")}`);
  return endpoint;
}
