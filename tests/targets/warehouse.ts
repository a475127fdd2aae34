/**
 * A target's tables and the state that belongs to them, filled by the tap from a fake account, night
 * by night, as docs/runners.md tells users to: what the target has confirmed is the state of the next run.
 */

import { type EntryFile, selectStreams, streamNames } from "../program/catalogs.ts";
import { configFor } from "../program/run_folder.ts";
import { runTap, tapCommand } from "../program/tap_process.ts";
import type { FakeChatApi } from "../fakes/chat_api/mod.ts";
import type { Json } from "../../lib/json.ts";
import type { AccountRows } from "./account_rows.ts";
import { Finding } from "./finding.ts";
import type { Interruption } from "./interrupter.ts";
import { type PipelineResult, runPipeline } from "./pipeline.ts";
import { tableDifferences } from "./table_differences.ts";
import type { Place, Target } from "./target.ts";

const SHOWN_DIFFERENCES = 3;

/** The tables of one case. */
export class Warehouse {
  readonly #target: Target;
  readonly #place: Place;
  readonly #api: FakeChatApi;
  #streams: EntryFile[] = [];

  constructor(target: Target, place: Place, api: FakeChatApi) {
    this.#target = target;
    this.#place = place;
    this.#api = api;
  }

  /** Runs tap and target to their end. @throws {Finding} unless both are content. */
  async load(config: Record<string, Json>): Promise<void> {
    const { tap, target } = await this.#run(config);
    if (target.code !== 0) throw new Finding(`the target ended: ${reasonIn(target.log)}`);
    if (tap.code !== 0) throw new Finding(`the tap ended with ${tap.code}: ${reasonIn(tap.log)}`);
  }

  /** Runs tap and target and stops one of them. */
  async loadInterrupted(
    config: Record<string, Json>,
    interruption: Interruption,
  ): Promise<PipelineResult> {
    return await this.#run(config, interruption);
  }

  /** @throws {Finding} unless the tables hold these rows and no others. */
  async check(expected: AccountRows): Promise<void> {
    const stored = new Map();
    for (const stream of this.#streams) {
      stored.set(stream.tap_stream_id, await this.#target.rows(this.#place, stream));
    }
    const found = tableDifferences(this.#streams, expected, stored, this.#target.storage);
    if (found.length === 0) return;
    const more = found.length - SHOWN_DIFFERENCES;
    const shown = found.slice(0, SHOWN_DIFFERENCES).join("; ");
    throw new Finding(more > 0 ? `${shown}; and ${more} more` : shown);
  }

  async #run(config: Record<string, Json>, interruption?: Interruption): Promise<PipelineResult> {
    const { folder } = this.#place;
    const file = (name: string) => `${folder}/${name}`;
    await writeJson(file("tap.json"), configFor(this.#api, config));
    await writeJson(file("target.json"), this.#target.config(this.#place));
    const flags = ["-c", file("tap.json")];
    const { code, stdout, stderr } = await runTap([...flags, "--discover"], { cwd: folder });
    if (code !== 0) throw new Finding(`discovery ended with ${code}: ${reasonIn(stderr)}`);
    const catalog = JSON.parse(stdout);
    this.#streams = selectStreams(catalog, streamNames(catalog)).streams;
    this.#target.editCatalog?.(catalog);
    await writeJson(file("catalog.json"), catalog);

    const states = file("states.jsonl");
    // An empty file is an empty state.
    await Deno.writeTextFile(states, "", { append: true });
    const files = ["--catalog", file("catalog.json"), "--state", states];
    const result = await runPipeline(
      { argv: [...tapCommand(), ...flags, ...files] },
      {
        argv: [`${this.#place.bin}/${this.#target.executable}`, "--config", file("target.json")],
        ...(this.#target.env && { env: this.#target.env }),
      },
      interruption,
    );
    await Deno.writeTextFile(states, result.target.output, { append: true });
    return result;
  }
}

/** The line of a log that says why: of a Python traceback its last one, else the last of all. */
function reasonIn(log: string): string {
  const lines = log.trim().split("\n").filter((line) => /^\S/.test(line));
  return lines.findLast((line) => /^[\w.]+(Error|Exception)\b/.test(line)) ?? lines.at(-1) ??
    "without a word";
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value), { mode: 0o600 });
}
