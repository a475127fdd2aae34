/** Time, handed in wherever it is needed, so that tests neither wait nor depend on the hour. */

import { setTimeout as wait } from "node:timers/promises";

/** Where the time comes from and how it is waited for. */
export interface Clock {
  /** The time of day, in epoch milliseconds. */
  now(): number;
  /** Time that never jumps, in milliseconds from an arbitrary start. */
  monotonicMs(): number;
  /** Waits `ms` milliseconds; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, { signal });
    } catch {
      // Nothing but the signal ends it early, with an error of its own.
      throw signal.reason;
    }
  },
};
