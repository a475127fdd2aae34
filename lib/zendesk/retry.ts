/**
 * Whether a failed attempt is repeated, and after how long: one pure decision, so that every rung
 * of the ladder can be tested by itself. The server's word on the wait outranks ours.
 */

/** Attempts at one request, the first included. */
export const MAX_ATTEMPTS = 10;

/**
 * Attempts where a person waits, and where the API has just been down; and at what hardly ever passes:
 * an answer of the wrong shape, or a page for people.
 */
export const FEW_ATTEMPTS = 3;

/**
 * With nine waits of up to 1, 2, 4, … 32, 60, 60, 60 seconds a request outlives an outage of two
 * minutes on average and of four at most, and the last waits span the API's one-minute rate limit.
 */
const BASE_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;

const MAX_RETRY_AFTER_MS = 600_000;

/** Failures in a row that pass for bad luck. */
const FAILURES_BEFORE_LESS = 3;

/** Statuses that pass by themselves; 520 to 524 are Cloudflare's, which stands before Zendesk. */
const RETRIED_STATUSES = new Set([408, 423, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]);

/** Statuses whose `Retry-After` is obeyed. */
const RETRY_AFTER_STATUSES = new Set([429, 503]);

const SECONDS_REGEXP = /^\d+(\.\d+)?$/;

/** The form of RFC 9110 §5.6.7; `Date.parse` alone makes a date of almost anything. */
const HTTP_DATE_REGEXP = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** What is wrong with a body that is not JSON. */
export type BodyFault = "broken off" | "empty" | "HTML" | "not JSON";

/** Why an attempt did not yield what was asked for. */
export type Failure =
  /** An answer outside 2xx. */
  | {
    kind: "status";
    status: number;
    statusText: string;
    /** The `Retry-After` header. */
    retryAfter?: string;
    /** Where a redirect points to. */
    redirectOrigin?: string;
    /** What the API says of it, fit for a message. */
    words?: string;
    /** With 401: whether the refused token was one that the run had just got for itself. */
    tokenIsOwn?: boolean;
  }
  /** No answer: name lookup, connection, TLS, or a connection that broke once it was there. */
  | { kind: "network"; detail: string; connected: boolean }
  /** The host's certificate is not trusted, or the file of those to trust cannot be read. */
  | { kind: "certificate"; detail: string }
  /** The runtime does not allow this program to reach the host. */
  | { kind: "permission"; host: string }
  /** No complete answer in time. */
  | { kind: "timeout"; timeoutMs: number }
  /** A body that broke off or is not JSON. */
  | { kind: "body"; status: number; statusText: string; fault: BodyFault }
  /** JSON, but not what was asked for. */
  | { kind: "shape"; status: number; statusText: string; detail: string };

/** How many attempts a request gets that fails in this way. */
export function maxAttempts(failure: Failure): number {
  switch (failure.kind) {
    case "status":
      return RETRIED_STATUSES.has(failure.status) ? MAX_ATTEMPTS : 1;
    case "certificate":
    case "permission":
      return 1;
    case "shape":
      return FEW_ATTEMPTS;
    case "body":
      return failure.fault === "HTML" ? FEW_ATTEMPTS : MAX_ATTEMPTS;
    case "network":
    case "timeout":
      return MAX_ATTEMPTS;
  }
}

/** Whether a failure is of the kind that passes by itself. */
export function isPassing(failure: Failure): boolean {
  return maxAttempts(failure) === MAX_ATTEMPTS;
}

/** Whether the API asks to be asked less often, which is part of an ordinary run. */
export function isRateLimit(failure: Failure): boolean {
  return failure.kind === "status" && failure.status === 429;
}

/** Whether the next attempt had better ask for less: so many failures in a row are no bad luck. */
export function callsForLess(failure: Failure, attempt: number): boolean {
  return !isRateLimit(failure) && attempt % FAILURES_BEFORE_LESS === 0;
}

/** Whether the API is there, whatever it says. */
export function isAnswer(failure: Failure): boolean {
  if (failure.kind === "status") return isRateLimit(failure) || !isPassing(failure);
  return failure.kind === "shape";
}

/** Statuses that say something of the token, the host or the account, not of one resource. */
const RUN_STATUSES = new Set([401, 410, 423]);

/**
 * Whether what a request to `origin` was given up for after so many attempts would fail every other
 * request too.
 */
export function concernsRun(failure: Failure, attempts: number, origin: string): boolean {
  switch (failure.kind) {
    case "status":
      return RUN_STATUSES.has(failure.status) ||
        (failure.redirectOrigin !== undefined && failure.redirectOrigin !== origin);
    case "certificate":
    case "permission":
      return true;
    case "network":
      return !failure.connected && attempts >= MAX_ATTEMPTS;
    case "timeout":
    case "body":
    case "shape":
      return false;
  }
}

/** Milliseconds that the server asks for; `undefined` when it names no time to come. */
function retryAfterMs(value: string, nowMs: number): number | undefined {
  const text = value.trim();
  const waitMs = SECONDS_REGEXP.test(text)
    ? Number(text) * 1_000
    : HTTP_DATE_REGEXP.test(text)
    ? Date.parse(text) - nowMs
    : NaN;
  return waitMs > 0 ? Math.min(waitMs, MAX_RETRY_AFTER_MS) : undefined;
}

/**
 * Milliseconds to wait after the given attempt of `most`, the first being 1, failed; `undefined` to
 * give up. `random` yields numbers from 0 to below 1.
 */
export function retryDelay(
  failure: Failure,
  attempt: number,
  { nowMs, random, most = MAX_ATTEMPTS }: {
    nowMs: number;
    random: () => number;
    most?: number;
  },
): number | undefined {
  if (attempt >= Math.min(most, maxAttempts(failure))) return undefined;
  if (failure.kind === "status" && RETRY_AFTER_STATUSES.has(failure.status)) {
    const waitMs = retryAfterMs(failure.retryAfter ?? "", nowMs);
    if (waitMs !== undefined) return waitMs;
  }
  return random() * Math.min(BASE_BACKOFF_MS * 2 ** (attempt - 1), MAX_BACKOFF_MS);
}
