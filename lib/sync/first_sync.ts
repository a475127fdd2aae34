/**
 * What a first sync of chats would be, asked with a handful of requests: how many there are, what they
 * cost in either way of reading, and what the API shows of facts that no document settles.
 */

import { format as formatDuration } from "@std/fmt/duration";
import { counted } from "../counted.ts";
import { formatMicros } from "../date_time.ts";
import { isJsonObject } from "../json.ts";
import { CHAT_KINDS, type ChatKind } from "../stream/dual_bookmark.ts";
import { objectIn } from "../zendesk/answer.ts";
import { MOST_IDS, PAGE_IDS } from "../zendesk/bulk_read.ts";
import { clampStart } from "../zendesk/export_cursor.ts";
import { CHATS_EXPORT, fetchPage, MOST_ROWS, nextLimit } from "../zendesk/export_page.ts";
import { RequestError } from "../zendesk/request_error.ts";
import { firstPage, linkedPage, type SearchPage } from "../zendesk/search_requests.ts";
import { TARGET_HITS } from "../zendesk/search_windows.ts";
import type { Run } from "./run.ts";

/** What a search for one kind shows. */
interface Found {
  kind: ChatKind;
  /** Undefined where the API refuses to search so far. */
  count: number | undefined;
  ids: string[];
  /** Ids on a page that is followed by another. */
  pageIds: number | undefined;
}

/** The lines that `--test` prints of it; none where there is nothing to search. */
export async function describeFirstSync(run: Run): Promise<string[]> {
  const { config, runStart } = run;
  const from = Math.floor(config.startDateMicros / 1e6);
  const to = Math.ceil(Math.min(runStart.atMs * 1000, config.endDateMicros) / 1e6);
  if (from >= to) return [];
  const [chats, messages] = await Promise.all(
    CHAT_KINDS.map((kind) => search(run, kind, from, to)),
  );
  const bulk = await tryBulkRead(run, chats!.ids);
  const page = await tryExport(run);

  const counts = [chats!, messages!].map(({ count }) => count);
  const span = [`since ${day(config.startDateMicros)}`];
  if (config.endDateMicros <= runStart.atMs * 1000) {
    span.push(`until ${day(config.endDateMicros)}`);
  }
  const facts = [
    chats!.pageIds !== undefined && `${chats!.pageIds} hits on a page of a search`,
    bulk !== undefined && `${bulk.answered} of ${bulk.asked} ids in one bulk read`,
    page !== undefined && `${page.rows} of ${MOST_ROWS} rows on a page of the export`,
  ].filter((fact) => fact !== false);
  return [
    `first sync: ${counts[0] ?? "too many"} chats and ${
      counts[1] ?? "too many"
    } offline messages ` +
    span.join(" "),
    ...bySearch(run, counts, chats!.pageIds ?? PAGE_IDS, bulk?.answered ?? PAGE_IDS),
    ...byExport(run, counts, page),
    ...facts.length === 0 ? [] : [`the API shows: ${facts.join(", ")}`],
  ];
}

/** Counts one kind, and follows the pages of chats until there are ids for a large bulk read. */
async function search(
  { api }: Run,
  kind: ChatKind,
  from: number,
  to: number,
): Promise<Found> {
  const first = await firstPage(api, { kind, from, to });
  if (first instanceof RequestError) return { kind, count: undefined, ids: [], pageIds: undefined };
  const ids = [...first.ids];
  let page: SearchPage = first;
  while (kind === CHAT_KINDS[0] && page.next !== undefined && ids.length < MOST_IDS) {
    const next = await linkedPage(api, page.next);
    if (next instanceof RequestError || next.ids.length === 0) break;
    ids.push(...next.ids);
    page = next;
  }
  const pageIds = first.next !== undefined && first.count > first.ids.length
    ? first.ids.length
    : undefined;
  return { kind, count: first.count, ids: ids.slice(0, MOST_IDS), pageIds };
}

/** How many of so many ids one bulk read answers; with fewer where more are refused. */
async function tryBulkRead(
  { api }: Run,
  ids: readonly string[],
): Promise<{ asked: number; answered: number } | undefined> {
  for (let asked = ids.length; asked > 0; asked = Math.floor(asked / 2)) {
    const some = ids.slice(0, asked);
    try {
      const answered = await api.get({
        endpoint: "chats",
        path: "chats",
        query: { ids: some.join(",") },
        read: (body) => Object.values(objectIn(body, "docs")).filter(isJsonObject).length,
      });
      return { asked, answered };
    } catch (error) {
      if (!(error instanceof RequestError) || error.isPassing) throw error;
      if (asked <= PAGE_IDS) throw error;
    }
  }
  return undefined;
}

/** What a page of the export from the start holds; undefined where the token may not use it. */
async function tryExport(
  { api, config, runStart }: Run,
): Promise<{ rows: number; nextRows: number } | undefined> {
  const start = clampStart({ micros: config.startDateMicros, id: undefined }, runStart.atMs);
  try {
    const page = await fetchPage(api, CHATS_EXPORT, start, MOST_ROWS);
    return { rows: page.rows.length, nextRows: nextLimit(page) };
  } catch (error) {
    if (error instanceof RequestError && !error.concernsRun) return undefined;
    throw error;
  }
}

function bySearch(
  run: Run,
  counts: readonly (number | undefined)[],
  pageIds: number,
  bulkIds: number,
): string[] {
  const requests = counts.map((count) =>
    count === undefined ? undefined : Math.max(1, Math.ceil(count / TARGET_HITS)) +
      Math.ceil(count / pageIds) + Math.ceil(count / Math.max(1, bulkIds))
  );
  const known = requests.filter((count) => count !== undefined);
  if (known.length === 0) return [];
  return [`first sync by search: ${describeCost(run, sum(known))}`];
}

function byExport(
  run: Run,
  counts: readonly (number | undefined)[],
  page: { rows: number; nextRows: number } | undefined,
): string[] {
  if (page === undefined) return ["first sync by incremental export: the API refuses it"];
  const known = counts.filter((count) => count !== undefined);
  const requests = Math.ceil(sum(known) / Math.max(1, page.nextRows)) + 1;
  return [`first sync by incremental export: ${describeCost(run, requests)}`];
}

function describeCost({ config: { requestsPerMinute }, runStart }: Run, requests: number): string {
  return costInWords(requests, { requestsPerMinute, tookMs: runStart.first?.tookMs ?? 0 });
}

/**
 * Requests and the time they take: by the limit, whose first minute is free, or by answers that take so
 * many milliseconds each. A limit of 0 is none.
 */
export function costInWords(
  requests: number,
  { requestsPerMinute, tookMs }: { requestsPerMinute: number; tookMs: number },
): string {
  const paced = requestsPerMinute === 0 ? 0 : Math.ceil(requests / requestsPerMinute) - 1;
  const minutes = Math.ceil(Math.max(paced, requests * tookMs / 60_000));
  const time = minutes <= 1
    ? "a minute or less"
    : `about ${formatDuration(minutes * 60_000, { ignoreZero: true })}`;
  return `about ${counted(requests, "request")}, ${time}`;
}

function day(micros: number): string {
  return formatMicros(micros).slice(0, 10);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
