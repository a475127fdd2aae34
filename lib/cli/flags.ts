/**
 * The flags and how they are written: as Python's argparse reads them for Singer taps, in any order,
 * `--flag=value`, `-cFILE`, joined short flags, and long flags cut short while they stay clear.
 */

import { type Token, tokenize } from "../argv.ts";
import { UsageError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { NAME } from "../version.ts";

const FLAGS = {
  config: { type: "string", short: "c" },
  state: { type: "string", short: "s" },
  catalog: { type: "string" },
  properties: { type: "string", short: "p" },
  select: { type: "string" },
  discover: { type: "boolean", short: "d" },
  test: { type: "boolean" },
  about: { type: "boolean" },
  format: { type: "string" },
  "log-level": { type: "string" },
  "log-format": { type: "string" },
  version: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  dev: { type: "boolean" },
} as const;

/** The name of a flag, without its dashes. */
export type Flag = keyof typeof FLAGS;

const FLAG_NAMES = Object.keys(FLAGS) as Flag[];

/** The flags of singer-python: cut short, they mean what they have always meant. */
const SINGER_FLAGS = new Set<Flag>([
  "config",
  "state",
  "catalog",
  "properties",
  "discover",
  "dev",
]);

/** What a flag's value is, for whoever left it out; a file where nothing is said. */
const VALUE_NAMES: Partial<Record<Flag, string>> = {
  select: "PATTERN",
  format: "json|markdown|text",
  "log-level": "debug|info|warning|error|critical",
  "log-format": "singer|dated|json",
};

/** The arguments taken apart, flags in full; nothing is wrong yet. */
export function tokensOf(argv: readonly string[]): Token[] {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  return tokenize(
    argv.map((argument, index) => index < end ? completeFlag(argument) : argument),
    FLAGS,
  );
}

/**
 * The flags one by one, checked as they come; one that takes no value has an empty one.
 *
 * @throws {UsageError} when one of them makes no sense.
 */
export function* readFlags(argv: readonly string[]): Generator<[Flag, string]> {
  for (const token of tokensOf(argv)) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") throw strayWord(token.value);
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

/** A long flag that was cut short, in full, if it is clear which one is meant; else as it is. */
function completeFlag(argument: string): string {
  const [, name, rest = ""] = /^--([^=]+)(=.*)?$/s.exec(argument) ?? [];
  const [meant, ...more] = name === undefined ? [] : flagsBeginning(name);
  return meant === undefined || more.length > 0 ? argument : `--${meant}${rest}`;
}

/** The flags that a beginning may stand for. */
function flagsBeginning(name: string): Flag[] {
  if (Object.hasOwn(FLAGS, name)) return [name as Flag];
  const meant = FLAG_NAMES.filter((flag) => flag.startsWith(name));
  const older = meant.filter((flag) => SINGER_FLAGS.has(flag));
  return older.length === 1 ? older : meant;
}

/** A word without a flag; it may be a flag without its dashes. */
function strayWord(word: string): UsageError {
  const flag = FLAG_NAMES.find((known) => known === word.toLowerCase());
  const advice = flag !== undefined
    ? `did you mean --${flag}?`
    : word === "login"
    ? "it comes first, or right after -c FILE"
    : word === "sync"
    ? `that is what "${NAME} -c FILE" does, leave the word out`
    : "files are named with -c, -s, --catalog";
  return new UsageError(`Unexpected argument ${JSON.stringify(word)}: ${advice}`);
}

function requireValue(rawName: string, value = "", inlineValue = false): string {
  // A short flag may have an equals sign too, which the tokens take for part of the value.
  const given = inlineValue && !rawName.startsWith("--") ? value.replace(/^=/, "") : value;
  const isFlag = !inlineValue && given.startsWith("-") && given !== "-";
  if (given.trim() !== "" && !isFlag) return given;
  const what = VALUE_NAMES[rawName.slice(2) as Flag] ?? "FILE";
  throw new UsageError(`Flag ${rawName} needs a value: write ${rawName} ${what}`);
}

function refuseValue(flag: Flag, value: string | undefined): string {
  if (value === undefined || (flag === "test" && value === "all")) return "";
  throw new UsageError(`Flag --${flag} takes no value: write it alone`);
}

function unknownFlag(rawName: string): UsageError {
  const name = rawName.replace(/^-+/, "");
  const possible = name.length === 0 || !rawName.startsWith("--") ? [] : flagsBeginning(name);
  if (possible.length > 1) {
    return new UsageError(
      `Ambiguous flag ${rawName}: write ${possible.map((flag) => `--${flag}`).join(" or ")}`,
    );
  }
  const meant = name.length === 1
    ? FLAG_NAMES.find((flag) => flag.startsWith(name.toLowerCase()))
    : nearest(name, FLAG_NAMES);
  return new UsageError(
    `Unknown flag ${JSON.stringify(rawName)}: ` +
      (meant === undefined ? "--help lists the flags" : `did you mean --${meant}?`),
  );
}
