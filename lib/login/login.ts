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
import type { Token } from "../zendesk/token_request.ts";
import { obtain } from "./answers.ts";
import { loginUsage, parseLoginArgs } from "./args.ts";
import { writeConfigFile } from "./config_file.ts";
import { type Draft, draftConfig } from "./draft.ts";
import { grantByBrowser, grantByClient, type GrantContext } from "./grants.ts";
import { createPrompt, type Prompt } from "./prompt.ts";
import { tokenOwner } from "./token_owner.ts";

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
  const { subdomain, resolve } = draft;
  const { userAgent } = resolve("pending");
  const exchange = createExchange({ timeoutMs: TIMEOUT_MS, signal });
  const context = { ...source, clock, exchange, log, randomText, signal, subdomain, userAgent };
  const use = (token: Token) => keepToken(token, draft, context);
  switch (flags.method) {
    case "authorization_code":
      await grantByBrowser(context, use);
      break;
    case "client_credentials":
      await use(await grantByClient(context));
      break;
    case "token": {
      const accessToken = await obtain("token", source);
      await use({ kind: "token", accessToken, expiresInSeconds: undefined });
    }
  }
  await print(`Try it: ${NAME} -c ${JSON.stringify(draft.file)} --test`);
}

/** Tries a token, writes the config file, and tells both; returns what was told. */
async function keepToken(
  { accessToken, expiresInSeconds }: Token,
  { file, replace, resolve, withToken }: Draft,
  { clock, exchange, log, print, signal }: GrantContext,
): Promise<string> {
  log.conceal(accessToken);
  const { apiRoot, userAgent } = resolve(accessToken);
  const owner = await tokenOwner(createChatApi({
    apiRoot,
    tokens: givenToken(accessToken),
    userAgent,
    exchange,
    clock,
    limiter: createRateLimiter({ perMinute: 0, clock, log }),
    // Nobody measures a login.
    log: { ...log, metric() {} },
    signal,
  }));
  await writeConfigFile(file, withToken(accessToken), { replace });

  const works = owner.name === undefined
    ? "The token works; the API does not tell whose it is."
    : `The token works and is that of ${owner.name}.`;
  const summary = `${works} It is in ${JSON.stringify(file)}.`;
  await print(summary);
  if (owner.isOrdinaryAgent) {
    log.warning(
      "This agent is no administrator: the API may refuse some streams; log in as an " +
        "administrator if --test says so",
    );
  }
  if (expiresInSeconds !== undefined) {
    const end = new Date(clock.now() + expiresInSeconds * 1000).toISOString();
    log.warning(
      `The token expires at ${end.slice(0, 19)}Z and a sync never refreshes it: run login again ` +
        "before that",
    );
  }
  return summary;
}

async function writeText(text: string): Promise<void> {
  await writeStdout(new TextEncoder().encode(text));
}
