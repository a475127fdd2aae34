/** `--test`: whether host, token and each stream work, a line each. */

import { isAvailable } from "./discover.ts";
import { TapError } from "../errors.ts";
import type { ProbeContext, Stream } from "../stream/stream.ts";
import { RequestError } from "../zendesk/client.ts";

/**
 * Tries every stream with one small request and prints a verdict on each.
 *
 * @throws {TapError} when a stream fails; at once, without a line, when the credentials are refused.
 */
export async function checkStreams(
  streams: readonly Stream[],
  context: ProbeContext,
  print: (line: string) => Promise<void>,
): Promise<void> {
  // If the proof of the credentials fails, every line would say the same.
  const proof = streams.filter(({ discovery }) => discovery === "proof");
  await Promise.all(proof.map((stream) => stream.probe(context)));

  const verdicts = await Promise.all(
    streams.map((stream) => proof.includes(stream) ? OK : judge(stream, context)),
  );
  for (const [index, { text }] of verdicts.entries()) {
    await print(`${streams[index]!.tapStreamId}: ${text}`);
  }
  const failed = streams.filter((_, index) => !verdicts[index]!.isOk);
  if (failed.length > 0) {
    const names = failed.map(({ tapStreamId }) => tapStreamId).join(", ");
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

const OK: Verdict = { isOk: true, text: "ok" };

async function judge(stream: Stream, context: ProbeContext): Promise<Verdict> {
  try {
    return await isAvailable(stream, context) ? OK : { isOk: true, text: "not available" };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { isOk: false, text: `failed: ${context.log.show(error.message)}` };
  }
}
