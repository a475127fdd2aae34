/**
 * Questions and their answers, typed or piped. Reading is asynchronous, hidden answers included:
 * while a synchronous read waits for a key, no signal handler runs and Ctrl-C does nothing.
 */

import { abortable } from "@std/async/abortable";
import { TextLineStream } from "@std/streams/text-line-stream";
import { StopError } from "../errors.ts";

/** Where answers come from. */
export interface Prompt {
  /** Whether a person answers, who can be asked again. */
  readonly interactive: boolean;
  /** The next line; undefined when there is none. */
  ask(question: string): Promise<string | undefined>;
  /** The same, without showing what is typed. */
  askHidden(question: string): Promise<string | undefined>;
}

/** Standard input, or what stands in for it. */
export type PromptInput = Pick<typeof Deno.stdin, "read" | "readable" | "isTerminal" | "setRaw">;

/** What a prompt is made from. */
export interface PromptOptions {
  input?: PromptInput;
  write(text: string): Promise<void>;
  /** Ends a question that waits. */
  signal: AbortSignal;
}

const LINE_END_REGEXP = /\r?\n/;

// A terminal that hides what is typed leaves the control keys to the program.
const INTERRUPT = "\u0003";
const END_OF_INPUT = "\u0004";
const BACKSPACES = "\b\u007f";
// deno-lint-ignore no-control-regex
const HIDDEN_END_REGEXP = /[\r\n\u0003\u0004]/;

/** A prompt over standard input. */
export function createPrompt({ input = Deno.stdin, ...options }: PromptOptions): Prompt {
  return input.isTerminal() ? terminalPrompt(input, options) : pipedPrompt(input, options);
}

function pipedPrompt(
  { readable }: Pick<PromptInput, "readable">,
  { write, signal }: Omit<PromptOptions, "input">,
): Prompt {
  const lines = readable
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream())
    .getReader();

  async function ask(question: string): Promise<string | undefined> {
    await write(`${question}:\n`);
    return (await abortable(lines.read(), signal)).value;
  }

  return { interactive: false, ask, askHidden: ask };
}

/** Reads key by key, for hidden answers are: a stream of lines would keep hold of the terminal. */
function terminalPrompt(
  input: Omit<PromptInput, "readable">,
  { write, signal }: Omit<PromptOptions, "input">,
): Prompt {
  const decoder = new TextDecoder();
  let received = "";

  /** Text up to the next match of `end`, and that match; undefined when there is no more text. */
  async function readTo(end: RegExp): Promise<{ text: string; end: string } | undefined> {
    const buffer = new Uint8Array(1024);
    for (;;) {
      const match = end.exec(received);
      if (match !== null) {
        const text = received.slice(0, match.index);
        received = received.slice(match.index + match[0].length);
        return { text, end: match[0] };
      }
      const count = await abortable(input.read(buffer), signal);
      if (count === null) {
        const text = received;
        received = "";
        return text === "" ? undefined : { text, end: "" };
      }
      received += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  }

  async function ask(question: string): Promise<string | undefined> {
    await write(`${question}: `);
    return (await readTo(LINE_END_REGEXP))?.text;
  }

  async function askHidden(question: string): Promise<string | undefined> {
    await write(`${question} (hidden): `);
    // Windows has no cbreak mode.
    input.setRaw(true, { cbreak: Deno.build.os !== "windows" });
    try {
      const line = await readTo(HIDDEN_END_REGEXP);
      if (line?.end === INTERRUPT) throw new StopError("SIGINT");
      return line?.end === END_OF_INPUT ? undefined : line && applyBackspaces(line.text);
    } finally {
      input.setRaw(false);
      await write("\n");
    }
  }

  return { interactive: true, ask, askHidden };
}

function applyBackspaces(typed: string): string {
  const kept: string[] = [];
  for (const character of typed) {
    if (BACKSPACES.includes(character)) kept.pop();
    else kept.push(character);
  }
  return kept.join("");
}
