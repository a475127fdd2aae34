import { assertEquals, assertRejects } from "@std/assert";
import { createPrompt, type Prompt } from "../../../lib/login/prompt.ts";
import { StopError } from "../../../lib/errors.ts";

/** A prompt over what is typed, in the pieces in which it arrives, and all that happens. */
function typed(
  pieces: readonly string[],
  { terminal }: { terminal: boolean },
): { prompt: Prompt; shown: string[] } {
  const queue = pieces.map((piece) => new TextEncoder().encode(piece));
  const shown: string[] = [];
  const prompt = createPrompt({
    input: {
      isTerminal: () => terminal,
      setRaw: (mode) => shown.push(mode ? "(hide)" : "(show)"),
      readable: ReadableStream.from(queue),
      read(buffer) {
        const piece = queue.shift();
        if (piece !== undefined) buffer.set(piece);
        return Promise.resolve(piece?.length ?? null);
      },
    },
    write: (text) => Promise.resolve(void shown.push(text)),
    signal: new AbortController().signal,
  });
  return { prompt, shown };
}

const PIPED = { terminal: false };
const TERMINAL = { terminal: true };

Deno.test("ask() takes piped lines in turn, the last one without a line end", {
  permissions: "none",
}, async () => {
  const { prompt, shown } = typed(["one\r\ntw", "o\n\nfo", "ur"], PIPED);
  const answers = [];
  for (const question of ["A", "B", "C", "D", "E"]) answers.push(await prompt.ask(question));
  assertEquals(answers, ["one", "two", "", "four", undefined]);
  assertEquals(shown, ["A:\n", "B:\n", "C:\n", "D:\n", "E:\n"]);
});

Deno.test("ask() joins a character that arrives in two pieces", {
  permissions: "none",
}, async () => {
  const [first, second] = new TextEncoder().encode("é");
  const pieces = [first, second, 10].map((byte) => new Uint8Array([byte!]));
  const prompt = createPrompt({
    input: {
      isTerminal: () => false,
      setRaw() {},
      readable: ReadableStream.from(pieces),
      read: () => Promise.reject(new Error("it is read as a stream")),
    },
    write: () => Promise.resolve(),
    signal: new AbortController().signal,
  });
  assertEquals(await prompt.ask("A"), "é");
});

Deno.test("askHidden() reads piped lines as ask() does", { permissions: "none" }, async () => {
  const { prompt, shown } = typed(["s3cret\nnext\n"], PIPED);
  assertEquals([await prompt.askHidden("A"), await prompt.ask("B")], ["s3cret", "next"]);
  assertEquals(shown, ["A:\n", "B:\n"]);
});

Deno.test("askHidden() hides what is typed on a terminal and obeys backspace", {
  permissions: "none",
}, async () => {
  const { prompt, shown } = typed(["visible\n", "s3x\u007f", "cre\b\b\b\bt", "\r"], TERMINAL);
  assertEquals(await prompt.ask("A"), "visible");
  assertEquals(await prompt.askHidden("B"), "st");
  assertEquals(shown, ["A: ", "B (hidden): ", "(hide)", "(show)", "\n"]);
});

Deno.test("askHidden() ends on Ctrl-D", { permissions: "none" }, async () => {
  const { prompt } = typed(["abc\u0004"], TERMINAL);
  assertEquals(await prompt.askHidden("A"), undefined);
});

Deno.test("askHidden() stops on a Ctrl-C that comes as a character", {
  permissions: "none",
}, async () => {
  const { prompt, shown } = typed(["abc\u0003"], TERMINAL);
  assertEquals((await assertRejects(() => prompt.askHidden("A"), StopError)).exitCode, 130);
  assertEquals(shown.slice(1), ["(hide)", "(show)", "\n"]);
});

Deno.test("askHidden() gives up and shows again what is typed when the signal aborts", {
  permissions: "none",
}, async () => {
  const stop = new AbortController();
  const shown: string[] = [];
  const prompt = createPrompt({
    input: {
      isTerminal: () => true,
      setRaw: (mode) => shown.push(mode ? "(hide)" : "(show)"),
      readable: new ReadableStream(),
      read: () => new Promise(() => {}),
    },
    write: (text) => Promise.resolve(void shown.push(text)),
    signal: stop.signal,
  });
  const answer = prompt.askHidden("A");
  stop.abort(new StopError("SIGTERM"));
  await assertRejects(() => answer, StopError);
  assertEquals(shown, ["A (hidden): ", "(hide)", "(show)", "\n"]);
});
