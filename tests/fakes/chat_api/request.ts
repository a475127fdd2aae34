/** A request as the server's log has it. */

import type { HttpRequest } from "./http.ts";
import { BadRequest } from "./reply.ts";

/** One line of the log. */
export interface ApiRequest {
  /** Its place in the log, from 0. */
  index: number;
  method: string;
  /** The path below the API root, such as `/chats/search`. */
  path: string;
  /** The query string as sent, without `?`. */
  query: string;
  params: Record<string, string>;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The status answered; `null` until then, and if there is no answer. */
  status: number | null;
}

/** Reads a request; a path outside the root stays whole, and so is no endpoint's. */
export function readRequest(
  { method, target, headers }: HttpRequest,
  root: string,
  index: number,
): ApiRequest {
  const { pathname, search, searchParams } = new URL(target, "http://127.0.0.1");
  return {
    index,
    method,
    path: pathname.startsWith(`${root}/`) ? pathname.slice(root.length) : pathname,
    query: search.slice(1),
    params: Object.fromEntries(searchParams),
    headers,
    status: null,
  };
}

/** A parameter made of digits. @throws {BadRequest} for anything else. */
export function wholeNumber(
  params: Record<string, string>,
  name: string,
  whenAbsent: number,
): number {
  const text = params[name];
  if (text === undefined) return whenAbsent;
  if (!/^\d+$/.test(text)) throw new BadRequest(`${name} is not a number`);
  return Number(text);
}
