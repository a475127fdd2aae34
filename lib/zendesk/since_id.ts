/**
 * Paging by id: agents, and bans, which come in two lists with ids interleaved. Whether `limit` cuts
 * the two together or each on its own is not documented, so the next page begins behind the least end
 * that can be a cut, and what was seen is not repeated.
 */

import { toBigInt } from "../exact_number.ts";
import { isJsonObject, type Json } from "../json.ts";
import type { ChatApi } from "./client.ts";

/** What is read, and from which id on. */
export interface SinceIdOptions {
  endpoint: string;
  limit: number;
  sinceId: bigint;
  /** The lists of rows in an answer, each ascending by `id`. */
  lists(body: Json): Json[][];
}

/** Rows that were not seen before, and the id at which the next page begins. */
export interface SinceIdPage {
  rows: Json[];
  nextSinceId: bigint;
  /** In epoch milliseconds. */
  receivedAtMs: number;
}

/** A row and its id; undefined for one that has none to page by. */
interface Row {
  row: Json;
  id: bigint | undefined;
}

/**
 * Pages until one that leads no further: an empty one, or the list again from an API that ignores
 * `since_id`, which is inclusive (Chat API reference, Agents and Bans).
 */
export async function* sinceIdPages(
  api: ChatApi,
  { endpoint, limit, sinceId, lists }: SinceIdOptions,
): AsyncGenerator<SinceIdPage> {
  /** The ids from `sinceId` on that have come already, list by list. */
  let seen: ReadonlySet<bigint>[] = [];
  while (true) {
    const { page, receivedAtMs } = await api.get({
      endpoint,
      path: endpoint,
      query: { since_id: `${sinceId}`, limit },
      read: (body, { receivedAtMs }) => ({
        page: lists(body).map((list) => list.map((row): Row => ({ row, id: idOf(row) }))),
        receivedAtMs,
      }),
    });
    // From an API that repeats what lies before `since_id`, rows without an id have come as well.
    const repeats = page.flat().some(({ id }) => id !== undefined && id < sinceId);
    const fresh = page.flatMap((list, index) => freshRows(list, sinceId, seen[index]))
      .filter(({ id }) => id !== undefined || !repeats);
    const nextSinceId = nextId(page, limit, sinceId);
    if (fresh.length > 0) yield { rows: fresh.map(({ row }) => row), nextSinceId, receivedAtMs };
    // A page of nothing but what was seen can still be one that `limit` cuts.
    const isNew = fresh.some(({ id }) => id !== undefined);
    if (nextSinceId === sinceId || (repeats && !isNew)) return;

    seen = page.map((list, index) => {
      const ids = [...seen[index] ?? [], ...list.flatMap(({ id }) => id ?? [])];
      return new Set(ids.filter((id) => id >= nextSinceId));
    });
    sinceId = nextSinceId;
  }
}

/** The rows whose ids have not come before, and those without one. */
function freshRows(list: readonly Row[], sinceId: bigint, seen?: ReadonlySet<bigint>): Row[] {
  const come = new Set(seen);
  return list.filter(({ id }) => {
    if (id === undefined) return true;
    const isFresh = id >= sinceId && !come.has(id);
    come.add(id);
    return isFresh;
  });
}

/** The id at which the page after this one begins; `sinceId` again if none is that high. */
function nextId(page: readonly Row[][], limit: number, sinceId: bigint): bigint {
  const ends = page.map((list) => ({
    length: list.length,
    end: list.reduce((end, { id = -1n }) => id > end ? id : end, -1n),
  })).filter(({ end }) => end >= sinceId);
  if (ends.length === 0) return sinceId;
  // More rows than the limit show that it counts each list by itself.
  const isShared = page.flat().length === limit;
  const cut = ends.filter(({ length }) => isShared || length >= limit);
  const least = (a: bigint, b: bigint) => a < b ? a : b;
  const greatest = (a: bigint, b: bigint) => a > b ? a : b;
  return 1n +
    (cut.length > 0
      ? cut.map(({ end }) => end).reduce(least)
      : ends.map(({ end }) => end).reduce(greatest));
}

/** The id to page by: a whole number of any size, as a number or in a text. */
function idOf(row: Json): bigint | undefined {
  const value = isJsonObject(row) ? row.id : undefined;
  if (typeof value === "string") return /^\d{1,19}$/.test(value) ? BigInt(value) : undefined;
  const id = toBigInt(value);
  return id !== undefined && id >= 0n ? id : undefined;
}
