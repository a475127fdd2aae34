/**
 * Exchanges a code or a client's secret for a token: one POST, never repeated, for a code is good
 * for one use. Redirects are not followed, so the secret goes to the token URL only.
 */

import { TapError } from "../errors.ts";
import { networkFailure } from "../zendesk/failure.ts";
import type { Grant } from "./oauth_error.ts";
import { explainAnswer, explainFailure, type Token, tokenIn } from "./token_answer.ts";

const TIMEOUT_MS = 30_000;

/** The form that is posted. */
export interface TokenForm extends Record<string, string> {
  grant_type: Grant;
  client_id: string;
  client_secret: string;
  scope: string;
}

/** How it is posted. */
export interface ExchangeOptions {
  tokenUrl: string;
  fetch: typeof fetch;
  signal: AbortSignal;
}

/**
 * Asks for a token.
 *
 * @throws {TapError} when there is none; the message has neither secret nor code.
 */
export async function requestToken(
  form: TokenForm,
  { tokenUrl, fetch, signal }: ExchangeOptions,
): Promise<Token> {
  const url = new URL(tokenUrl);
  const failed = (found: string) =>
    new TapError(conceal(`Cannot get a token: POST ${tokenUrl} ${found}`, form));

  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams(form),
      redirect: "manual",
      signal: AbortSignal.any([signal, timeout]),
    });
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    throw failed(explainFailure(
      timeout.aborted ? { kind: "timeout", timeoutMs: TIMEOUT_MS } : networkFailure(error, url),
    ));
  }
  const token = response.ok ? tokenIn(text) : undefined;
  if (token !== undefined) return token;
  throw failed(explainAnswer(response, conceal(text, form), url, form.grant_type));
}

/** The text without what only the OAuth server may see, which it may have repeated. */
function conceal(text: string, { client_secret: secret, code = "" }: TokenForm): string {
  const hidden = [secret, code].filter((value) => value !== "");
  return hidden.reduce((shown, value) => shown.replaceAll(value, "***"), text);
}
