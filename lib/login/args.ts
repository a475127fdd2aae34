/**
 * The flags of `login`. Whatever is left out is asked for, so no flag is required; a value that may
 * be a secret is never quoted.
 */

import { tokenize } from "../argv.ts";
import { UsageError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { NAME } from "../version.ts";
import { LOGIN_VALUE_NAMES, LOGIN_VALUES, type LoginValueName } from "./values.ts";

/** The word that stands for a token to be read from standard input. */
const FROM_INPUT = "-";

/** What the command line says. */
export interface LoginFlags {
  help: boolean;
  /** Consent to change an existing config file. */
  yes: boolean;
  /** Whether the API client is written to the file, in the place of its token. */
  writeClient: boolean;
  /** How the token is come by; `token` is one that exists. */
  method: "authorization_code" | "client_credentials" | "token";
  /** The values that were given, parsed. */
  values: Readonly<Partial<Record<LoginValueName, string>>>;
}

const SWITCHES = {
  yes: { type: "boolean", short: "y" },
  "write-client": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const SWITCH_NAMES = Object.keys(SWITCHES) as (keyof typeof SWITCHES)[];

const OPTIONS = {
  ...SWITCHES,
  ...Object.fromEntries(LOGIN_VALUE_NAMES.map((name) => [name, { type: "string" as const }])),
  config: { type: "string", short: "c" },
} as const;

/**
 * What the arguments after `login` say.
 *
 * @throws {UsageError} when they make no sense.
 */
export function parseLoginArgs(argv: readonly string[]): LoginFlags {
  const switches = { "yes": false, "write-client": false, "help": false };
  const values: Partial<Record<LoginValueName, string>> = {};
  let tokenGiven = false;
  for (const token of tokenize(argv, OPTIONS)) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      throw new UsageError(
        "Unexpected argument after login: it takes flags only, see login --help",
      );
    }
    const { rawName, value, inlineValue } = token;
    if (token.name === "yes" || token.name === "write-client" || token.name === "help") {
      if (value !== undefined) {
        throw new UsageError(`Flag ${rawName} takes no value: write it alone`);
      }
      switches[token.name] = true;
      continue;
    }
    const name = LOGIN_VALUE_NAMES.find((known) => known === token.name);
    if (name === undefined) throw unknownFlag(rawName);
    if (name === "token") tokenGiven = true;
    if (name === "token" && value === FROM_INPUT) continue;
    values[name] = parseValue(name, value, inlineValue);
  }
  if (tokenGiven && values.grant !== undefined) {
    throw new UsageError("Flags --token and --grant exclude each other: use one of them");
  }
  const method = tokenGiven ? "token" : (values.grant ?? "authorization_code");
  const { yes, help, "write-client": writeClient } = switches;
  if (writeClient && method !== "client_credentials") {
    throw new UsageError(
      "Flag --write-client goes with --grant client_credentials: add that, or leave it out",
    );
  }
  return { help, yes, writeClient, method: method as LoginFlags["method"], values };
}

function parseValue(name: LoginValueName, given = "", inlineValue = false): string {
  const text = given.trim();
  if (text === "" || (!inlineValue && text.startsWith("-"))) {
    throw new UsageError(`Flag --${name} needs a value: write --${name}=VALUE`);
  }
  const value = LOGIN_VALUES[name].parse(text);
  if (value !== undefined) return value;
  throw new UsageError(`Cannot use the value of --${name}: expected ${LOGIN_VALUES[name].rule}`);
}

function unknownFlag(rawName: string): UsageError {
  const meant = nearest(rawName, [...LOGIN_VALUE_NAMES, ...SWITCH_NAMES]);
  return new UsageError(
    `Unknown flag ${JSON.stringify(rawName)} after login: ` +
      (meant === undefined ? "login --help lists the flags" : `did you mean --${meant}?`),
  );
}

/** What `login --help` prints, without a last line feed. */
export function loginUsage(): string {
  return `${NAME} login: gets an access token and writes a config file

Usage:
  ${NAME} login                              with a browser
  ${NAME} login --grant client_credentials   with a confidential API client
  ${NAME} login --token -                    with a token that you have

Whatever is not given as a flag is asked for, or read line by line when piped.

Options:
  -c, --config FILE             file to write (config.json)
  -y, --yes                     change that file if it exists; its other settings stay
      --subdomain NAME          the acme of acme.zendesk.com
      --start-date DATE         where the first sync begins
      --port PORT               of the redirect URL http://localhost:PORT/callback (8080)
      --client-id ID            of the API client
      --client-secret SECRET    of the API client; other users may see flags, so rather type it
      --token TOKEN             an existing token; the word - asks for it
      --grant GRANT             authorization_code or client_credentials
      --write-client            write the client and not its token: each run then gets its own
      --scope SCOPE             what the token may do (read)
      --base-url URL            API root, also written to the file
      --authorization-url URL   https://SUBDOMAIN.zendesk.com/oauth2/chat/authorizations/new
      --token-url URL           https://SUBDOMAIN.zendesk.com/oauth2/chat/token
  -h, --help                    print this`;
}
