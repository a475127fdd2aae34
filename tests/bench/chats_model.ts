/**
 * Some ten thousand runs of the model of chats, to be looked at when its rules change:
 * `deno run -A tests/bench/chats_model.ts [FIRST_SEED [LAST_SEED]]`. Prints what a seed found, and its story
 * when it is the only one.
 */

import { printLine } from "../../lib/stdout.ts";
import { passNights } from "../model/nights.ts";

const [first = 1, last = first === 1 ? 2_000 : first] = Deno.args.map(Number);
let [runs, requests, bad] = [0, 0, 0];
const startedMs = performance.now();
for (let seed = first; seed <= last; seed++) {
  const result = await passNights(seed);
  runs += result.runs;
  requests += result.requests;
  const findings = [...result.wrong, ...result.broken];
  if (findings.length > 0) {
    bad++;
    await printLine(`seed ${seed}: ${findings.length} wrong: ${findings.slice(0, 5).join("; ")}`);
  }
  if (first === last) await printLine(result.story.join("\n"));
}
const seconds = Math.round((performance.now() - startedMs) / 1000);
await printLine(`${runs} runs, ${requests} requests, ${bad} bad seeds, ${seconds} s`);
