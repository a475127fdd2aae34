/** The five exports as endpoints: a page, where it ended, and how to go on. */

import type { JsonObject } from "../../../lib/json.ts";
import type { Endpoint, Holdings, Params } from "./endpoint.ts";
import {
  expandFields,
  type ExportName,
  type ExportRequest,
  EXPORTS,
  parseExportRequest,
  placeRows,
  rowsAfter,
} from "./export_page.ts";

/** `GET /incremental/<name>`. */
export function exportOf(name: ExportName): Endpoint {
  return {
    stream: name,
    params: ["start_time", "start_id", "limit", "fields"],
    answer: (holdings, params) => exportPage(name, holdings, params),
  };
}

function exportPage(name: ExportName, holdings: Holdings, params: Params): string {
  const { behaviour } = holdings;
  const { unit } = EXPORTS[name];
  const request = parseExportRequest(params, EXPORTS[name], behaviour.now());
  request.limit = Math.min(request.limit, behaviour.exportPageRows);
  const { texts, last } = rowsFor(name, holdings, request, params.fields);
  const emptyEndTime = { echo: request.startTime, zero: 0, null: null }[behaviour.emptyEndTime];
  const endTime = last === undefined ? emptyEndTime : last.time / unit;
  const next = new URLSearchParams(params);
  next.set("start_time", `${Math.floor(endTime ?? request.startTime)}`);
  const tail: JsonObject = { count: texts.length, end_time: endTime };
  if (behaviour.endIds.includes(name)) {
    tail.end_id = last?.id ?? "";
    next.set("start_id", tail.end_id);
  }
  // The last page has a next_page as well: it is how a client goes on next time.
  tail.next_page = `${behaviour.linkRoot}/incremental/${name}?${next}`;
  return `{"${name}":[${texts.join(",")}],${JSON.stringify(tail).slice(1)}`;
}

function rowsFor(
  name: ExportName,
  { account, chats, behaviour }: Holdings,
  { startTime, startId, limit }: ExportRequest,
  fields: string | undefined,
): { texts: string[]; last: { time: number; id: string } | undefined } {
  const kind = EXPORTS[name];
  const from = { time: startTime * kind.unit, id: startId, exclusive: behaviour.startIdExclusive };
  if (name !== "chats") {
    const rows = rowsAfter(placeRows(account[name], kind), (row) => row.time, from, limit);
    return { texts: rows.map(({ row }) => JSON.stringify(row)), last: rows.at(-1) };
  }
  const changed = chats.sortedBy("update_timestamp");
  const entries = rowsAfter(changed, (entry) => entry.update_timestamp, from, limit);
  const last = entries.at(-1);
  return {
    texts: entries.map((entry) => expandFields(chats.text(entry, true), name, fields)),
    last: last && { time: last.update_timestamp, id: last.id },
  };
}
