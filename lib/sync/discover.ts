/**
 * Which streams an account has. One request proves the credentials and, side by side with it, each
 * resource that an account may lack is tried.
 */

import type { ProbeContext, Stream } from "../stream/stream.ts";
import { RequestError } from "../zendesk/client.ts";

/** Statuses by which the API says that an account lacks a resource. */
const LACKING = new Set<number | undefined>([403, 404]);

/**
 * The streams that the account has, in the order given.
 *
 * @throws {RequestError} when the credentials are refused or a request fails for another reason.
 */
export async function availableStreams(
  streams: readonly Stream[],
  context: ProbeContext,
): Promise<Stream[]> {
  const probed = streams.filter(({ discovery }) => discovery !== "listed");
  const settled = await Promise.allSettled(probed.map((stream) => isAvailable(stream, context)));
  const outcomes = new Map(probed.map((stream, index) => [stream, settled[index]!]));
  // Refused credentials refuse everything, so what that says comes before what a single probe says.
  const proofFirst = [...outcomes].sort(([a], [b]) => rank(a) - rank(b));
  for (const [, outcome] of proofFirst) if (outcome.status === "rejected") throw outcome.reason;
  return streams.filter((stream) => {
    const outcome = outcomes.get(stream);
    const isThere = outcome?.status !== "fulfilled" || outcome.value;
    if (!isThere) {
      context.log.info(`Left out stream ${stream.tapStreamId}: the API refuses it to this account`);
    }
    return isThere;
  });
}

/**
 * Whether an account has a stream.
 *
 * @throws {RequestError} when that cannot be found out, or when it is refused and no account lacks it.
 */
export async function isAvailable(stream: Stream, context: ProbeContext): Promise<boolean> {
  try {
    await stream.probe(context);
    return true;
  } catch (error) {
    const isLacking = error instanceof RequestError && LACKING.has(error.status);
    if (isLacking && stream.discovery === "optional") return false;
    throw error;
  }
}

function rank({ discovery }: Stream): number {
  return discovery === "proof" ? 0 : 1;
}
