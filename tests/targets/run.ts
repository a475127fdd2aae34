/**
 * Runs the tap into real targets and prints what came of it. It needs Python, a PostgreSQL server (which
 * it installs where it can) and Python's package index, so it is no part of `deno task test`.
 *
 * ```
 * deno task targets [--target=NAME] [--case=NAME]
 * ```
 */

import { format } from "@std/fmt/duration";
import { startFakeChatApi } from "../fakes/chat_api/mod.ts";
import { forMany, projectPath } from "../program/tap_process.ts";
import type { Way } from "./account_rows.ts";
import { type Case, CASES } from "./cases.ts";
import { duckdbTarget } from "./duckdb_target.ts";
import { csvTarget, jsonlTarget } from "./file_targets.ts";
import { meltanoPostgres, pipelinewisePostgres } from "./postgres_targets.ts";
import { startPostgres } from "./postgres_server.ts";
import { IndexOutOfReach, pythonEnvironment } from "./python_environment.ts";
import { describeResults, type Result } from "./results_table.ts";
import type { Target } from "./target.ts";
import { Finding, Warehouse } from "./warehouse.ts";

const WAYS: readonly Way[] = ["search", "incremental"];
const REQUIREMENTS = projectPath("tests/targets/requirements");

/** One target put through one case in one way of reading chats. */
interface Trial {
  target: Target;
  trial: Case;
  way: Way;
}

async function main(args: readonly string[]): Promise<number> {
  const begun = Date.now();
  await using server = await startPostgres();
  const targets = [
    pipelinewisePostgres(server),
    meltanoPostgres(server),
    duckdbTarget,
    jsonlTarget,
    csvTarget,
  ].filter(({ name }) => isWanted(args, "target", name));
  const cases = CASES.filter(({ name }) => isWanted(args, "case", name));
  const trials = targets.flatMap((target) =>
    cases.flatMap((trial) => WAYS.map((way) => ({ target, trial, way })))
  );

  const bins = await install(targets);
  if (bins === undefined) {
    await say("Python's package index is out of reach, so nothing was tried with targets\n");
    await say(`0 passed, 0 failed, ${trials.length} skipped\n`);
    return 0;
  }
  const folder = await Deno.makeTempDir({ prefix: "tap-zendesk-chat-targets-" });
  try {
    const results = await forMany(trials, (trial) => runTrial(trial, folder, bins));
    await say(`\nTook ${format(Date.now() - begun, { ignoreZero: true })}\n`);
    await say(describeResults(results));
    return results.some(({ reason }) => reason !== undefined) ? 1 : 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Whether a flag, if it is there, asks for what has this name. */
function isWanted(args: readonly string[], flag: string, name: string): boolean {
  const wanted = args.find((arg) => arg.startsWith(`--${flag}=`))?.split("=")[1];
  return wanted === undefined || name.includes(wanted);
}

/** The folders of the targets' programs; `undefined` if they cannot be had. */
async function install(targets: readonly Target[]): Promise<Map<Target, string> | undefined> {
  const bins = new Map<Target, string>();
  try {
    await forMany(targets, async (target) => {
      bins.set(target, await pythonEnvironment(`${REQUIREMENTS}/${target.requirements}.txt`));
    });
  } catch (error) {
    if (error instanceof IndexOutOfReach) return undefined;
    throw error;
  }
  return bins;
}

async function runTrial(
  { target, trial, way }: Trial,
  parent: string,
  bins: ReadonlyMap<Target, string>,
): Promise<Result> {
  const begun = Date.now();
  const what = `${trial.name}, ${way}`;
  const schema = `${target.requirements}_${what.replaceAll(/\W+/g, "_")}`;
  const folder = `${parent}/${schema}`;
  await Deno.mkdir(folder);
  await using api = await startFakeChatApi({ account: trial.account() });
  const result: Result = { target: target.name, what, seconds: 0 };
  try {
    const warehouse = new Warehouse(target, { folder, schema, bin: bins.get(target)! }, api);
    await trial.run(warehouse, api, way);
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    result.reason = error.message;
  }
  result.seconds = (Date.now() - begun) / 1000;
  const outcome = result.reason === undefined ? "ok" : "FAILED";
  await say(`${outcome} (${result.seconds.toFixed(1)} s): ${target.name}, ${what}\n`);
  return result;
}

async function say(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}

Deno.exitCode = await main(Deno.args);
