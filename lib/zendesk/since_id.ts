/**
 * Paging by id: agents, and bans, which come in two lists with ids interleaved. Whether `limit` cuts
 * the two together or each on its own is not documented, so a list that fills the limit is taken as
 * cut there: the next page begins behind the least of such ends, and what was seen is not repeated.
 */

import { TapError } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import { ShapeError } from "./answer.ts";
import type { ChatApi } from "./client.ts";

/** What is read, and from which id on. */
export interface SinceIdOptions {
  endpoint: string;
  limit: number;
  sinceId: number;
  /** The lists of rows in an answer, each ascending by `id`. */
  lists(body: Json): JsonObject[][];
}

/** Rows that were not seen before, and the id at which the next page begins. */
export interface SinceIdPage {
  rows: JsonObject[];
  nextSinceId: number;
}

type Row = JsonObject & { id: number };

/**
 * Pages until an empty one. `since_id` is inclusive (Chat API reference, Agents and Bans).
 *
 * @throws {TapError} when the API answers rows that do not lead any further.
 */
export async function* sinceIdPages(
  api: ChatApi,
  { endpoint, limit, sinceId, lists }: SinceIdOptions,
): AsyncGenerator<SinceIdPage> {
  let seen: ReadonlySet<number>[] = [];
  while (true) {
    const page = await api.get({
      endpoint,
      path: endpoint,
      query: { since_id: sinceId, limit },
      read: (body) => lists(body).map(rowsWithId),
    });
    if (page.every((list) => list.length === 0)) return;
    const nextSinceId = nextId(page, limit);
    if (nextSinceId <= sinceId) {
      throw new TapError(
        `Cannot read ${endpoint}: asked for ids from ${sinceId} on, the API answered none above ` +
          `${
            nextSinceId - 1
          }, so the list would never end; run again later, and report this line if it stays`,
      );
    }
    yield {
      rows: page.flatMap((list, index) => list.filter((row) => !seen[index]?.has(row.id))),
      nextSinceId,
    };
    seen = page.map((list, index) => {
      const ids = [...seen[index] ?? [], ...list.map((row) => row.id)];
      return new Set(ids.filter((id) => id >= nextSinceId));
    });
    sinceId = nextSinceId;
  }
}

/** The id at which the page after this one begins. */
function nextId(page: readonly Row[][], limit: number): number {
  const highest = (rows: readonly Row[]) => rows.reduce((id, row) => Math.max(id, row.id), -1);
  const cut = page.filter((list) => list.length >= limit);
  return 1 + (cut.length > 0 ? Math.min(...cut.map(highest)) : highest(page.flat()));
}

function rowsWithId(rows: JsonObject[]): Row[] {
  return rows.map((row) => {
    if (typeof row.id !== "number" || !Number.isSafeInteger(row.id)) {
      throw new ShapeError(`a row without a whole number as "id"`);
    }
    return row as Row;
  });
}
