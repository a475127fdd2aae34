/**
 * One pass over one kind of chat: its pages as they come, and after each window how far the pass is and
 * what is lacking, which goes into the ledger of gaps.
 */

import type { JsonObject } from "../json.ts";
import { BulkReads } from "../zendesk/bulk_read.ts";
import { type Search, searchChats, type SearchRange } from "../zendesk/search.ts";
import type { FoundChats } from "../zendesk/search_listing.ts";
import { WindowWidths } from "../zendesk/search_windows.ts";
import { type ChatKind, greatestIn } from "./dual_bookmark.ts";
import type { Gaps } from "./gaps.ts";
import type { Page, StreamContext } from "./stream.ts";

const DAY_SECONDS = 86_400;

/** How much later than planned, in seconds, a run must have begun by the API's clock to read up to there. */
const WORTH_A_WINDOW = 60;

/** A window is read, but for what was noted; both ends in epoch microseconds. */
export interface PassedWindow {
  kind: "window";
  from: number;
  to: number;
  /** The greatest replication value seen in the pass so far, or its beginning. */
  greatestSeen: number;
  /** Whether there was room to note all that is lacking. */
  isNoted: boolean;
}

/** What the searches of a run share. */
export function createSearch({ api, config, log }: StreamContext): Search {
  const widest = (config.chatSearchIntervalDays ?? Infinity) * DAY_SECONDS;
  return { api, bulk: new BulkReads(api), widths: new WindowWidths(widest), log };
}

/** What a pass is about. */
export interface PassOptions {
  search: Search;
  gaps: Gaps;
  kind: ChatKind;
  /** Chats from this instant on, in epoch microseconds, are left to others. */
  endDateMicros: number;
}

/** Reads a kind of chat from an instant in epoch microseconds on, up to an end in epoch seconds. */
export async function* readPass(
  { search, gaps, kind, endDateMicros }: PassOptions,
  fromMicros: number,
  to: SearchRange["to"],
): AsyncGenerator<Page | PassedWindow> {
  // The last window reaches to a whole second.
  const isInside = (chat: JsonObject) =>
    endDateMicros === Infinity || greatestIn([chat], kind, -Infinity) < endDateMicros;
  let greatestSeen = fromMicros;
  for await (const step of searchChats(search, kind, { from: Math.floor(fromMicros / 1e6), to })) {
    if (step.kind === "chats") {
      greatestSeen = greatestIn(step.chats, kind, greatestSeen);
      gaps.idsCame(step.chats.map(({ id }) => id));
      yield chatPage({ ...step, chats: step.chats.filter(isInside) });
      continue;
    }
    const hasIds = gaps.addIds(step.lacking);
    const { from, to } = step;
    const hasWindow = !step.isShort || gaps.addWindow({ kind: kind.type, from, to });
    const isNoted = hasIds && hasWindow;
    yield { kind: "window", from: from * 1e6, to: to * 1e6, greatestSeen, isNoted };
  }
}

/** Chats as a page of the stream. */
export function chatPage({ chats, receivedAtMs }: Omit<FoundChats, "kind">): Page {
  return { kind: "page", records: chats, extractedAt: receivedAtMs };
}

/**
 * Up to where a normal pass reads, in epoch seconds: the start of the run, fixed once. Only a clock
 * that turns out to be well behind the API's is worth another window.
 */
export function passEnd({ runStart }: StreamContext, fromMicros: number): () => number {
  const startSeconds = () =>
    Math.max(Math.ceil(runStart.atMs / 1000), Math.floor(fromMicros / 1e6));
  const planned = startSeconds();
  return () => startSeconds() - planned > WORTH_A_WINDOW ? startSeconds() : planned;
}
