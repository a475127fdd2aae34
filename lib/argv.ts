/**
 * Arguments taken apart as programs usually have them: `-c FILE`, `-cFILE`, `--config FILE`,
 * `--config=FILE`, several short flags in one, and `--` before words that are no flags. Nothing is wrong
 * here: what is unknown or lacks its value is for those to say who know what was meant.
 *
 * Node's `parseArgs` does the same, but loads a part of Node's library, a tenth of what a start costs.
 */

/** What there is to know of a flag. */
export interface FlagKind {
  /** A flag of type string takes a value: what is joined to it, or the next argument, whatever that is. */
  type: "string" | "boolean";
  /** The letter that stands for it. */
  short?: string;
}

/** One step of what is on a command line. */
export type Token =
  | {
    kind: "option";
    /** In full where it was given by its letter; as it is when it is unknown. */
    name: string;
    /** As it was written, without a value. */
    rawName: string;
    value: string | undefined;
    /** Whether the value is joined to the flag; undefined without any. */
    inlineValue: boolean | undefined;
  }
  | { kind: "positional"; value: string }
  | { kind: "option-terminator" };

/** The arguments step by step. */
export function tokenize(
  args: readonly string[],
  flags: Readonly<Record<string, FlagKind>>,
): Token[] {
  const byLetter = new Map(Object.entries(flags).map(([name, { short }]) => [short, name]));
  const takesValue = (name: string) => Object.hasOwn(flags, name) && flags[name]!.type === "string";
  const waiting = args.toReversed();

  function option(rawName: string, name: string, joined?: string): Token {
    const value = joined ?? (takesValue(name) ? waiting.pop() : undefined);
    const inlineValue = value === undefined ? undefined : joined !== undefined;
    return { kind: "option", name, rawName, value, inlineValue };
  }

  function longFlag(argument: string): Token {
    // A name has a letter at least: `--=` begins none.
    const equals = argument.indexOf("=", 3);
    const rawName = equals < 0 ? argument : argument.slice(0, equals);
    return option(rawName, rawName.slice(2), equals < 0 ? undefined : argument.slice(equals + 1));
  }

  function shortFlag(argument: string): Token {
    const rawName = argument.slice(0, 2);
    const name = byLetter.get(rawName.slice(1)) ?? rawName.slice(1);
    const rest = argument.slice(2);
    if (rest === "") return option(rawName, name);
    if (takesValue(name)) return option(rawName, name, rest);
    waiting.push(`-${rest}`);
    return { kind: "option", name, rawName, value: undefined, inlineValue: undefined };
  }

  const tokens: Token[] = [];
  for (let argument; (argument = waiting.pop()) !== undefined;) {
    if (argument === "--") {
      const words = waiting.splice(0).reverse();
      tokens.push({ kind: "option-terminator" });
      tokens.push(...words.map((value): Token => ({ kind: "positional", value })));
    } else if (!argument.startsWith("-") || argument === "-") {
      tokens.push({ kind: "positional", value: argument });
    } else {
      tokens.push(argument.startsWith("--") ? longFlag(argument) : shortFlag(argument));
    }
  }
  return tokens;
}
