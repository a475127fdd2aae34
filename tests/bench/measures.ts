/**
 * What a bench finds out, and the table that ends `deno task bench`: the tap's figure beside a floor
 * of the same run, their ratio, and what the budget says of one of the two.
 */

/** One figure of the tap. */
export interface Measure {
  what: string;
  unit: string;
  /** The same of what no tap can do without; absent where there is no such thing. */
  floor?: number;
  tap: number;
  /** The tap's share of the floor, as the median of pairs; from the two figures when absent. */
  ratio?: number;
  budget?: Budget;
}

/** A bound for the ratio or for the tap's own figure, in the measure's unit. */
export type Budget =
  & { of: "ratio" | "tap" }
  & ({ most: number } | { least: number });

/** The ratio of a measure; undefined without a floor. */
export function ratioOf({ floor, tap, ratio }: Measure): number | undefined {
  return ratio ?? (floor === undefined ? undefined : tap / floor);
}

/** Whether a measure keeps to its budget; undefined when it has none. */
export function isMet(measure: Measure): boolean | undefined {
  const { budget, tap } = measure;
  if (budget === undefined) return undefined;
  const figure = budget.of === "tap" ? tap : ratioOf(measure);
  if (figure === undefined) throw new Error(`${measure.what} has a budget for a ratio it lacks`);
  return "most" in budget ? figure <= budget.most : figure >= budget.least;
}

/** The measures in columns, a heading first. */
export function measureTable(measures: readonly Measure[]): string[] {
  const rows = [
    ["measure", "unit", "floor", "tap", "ratio", "budget", "met"],
    ...measures.map((measure) => [
      measure.what,
      measure.unit,
      figure(measure.floor),
      figure(measure.tap),
      ratioOf(measure)?.toFixed(2) ?? "",
      describe(measure.budget),
      { true: "yes", false: "NO", undefined: "" }[`${isMet(measure)}`],
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) =>
      column < 2 || column > 4 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
    ).join("  ").trimEnd()
  );
}

/** The middle of several values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function figure(value: number | undefined): string {
  if (value === undefined) return "";
  return value < 100 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value).toString();
}

function describe(budget: Budget | undefined): string {
  if (budget === undefined) return "";
  const bound = "most" in budget ? `≤ ${budget.most}` : `≥ ${budget.least}`;
  return budget.of === "ratio" ? `${bound} ×` : bound;
}
