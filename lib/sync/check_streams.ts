/** `--test`: whether each stream works, a line each. */

import { zip } from "@std/collections/zip";
import { StopError, TapError } from "../errors.ts";
import { type AnyStream, type ProbeContext, sourceOf, type Stream } from "../stream/stream.ts";
import { probeStream } from "./discover.ts";

/**
 * Tries every stream with one small request and prints a verdict on each, whatever comes. A child has
 * its parent's verdict; `table` has the parents that are not among the streams.
 *
 * @throws {TapError} when a stream fails.
 */
export async function checkStreams(
  streams: readonly AnyStream[],
  context: ProbeContext,
  print: (line: string) => Promise<void>,
  table: readonly AnyStream[] = streams,
): Promise<void> {
  const sources = streams.map((stream) => sourceOf(stream, table));
  const judgements = new Map(
    [...new Set(sources)].map((source) => [source, judge(source, context)]),
  );
  const verdicts = await Promise.all(sources.map((source) => judgements.get(source)!));
  const judged = zip(streams, verdicts);
  for (const [{ tapStreamId }, { text }] of judged) await print(`${tapStreamId}: ${text}`);
  const failed = judged.filter(([, { isOk }]) => !isOk);
  if (failed.length > 0) {
    const names = failed.map(([{ tapStreamId }]) => tapStreamId).join(", ");
    throw new TapError(
      `Cannot read ${failed.length} of ${streams.length} streams: ${names}; their lines on ` +
        "standard output say why and what to do",
    );
  }
}

interface Verdict {
  isOk: boolean;
  text: string;
}

async function judge(stream: Stream, context: ProbeContext): Promise<Verdict> {
  try {
    const presence = await probeStream(stream, context);
    switch (presence.kind) {
      case "available":
        return { isOk: true, text: "ok" };
      case "lacking":
        return { isOk: true, text: "not available" };
      case "unclear":
        return { isOk: true, text: `not available: ${context.log.show(presence.error.message)}` };
    }
  } catch (error) {
    if (!(error instanceof TapError) || error instanceof StopError) throw error;
    return { isOk: false, text: `failed: ${context.log.show(error.message)}` };
  }
}
