/** How much is tried: what fits into CI, and what can run for an evening. */

/** The measures of a run. */
export interface Extent {
  /** Days of the sample account. */
  days: number;
  /** After how many messages runs are stopped, one after the other. */
  stops: readonly number[];
  /** Rows of nights in each direction of the swap. */
  rowsOfNights: number;
}

/** A few minutes. */
export const SHORT: Extent = { days: 60, stops: [120, 400], rowsOfNights: 100 };

/** With `--long`. */
export const LONG: Extent = {
  days: 366,
  stops: [1, 20, 60, 120, 200, 300, 500, 800, 1500, 3000],
  rowsOfNights: 500,
};
