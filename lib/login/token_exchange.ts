/**
 * Exchanges a code or a client's secret for a token, and explains to the person who logs in why there
 * is none. It is asked for once: a code is good for one use.
 */

import { TapError } from "../errors.ts";
import { hint, outcome, outcomeInFull } from "../zendesk/hints.ts";
import type { Failure } from "../zendesk/retry.ts";
import {
  type Grant,
  type OAuthRefusal,
  requestToken,
  type Token,
  type TokenForm,
  type TokenRequestOptions,
  withoutSecrets,
} from "../zendesk/token_request.ts";
import { explainOAuthError } from "./oauth_error.ts";

/**
 * Gets a token.
 *
 * @throws {TapError} when there is none; the message has neither secret nor code.
 */
export async function exchangeForToken(
  form: TokenForm,
  options: TokenRequestOptions,
): Promise<Token> {
  const result = await requestToken(form, options);
  if (result.kind === "token") return result;
  const found = withoutSecrets(explain(result, form.grant_type), form);
  throw new TapError(`Cannot get a token: POST ${options.tokenUrl} ${found}`);
}

function explain(result: OAuthRefusal | Failure, grant: Grant): string {
  if (result.kind === "oauth") {
    const { error, description, failure } = result;
    return `${outcome(failure)}: ${explainOAuthError(error, description, grant)}`;
  }
  return `${outcomeInFull(result)}; ${advice(result)}`;
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
