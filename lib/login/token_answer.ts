/**
 * What the token URL answers: a token, or a reason why there is none. OAuth servers explain
 * themselves in JSON; a page in HTML means that something else has answered.
 */

import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { bodyFault, statusFailure } from "../zendesk/failure.ts";
import { detail, hint, outcome } from "../zendesk/hints.ts";
import type { Failure } from "../zendesk/retry.ts";
import { SETTINGS } from "../config/settings.ts";
import { explainOAuthError, type Grant } from "./oauth_error.ts";

/** What was got. */
export interface Token {
  accessToken: string;
  /** Undefined when the answer names no expiry. */
  expiresInSeconds: number | undefined;
}

/** Three centuries: whoever names more means that a token does not expire. */
const NEVER_SECONDS = 1e10;

/** The token in an answer's text; undefined when it has none that can be used. */
export function tokenIn(text: string): Token | undefined {
  const { access_token = null, expires_in } = parseObject(text) ?? {};
  const accessToken = SETTINGS.access_token.parse(access_token);
  if (accessToken === undefined) return undefined;
  const seconds = Number(expires_in ?? 0);
  const expires = seconds > 0 && seconds < NEVER_SECONDS;
  return { accessToken, expiresInSeconds: expires ? seconds : undefined };
}

/** Why an answer has no token, to follow its method and URL; `text` must be fit to be quoted. */
export function explainAnswer(response: Response, text: string, url: URL, grant: Grant): string {
  const { ok, status, statusText } = response;
  const body = parseObject(text);
  if (typeof body?.error === "string") {
    const description = typeof body.error_description === "string" ? body.error_description : "";
    const answered = `answered ${status} ${statusText}`.trim();
    return `${answered}: ${explainOAuthError(body.error, description, grant)}`;
  }
  if (!ok) return explainFailure(statusFailure(response, text, url));
  return explainFailure(
    body === undefined
      ? { kind: "body", status, statusText, fault: bodyFault(text) }
      : { kind: "shape", status, statusText, detail: '"access_token" is no bare token' },
  );
}

/** Why there was no answer, or none from an OAuth server. */
export function explainFailure(failure: Failure): string {
  const found = detail(failure);
  return `${outcome(failure)}${found === undefined ? "" : `: ${found}`}; ${advice(failure)}`;
}

function advice(failure: Failure): string {
  switch (failure.kind) {
    case "network":
    case "certificate":
      return `${hint(failure)}, then run login again`;
    case "timeout":
      return "check the network, then run login again";
    case "status":
      if (failure.status >= 500 || failure.status === 429) return "run login again later";
  }
  return "check the subdomain, and --token-url if it was given";
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
