/**
 * Which streams an account has. One request proves the credentials and, side by side with it, each
 * resource that an account may lack is tried. Only the proof can fail discovery: an extra that cannot
 * be read is left out, and the log says why.
 */

import { TapError } from "../errors.ts";
import { type AnyStream, isChild, type ProbeContext, type Stream } from "../stream/stream.ts";
import type { ChatClient } from "../zendesk/client.ts";
import { RequestError } from "../zendesk/request_error.ts";

/** Statuses by which the API says that an account lacks a resource. */
const LACKING = new Set<number | undefined>([403, 404]);

/**
 * Whether an account has a stream: `lacking` if the API says that it does not, `unclear` if an extra
 * is answered in any other way.
 */
export type Presence =
  | { kind: "available" }
  | { kind: "lacking" }
  | { kind: "unclear"; error: RequestError };

/**
 * The streams that the account has, in the order given.
 *
 * @throws {TapError} when the credentials are refused, or cannot be proved.
 */
export async function availableStreams(
  streams: readonly AnyStream[],
  context: ProbeContext,
): Promise<AnyStream[]> {
  const probed = streams.filter(isProbed);
  const probes = new Map<AnyStream, Promise<Presence>>(
    probed.map((stream) => [stream, probeStream(stream, context)]),
  );
  const settled = Promise.allSettled(probes.values());
  // Refused credentials refuse everything, so what that says comes before what a single probe says.
  for (const stream of probed) if (stream.discovery === "proof") await probes.get(stream);
  await settled;
  const found: AnyStream[] = [];
  for (const stream of streams) {
    const presence = await probes.get(stream) ?? { kind: "available" };
    if (presence.kind === "available") found.push(stream);
    else tellLeftOut(stream, presence, context);
  }
  return found;
}

/**
 * The streams that the account does not lack, in the order given. What else may be wrong with one, a
 * refused token or a signal to stop among it, is left to be seen when it is read: then a state and a
 * table say how far the run came.
 */
export async function streamsNotLacking(
  streams: readonly AnyStream[],
  context: ProbeContext & { api: Pick<ChatClient, "limitPatience"> },
): Promise<AnyStream[]> {
  const presences = await Promise.all(streams.map((stream): Promise<Presence> | Presence => {
    const mayLack = isProbed(stream) && stream.discovery === "optional";
    return mayLack ? probeStream(stream, context).catch(leaveToReading) : { kind: "available" };
  }));
  return streams.filter((stream, index) => {
    const presence = presences[index]!;
    if (presence.kind === "lacking") tellLeftOut(stream, presence, context);
    if (presence.kind === "unclear" && presence.error.isPassing) context.api.limitPatience();
    return presence.kind !== "lacking";
  });
}

function leaveToReading(error: unknown): Presence {
  if (error instanceof TapError) return { kind: "available" };
  throw error;
}

/**
 * Whether an account has a stream.
 *
 * @throws {TapError} when the token is refused, or a stream that every account has cannot be read.
 */
export async function probeStream(stream: Stream, context: ProbeContext): Promise<Presence> {
  try {
    await stream.probe(context);
    return { kind: "available" };
  } catch (error) {
    if (!(error instanceof RequestError) || error.status === 401) throw error;
    if (stream.discovery !== "optional") throw error;
    return LACKING.has(error.status) ? { kind: "lacking" } : { kind: "unclear", error };
  }
}

/** Children are there with their parents. */
function isProbed(stream: AnyStream): stream is Stream {
  return !isChild(stream) && stream.discovery !== "listed";
}

function tellLeftOut({ tapStreamId }: AnyStream, presence: Presence, { log }: ProbeContext): void {
  if (presence.kind === "unclear") {
    log.warning(`Left out stream ${tapStreamId}: ${presence.error.message}`);
  } else {
    log.info(`Left out stream ${tapStreamId}: the API refuses it to this account`);
  }
}
