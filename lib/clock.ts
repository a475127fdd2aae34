/** Time, handed in wherever it is needed, so that tests neither wait nor depend on the hour. */

import { delay } from "@std/async/delay";

/** Where the time comes from and how it is waited for. */
export interface Clock {
  /** The time of day, in epoch milliseconds. */
  now(): number;
  /** Time that never jumps, in milliseconds from an arbitrary start. */
  monotonicMs(): number;
  /** Waits `ms` milliseconds; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls back after `ms` milliseconds, unless it is disposed of before. */
  after(ms: number, callback: () => void): Disposable;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => delay(ms, { signal }),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
