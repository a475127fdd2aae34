/**
 * What large accounts do to a sync: 300,000 chats in each way of reading them, with speed and memory in
 * an early and in the last tenth, and answers of unusual size, which only have to arrive whole.
 */

import { TextLineStream } from "@std/streams/text-line-stream";
import {
  type AccountData,
  chat,
  type FakeChatApi,
  generatedChats,
  startFakeChatApi,
} from "../fakes/chat_api/mod.ts";
import type { Measure } from "./measures.ts";
import { configArgs, selectArgs, TAP, type Way, WAYS } from "./tap_args.ts";
import { readMb } from "./usage.ts";

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
  folder: string,
  api: FakeChatApi,
  { stream, way = "search", expected }: { stream: string; way?: Way; expected: number },
): Promise<Scale> {
  const files = [...await configArgs(folder, api, way), ...selectArgs(stream)];
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

/** Speed, memory and state of long syncs, and answers of unusual size. */
export async function* measureScale(folder: string): AsyncGenerator<Measure> {
  yield* measureMany(folder, 300_000);
  yield* measureLarge(
    folder,
    "an export page of 1,000 chats of 20 KB",
    { chats: generatedChats({ count: 1_000, bytes: 20_000 }) },
    { stream: "chats", way: "incremental", expected: 1_000 },
  );
  for (const way of WAYS) {
    yield* measureLarge(
      folder,
      `a chat of 20 MB by ${way}`,
      { chats: [chat("1", "2026-01-05T10:00:00Z", { comment: "x".repeat(20_000_000) })] },
      { stream: "chats", way, expected: 1 },
    );
  }
  yield* measureLarge(
    folder,
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
}

async function* measureMany(folder: string, count: number): AsyncGenerator<Measure> {
  await using api = await startFakeChatApi({ account: { chats: generatedChats({ count }) } });
  for (const way of WAYS) {
    const scale = await syncAtScale(folder, api, { stream: "chats", way, expected: count });
    const what = `${count.toLocaleString("en")} chats by ${way}`;
    // The first tenth has the start of the program in it, so the second stands for the beginning.
    yield {
      what: `${what}, last tenth to second`,
      unit: "chats/s",
      floor: scale.speeds[1]!,
      tap: scale.speeds[9]!,
    };
    yield {
      what: `${what}, memory after last tenth to second`,
      unit: "MB",
      floor: scale.residentMb[1]!,
      tap: scale.residentMb[9]!,
    };
    yield {
      what: `${what}, longest STATE`,
      unit: "characters",
      tap: scale.longestState,
    };
  }
}

async function* measureLarge(
  folder: string,
  what: string,
  account: Partial<AccountData>,
  options: { stream: string; way?: Way; expected: number },
): AsyncGenerator<Measure> {
  await using api = await startFakeChatApi({ account });
  const { records, size, peakMb } = await syncAtScale(folder, api, options);
  if (records < options.expected) throw new Error(`${what}: ${records} of ${options.expected}`);
  yield { what: `${what}, peak memory to its text`, unit: "MB", floor: size / 1e6, tap: peakMb };
}
