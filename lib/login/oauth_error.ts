/** What the OAuth server's refusals mean for the person who has made the API client. */

import { type Grant, refusalWords } from "../zendesk/token_request.ts";

const ADVICE: Readonly<Record<string, string>> = {
  access_denied: "run login again and allow access, signed in as an administrator",
  invalid_client: "copy client ID and secret from the API client once more; the secret is shown " +
    "in full only when it is made",
  invalid_grant: "the code had been used, came too late or belongs to another redirect URL: run " +
    "login again and go through the browser without a pause",
  invalid_redirect_uri: "register the redirect URL exactly as login prints it",
  invalid_request: "check that the redirect URL is registered exactly as login prints it",
  invalid_scope: "the API client may not ask for this scope: choose another with --scope",
  redirect_uri_mismatch: "register the redirect URL exactly as login prints it",
  server_error: "run login again later",
  temporarily_unavailable: "run login again later",
  unauthorized_client: "this API client may not use this grant: choose another with --grant",
  unsupported_grant_type: "choose another grant with --grant",
  unsupported_response_type: "use --grant client_credentials, or --token with an existing token",
};

/** A public client gets the same answer as a wrong secret. */
const PUBLIC_CLIENT = "check client ID and secret; if they are right, the API client is public " +
  "and this grant needs a confidential one: use --grant authorization_code";

/** An error code and its description in words, with what to do about it. */
export function explainOAuthError(error: string, description: string, grant: Grant): string {
  const advice = grant === "client_credentials" && error === "invalid_client"
    ? PUBLIC_CLIENT
    : Object.hasOwn(ADVICE, error)
    ? ADVICE[error]
    : "check the API client and the flags of login";
  return `${refusalWords(error, description)}; ${advice}`;
}
