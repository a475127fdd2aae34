/** A clock for tests: sleeping takes no time, is written down, and moves the clock on. */

import type { Clock } from "../../lib/clock.ts";

/** A clock that stands still unless it is moved or slept on. */
export interface FakeClock extends Clock {
  /** Every sleep so far, in milliseconds and in order. */
  readonly sleeps: number[];
  /** Lets `ms` milliseconds pass. */
  advance(ms: number): void;
}

/** A fake clock that begins at the given instant. */
export function createFakeClock(start = "2026-01-15T12:00:00Z"): FakeClock {
  const startMs = Date.parse(start);
  const sleeps: number[] = [];
  let elapsedMs = 0;
  return {
    sleeps,
    advance(ms) {
      elapsedMs += ms;
    },
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    // deno-lint-ignore require-await
    async sleep(ms, signal) {
      signal.throwIfAborted();
      sleeps.push(ms);
      elapsedMs += ms;
    },
  };
}
