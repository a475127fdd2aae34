/**
 * Failed requests in words: what came, in which terms the API put it, and what its user can do.
 * Text from the API and the network is shortened and escaped here, so that it fits on one line.
 */

import { isJsonObject, type Json } from "../json.ts";
import { escapeControl } from "../log.ts";
import type { BodyFault, Failure } from "./retry.ts";

const MAX_WORDS = 200;

const STATUS_HINTS: Readonly<Record<number, string>> = {
  400: "check the page limits in the config and this machine's clock; if they are right, report " +
    "this line",
  401:
    "the token has expired or was revoked, or it is no Chat token (those of Zendesk Support do " +
    'not work here): "tap-zendesk-chat login" gets one',
  403:
    "the agent's role, the token's scope (\"read\") or the account's plan does not allow this: log " +
    "in as an administrator, or deselect the stream",
  404: 'check "subdomain"; if it is right, the account lacks this resource: deselect the stream',
  410: 'this host is retired: set "subdomain", the "acme" of acme.zendesk.com',
  423: "the account is locked, as during maintenance or a migration: run again later",
  429: 'lower "requests_per_minute", or let fewer programs use this account at a time',
};

const OWN_TOKEN_HINT =
  'the token was new, so "client_id" and "client_secret" are those of no Chat API ' +
  "client (Chat dashboard > Settings > Account > API & SDKs), or of one that may not read";

const NETWORK_HINT = "check the network and, behind a proxy, HTTPS_PROXY";

/** What the runtime's words for a failed connection call for; the first that fits. */
const NETWORK_HINTS: readonly [detail: RegExp, hint: string][] = [
  [/dns error/, 'check "subdomain", the network and, behind a proxy, HTTPS_PROXY'],
  [
    /tunnel|proxy/i,
    "the proxy that HTTPS_PROXY names does not let this through: check its address, " +
    "user and password, or ask whoever runs it",
  ],
  [/connect error/, "nobody answers there; behind a proxy, check what HTTPS_PROXY names"],
];

const BODY_FAULTS: Readonly<Record<BodyFault, string>> = {
  "broken off": "the body broke off",
  "empty": "an empty body",
  "HTML": "HTML instead of JSON",
  "not JSON": "a body that is not JSON",
};

/** At most 200 characters of foreign text, control characters escaped. */
export function excerpt(text: string): string {
  // A character takes up to two code units; slicing first keeps a huge text from being spread.
  const characters = [...text.slice(0, 2 * MAX_WORDS + 2)];
  const cut = characters.slice(0, MAX_WORDS).join("");
  return escapeControl(cut.trim()) + (cut.length < text.length ? "…" : "");
}

/** The message inside an error body: `{error, description}`, `{error: {message | title}}` or text. */
function apiWords(text: string): string {
  let body: Json;
  try {
    body = JSON.parse(text);
  } catch {
    return /^[[{]/.test(text) ? "" : text;
  }
  if (!isJsonObject(body)) return "";
  const { error, description, message } = body;
  const parts = isJsonObject(error)
    ? [error.message ?? error.title]
    : [error, description, message];
  return parts.filter((part) => typeof part === "string").join(": ");
}

/** What an error answer says of itself, in quotes; `undefined` when it says nothing. */
export function errorWords(body: string): string | undefined {
  const text = body.trim();
  if (text.startsWith("<")) return "an HTML page";
  const words = apiWords(text).trim();
  return words === "" ? undefined : `"${excerpt(words)}"`;
}

/** What came of a request, to follow its method and URL. */
export function outcome(failure: Failure): string {
  switch (failure.kind) {
    case "status":
    case "body":
    case "shape":
      return `answered ${`${failure.status} ${failure.statusText}`.trim()}`;
    case "network":
    case "certificate":
    case "permission":
      return "failed";
    case "timeout":
      return "timed out";
  }
}

/** What more is known of it. */
export function detail(failure: Failure): string | undefined {
  switch (failure.kind) {
    case "status":
      return failure.redirectOrigin === undefined
        ? failure.words
        : `a redirect to ${failure.redirectOrigin}, which is not followed`;
    case "permission":
      return `this program may not connect to ${failure.host}`;
    case "timeout":
      return `no complete answer within ${failure.timeoutMs / 1_000} s`;
    case "body":
      return BODY_FAULTS[failure.fault];
    default:
      return failure.detail;
  }
}

/** What came of a request and what more is known of it, to follow its method and URL. */
export function outcomeInFull(failure: Failure): string {
  const found = detail(failure);
  return found === undefined ? outcome(failure) : `${outcome(failure)}: ${found}`;
}

/** What the user can do about it; `undefined` when the detail has to speak for itself. */
export function hint(failure: Failure): string | undefined {
  switch (failure.kind) {
    case "status":
      if (failure.status < 400) return 'check "subdomain" and "base_url"';
      if (failure.status === 401 && failure.tokenIsOwn) return OWN_TOKEN_HINT;
      if (failure.status >= 500 || failure.status === 408) {
        return "run again later, with the last state";
      }
      return STATUS_HINTS[failure.status] ?? "the API does not take this request: report this line";
    case "network":
      return NETWORK_HINTS.find(([detail]) => detail.test(failure.detail))?.[1] ?? NETWORK_HINT;
    case "certificate":
      if (!failure.detail.includes("peer certificate")) {
        return "DENO_CERT has to name a PEM file that can be read, DENO_TLS_CA_STORE system or mozilla";
      }
      return "behind a proxy that inspects TLS, set DENO_CERT to the PEM file of its CA, " +
        "or DENO_TLS_CA_STORE=system";
    case "permission":
      return 'check "base_url"; other gateways need a build with wider permissions (see README)';
    case "timeout":
      return 'raise "request_timeout_seconds" if answers are slow, else check the network';
    case "body":
      return failure.fault === "broken off"
        ? NETWORK_HINT
        : 'something other than the Chat API may be answering: check "subdomain", "base_url" and any proxy';
    case "shape":
      return 'check "base_url" and any proxy; if they are right, the API answers in a way this ' +
        "tap does not know: please report this line";
  }
}

/** Outcome and detail in one short clause, for the log of a wait. */
export function summary(failure: Failure): string {
  if (failure.kind === "status") {
    const { status, retryAfter } = failure;
    return `answered ${status}` +
      (retryAfter === undefined ? "" : ` (Retry-After: ${excerpt(retryAfter)})`);
  }
  return outcomeInFull(failure);
}

/** The line of a wait between two attempts of a request, which is named by method and URL. */
export function waitLine(
  request: string,
  failure: Failure,
  { waitMs, attempt, most }: { waitMs: number; attempt: number; most: number },
): string {
  return `Waiting ${(waitMs / 1_000).toFixed(1)} s before attempt ${attempt + 1} of ${most}: ` +
    `${request} ${summary(failure)}`;
}
