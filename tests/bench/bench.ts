/**
 * Every budget of the tap, each beside a floor that is measured in the same run. What is measured is
 * said as it comes; the table at the end holds all of it.
 *
 *     deno task bench
 */

import { printLine } from "../../lib/stdout.ts";
import { CHAT_SIZES, measureFit } from "./fit_rounds.ts";
import { type Measure, measureTable } from "./measures.ts";
import { measureRequests } from "./request_measures.ts";
import { measureScale } from "./scale_measures.ts";
import {
  measureChildren,
  measureCpu,
  measureLatency,
  measureMemory,
  measureStart,
} from "./sync_measures.ts";

async function* measureAll(folder: string): AsyncGenerator<Measure> {
  for (const size of CHAT_SIZES) yield measureFit(size);
  yield* measureStart(folder);
  yield* measureRequests(folder);
  yield* measureCpu(folder);
  yield* measureChildren(folder);
  yield* measureLatency(folder);
  yield* measureMemory(folder);
  yield* measureScale(folder);
}

const folder = await Deno.makeTempDir();
try {
  const measures: Measure[] = [];
  for await (const measure of measureAll(folder)) {
    measures.push(measure);
    // The heading and its line: what takes minutes is shown while it comes.
    await printLine(measureTable([measure])[1]!);
  }
  await printLine("");
  for (const line of measureTable(measures)) await printLine(line);
} finally {
  await Deno.remove(folder, { recursive: true });
}
