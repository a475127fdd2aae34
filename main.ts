/**
 * From argv to exit code: the only place that knows both, and the one that hands the real clock,
 * network, files and streams to everything else.
 */

import { answer } from "./lib/cli/answer.ts";
import { logFlags, loginArgs, parseArgs } from "./lib/cli/args.ts";
import { createStderr, type Stderr } from "./lib/cli/stderr.ts";
import { stopOnSignals } from "./lib/cli/stop.ts";
import { failureLines, StopError, TapError } from "./lib/errors.ts";
import { createLog, type Log, LOG_VARIABLES } from "./lib/log.ts";
import { printLine, ReaderGoneError, stdoutIsTerminal } from "./lib/stdout.ts";

/** Writes what ended the run to the log; returns the exit code. */
function report(error: unknown, log: Log): number {
  if (error instanceof ReaderGoneError) return error.exitCode;
  if (error instanceof StopError) {
    log.warning(error.message);
    return error.exitCode;
  }
  for (const line of failureLines(error)) log.critical(line);
  return error instanceof TapError ? error.exitCode : 1;
}

/** Whether someone watches the log, and no messages on stdout would run into a status line. */
function showsStatus(): boolean {
  return Deno.stderr.isTerminal() && !stdoutIsTerminal();
}

/**
 * The log that flags and environment ask for; on a terminal a status line stands in for the metrics,
 * unless each line is to be an object.
 */
async function openLog(argv: readonly string[], stderr: Stderr): Promise<Log> {
  const options = { write: stderr.line, writeSoon: stderr.lineSoon, metrics: !showsStatus() };
  const flags = logFlags(argv);
  const env = (name: string) => Deno.env.get(name);
  const asked = [...Object.values(flags), ...Object.values(LOG_VARIABLES).map(env)];
  if (!asked.some(Boolean)) return createLog(options);
  const { chooseLogStyle } = await import("./lib/log_style.ts");
  const moment = { nowMs: Date.now, pid: Deno.pid };
  const { style, warnings } = chooseLogStyle({ flags, env, moment });
  const log = createLog({ ...options, ...style, ...(style.isStructured && { metrics: true }) });
  for (const warning of warnings) log.warning(warning);
  return log;
}

async function main(argv: readonly string[]): Promise<number> {
  if (loginArgs(argv) === undefined) Deno.permissions.revokeSync({ name: "write" });
  const stderr = createStderr();
  const log = await openLog(argv, stderr);
  const signal = stopOnSignals((exitCode) => Deno.exit(exitCode));
  try {
    const command = parseArgs(argv);
    if (command.kind === "login") {
      const { login } = await import("./lib/login/login.ts");
      await login(command.argv, { log, signal });
    } else if ("configs" in command) {
      const { run } = await import("./lib/cli/commands.ts");
      const { STREAMS } = await import("./streams/mod.ts");
      const status = showsStatus() && !log.isStructured ? stderr.status : undefined;
      return await run(command, { streams: STREAMS, log, status, signal });
    } else {
      await printLine(await answer(command));
    }
    return 0;
  } catch (error) {
    return report(error, log);
  } finally {
    stderr.flush();
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
