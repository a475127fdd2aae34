/** Where the API's documentation is silent or contradicts itself, and a client must bear either. */

import type { ExportName } from "./export_page.ts";

/** One answer to each open question. */
export interface Behaviour {
  /** The time of day, in epoch milliseconds: exports refuse a start_time less than 5 minutes old. */
  now(): number;
  /** Whether answers say in a `Date` header what time it is. */
  tellsTime: boolean;
  /** The API root in `next_url`, `prev_url`, `next_page` and `url`. */
  linkRoot: string;
  /** A chat is found by search only this long after its end (or its start, for offline messages). */
  indexLagSeconds: number;
  /** Whether that takes some chats less long than others. */
  indexLagVaries: boolean;
  /** Search pages beyond this many hits are refused. */
  searchCeiling: number;
  /** Ids that a bulk read takes; nothing says how many those are. */
  mostIds: number;
  /** What becomes of a bulk read of more: a refusal, or an answer with the first ones. */
  beyondMostIds: "refuse" | "cut";
  /** How a bulk read shows an id that there is no chat for. */
  missingDocs: "null" | "absent";
  /** Whether `limit` counts each list of bans by itself, not both together. */
  bansLimitEachList: boolean;
  /** Whether an export's start_id itself is left out of the page. */
  startIdExclusive: boolean;
  /** Exports that answer with an end_id. */
  endIds: readonly ExportName[];
  /** Rows that an export gives at the most, whatever is asked for. */
  exportPageRows: number;
  /** What end_time is on a page without rows: start_time again, 0 or null. */
  emptyEndTime: "echo" | "zero" | "null";
}

/** What the documentation makes likeliest. `linkRoot` is the server's own root. */
export function likelyBehaviour(linkRoot: string): Behaviour {
  return {
    now: Date.now,
    tellsTime: true,
    linkRoot,
    indexLagSeconds: 0,
    indexLagVaries: false,
    searchCeiling: 10_000,
    mostIds: 200,
    beyondMostIds: "refuse",
    missingDocs: "null",
    bansLimitEachList: false,
    startIdExclusive: false,
    endIds: ["chats", "conversions", "department_events"],
    exportPageRows: 1_000,
    emptyEndTime: "echo",
  };
}
