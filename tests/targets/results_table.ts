/** Results as a table of targets and cases, with what lies behind each failure. */

/** What came of one trial. */
export interface Result {
  /** The table in which it is shown. */
  table: string;
  target: string;
  /** The case and its way of reading. */
  what: string;
  /** Why it failed; undefined when it passed. */
  reason: string | undefined;
}

/** A column for each target, a row for each case, and the reasons below. */
export function describeResults(results: readonly Result[]): string {
  const targets = [...new Set(results.map(({ target }) => target))];
  const cases = [...new Set(results.map(({ what }) => what))];
  const cell = (target: string, what: string) => {
    const result = results.find((result) => result.target === target && result.what === what);
    if (result === undefined) return "";
    return result.reason === undefined ? "ok" : "FAILED";
  };
  const rows = [
    ["", ...targets],
    ...cases.map((what) => [what, ...targets.map((target) => cell(target, what))]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((text, column) => text.padEnd(widths[column]!)).join("  ").trimEnd()
  );
  const reasons = results.flatMap(({ target, what, reason }) =>
    reason === undefined ? [] : [`${target}, ${what}: ${reason}`]
  );
  return [...lines, "", ...reasons].map((line) => `${line}\n`).join("");
}
