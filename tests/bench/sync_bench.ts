/**
 * A whole sync of chats, in both ways of reading them, against a loop that makes the same requests and
 * only parses, serialises and prints: CPU, memory, and the time when each answer takes 150 ms.
 *
 *     deno task bench
 */

import { discoveryEntry } from "../../lib/singer/discovery_entry.ts";
import { chats } from "../../streams/chats.ts";
import { type FakeChatApi, generatedChats, startFakeChatApi, TOKEN } from "../fake_chat_api/mod.ts";
import { measure, median, type Usage } from "./measure.ts";

const RUNS = 5;
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

async function runTap(api: FakeChatApi, way: Way): Promise<Usage> {
  const config = {
    access_token: TOKEN,
    start_date: "2025-12-01",
    base_url: api.url,
    chats_api: way,
  };
  await Deno.writeTextFile(`${folder}/config.json`, JSON.stringify(config), { mode: 0o600 });
  const files = ["-c", `${folder}/config.json`, "--catalog", `${folder}/catalog.json`];
  return await measure(["-P=tap", "--no-prompt", "main.ts", ...files]);
}

/** Runs the tap once and the loop over the requests that it made. */
async function runBoth(api: FakeChatApi, way: Way): Promise<{ tap: Usage; bare: Usage }> {
  const before = api.requests.length;
  const tap = await runTap(api, way);
  const origin = new URL(api.url).origin + new URL(api.url).pathname;
  const urls = api.requests.slice(before).map(({ path, query }) => `${origin}${path}?${query}`);
  const bare = await measure(
    ["--allow-net=127.0.0.1", "tests/bench/bare_loop.ts"],
    urls.join("\n"),
  );
  return { tap, bare };
}

async function say(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

async function benchCpu(): Promise<void> {
  await using api = await startApi(20_000);
  for (const way of WAYS) {
    const runs = [];
    for (let run = 0; run <= RUNS; run++) runs.push(await runBoth(api, way));
    // The first one compiles, and warms the API up.
    const counted = runs.slice(1);
    const ratio = median(counted.map(({ tap, bare }) => tap.cpuMs / bare.cpuMs));
    const tapMs = median(counted.map(({ tap }) => tap.cpuMs));
    await say(
      `20,000 chats by ${way}: CPU ${ratio.toFixed(2)} × the bare loop (${tapMs.toFixed(0)} ms), ` +
        `budget 1.50`,
    );
  }
}

async function benchMemory(): Promise<void> {
  const peaks = new Map<Way, number>();
  for (const count of [20_000, 200_000]) {
    await using api = await startApi(count);
    for (const way of WAYS) {
      const runs = [];
      for (let run = 0; run < 3; run++) runs.push(await runTap(api, way));
      const peakMb = median(runs.map((usage) => usage.peakMb));
      const ratio = peakMb / (peaks.get(way) ?? peakMb);
      peaks.set(way, peakMb);
      await say(
        `${count.toLocaleString("en")} chats by ${way}: peak ${peakMb.toFixed(0)} MB` +
          (ratio === 1 ? "" : `, ${ratio.toFixed(2)} × that of 20,000`) +
          `, budget 150 MB and 1.10`,
      );
    }
  }
}

async function benchLatency(): Promise<void> {
  await using api = await startApi(4_000, 150);
  const { tap, bare } = await runBoth(api, "search");
  await say(
    `4,000 chats by search, 150 ms an answer: ${
      (tap.wallMs / bare.wallMs).toFixed(2)
    } × the time ` +
      `of the bare loop, budget 0.60`,
  );
}

async function benchStart(): Promise<void> {
  const runs = [];
  for (let run = 0; run <= RUNS; run++) {
    runs.push(await measure(["-P=tap", "--no-prompt", "main.ts", "--version"]));
  }
  await say(
    `--version: ${median(runs.map(({ wallMs }) => wallMs)).toFixed(0)} ms, budget 100 ms`,
  );
}

try {
  await benchStart();
  await benchCpu();
  await benchLatency();
  await benchMemory();
} finally {
  await Deno.remove(folder, { recursive: true });
}
