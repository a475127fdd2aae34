/** Results as a table of targets and cases, and what lies behind each failure. */

/** What came of one case. */
export interface Result {
  target: string;
  /** The name of the case. */
  what: string;
  seconds: number;
  /** Why it failed; absent when it passed. */
  reason?: string;
}

/** The table, each failure's reason below it, and the sum as a line of its own. */
export function describeResults(results: readonly Result[]): string {
  const names = [...new Set(results.map(({ target }) => target))];
  const cases = [...new Set(results.map(({ what }) => what))];
  const cell = (target: string, what: string) => {
    const runs = results.filter((result) => result.target === target && result.what === what);
    if (runs.length === 0) return "";
    return runs.some(({ reason }) => reason !== undefined) ? "FAILED" : "ok";
  };
  const rows = [
    ["", ...names],
    ...cases.map((what) => [
      what,
      ...names.map((name) => cell(name, what)),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((text, column) => text.padEnd(widths[column]!)).join("  ").trimEnd()
  );
  const reasons = results
    .filter(({ reason }) => reason !== undefined)
    .map(({ target, what, reason }) => `${target}, ${what}: ${reason}`);
  const failed = reasons.length;
  return [
    ...lines,
    "",
    ...reasons,
    `${results.length - failed} passed, ${failed} failed`,
    "",
  ].join("\n");
}
