/**
 * How wide a search window may be. The search answers at most 10,000 hits (250 pages of 40), and a
 * window that is cut short has to be read again, so windows aim at a tenth of that: narrowed by what
 * a first page counts, sized for the next one by what was listed. What the API once refused is not
 * tried again in the same run.
 */

/** Most hits that a search can page through. */
export const SEARCH_CEILING = 10_000;

/** Hits that a window aims at. */
export const TARGET_HITS = 1_000;

/** Hits above which a window is narrowed although the search could page through it. */
const TOO_MANY = 2 * TARGET_HITS;

/** How much wider than its neighbour a window may be. */
const GROWTH = 8;

/** The narrowest window, in seconds, that a refusal leads to: what is refused then is no matter of width. */
const NARROWEST_REFUSED = 3_600;

/** What the first page of a window says. */
export interface FirstPage {
  /** Hits of the whole window, as the API counts them. */
  count: number;
  /** Hits on the page itself. */
  listed: number;
  /** Whether there is no page behind it. */
  isLast: boolean;
}

/** What to do with a window whose first page has been read. */
export type WindowVerdict =
  | { kind: "read" }
  | { kind: "narrow"; width: number }
  | { kind: "overflow" };

/**
 * The widths of one run's windows. A width is the time between a window's ends in seconds; both ends
 * are part of it, so a width of 0 is a single second. Only what does not fit otherwise is made that
 * narrow: neighbours of a single second share nothing with it.
 */
export class WindowWidths {
  /** Widest window with hits, in seconds. */
  readonly #widest: number;
  /** Widest window that the API may accept, in seconds. */
  #accepted = Infinity;
  #countsHold = true;

  constructor(widest: number) {
    this.#widest = widest;
  }

  /** Whether no count of hits has turned out to be false. */
  get countsHold(): boolean {
    return this.#countsHold;
  }

  /** Counts are false: windows that followed them could become a second each, for years. */
  distrustCounts(): void {
    this.#countsHold = false;
  }

  /** The width of the first window of a range. */
  first(length: number): number {
    return Math.min(length, this.#widest, this.#accepted);
  }

  /** Judges a window by its first page. */
  judge(page: FirstPage, width: number): WindowVerdict {
    const hits = this.#hits(page);
    if (hits > SEARCH_CEILING && width === 0) {
      return { kind: this.#countsHold ? "overflow" : "read" };
    }
    if (hits > SEARCH_CEILING && width === 1) return { kind: "narrow", width: 0 };
    if (hits > TOO_MANY && width > 1) {
      const proportionate = Math.floor(width * TARGET_HITS / hits);
      const narrower = Math.min(Math.floor(width / 2), proportionate, this.#widest);
      return { kind: "narrow", width: Math.max(1, narrower) };
    }
    if (hits > 0 && width > this.#widest) return { kind: "narrow", width: this.#widest };
    return { kind: "read" };
  }

  #hits({ count, listed, isLast }: FirstPage): number {
    // A page that is the last one lists all there is, whatever it counts.
    if (isLast) return listed;
    // To read a window to the ceiling for nothing costs more than to believe once more.
    return this.#countsHold || count > SEARCH_CEILING ? count : listed;
  }

  /** The width of the window behind one that listed so many hits. */
  next(width: number, listed: number): number {
    const grown = Math.min(GROWTH * width, this.#accepted);
    if (listed === 0) return Math.max(1, grown);
    return Math.max(1, Math.min(grown, Math.floor(width * TARGET_HITS / listed), this.#widest));
  }

  /**
   * The width to try after a window was refused; undefined when there is nothing left to narrow. Where
   * it may have been refused for its hits, not its width, a single second is not too narrow.
   */
  narrower(width: number, { mayBeHits }: { mayBeHits: boolean }): number | undefined {
    const narrowest = mayBeHits ? 0 : NARROWEST_REFUSED;
    if (width <= narrowest) return undefined;
    const half = Math.floor(width / 2);
    this.#accepted = Math.min(this.#accepted, Math.max(NARROWEST_REFUSED, half));
    return Math.max(narrowest, half);
  }
}
