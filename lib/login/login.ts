/**
 * `tap-zendesk-chat login`: from nothing to a config file with a token that has been tried. The file
 * is written last, so a login that fails changes nothing.
 */

import { type Clock, systemClock } from "../clock.ts";
import type { Log } from "../log.ts";
import { writeStdout } from "../stdout.ts";
import { NAME } from "../version.ts";
import { givenToken } from "../zendesk/access_tokens.ts";
import { createChatApi } from "../zendesk/client.ts";
import { createExchange } from "../zendesk/exchange.ts";
import { createRateLimiter } from "../zendesk/rate_limit.ts";
import { FEW_ATTEMPTS } from "../zendesk/retry.ts";
import { mayExportChats, tokenOwner } from "../zendesk/token_owner.ts";
import type { Token } from "../zendesk/token_request.ts";
import { obtain } from "./answers.ts";
import { loginUsage, parseLoginArgs } from "./args.ts";
import { writeConfigFile } from "./config_file.ts";
import { type Credentials, type Draft, draftConfig } from "./draft.ts";
import {
  type ClientGrant,
  grantByBrowser,
  grantByClient,
  type GrantContext,
  wantsClient,
} from "./grants.ts";
import { createPrompt, type Prompt } from "./prompt.ts";

const TIMEOUT_MS = 30_000;

/** What login is handed; all but log and signal are the real ones when absent. */
export interface LoginEffects {
  log: Log;
  /** Aborts when the login is to be given up. */
  signal: AbortSignal;
  clock?: Clock;
  prompt?: Prompt;
  randomText?(): string;
  /** Shows text to the person who logs in. */
  write?(text: string): Promise<void>;
}

/**
 * Does what the arguments after `login` say.
 *
 * @throws {UsageError} when they make no sense.
 * @throws {TapError} when no token can be had that works, or the file cannot be written.
 */
export async function login(argv: readonly string[], effects: LoginEffects): Promise<void> {
  const { clock = systemClock, log, signal, write = writeText } = effects;
  const { prompt = createPrompt({ write, signal }) } = effects;
  const { randomText = () => crypto.randomUUID() } = effects;
  const print = (line: string) => write(`${line}\n`);

  const flags = parseLoginArgs(argv);
  if (flags.help) return await print(loginUsage());

  const source = { flags, prompt, print };
  const draft = await draftConfig(source, { clock, log });
  const { subdomain, config: { apiRoot, userAgent } } = draft;
  const exchange = createExchange({ timeoutMs: TIMEOUT_MS, clock, signal });
  const account = { apiRoot, subdomain, userAgent };
  const context = { ...source, ...account, clock, exchange, log, randomText, signal };
  const use = (token: Token) => keepToken(token, draft, context);
  switch (flags.method) {
    case "authorization_code":
      await grantByBrowser(context, use);
      break;
    case "client_credentials": {
      const { credentials, token } = await grantByClient(context);
      if (await wantsClient(source)) await keepClient(credentials, token, draft, context);
      else await use(token);
      break;
    }
    case "token": {
      const accessToken = await obtain("token", source);
      await use({ kind: "token", accessToken, expiresInSeconds: undefined });
    }
  }
  await print(`Try it: ${NAME} -c ${JSON.stringify(draft.file)} --test`);
}

/** Tries a token, writes it to the config file, and tells both; returns what was told. */
async function keepToken(token: Token, draft: Draft, context: GrantContext): Promise<string> {
  const { clock, log } = context;
  const { accessToken, expiresInSeconds } = token;
  const tried = await tryAndWrite(token, { access_token: accessToken }, draft, context);
  const summary = `${tried} It is in ${JSON.stringify(draft.file)}.`;
  await context.print(summary);
  if (expiresInSeconds !== undefined) {
    const end = new Date(clock.now() + expiresInSeconds * 1000).toISOString();
    log.warning(
      `The token expires at ${
        end.slice(0, 19)
      }Z: run login again before that, or let each run get ` +
        "its own (--grant client_credentials --write-client)",
    );
  }
  return summary;
}

/** Tries the token of a client and writes the client to the config file. */
async function keepClient(
  credentials: ClientGrant["credentials"],
  token: Token,
  draft: Draft,
  context: GrantContext,
): Promise<void> {
  const tried = await tryAndWrite(token, credentials, draft, context);
  const file = JSON.stringify(draft.file);
  await context.print(`${tried} Its client is in ${file}, and each run gets a token of its own.`);
}

/** Tries a token, then writes the config file with these credentials; returns what is to be told. */
async function tryAndWrite(
  { accessToken }: Token,
  credentials: Credentials,
  { file, replace, complete }: Draft,
  { apiRoot, clock, exchange, log, print, signal, userAgent }: GrantContext,
): Promise<string> {
  log.conceal(accessToken);
  const api = createChatApi({
    apiRoot,
    tokens: givenToken(accessToken),
    userAgent,
    mostAttempts: FEW_ATTEMPTS,
    exchange,
    clock,
    limiter: createRateLimiter({ perMinute: 0, clock, log }),
    // Nobody measures a login.
    log: { ...log, metric() {} },
    signal,
  });
  const owner = await tokenOwner(api);
  const exports = !replace && await mayExportChats(api, clock.now());
  const more = exports ? { chats_api: "incremental" } : {};
  await writeConfigFile(file, complete(credentials, more), { replace });

  if (exports) await print("Chats will be read by the incremental export, later edits included.");
  if (owner.role === "agent") {
    log.warning(
      "This agent is no administrator: the API may refuse some streams; log in as an " +
        "administrator if --test says so",
    );
  }
  return owner.name === undefined
    ? "The token works; the API does not tell whose it is."
    : `The token works and is that of ${owner.name}.`;
}

async function writeText(text: string): Promise<void> {
  await writeStdout(new TextEncoder().encode(text));
}
