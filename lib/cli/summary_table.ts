/** The small table at the end of a sync: for people in columns, for programs an object a stream. */

import type { Log } from "../log.ts";
import type { StreamOutcome } from "../sync/outcome.ts";

/** The first column of figures, which are set to the right. */
const FIGURES = 2;

/** Tells the log what became of each stream. */
export function reportOutcomes(outcomes: readonly StreamOutcome[], log: Log): void {
  if (!log.isStructured) {
    for (const line of summaryTable(outcomes)) log.info(line);
    return;
  }
  for (const { tapStreamId, verdict, records, requests, seconds } of outcomes) {
    log.info(`${tapStreamId}: ${verdict}, ${records} records`, {
      stream: tapStreamId,
      result: verdict,
      records,
      requests,
      seconds: Math.round(seconds * 1000) / 1000,
    });
  }
}

/** One line a stream and a heading, in columns; nothing when no stream was selected. */
export function summaryTable(outcomes: readonly StreamOutcome[]): string[] {
  if (outcomes.length === 0) return [];
  const rows = [
    ["stream", "result", "records", "requests", "seconds"],
    ...outcomes.map(({ tapStreamId, verdict, records, requests, seconds }) => [
      tapStreamId,
      verdict,
      `${records}`,
      `${requests}`,
      seconds.toFixed(1),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((text, column) =>
      column < FIGURES ? text.padEnd(widths[column]!) : text.padStart(widths[column]!)
    ).join("  ")
  );
}
