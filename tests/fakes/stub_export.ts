/**
 * An incremental export over rows held in memory: in order of change and id, cut at `limit`, with
 * the cursor of the page's last row. Whether `start_id` is part of the answer is not documented.
 */

import type { JsonObject } from "../../lib/json.ts";
import { refusal, type StubReply, type StubRequest } from "./stub_chat_api.ts";

const YOUNGEST_SECONDS = 300;

/** How an export behaves; times are in seconds. */
export interface ExportBehaviour {
  /** Whether the row that `start_id` names comes again. */
  inclusive: boolean;
  now(): number;
}

/** Answers requests for `incremental/chats` from rows that a test may change between them. */
export function exportOver(
  rows: readonly JsonObject[],
  { inclusive, now }: ExportBehaviour,
): (request: StubRequest) => StubReply {
  return ({ params: { start_time = "0", start_id = "", limit = "1000" } }) => {
    const start = Number(start_time);
    if (start > now() - YOUNGEST_SECONDS || Number(limit) > 1_000) return refusal(400);
    const isBehind = (row: JsonObject) => {
      const seconds = secondsOf(row);
      if (seconds !== start || start_id === "") return seconds >= start;
      return inclusive ? `${row.id}` >= start_id : `${row.id}` > start_id;
    };
    const page = rows.filter(isBehind)
      .sort((a, b) => secondsOf(a) - secondsOf(b) || (`${a.id}` < `${b.id}` ? -1 : 1))
      .slice(0, Number(limit));
    const last = page.at(-1);
    return {
      body: {
        chats: page.map((row) => ({ ...row })),
        count: page.length,
        end_time: last === undefined ? start : secondsOf(last),
        end_id: last === undefined ? "" : `${last.id}`,
        next_page: "https://elsewhere.example/never?followed=1",
      },
    };
  };
}

function secondsOf(row: JsonObject): number {
  return Math.floor(Date.parse(row.update_timestamp as string) / 1000);
}
