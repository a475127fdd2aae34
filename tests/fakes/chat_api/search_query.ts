/**
 * The part of the search language that a sync needs: one kind of chat in one range of time. An
 * offset such as `+00:00` is refused, as the API has done since 2025.
 */

import type { ChatFilter } from "./chat_store.ts";
import { toMicros } from "./instant.ts";
import { BadRequest } from "./reply.ts";

const QUERY_REGEXP =
  /^type:(?<type>chat|offline_msg) AND (?<field>timestamp|end_timestamp):\[(?<from>.+) TO (?<to>.+)\]$/;

/**
 * `type:chat AND end_timestamp:[a TO b]`; bounds are inclusive, UTC without or with `Z`, or `*`.
 *
 * @throws {BadRequest} for everything else.
 */
export function parseSearchQuery(query: string): ChatFilter & { type: string } {
  const groups = QUERY_REGEXP.exec(query)?.groups;
  if (groups === undefined) throw new BadRequest(`Cannot parse query: ${query}`);
  const { type, field, from, to } = groups as Record<"type" | "from" | "to", string> & {
    field: "timestamp" | "end_timestamp";
  };
  return { type, field, from: bound(from, -Infinity), to: bound(to, Infinity) };
}

function bound(text: string, open: number): number {
  if (text === "*") return open;
  const micros = toMicros(text);
  if (isNaN(micros)) throw new BadRequest(`Cannot parse date in query: ${text}`);
  return micros;
}
