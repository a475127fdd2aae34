/**
 * Runs the tap into real targets and prints what came of it. It needs Python, a PostgreSQL server (which
 * it installs where it can) and Python's package index, so it is no part of `deno task test`.
 *
 * ```
 * deno task targets [--long] [--only=PART OF A TARGET'S OR A CASE'S NAME]
 * ```
 */

import { format } from "@std/fmt/duration";
import { forMany, projectPath } from "../program/tap_process.ts";
import { LONG, SHORT } from "./extent.ts";
import { startPostgres } from "./postgres_server.ts";
import { IndexOutOfReach, pythonEnvironment } from "./python_environment.ts";
import { describeResults, type Result } from "./results_table.ts";
import { allTrials, type Trial } from "./trials.ts";
import { Finding } from "./finding.ts";

const REQUIREMENTS = projectPath("tests/targets/requirements");

async function main(args: readonly string[]): Promise<number> {
  const begun = Date.now();
  const only = args.find((arg) => arg.startsWith("--only="))?.slice("--only=".length) ?? "";
  const extent = args.includes("--long") ? LONG : SHORT;
  const folder = await Deno.makeTempDir({ prefix: "tap-zendesk-chat-targets-" });
  try {
    await using server = await startPostgres();
    const trials = allTrials(extent, server, folder)
      .filter(({ target, what }) => `${target}, ${what}`.includes(only));
    const bins = await install(new Set(trials.map(({ requirements }) => requirements)));
    const results = await forMany(trials, (trial) => tried(trial, bins));
    return await report(results, Date.now() - begun);
  } catch (error) {
    if (!(error instanceof IndexOutOfReach)) throw error;
    await say("Python's package index is out of reach: no target was tried\n");
    await say("0 passed, 0 failed, 1 skipped\n");
    return 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Installs what these lists name; the folders of programs by list. */
async function install(lists: ReadonlySet<string>): Promise<Map<string, string>> {
  const bins = await forMany([...lists], async (list): Promise<[string, string]> => {
    return [list, await pythonEnvironment(`${REQUIREMENTS}/${list}.txt`)];
  });
  return new Map(bins);
}

async function tried(trial: Trial, bins: ReadonlyMap<string, string>): Promise<Result> {
  const { table, target, what, requirements } = trial;
  const begun = Date.now();
  let reason: string | undefined;
  try {
    await trial.run(bins.get(requirements)!);
  } catch (error) {
    // A bug of the runner is told as well, with its stack, and costs no other trial.
    reason = error instanceof Finding ? error.message : Deno.inspect(error);
  }
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  await say(`${reason === undefined ? "ok" : "FAILED"} (${seconds} s): ${target}, ${what}\n`);
  return { table, target, what, reason };
}

/** Says what came of all, the sum last; the exit code. */
async function report(results: readonly Result[], tookMs: number): Promise<number> {
  for (const group of Map.groupBy(results, ({ table }) => table).values()) {
    await say(`\n${describeResults(group)}`);
  }
  const failed = results.filter(({ reason }) => reason !== undefined).length;
  await say(`\nTook ${format(tookMs, { ignoreZero: true })}\n`);
  await say(`${results.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

async function say(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}

Deno.exitCode = await main(Deno.args);
