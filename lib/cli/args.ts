/**
 * From argv to a command. Flags are read as Python's argparse reads them for Singer taps: any order,
 * `--flag=value`, `-cFILE`, joined short flags, and long flags cut short while they stay clear.
 */

import { parseArgs as tokenize } from "node:util";
import { UsageError } from "../errors.ts";
import { NAME } from "../version.ts";
import { nearest } from "../nearest.ts";

/** In what form `--about` prints. */
export type AboutFormat = "json" | "markdown" | "text";

/** A command that reads input files; `configs` keeps the word `ENV` as it is. */
export interface FileCommand {
  kind: "sync" | "discover" | "test";
  configs: string[];
  state?: string;
  catalog?: string;
}

/** A question about the program itself. */
export type Question =
  | { kind: "about"; format: AboutFormat }
  | { kind: "version" }
  | { kind: "help" };

/** What the command line asks for. */
export type Command = FileCommand | Question | { kind: "login"; argv: string[] };

const FLAGS = {
  config: { type: "string", short: "c" },
  state: { type: "string", short: "s" },
  catalog: { type: "string" },
  properties: { type: "string", short: "p" },
  discover: { type: "boolean", short: "d" },
  test: { type: "boolean" },
  about: { type: "boolean" },
  format: { type: "string" },
  version: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  dev: { type: "boolean" },
} as const;

type Flag = keyof typeof FLAGS;

const FLAG_NAMES = Object.keys(FLAGS) as Flag[];
const ABOUT_FORMATS: readonly AboutFormat[] = ["json", "markdown", "text"];

/**
 * The command that the arguments ask for.
 *
 * @throws {UsageError} when they make no sense.
 */
export function parseArgs(argv: readonly string[]): Command {
  if (argv[0] === "login") return { kind: "login", argv: argv.slice(1) };

  const configs: string[] = [];
  const values = new Map<Flag, string>();
  for (const [flag, value] of readFlags(argv)) {
    if (flag === "help" || flag === "version") return { kind: flag };
    if (flag === "config") configs.push(value);
    values.set(flag, value);
  }

  const format = values.get("format");
  if (values.has("about")) return { kind: "about", format: parseFormat(format ?? "text") };
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
  };
}

/** The flags one by one, checked as they come; one that takes no value has an empty one. */
function* readFlags(argv: readonly string[]): Generator<[Flag, string]> {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const { tokens } = tokenize({
    args: argv.map((argument, index) => index < end ? completeFlag(argument) : argument),
    options: FLAGS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      throw new UsageError(
        `Unexpected argument ${
          JSON.stringify(token.value)
        }: files are named with -c, -s, --catalog`,
      );
    }
    const { name, rawName, value, inlineValue } = token;
    const flag = FLAG_NAMES.find((known) => known === name);
    if (flag === undefined) throw unknownFlag(rawName);
    yield [
      flag,
      FLAGS[flag].type === "string"
        ? requireValue(rawName, value, inlineValue)
        : refuseValue(flag, value),
    ];
  }
}

/** A long flag that was cut short, in full; anything else as it is. */
function completeFlag(argument: string): string {
  const [, name, rest = ""] = /^--([^=]+)(=.*)?$/s.exec(argument) ?? [];
  if (name === undefined || Object.hasOwn(FLAGS, name)) return argument;
  const meant = FLAG_NAMES.filter((flag) => flag.startsWith(name));
  if (meant.length > 1) {
    throw new UsageError(
      `Ambiguous flag --${name}: write ${meant.map((flag) => `--${flag}`).join(" or ")}`,
    );
  }
  return meant.length === 1 ? `--${meant[0]}${rest}` : argument;
}

function requireValue(rawName: string, value = "", inlineValue = false): string {
  // A short flag may have an equals sign too, which the tokens take for part of the value.
  const given = inlineValue && !rawName.startsWith("--") ? value.replace(/^=/, "") : value;
  const isFlag = !inlineValue && given.startsWith("-") && given !== "-";
  if (given.trim() !== "" && !isFlag) return given;
  const what = rawName === "--format" ? ABOUT_FORMATS.join("|") : "FILE";
  throw new UsageError(`Flag ${rawName} needs a value: write ${rawName} ${what}`);
}

function refuseValue(flag: Flag, value: string | undefined): string {
  if (value === undefined || (flag === "test" && value === "all")) return "";
  throw new UsageError(`Flag --${flag} takes no value: write it alone`);
}

function unknownFlag(rawName: string): UsageError {
  const name = rawName.replace(/^-+/, "");
  const meant = name.length === 1
    ? FLAG_NAMES.find((flag) => flag.startsWith(name.toLowerCase()))
    : nearest(name, FLAG_NAMES);
  return new UsageError(
    `Unknown flag ${JSON.stringify(rawName)}: ` +
      (meant === undefined ? "--help lists the flags" : `did you mean --${meant}?`),
  );
}

function parseFormat(text: string): AboutFormat {
  const format = ABOUT_FORMATS.find((known) => known === text);
  if (format !== undefined) return format;
  throw new UsageError(
    `Unknown format ${JSON.stringify(text)} after --format: expected ${ABOUT_FORMATS.join(", ")}`,
  );
}

/** What `--help` prints, without a last line feed. */
export function usage(version: string): string {
  return `${NAME} ${version}: reads Zendesk Chat and writes Singer messages to stdout

Usage:
  ${NAME} -c FILE [-s FILE] [--catalog FILE]   sync
  ${NAME} [-c FILE] --discover                 print the catalog
  ${NAME} -c FILE --test                       check host, token and each stream
  ${NAME} login                                get a token and write a config file

Options:
  -c, --config FILE       config in JSON; repeatable, later ones win; the word ENV adds the
                          TAP_ZENDESK_CHAT_* variables, which win over files
  -s, --state FILE        state of an earlier run
      --catalog FILE      what to sync, as --discover prints it
  -p, --properties FILE   the same, for older callers; --catalog wins
  -d, --discover          print the catalog
      --test              one line a stream; exit code 1 if one fails
      --about             name, version, capabilities and settings
      --format FORMAT     of --about: json, markdown or text
      --version           print the version
      --dev               accepted, no effect
  -h, --help              print this`;
}
