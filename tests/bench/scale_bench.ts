/**
 * What large accounts do to a sync: 300,000 chats in each way of reading them, with speed and memory in
 * the first and in the last tenth, and answers of unusual size, which only have to arrive whole.
 *
 *     deno run -A tests/bench/scale_bench.ts
 */

import { TextLineStream } from "@std/streams/text-line-stream";
import { printLine } from "../../lib/stdout.ts";
import {
  type AccountData,
  chat,
  type FakeChatApi,
  generatedChats,
  startFakeChatApi,
} from "../fakes/chat_api/mod.ts";
import { readMb } from "./measure.ts";
import { catalogArgs, configArgs, TAP, type Way } from "./tap_args.ts";

const folder = await Deno.makeTempDir();

/** One sync of one stream, looked at while it runs. */
interface Scale {
  records: number;
  /** Characters of all records. */
  size: number;
  /** Characters of the longest STATE. */
  longestState: number;
  /** Records a second in each tenth of the records that were expected. */
  speeds: number[];
  /** Resident memory at the end of each tenth, in megabytes, and its peak. */
  residentMb: number[];
  peakMb: number;
}

async function syncAtScale(
  api: FakeChatApi,
  { stream, way = "search", expected }: { stream: string; way?: Way; expected: number },
): Promise<Scale> {
  const files = [...await configArgs(folder, api, way), ...await catalogArgs(folder, stream)];
  const child = new Deno.Command(Deno.execPath(), {
    args: [...TAP, ...files],
    stdout: "piped",
    stderr: "null",
  }).spawn();

  const scale: Scale = {
    records: 0,
    size: 0,
    longestState: 0,
    speeds: [],
    residentMb: [],
    peakMb: 0,
  };
  const look = setInterval(() => scale.peakMb = readMb(child.pid, "VmHWM") ?? scale.peakMb, 5);
  const tenth = Math.ceil(expected / 10);
  let sinceMs = performance.now();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  for await (const line of lines) {
    if (line.startsWith('{"type":"STATE"')) {
      scale.longestState = Math.max(scale.longestState, line.length);
    }
    if (!line.startsWith('{"type":"RECORD"')) continue;
    scale.size += line.length;
    if (++scale.records % tenth === 0 || scale.records === expected) {
      const nowMs = performance.now();
      scale.speeds.push(tenth / ((nowMs - sinceMs) / 1000));
      sinceMs = nowMs;
      scale.residentMb.push(readMb(child.pid, "VmRSS") ?? 0);
    }
  }
  clearInterval(look);
  const { code } = await child.status;
  if (code !== 0) throw new Error(`The tap ended with ${code}`);
  return scale;
}

async function benchMany(count: number): Promise<void> {
  await using api = await startFakeChatApi({ account: { chats: generatedChats({ count }) } });
  for (const way of ["search", "incremental"] as const) {
    const scale = await syncAtScale(api, { stream: "chats", way, expected: count });
    // The first tenth has the start of the program in it, so the second stands for the beginning.
    const [, early = 0] = scale.speeds;
    const late = scale.speeds[9] ?? 0;
    const memory = scale.residentMb.map((mb) => mb.toFixed(0)).join(" ");
    await printLine(
      `${count} chats by ${way}: ${scale.records} records, ${early.toFixed(0)} a second in the ` +
        `second tenth and ${late.toFixed(0)} in the last; MB after each tenth ${memory}, peak ` +
        `${scale.peakMb.toFixed(0)}; longest STATE ${scale.longestState} characters`,
    );
  }
}

async function benchLarge(
  what: string,
  account: Partial<AccountData>,
  options: { stream: string; way?: Way; expected: number },
): Promise<void> {
  await using api = await startFakeChatApi({ account });
  const { records, size, peakMb } = await syncAtScale(api, options);
  await printLine(
    `${what}: ${records} of ${options.expected} records, ${(size / 1e6).toFixed(1)} MB, peak ` +
      `${peakMb.toFixed(0)} MB`,
  );
}

try {
  await benchMany(300_000);
  await benchLarge(
    "An export page of 1,000 chats of 20 KB",
    { chats: generatedChats({ count: 1_000, bytes: 20_000 }) },
    { stream: "chats", way: "incremental", expected: 1_000 },
  );
  for (const way of ["search", "incremental"] as const) {
    await benchLarge(
      `A chat of 20 MB by ${way}`,
      { chats: [chat("1", "2026-01-05T10:00:00Z", { comment: "x".repeat(20_000_000) })] },
      { stream: "chats", way, expected: 1 },
    );
  }
  await benchLarge(
    "15,000 shortcuts in one list",
    {
      shortcuts: Array.from({ length: 15_000 }, (_, index) => ({
        id: `shortcut-${index}`,
        name: `shortcut-${index}`,
        message: "x".repeat(500),
        options: "",
        tags: [],
        scope: "all",
      })),
    },
    { stream: "shortcuts", expected: 15_000 },
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}
