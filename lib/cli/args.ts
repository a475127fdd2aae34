/** From argv to a command, and to what is asked of the log. */

import { UsageError } from "../errors.ts";
import { LEVELS, LOG_FORMATS, type LogWishes, parseLevel, parseLogFormat } from "../log.ts";
import { NAME } from "../version.ts";
import { type Flag, readFlags, tokensOf } from "./flags.ts";

/** In what form `--about` prints. */
export type AboutFormat = "json" | "markdown" | "text";

/** A command that reads input files; `configs` keeps the word `ENV` as it is. */
export interface FileCommand {
  kind: "sync" | "discover" | "test";
  configs: string[];
  state?: string;
  catalog?: string;
  /** Patterns, as `meltano select` has them. */
  select?: string[];
}

/** A question about the program itself. */
export type Question =
  | { kind: "about"; format: AboutFormat }
  | { kind: "version" }
  | { kind: "help" };

/** What the command line asks for. */
export type Command = FileCommand | Question | { kind: "login"; argv: string[] };

const ABOUT_FORMATS: readonly AboutFormat[] = ["json", "markdown", "text"];

/**
 * The arguments of `login`, which comes first or behind the config that Meltano always puts first;
 * undefined for any other command.
 */
export function loginArgs(argv: readonly string[]): string[] | undefined {
  const configs: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index]!;
    if (argument === "login") return [...configs, ...argv.slice(index + 1)];
    const [, joined] = /^(?:--con(?:f|fi|fig)?=|-c=?)(.+)$/s.exec(argument) ?? [];
    if (joined === undefined && !/^(?:--con(?:f|fi|fig)?|-c)$/.test(argument)) return undefined;
    configs.push(`--config=${joined ?? argv[++index] ?? ""}`);
  }
  return undefined;
}

/** What the arguments ask of the log; what is wrong with them is for `parseArgs` to say. */
export function logFlags(argv: readonly string[]): LogWishes {
  const wishes: LogWishes = {};
  for (const token of tokensOf(argv)) {
    if (token.kind !== "option" || token.value === undefined) continue;
    const level = token.name === "log-level" ? parseLevel(token.value) : undefined;
    const format = token.name === "log-format" ? parseLogFormat(token.value) : undefined;
    if (level !== undefined) wishes.level = level;
    if (format !== undefined) wishes.format = format;
  }
  return wishes;
}

/**
 * The command that the arguments ask for.
 *
 * @throws {UsageError} when they make no sense.
 */
export function parseArgs(argv: readonly string[]): Command {
  const login = loginArgs(argv);
  if (login !== undefined) return { kind: "login", argv: login };
  if (argv.length === 0) {
    throw new UsageError(
      `Nothing to do without a config: "${NAME} login" gets a token and writes config.json, ` +
        `"${NAME} -c config.json --test" tries it, --help shows the rest`,
    );
  }

  const configs: string[] = [];
  const select: string[] = [];
  const values = new Map<Flag, string>();
  for (const [flag, value] of readFlags(argv)) {
    if (flag === "help" || flag === "version") return { kind: flag };
    if (flag === "config") configs.push(value);
    if (flag === "select") select.push(value);
    if (flag === "log-level") requireKnown("level", flag, value, parseLevel, LEVELS);
    if (flag === "log-format") requireKnown("format", flag, value, parseLogFormat, LOG_FORMATS);
    values.set(flag, value);
  }

  const format = values.get("format");
  if (values.has("about")) {
    const parse = (text: string) => ABOUT_FORMATS.find((known) => known === text);
    return {
      kind: "about",
      format: requireKnown("format", "format", format ?? "text", parse, ABOUT_FORMATS),
    };
  }
  if (format !== undefined) throw new UsageError("Flag --format goes with --about: add --about");
  if (values.has("discover") && values.has("test")) {
    throw new UsageError("Flags --discover and --test exclude each other: use one of them");
  }
  const kind = values.has("discover") ? "discover" : values.has("test") ? "test" : "sync";
  if (configs.length === 0 && kind !== "discover") {
    throw new UsageError(
      `Cannot ${kind} without a config: add -c FILE, or -c ENV for TAP_ZENDESK_CHAT_* variables`,
    );
  }
  const state = values.get("state");
  const catalog = values.get("catalog") ?? values.get("properties");
  return {
    kind,
    configs,
    ...(state !== undefined && { state }),
    ...(catalog !== undefined && { catalog }),
    ...(select.length > 0 && { select }),
  };
}

/** What a value means; one that means nothing is answered with those that do. */
function requireKnown<T>(
  what: string,
  flag: Flag,
  text: string,
  parse: (text: string) => T | undefined,
  known: readonly string[],
): T {
  const value = parse(text);
  if (value !== undefined) return value;
  throw new UsageError(
    `Unknown ${what} ${JSON.stringify(text)} after --${flag}: expected ${known.join(", ")}`,
  );
}
