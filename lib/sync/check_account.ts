/** `--test`: what a person asks before the first sync, a line each; whatever comes, each line is there. */

import { StopError, TapError } from "../errors.ts";
import { type AnyStream, sourceOf } from "../stream/stream.ts";
import { RequestError } from "../zendesk/request_error.ts";
import { tokenOwner } from "../zendesk/token_owner.ts";
import { checkStreams } from "./check_streams.ts";
import { describeFirstSync } from "./first_sync.ts";
import type { Run } from "./run.ts";

/** How far apart clocks may be that only tell whole seconds. */
const CLOCKS_AGREE_MS = 2_000;

/**
 * Prints a line on the host, the clock and the token, one on each stream, and what a first sync of chats
 * would be. `table` has the parents of children that are not among the streams.
 *
 * @throws {TapError} when a stream fails.
 */
export async function checkAccount(
  streams: readonly AnyStream[],
  run: Run,
  print: (line: string) => Promise<void>,
  table: readonly AnyStream[] = streams,
): Promise<void> {
  const token = await describeToken(run);
  for (const line of [describeHost(run), describeClock(run), token]) await print(line);
  if (streams.some((stream) => sourceOf(stream, table).discovery === "proof")) {
    for (const line of await firstSyncLines(run)) await print(line);
  }
  await checkStreams(streams, run, print, table);
}

async function describeToken({ api, log }: Run): Promise<string> {
  try {
    const { name, role } = await tokenOwner(api);
    const of = name === undefined ? "the API does not tell whose it is" : `that of ${name}`;
    return `token: works, ${[of, role].filter((part) => part !== undefined).join(", ")}`;
  } catch (error) {
    if (!(error instanceof TapError) || error instanceof StopError) throw error;
    // The lines of the streams will say whether it works all the same.
    const isUnclear = error instanceof RequestError && error.status !== undefined &&
      error.status !== 401;
    return `token: ${isUnclear ? "the API does not tell" : "failed"}: ${log.show(error.message)}`;
  }
}

function describeHost({ config, runStart }: Run): string {
  const { host } = new URL(config.apiRoot);
  if (runStart.first === undefined) return `host: failed: ${host} has not answered`;
  return `host: ${host} answers in ${Math.round(runStart.first.tookMs)} ms`;
}

function describeClock({ runStart }: Run): string {
  const aheadMs = runStart.first?.aheadMs;
  if (aheadMs === undefined) return "clock: the API has not told its time";
  if (Math.abs(aheadMs) < CLOCKS_AGREE_MS) return "clock: that of the API";
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  return `clock: ${seconds} s ${
    aheadMs > 0 ? "ahead of" : "behind"
  } the API's, which bookmarks follow`;
}

/** None where chats cannot be read: their own line says why. */
async function firstSyncLines(run: Run): Promise<string[]> {
  if (run.runStart.first === undefined) return [];
  try {
    return await describeFirstSync(run);
  } catch (error) {
    if (error instanceof RequestError) return [];
    throw error;
  }
}
