/**
 * How wide a search window may be, judged by the number of hits that its first page reports. The
 * search answers at most 10,000 hits (250 pages of 40), and a window that is cut short has to be
 * read again, so windows aim at a tenth of that.
 */

/** Most hits that a search can page through. */
export const SEARCH_CEILING = 10_000;

/** Hits that a window aims at. */
const TARGET = 1_000;

/** Hits above which a window is narrowed although the search could page through it. */
const TOO_MANY = 2 * TARGET;

/** How much wider than its neighbour a window may be. */
const GROWTH = 8;

/** What to do with a window whose first page has been read. */
export type WindowVerdict =
  | { kind: "read"; nextWidth: number }
  | { kind: "narrow"; width: number }
  | { kind: "overflow" };

/**
 * Judges a window by its hits. `width` is the time between its ends in seconds; both ends are part
 * of it, so a width of 0 is a single second. Only what does not fit otherwise is made that narrow:
 * neighbours of a single second share nothing with it.
 */
export function judgeWindow(hits: number, width: number): WindowVerdict {
  if (hits > SEARCH_CEILING && width === 0) return { kind: "overflow" };
  if (hits > SEARCH_CEILING && width === 1) return { kind: "narrow", width: 0 };
  const proportionate = hits === 0 ? Infinity : Math.floor(width * TARGET / hits);
  if (hits > TOO_MANY && width > 1) {
    return { kind: "narrow", width: Math.max(1, Math.min(Math.floor(width / 2), proportionate)) };
  }
  return { kind: "read", nextWidth: Math.max(1, Math.min(GROWTH * width, proportionate)) };
}

/**
 * Whether a count that made a window narrow turned out to be nothing like what was listed. A chat or
 * two too many are the doing of deletions; to do without counts costs requests.
 */
export function isFalseCount(counted: number, listed: number): boolean {
  return counted > TOO_MANY && listed < counted / 2;
}
