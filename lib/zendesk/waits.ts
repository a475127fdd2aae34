/** What requests wait for just now, for whoever watches a sync and wonders why nothing moves. */

import type { Clock } from "../clock.ts";

/** One wait under way; times are those of a clock that never jumps. */
export interface Wait {
  /** What is waited for, to follow "waiting … for". */
  what: string;
  sinceMs: number;
  /** Undefined when nobody knows how long it takes. */
  untilMs: number | undefined;
}

/** The waits of a run. */
export class Waits {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #waits = new Set<Wait>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Begins a wait of so many milliseconds, or of nobody knows how many, until it is disposed of. */
  begin(what: string, ms?: number): Disposable {
    const sinceMs = this.#clock.monotonicMs();
    const wait = { what, sinceMs, untilMs: ms === undefined ? undefined : sinceMs + ms };
    this.#waits.add(wait);
    return { [Symbol.dispose]: () => this.#waits.delete(wait) };
  }

  /** The wait that has gone on for longest. */
  get longest(): Wait | undefined {
    return this.#waits.values().next().value;
  }
}
