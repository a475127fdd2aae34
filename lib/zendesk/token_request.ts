/**
 * One request for an access token, as OAuth 2 has it. Nothing is repeated here: a code is good for one
 * use. What comes is a token, a refusal in the OAuth server's own words, or no answer of an OAuth server
 * at all, and never holds what was posted.
 */

import { isBearerToken } from "../bearer_token.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Exchange } from "./exchange.ts";
import { bodyFault, statusFailure } from "./failure.ts";
import { excerpt } from "./hints.ts";
import type { Failure } from "./retry.ts";

/** How a token is asked for. */
export type Grant = "authorization_code" | "client_credentials";

/** The form that is posted. */
export interface TokenForm extends Record<string, string> {
  grant_type: Grant;
  client_id: string;
  client_secret: string;
  scope: string;
}

/** How it is posted. */
export interface TokenRequestOptions {
  tokenUrl: string;
  exchange: Exchange;
  userAgent: string;
}

/** What was got. */
export interface Token {
  kind: "token";
  accessToken: string;
  /** Undefined when the answer names no expiry. */
  expiresInSeconds: number | undefined;
}

/** What an OAuth server says in the place of a token. */
export interface OAuthRefusal {
  kind: "oauth";
  /** The code, such as `invalid_client`. */
  error: string;
  /** Its explanation; empty when there is none. */
  description: string;
  /** The same as an answer like any other. */
  failure: Failure & { kind: "status" };
}

/** Three centuries: whoever names more means that a token does not expire. */
const NEVER_SECONDS = 1e10;

/** Asks for a token, once. */
export async function requestToken(
  form: TokenForm,
  { tokenUrl, exchange, userAgent }: TokenRequestOptions,
): Promise<Token | OAuthRefusal | Failure> {
  const headers = { "accept": "application/json", "user-agent": userAgent };
  const answer = await exchange(tokenUrl, { headers, form });
  if (answer.kind !== "answer") return answer;
  const { response, text } = answer;
  const token = response.ok ? tokenIn(text) : undefined;
  return token ?? explain(response, withoutSecrets(text, form), tokenUrl);
}

/** The token in an answer's text; undefined when it has none that can be used. */
function tokenIn(text: string): Token | undefined {
  const { access_token, expires_in } = parseObject(text) ?? {};
  if (!isBearerToken(access_token)) return undefined;
  const seconds = Number(expires_in ?? 0);
  const expires = seconds > 0 && seconds < NEVER_SECONDS;
  return {
    kind: "token",
    accessToken: access_token,
    expiresInSeconds: expires ? seconds : undefined,
  };
}

function explain(response: Response, text: string, url: string): OAuthRefusal | Failure {
  const { ok, status, statusText } = response;
  const body = parseObject(text);
  if (typeof body?.error === "string") {
    const { error, error_description: words } = body;
    const description = typeof words === "string" ? words : "";
    return { kind: "oauth", error, description, failure: statusFailure(response, text, url) };
  }
  if (!ok) return statusFailure(response, text, url);
  return body === undefined
    ? { kind: "body", status, statusText, fault: bodyFault(text) }
    : { kind: "shape", status, statusText, detail: '"access_token" is no bare token' };
}

/** A refusal in the OAuth server's own words: its code, and any description in quotes. */
export function refusalWords(error: string, description: string): string {
  const code = excerpt(error);
  return description.trim() === "" ? code : `${code} ("${excerpt(description)}")`;
}

/** The text without what only the OAuth server may see, which it may have repeated. */
export function withoutSecrets(
  text: string,
  { client_secret: secret, code = "" }: TokenForm,
): string {
  const hidden = [secret, code].filter((value) => value !== "");
  return hidden.reduce((shown, value) => shown.replaceAll(value, "***"), text);
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
