/** The small table at the end of a sync. */

import type { StreamSummary } from "../sync/sync.ts";

/** One line a stream and a heading, in columns; nothing when no stream was read. */
export function summaryTable(summaries: readonly StreamSummary[]): string[] {
  if (summaries.length === 0) return [];
  const rows = [
    ["stream", "records", "requests", "seconds"],
    ...summaries.map(({ tapStreamId, records, requests, seconds }) => [
      tapStreamId,
      `${records}`,
      `${requests}`,
      seconds.toFixed(1),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map(([name, ...figures]) =>
    [name!.padEnd(widths[0]!), ...figures.map((text, index) => text.padStart(widths[index + 1]!))]
      .join("  ")
  );
}
