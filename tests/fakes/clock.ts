/**
 * A clock for tests: sleeping takes no time, is written down, and moves the clock on. Timers do not go
 * off by that, for what they limit takes no time either: a test lets one go off.
 */

import type { Clock } from "../../lib/clock.ts";

/** What is to be called after a time. */
export interface Timer {
  ms: number;
  callback(): void;
}

/** A clock that stands still unless it is moved or slept on. */
export interface FakeClock extends Clock {
  /** Every sleep so far, in milliseconds and in order. */
  readonly sleeps: number[];
  /** The timers that are set, in the order in which they were. */
  readonly timers: ReadonlySet<Timer>;
  /** Lets `ms` milliseconds pass. */
  advance(ms: number): void;
}

/** A fake clock that begins at the given instant. */
export function createFakeClock(start = "2026-01-15T12:00:00Z"): FakeClock {
  const startMs = Date.parse(start);
  const sleeps: number[] = [];
  const timers = new Set<Timer>();
  let elapsedMs = 0;
  return {
    sleeps,
    timers,
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
    after(ms, callback) {
      const timer = { ms, callback };
      timers.add(timer);
      return { [Symbol.dispose]: () => void timers.delete(timer) };
    },
  };
}
