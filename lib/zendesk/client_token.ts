/**
 * The token that a confidential API client gets for itself. Unlike a code a client's secret is good
 * for any number of requests, so this one is repeated as the ladder says.
 */

import type { Clock } from "../clock.ts";
import { TapError } from "../errors.ts";
import type { Log } from "../log.ts";
import { hint, outcome, outcomeInFull, waitLine } from "./hints.ts";
import { type Failure, MAX_ATTEMPTS, maxAttempts, retryDelay } from "./retry.ts";
import {
  type OAuthRefusal,
  refusalWords,
  requestToken,
  type TokenForm,
  type TokenRequestOptions,
  withoutSecrets,
} from "./token_request.ts";

/** A confidential API client. */
export interface ApiClient {
  id: string;
  secret: string;
  /** Where it gets its tokens. */
  tokenUrl: string;
}

/** What a token is asked for with. */
export interface ClientTokenOptions extends Omit<TokenRequestOptions, "tokenUrl"> {
  clock: Clock;
  random: () => number;
  log: Log;
  /** Ends a wait, which then rejects with the signal's reason. */
  signal: AbortSignal;
  /** Attempts at the most; ten when absent. */
  mostAttempts?: number;
}

/** No token is to be had, for no request of the run: the message says why and what to do. */
export class TokenError extends TapError {
  override name = "TokenError";
  override readonly concernsRun = true;
}

/** What reading takes. */
const SCOPE = "read";

const ADVICE: Readonly<Record<string, string>> = {
  invalid_client: 'check "client_id" and "client_secret"; if they are right, the API client is ' +
    'public: docs/login.md says how it becomes confidential, and "tap-zendesk-chat login" gets a token ' +
    "with a browser",
  invalid_scope: `give the API client the scope "${SCOPE}"`,
  unauthorized_client: "the API client is public: docs/login.md says how it becomes confidential",
};

/**
 * A new token of the client's own.
 *
 * @throws {TokenError} when it is refused one, or none can be had.
 */
export async function requestClientToken(
  { id, secret, tokenUrl }: ApiClient,
  { clock, random, log, signal, mostAttempts = MAX_ATTEMPTS, ...options }: ClientTokenOptions,
): Promise<string> {
  const form: TokenForm = {
    grant_type: "client_credentials",
    client_id: id,
    client_secret: secret,
    scope: SCOPE,
  };
  for (let attempt = 1;; attempt++) {
    const result = await requestToken(form, { ...options, tokenUrl });
    if (result.kind === "token") return result.accessToken;

    const failure = result.kind === "oauth" ? result.failure : result;
    const most = Math.min(mostAttempts, maxAttempts(failure));
    const waitMs = retryDelay(failure, attempt, { nowMs: clock.now(), random, most });
    if (waitMs === undefined) {
      const explained = withoutSecrets(explain(result, failure), form);
      throw new TokenError(`Cannot get an access token: POST ${tokenUrl} ${explained}`);
    }
    log.warning(waitLine(`POST ${tokenUrl}`, failure, { waitMs, attempt, most }));
    await clock.sleep(waitMs, signal);
  }
}

/** What came and what to do about it, to follow method and URL. */
function explain(result: OAuthRefusal | Failure, failure: Failure): string {
  if (result.kind === "oauth") {
    const { error, description } = result;
    return `${outcome(failure)}: ${refusalWords(error, description)}; ${adviceOn(result)}`;
  }
  return `${outcomeInFull(failure)}; ${adviceOn(result)}`;
}

function adviceOn(result: OAuthRefusal | Failure): string {
  const { status = 0 } = result.kind === "oauth"
    ? result.failure
    : result.kind === "status"
    ? result
    : {};
  if (status >= 500 || status === 429) return "run again later, with the last state";
  if (result.kind === "oauth") {
    const { error } = result;
    return Object.hasOwn(ADVICE, error) ? ADVICE[error]! : 'check "client_id" and "client_secret"';
  }
  const isForeign = ["status", "body", "shape"].includes(result.kind);
  return isForeign ? 'check "subdomain" and "token_url"' : hint(result)!;
}
