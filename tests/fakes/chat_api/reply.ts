/** What the API answers with: a status and a text, in the error shapes that Zendesk documents. */

import type { JsonObject } from "../../../lib/json.ts";

/** An answer before it is sent; `body` is text because most bodies are glued from ready pieces. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

/** Thrown by an endpoint for a request that the API refuses with 400. */
export class BadRequest extends Error {
  override name = "BadRequest";
}

/** Thrown for a request that no correct client sends; it fails the test. */
export class UnexpectedRequest extends Error {
  override name = "UnexpectedRequest";
}

const REASONS: Record<number, string> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  410: "Gone",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** The reason phrase of a status. */
export function reasonOf(status: number): string {
  return REASONS[status] ?? "Status";
}

/** `{"error": …}`, with a description where the API gives one. */
export function errorReply(status: number, description?: string): Reply {
  const body: JsonObject = { error: reasonOf(status), description };
  return { status, body: JSON.stringify(body) };
}
