/**
 * Values from the flags, and from questions where a flag is missing. A person who mistypes is asked
 * again; piped input is not, for its next line answers the next question.
 */

import { TapError } from "../errors.ts";
import type { LoginFlags } from "./args.ts";
import type { Prompt } from "./prompt.ts";
import { LOGIN_VALUES, type LoginValue, type LoginValueName } from "./values.ts";

/** The names of what can be asked for. */
type Asked = {
  [Name in LoginValueName]: (typeof LOGIN_VALUES)[Name] extends { question: string } ? Name : never;
}[LoginValueName];

/** Where values come from. */
export interface AnswerSource {
  flags: LoginFlags;
  prompt: Prompt;
  /** Shows a person what was wrong with an answer. */
  print(line: string): Promise<void>;
}

/**
 * The value of a flag, or the answer to its question; an empty answer takes `offered`, if there is
 * such.
 *
 * @throws {TapError} when input has ended, or piped input breaks the rule.
 */
export async function obtain(
  name: Asked,
  { flags, prompt, print }: AnswerSource,
  offered = "",
): Promise<string> {
  const given = flags.values[name];
  if (given !== undefined) return given;
  const { question, secret, rule, parse }: LoginValue = LOGIN_VALUES[name];
  const text = offered === "" ? `${question}` : `${question} [${offered}]`;
  for (;;) {
    const line = secret ? await prompt.askHidden(text) : await prompt.ask(text);
    if (line === undefined) {
      throw new TapError(`No answer to "${question}": the input has ended, add --${name}`);
    }
    const value = parse(line.trim() || offered);
    if (value !== undefined) return value;
    if (!prompt.interactive) {
      throw new TapError(`Cannot use the answer to "${question}" (--${name}): expected ${rule}`);
    }
    await print(`Expected ${rule}.`);
  }
}

/** Whether an answer consents; no answer does not. */
export function isYes(answer: string | undefined): boolean {
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}

/**
 * Makes sure that an existing config file may be changed.
 *
 * @throws {TapError} when there is no consent.
 */
export async function requireConsent(
  file: string,
  { flags, prompt }: AnswerSource,
): Promise<void> {
  if (flags.yes) return;
  const shown = JSON.stringify(file);
  const answer = await prompt.ask(
    `${shown} exists. Put the token into it and keep its other settings? (y/N)`,
  );
  if (isYes(answer)) return;
  throw new TapError(
    `Left config file ${shown} as it is, there was no consent to change it: add --yes, or name ` +
      "another file with --config",
  );
}
