/** `tap | target`, with a hand on the pipe: one of the two can be stopped in the middle. */

import { Finding } from "./finding.ts";
import { Interrupter, type Interruption } from "./interrupter.ts";

/** A program as it is started. */
export interface Program {
  argv: readonly string[];
  env?: Record<string, string>;
}

/** How a program ended. */
export interface Ended {
  /** 128 and the number of the signal if one ended it. */
  code: number;
  log: string;
}

/** What came of a pipeline. */
export interface PipelineResult {
  tap: Ended;
  /** `output` is states, one a line, where it is a target. */
  target: Ended & { output: string };
}

/** Runs the two until both have ended. @throws {Finding} if the interruption came too late. */
export async function runPipeline(
  tap: Program,
  target: Program,
  interruption?: Interruption,
): Promise<PipelineResult> {
  const from = start(tap, "null");
  const into = start(target, "piped");
  const interrupter = new Interrupter(interruption, { tap: from, target: into });
  const passing = from.stdout
    .pipeThrough(new TransformStream(interrupter))
    .pipeTo(into.stdin)
    // A target that is gone breaks the pipe, which the tap then learns.
    .catch(() => {});
  const [tapEnd, targetEnd, output] = await Promise.all([
    ended(from),
    ended(into),
    new Response(into.stdout).text(),
    passing,
  ]);
  if (interruption !== undefined && !interrupter.isDone) {
    throw new Finding(`nothing was stopped: the tap wrote ${interrupter.messages} messages`);
  }
  return { tap: tapEnd, target: { ...targetEnd, output } };
}

function start({ argv, env = {} }: Program, stdin: "null" | "piped"): Deno.ChildProcess {
  const [program, ...args] = argv;
  return new Deno.Command(program!, { args, env, stdin, stdout: "piped", stderr: "piped" }).spawn();
}

async function ended(process: Deno.ChildProcess): Promise<Ended> {
  const [{ code }, log] = await Promise.all([process.status, new Response(process.stderr).text()]);
  return { code, log };
}
