/**
 * Asks for the gaps of earlier runs, before anything new is read. A gap that stays one is no failure:
 * after five runs it is given up with a warning, and until then the state has it.
 */

import { counted } from "../counted.ts";
import type { Log } from "../log.ts";
import { RequestError } from "../zendesk/request_error.ts";
import { type Search, searchChats } from "../zendesk/search.ts";
import { nameIds, SearchError } from "../zendesk/search_listing.ts";
import { describeWindow } from "../zendesk/search_requests.ts";
import { chatPage } from "./chat_pass.ts";
import { CHAT_KINDS } from "./dual_bookmark.ts";
import type { GapWindow } from "./gap_windows.ts";
import { type Gaps, isGivenUp } from "./gaps.ts";
import type { StreamItem } from "./stream.ts";

/** What can be done about chats that were given up. */
const GIVEN_UP =
  'unless they were deleted, a full re-sync ("chats_full_sync_days") or their next ' +
  'edit, by "chats_api": "incremental", brings them';

/** Asks for all ids and the oldest windows. */
export async function* askForGaps(
  search: Search,
  gaps: Gaps,
  log: Pick<Log, "warning">,
): AsyncGenerator<StreamItem> {
  yield* askForIds(search, gaps, log);
  for (const window of gaps.windowsToAsk()) yield* askForWindow(search, gaps, window, log);
}

async function* askForIds(
  { bulk }: Search,
  gaps: Gaps,
  log: Pick<Log, "warning">,
): AsyncGenerator<StreamItem> {
  const pending = gaps.idsToAsk();
  const givenUp: string[] = [];
  while (pending.length > 0) {
    const lacking = new Set(pending.splice(0, bulk.size));
    try {
      for await (const answer of bulk.read([...lacking])) {
        for (const { id } of answer.chats) lacking.delete(`${id}`);
        gaps.idsCame(answer.chats.map(({ id }) => id));
        if (answer.chats.length > 0) yield chatPage(answer);
      }
    } catch (error) {
      if (!isVain(error)) throw error;
    }
    givenUp.push(...gaps.idsLacked([...lacking]));
    yield checkpoint(gaps);
  }
  if (givenUp.length > 0) {
    log.warning(
      `Gave up ${counted(givenUp.length, "chat")}, listed and without a document in five runs: ` +
        `${nameIds(givenUp)}; ${GIVEN_UP}`,
    );
  }
}

async function* askForWindow(
  search: Search,
  gaps: Gaps,
  window: GapWindow,
  log: Pick<Log, "warning">,
): AsyncGenerator<StreamItem> {
  const kind = CHAT_KINDS.find(({ type }) => type === window.kind)!;
  const tries = window.tries + 1;
  let lost: GapWindow | undefined;
  let rest: GapWindow | undefined = window;
  let noted: readonly GapWindow[] = [window];
  /** A part of the window, from where the last one ended, has been asked for. */
  function settle(to: number, isShort: boolean): void {
    const from = rest?.from ?? window.to;
    if (isShort) lost = { ...window, from: lost?.from ?? from, to, tries };
    rest = to < window.to ? { ...window, from: to } : undefined;
    const isLost = lost !== undefined && !(rest === undefined && isGivenUp(lost));
    const left = [isLost ? lost : undefined, rest].filter((part) => part !== undefined);
    gaps.replaceWindows(noted, left);
    noted = left;
  }

  try {
    const range = { from: window.from, to: () => window.to };
    for await (const step of searchChats(search, kind, range)) {
      if (step.kind === "chats") {
        gaps.idsCame(step.chats.map(({ id }) => id));
        yield chatPage(step);
      } else {
        const isNoted = gaps.addIds(step.lacking);
        settle(step.to, step.isShort || !isNoted);
        yield checkpoint(gaps);
      }
    }
  } catch (error) {
    if (!isVain(error)) throw error;
    log.warning(`${error.message}; what is lacking there is asked for again in the next runs`);
    settle(window.to, true);
    yield checkpoint(gaps);
  }
  if (lost !== undefined && isGivenUp(lost)) {
    const { from, to } = lost;
    log.warning(
      `Gave up what is lacking of the search for ${describeWindow({ kind, from, to })}, which ` +
        `counted more chats than it listed in five runs; ${GIVEN_UP}`,
    );
  }
}

/** Whether a failure says something of what was asked for, and not of the API as a whole. */
function isVain(error: unknown): error is RequestError | SearchError {
  return error instanceof SearchError ||
    error instanceof RequestError && !error.isPassing && !error.concernsRun;
}

function checkpoint(gaps: Gaps): StreamItem {
  return { kind: "checkpoint", bookmark: gaps.changes() };
}
