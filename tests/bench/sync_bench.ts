/**
 * A whole sync of chats, in both ways of reading them, against a loop that makes the same requests and
 * only parses, serialises and prints: CPU, memory, and the time when each answer takes 150 ms. And
 * the start of the program, against a program that does nothing.
 *
 *     deno task bench
 */

import { discoveryEntry } from "../../lib/singer/discovery_entry.ts";
import { chats } from "../../streams/chats.ts";
import { type FakeChatApi, generatedChats, startFakeChatApi, TOKEN } from "../fake_chat_api/mod.ts";
import { measure, median, TAP, type Usage } from "./measure.ts";

const RUNS = 7;
const WAYS = ["search", "incremental"] as const;
type Way = typeof WAYS[number];

const folder = await Deno.makeTempDir();
const entry = discoveryEntry(chats, []);
(entry.metadata as [{ metadata: Record<string, unknown> }])[0].metadata.selected = true;
await Deno.writeTextFile(`${folder}/catalog.json`, JSON.stringify({ streams: [entry] }));

/** Starts an API with so many chats of 2 KB. */
function startApi(count: number, delayMs = 0): Promise<FakeChatApi> {
  return startFakeChatApi({ account: { chats: generatedChats({ count }) }, delayMs });
}

async function writeConfig(api: FakeChatApi, way: Way = "search"): Promise<string> {
  const file = `${folder}/config.json`;
  const config = {
    access_token: TOKEN,
    start_date: "2025-12-01",
    base_url: api.url,
    chats_api: way,
  };
  await Deno.writeTextFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

/** Runs the tap once and the loop over the requests that it made. */
async function runBoth(api: FakeChatApi, way: Way): Promise<{ tap: Usage; bare: Usage }> {
  const config = await writeConfig(api, way);
  const before = api.requests.length;
  const tap = await measure([...TAP, "-c", config, "--catalog", `${folder}/catalog.json`]);
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

async function say(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

async function benchCpu(): Promise<void> {
  await using api = await startApi(20_000);
  for (const way of WAYS) {
    const pairs = await runPairs(RUNS, () => runBoth(api, way));
    const ratio = median(pairs.map(({ tap, bare }) => tap.cpuMs / bare.cpuMs));
    const tapMs = median(pairs.map(({ tap }) => tap.cpuMs));
    await say(
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
      await say(
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
  await say(
    `4,000 chats by search, 150 ms an answer: ${(tap.wallMs / bare.wallMs).toFixed(2)} × the ` +
      "time of the bare loop, budget 0.60",
  );
}

async function benchStart(): Promise<void> {
  await using api = await startApi(1);
  const starts = {
    "--version": ["--version"],
    "discovery without a config": ["-d"],
    "discovery": ["-d", "-c", await writeConfig(api)],
  };
  for (const [name, args] of Object.entries(starts)) {
    const pairs = await runPairs(RUNS, async () => ({
      tap: await measure([...TAP, ...args]),
      floor: await measure(["run", "-q", "tests/bench/start_floor.ts"]),
    }));
    const tapMs = median(pairs.map(({ tap }) => tap.wallMs));
    const ratio = median(pairs.map(({ tap, floor }) => tap.wallMs / floor.wallMs));
    await say(
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
