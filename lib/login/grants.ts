/**
 * The two grants that a program on one's own machine can use: a person allows access in a browser,
 * or a confidential client vouches for itself.
 */

import type { Clock } from "../clock.ts";
import { subdomainTokenUrl } from "../config/api_root.ts";
import { TapError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Exchange } from "../zendesk/exchange.ts";
import { excerpt } from "../zendesk/hints.ts";
import type { Token } from "../zendesk/token_request.ts";
import { type AnswerSource, isYes, obtain } from "./answers.ts";
import { authorizeUrl, defaultAuthorizationUrl } from "./authorization_url.ts";
import { type Answer, listenForCallback } from "./callback_listener.ts";
import { explainOAuthError } from "./oauth_error.ts";
import { failurePage, successPage } from "./page.ts";
import { exchangeForToken } from "./token_exchange.ts";

/** What a grant works with. */
export interface GrantContext extends AnswerSource {
  subdomain: string;
  apiRoot: string;
  clock: Clock;
  exchange: Exchange;
  userAgent: string;
  log: Log;
  /** Makes a text that nobody can guess. */
  randomText(): string;
  signal: AbortSignal;
}

const DEFAULT_PORT = "8080";
const DEFAULT_SCOPE = "read";

/** An API client as the config file has it, and a token that proves that it works. */
export interface ClientGrant {
  credentials: { client_id: string; client_secret: string; token_url?: string };
  token: Token;
}

const API_CLIENT =
  "You need an API client, made by an administrator: Chat dashboard > Settings > " +
  "Account > API & SDKs > Add API Client.";

/**
 * Gets a token with a browser. `use` tries and keeps it; what it returns is shown in the browser.
 *
 * @throws {TapError} when there is no token; also shown in the browser, if it has come back.
 */
export async function grantByBrowser(
  context: GrantContext,
  use: (token: Token) => Promise<string>,
): Promise<void> {
  const { clock, flags, log, print, signal, subdomain } = context;
  const state = context.randomText();
  const port = Number(await obtain("port", context, DEFAULT_PORT));
  await using callback = await listenForCallback({
    port,
    state,
    onStray: (problem) =>
      log.warning(`Refused a request to the redirect URL: ${excerpt(problem)}; still waiting`),
  });
  const { redirectUri } = callback;
  await print(API_CLIENT);
  await print(`Register exactly this redirect URL in it: ${redirectUri}`);
  const client = await askForClient(context);
  const url = authorizeUrl({
    authorizationUrl: flags.values["authorization-url"] ?? defaultAuthorizationUrl(subdomain),
    clientId: client.client_id,
    redirectUri,
    scope: client.scope,
    state,
    subdomain,
  });
  await print("Open this URL in a browser on this machine within ten minutes, and allow access:");
  await print(url);
  const answer = await callback.answer(clock, signal);
  try {
    const code = codeOf(answer);
    log.conceal(code);
    const token = await exchangeForToken(
      { grant_type: "authorization_code", code, redirect_uri: redirectUri, ...client },
      { ...context, tokenUrl: tokenUrl(context) },
    );
    callback.show(successPage(await use(token)));
  } catch (error) {
    callback.show(failurePage(error instanceof TapError ? error.message : "See the terminal."));
    throw error;
  }
}

/**
 * Gets a token for the client itself.
 *
 * @throws {TapError} when there is none.
 */
export async function grantByClient(context: GrantContext): Promise<ClientGrant> {
  const { apiRoot, flags, print } = context;
  await print(API_CLIENT);
  await print(
    "It has to be confidential, and only the API makes it so, once nobody saves it in the dashboard " +
      "any more: with an administrator's token that may write (login --scope 'read write'), GET " +
      `${apiRoot}/oauth/clients for its ID, then PUT {"client_type": "confidential"} to ` +
      `${apiRoot}/oauth/clients/ID.`,
  );
  const client = await askForClient(context);
  const token = await exchangeForToken(
    { grant_type: "client_credentials", ...client },
    { ...context, tokenUrl: tokenUrl(context) },
  );
  const { scope: _, ...credentials } = client;
  const url = flags.values["token-url"];
  return { credentials: { ...credentials, ...(url !== undefined && { token_url: url }) }, token };
}

/** Whether the file is to have the client, and not its token. */
export async function wantsClient({ flags, prompt }: AnswerSource): Promise<boolean> {
  if (flags.writeClient || !prompt.interactive) return flags.writeClient;
  const question = "Write the client in place of the token, so that each run gets its own?";
  return isYes(await prompt.ask(`${question} (y/N)`));
}

/** Who asks and for what, as the form of the token URL has it. */
async function askForClient(
  context: GrantContext,
): Promise<{ client_id: string; client_secret: string; scope: string }> {
  const clientId = await obtain("client-id", context);
  const clientSecret = await obtain("client-secret", context);
  context.log.conceal(clientSecret);
  const scope = context.flags.values.scope ?? DEFAULT_SCOPE;
  return { client_id: clientId, client_secret: clientSecret, scope };
}

function tokenUrl({ flags, subdomain }: GrantContext): string {
  return flags.values["token-url"] ?? subdomainTokenUrl(subdomain);
}

function codeOf(answer: Answer): string {
  if (answer.kind === "code") return answer.code;
  const explained = explainOAuthError(answer.error, answer.description, "authorization_code");
  throw new TapError(`Cannot get a token: the browser came back with ${explained}`);
}
