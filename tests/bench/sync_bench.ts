/**
 * A whole sync of chats, in both ways of reading them, against a loop that makes the same requests and
 * only parses, serialises and prints: CPU, memory, and the time when each answer takes 150 ms. And
 * the start of the program, against a program that does nothing.
 *
 *     deno task bench
 */

import { printLine } from "../../lib/stdout.ts";
import { type FakeChatApi, generatedChats, startFakeChatApi } from "../fakes/chat_api/mod.ts";
import { measure, median, type Usage } from "./measure.ts";
import { catalogArgs, configArgs, TAP, type Way } from "./tap_args.ts";

const RUNS = 7;
const WAYS: readonly Way[] = ["search", "incremental"];

const folder = await Deno.makeTempDir();

/** Starts an API with so many chats of 2 KB. */
function startApi(count: number, delayMs = 0): Promise<FakeChatApi> {
  return startFakeChatApi({ account: { chats: generatedChats({ count }) }, delayMs });
}

/** Runs the tap once and the loop over the requests that it made. */
async function runBoth(api: FakeChatApi, way: Way): Promise<{ tap: Usage; bare: Usage }> {
  const files = [...await configArgs(folder, api, way), ...await catalogArgs(folder, "chats")];
  const before = api.requests.length;
  const tap = await measure([...TAP, ...files]);
  const origin = new URL(api.url).origin + new URL(api.url).pathname;
  const urls = api.requests.slice(before).map(({ path, query }) => `${origin}${path}?${query}`);
  const bare = await measure(
    ["run", "-q", "--allow-net=127.0.0.1", "tests/bench/bare_loop.ts"],
    urls.join("\n"),
  );
  return { tap, bare };
}

/** Several pairs of runs; the first pair, which compiles and warms the API up, does not count. */
async function runPairs<T>(count: number, run: () => Promise<T>): Promise<T[]> {
  const pairs: T[] = [];
  for (let pair = 0; pair <= count; pair++) pairs.push(await run());
  return pairs.slice(1);
}

async function benchCpu(): Promise<void> {
  await using api = await startApi(20_000);
  for (const way of WAYS) {
    const pairs = await runPairs(RUNS, () => runBoth(api, way));
    const ratio = median(pairs.map(({ tap, bare }) => tap.cpuMs / bare.cpuMs));
    const tapMs = median(pairs.map(({ tap }) => tap.cpuMs));
    await printLine(
      `20,000 chats by ${way}: CPU ${ratio.toFixed(2)} × the bare loop (${tapMs.toFixed(0)} ms), ` +
        `budget 1.50`,
    );
  }
}

async function benchMemory(): Promise<void> {
  const fewMb = new Map<Way, number>();
  for (const count of [20_000, 200_000]) {
    await using api = await startApi(count);
    for (const way of WAYS) {
      const pairs = await runPairs(3, () => runBoth(api, way));
      const tapMb = median(pairs.map(({ tap }) => tap.peakMb));
      const bareMb = median(pairs.map(({ bare }) => bare.peakMb));
      const grown = tapMb / (fewMb.get(way) ?? tapMb);
      fewMb.set(way, tapMb);
      await printLine(
        `${count.toLocaleString("en")} chats by ${way}: peak ${tapMb.toFixed(0)} MB, ` +
          `${(tapMb / bareMb).toFixed(2)} × the bare loop` +
          (grown === 1 ? "" : ` and ${grown.toFixed(2)} × that of 20,000`) +
          ", budget 150 MB and 1.10",
      );
    }
  }
}

async function benchLatency(): Promise<void> {
  await using api = await startApi(4_000, 150);
  const { tap, bare } = await runBoth(api, "search");
  await printLine(
    `4,000 chats by search, 150 ms an answer: ${(tap.wallMs / bare.wallMs).toFixed(2)} × the ` +
      "time of the bare loop, budget 0.60",
  );
}

async function benchStart(): Promise<void> {
  await using api = await startApi(1);
  const starts = {
    "--version": ["--version"],
    "discovery without a config": ["-d"],
    "discovery": ["-d", ...await configArgs(folder, api)],
  };
  for (const [name, args] of Object.entries(starts)) {
    const pairs = await runPairs(RUNS, async () => ({
      tap: await measure([...TAP, ...args]),
      floor: await measure(["run", "-q", "tests/bench/start_floor.ts"]),
    }));
    const tapMs = median(pairs.map(({ tap }) => tap.wallMs));
    const ratio = median(pairs.map(({ tap, floor }) => tap.wallMs / floor.wallMs));
    await printLine(
      `${name}: ${tapMs.toFixed(0)} ms, ${ratio.toFixed(2)} × a program that does nothing` +
        (name === "--version" ? ", budget 100 ms" : ""),
    );
  }
}

try {
  await benchStart();
  await benchCpu();
  await benchLatency();
  await benchMemory();
} finally {
  await Deno.remove(folder, { recursive: true });
}
