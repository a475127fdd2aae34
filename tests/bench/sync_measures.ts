/**
 * A whole sync of chats, in both ways of reading them, against a loop that makes the same requests and
 * only parses, serialises and prints: CPU, memory, and the time when each answer takes 150 ms. And
 * the start of the program, against a program that does nothing.
 */

import { type FakeChatApi, generatedChats, startFakeChatApi } from "../fakes/chat_api/mod.ts";
import { type Measure, median } from "./measures.ts";
import { configArgs, selectArgs, TAP, type Way, WAYS } from "./tap_args.ts";
import { measureUsage, type Usage } from "./usage.ts";

const RUNS = 7;

/** The bare loop at most: by search two requests a page of ids, by export one a thousand chats. */
const MOST_CPU: Record<Way, number> = { search: 1.4, incremental: 1.25 };

/** CPU of a sync beside that of the bare loop. */
export async function* measureCpu(folder: string): AsyncGenerator<Measure> {
  await using api = await startApi(20_000);
  for (const way of WAYS) {
    const pairs = await runPairs(RUNS, () => runBoth(folder, api, way));
    yield {
      what: `CPU, 20,000 chats by ${way}`,
      unit: "ms",
      floor: median(pairs.map(({ bare }) => bare.cpuMs)),
      tap: median(pairs.map(({ tap }) => tap.cpuMs)),
      ratio: median(pairs.map(({ tap, bare }) => tap.cpuMs / bare.cpuMs)),
      budget: { of: "ratio", most: MOST_CPU[way] },
    };
  }
}

/**
 * CPU of a sync with children, beside that of one without them, raised by their share of the output:
 * they come with pages that are read anyway.
 */
export async function* measureChildren(folder: string): AsyncGenerator<Measure> {
  await using api = await startApi(20_000);
  for (const way of WAYS) {
    const config = await configArgs(folder, api, way);
    const pairs = await runPairs(RUNS, async () => ({
      alone: await measureUsage([...TAP, ...config, ...selectArgs("chats")]),
      both: await measureUsage([...TAP, ...config, ...selectArgs("chats", "chat_history")]),
    }));
    const share = ({ alone, both }: typeof pairs[number]) =>
      alone.cpuMs * both.outputMb / alone.outputMb;
    yield {
      what: `CPU, 20,000 chats with chat_history by ${way}`,
      unit: "ms",
      floor: median(pairs.map(share)),
      tap: median(pairs.map(({ both }) => both.cpuMs)),
      ratio: median(pairs.map((pair) => pair.both.cpuMs / share(pair))),
      budget: { of: "ratio", most: 1 },
    };
  }
}

/** Peak memory of a short sync, and of one ten times as long. */
export async function* measureMemory(folder: string): AsyncGenerator<Measure> {
  const fewMb = new Map<Way, number>();
  for (const count of [20_000, 200_000]) {
    await using api = await startApi(count);
    for (const way of WAYS) {
      const pairs = await runPairs(3, () => runBoth(folder, api, way));
      const tap = median(pairs.map(({ tap }) => tap.peakMb));
      const what = `peak memory, ${count.toLocaleString("en")} chats by ${way}`;
      const few = fewMb.get(way);
      fewMb.set(way, tap);
      yield {
        what,
        unit: "MB",
        floor: median(pairs.map(({ bare }) => bare.peakMb)),
        tap,
        budget: { of: "tap", most: 110 },
      };
      if (few === undefined) continue;
      yield {
        what: `${what}, to that of 20,000`,
        unit: "MB",
        floor: few,
        tap,
        budget: { of: "ratio", most: 1.1 },
      };
    }
  }
}

/**
 * The time of a sync when each answer takes 150 ms, beside a loop that asks for one after the other. Pages
 * of ids lead from one to the next, so nothing but the bulk reads can be waited for meanwhile.
 */
export async function* measureLatency(folder: string): AsyncGenerator<Measure> {
  await using api = await startApi(4_000, 150);
  const { tap, bare } = await runBoth(folder, api, "search");
  yield {
    what: "4,000 chats by search, 150 ms an answer",
    unit: "ms",
    floor: bare.wallMs,
    tap: tap.wallMs,
  };
}

/** The start of the program beside one that does nothing. */
export async function* measureStart(folder: string): AsyncGenerator<Measure> {
  await using api = await startApi(1);
  const starts = {
    "--version": ["--version"],
    "discovery without a config": ["-d"],
    "discovery": ["-d", ...await configArgs(folder, api)],
  };
  for (const [what, args] of Object.entries(starts)) {
    const pairs = await runPairs(RUNS, async () => ({
      tap: await measureUsage([...TAP, ...args]),
      floor: await measureUsage(["run", "-q", "tests/bench/start_floor.ts"]),
    }));
    yield {
      what,
      unit: "ms",
      floor: median(pairs.map(({ floor }) => floor.wallMs)),
      tap: median(pairs.map(({ tap }) => tap.wallMs)),
      ratio: median(pairs.map(({ tap, floor }) => tap.wallMs / floor.wallMs)),
      ...(what === "--version" && { budget: { of: "tap", most: 100 } }),
    };
  }
}

/** Starts an API with so many chats of 2 KB. */
function startApi(count: number, delayMs = 0): Promise<FakeChatApi> {
  return startFakeChatApi({ account: { chats: generatedChats({ count }) }, delayMs });
}

/** Runs the tap once and the loop over the requests that it made. */
async function runBoth(
  folder: string,
  api: FakeChatApi,
  way: Way,
): Promise<{ tap: Usage; bare: Usage }> {
  const args = [...await configArgs(folder, api, way), ...selectArgs("chats")];
  const before = api.requests.length;
  const tap = await measureUsage([...TAP, ...args]);
  const { origin, pathname } = new URL(api.url);
  const urls = api.requests.slice(before)
    .map(({ path, query }) => `${origin}${pathname}${path}?${query}`);
  const bare = await measureUsage(
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
