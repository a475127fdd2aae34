/** What is wrong with the pages of an export, in words: what was found, and what to do. */

import { TapError } from "../errors.ts";
import { type ExportCursor, requestTime } from "./export_cursor.ts";
import type { Export, ExportPage } from "./export_page.ts";

/** A page ends at no cursor, or at an older one than it was asked with. */
export function lostCursor({ endpoint }: Export, { end }: ExportPage): string {
  return `The API ends a page of ${endpoint} with an end_time that leads nowhere (${end.shown}): ` +
    "the bookmark stays, and the next run reads these rows again; report this line if it comes back";
}

/** Rows are ids alone. */
export function unexpanded({ endpoint }: Export): TapError {
  return new TapError(
    `Cannot read ${endpoint}: the export answers ids alone where whole rows were asked for; the ` +
      "bookmark stays; run again later, and report it if it stays",
  );
}

/** A full page asks for itself. */
export function stuck(source: Export, asked: ExportCursor, page: ExportPage): TapError {
  const { endpoint, unit, timeField } = source;
  const from = requestTime(asked, unit);
  const isOneSecond = page.end.id === undefined && Math.floor(page.end.time ?? NaN) === from;
  return new TapError(
    isOneSecond
      ? `Cannot read ${endpoint}: ${page.rows.length} rows or more changed in the second of ` +
        `start_time ${from}, as many as the API gives at once, and it names no place between them; ` +
        `to go on without the others, set ${
          JSON.stringify(timeField)
        } in the state one second later`
      : `Cannot read ${endpoint}: after a full page of ${page.rows.length} rows from ` +
        `start_time ${from} the API answers end_time ${page.end.shown}, which leads no further; run ` +
        "again later, and report it if it stays",
  );
}
