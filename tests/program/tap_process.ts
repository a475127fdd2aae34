/**
 * The tap as a process. `TAP_BINARY` names a built program to run in the place of the source, and
 * no test may know which of the two it has. The environment is that of the tests without proxies
 * and without the tap's own variables; a process that takes too long is killed.
 */

import { fail } from "@std/assert";
import { fileURLToPath } from "node:url";

/** How a tap is started. */
export interface TapOptions {
  /** The folder in which it starts. */
  cwd: string;
  env?: Record<string, string>;
  /** What its standard input holds. */
  input?: string;
  /** A file that its standard output leads to, instead of to the test. */
  stdoutTo?: string;
}

/** What came of a tap. */
export interface TapResult {
  code: number;
  /** From its beginning, also what was read before. */
  stdout: string;
  stderr: string;
}

/** A tap under way; disposing ends it. */
export interface RunningTap extends AsyncDisposable {
  /** The next line of standard output; reads no further than it must. */
  readLine(): Promise<string>;
  /** Goes away, as a reader does that has enough. */
  closeStdout(): Promise<void>;
  signal(name: "SIGINT" | "SIGTERM" | "SIGKILL"): void;
  /** Waits until standard error has a match. */
  logged(pattern: RegExp): Promise<void>;
  /** The exit code, without reading standard output any further. */
  exited(): Promise<number>;
  /** Reads standard output to its end. */
  finish(): Promise<TapResult>;
}

const LIMIT_MS = 60_000;
const MANY = 3;

/** Starts the tap. */
export function startTap(args: readonly string[], options: TapOptions): RunningTap {
  const child = spawn(args, options);
  let tookTooLong = false;
  const limit = setTimeout(() => {
    tookTooLong = true;
    child.kill("SIGKILL");
  }, LIMIT_MS);
  const status = child.status.finally(() => clearTimeout(limit));

  let stderr = "";
  const waiting = new Set<() => void>();
  const logEnd = (async () => {
    for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
      stderr += chunk;
      for (const check of waiting) check();
    }
  })();

  let stdout = "";
  let lineStart = 0;
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  async function readChunk(): Promise<boolean> {
    const { done, value } = await reader.read();
    stdout += decoder.decode(value, { stream: !done });
    return !done;
  }

  return {
    async readLine() {
      while (!stdout.includes("\n", lineStart)) {
        if (!await readChunk()) fail(`standard output ended, the log says:\n${stderr}`);
      }
      const end = stdout.indexOf("\n", lineStart);
      const line = stdout.slice(lineStart, end);
      lineStart = end + 1;
      return line;
    },
    closeStdout: () => reader.cancel(),
    signal: (name) => child.kill(name),
    async logged(pattern) {
      const seen = new Promise<void>((resolve) => {
        const check = () => pattern.test(stderr) && resolve();
        waiting.add(check);
        check();
      });
      const end = logEnd.then(() => pattern.test(stderr) || fail(`no ${pattern} in:\n${stderr}`));
      await Promise.race([seen, end]);
    },
    async exited() {
      return (await status).code;
    },
    async finish() {
      while (await readChunk()) continue;
      await logEnd;
      const { code } = await status;
      if (tookTooLong) fail(`${args.join(" ")} did not end, the log says:\n${stderr}`);
      return { code, stdout, stderr };
    },
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
      await reader.cancel();
      await logEnd;
      await status;
    },
  };
}

/** Runs the tap to its end. */
export async function runTap(args: readonly string[], options: TapOptions): Promise<TapResult> {
  await using tap = startTap(args, options);
  return await tap.finish();
}

/** Runs something for each item, a few side by side, and keeps their order. */
export async function forMany<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const workers = Array.from({ length: MANY }, async () => {
    for (const [index, item] of queue) results[index] = await run(item);
  });
  // None may outlive the test, so a failure is only passed on when all have ended.
  await Promise.allSettled(workers);
  await Promise.all(workers);
  return results;
}

function spawn(
  args: readonly string[],
  { cwd, env, input = "", stdoutTo }: TapOptions,
): Deno.ChildProcess {
  const tap = [...tapCommand(), ...args];
  const [command, ...rest] = stdoutTo === undefined
    ? tap
    : ["sh", "-c", 'exec "$@" >"$0"', stdoutTo, ...tap];
  const child = new Deno.Command(command!, {
    args: rest,
    cwd,
    env: { ...inheritedEnv(), ...env },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // A tap that ends without reading it breaks the pipe.
  new Blob([input]).stream().pipeTo(child.stdin).catch(() => {});
  return child;
}

/** The command that starts the tap: the source, or the built program that `TAP_BINARY` names. */
export function tapCommand(): string[] {
  const binary = Deno.env.get("TAP_BINARY");
  return binary === undefined ? sourceProgram("main.ts") : [Deno.realPathSync(binary)];
}

/** The command that runs a file of the project under the tap's permissions; flags are Deno's. */
export function sourceProgram(file: string, ...flags: string[]): string[] {
  const permissions = ["-P=tap", "--no-prompt", "--config", projectPath("deno.json")];
  return [Deno.execPath(), "run", "-q", ...permissions, ...flags, projectPath(file)];
}

/** The path of a file of the project. */
export function projectPath(file: string): string {
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}

function inheritedEnv(): Record<string, string> {
  const own = /^(TAP_|SINGER_|NO_COLOR$)|_proxy$/i;
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => !own.test(name)),
  );
}
