/**
 * Keeps all streams together within the API's requests per minute. The window starts full and
 * requests are not spaced: a short sync never waits, a long one waits once a minute.
 */

import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Waits } from "./waits.ts";

const WINDOW_MS = 60_000;

/** Waits shorter than this are not worth a line. */
const LOGGED_WAIT_MS = 1_000;

/** Hands out the right to send one request. */
export interface RateLimiter {
  /** Waits its turn, first come, first served; rejects with the reason of the aborted signal. */
  take(signal: AbortSignal): Promise<void>;
}

/** A limiter of `perMinute` requests in any 60 s; 0 is no limit. */
export function createRateLimiter(
  { perMinute, clock, log, waits }: {
    perMinute: number;
    clock: Clock;
    log: Log;
    waits?: Waits | undefined;
  },
): RateLimiter {
  if (perMinute === 0) return { take: () => Promise.resolve() };

  /** When each of the last `perMinute` requests was let go: a ring once it is full. */
  const taken: number[] = [];
  let oldest = 0;
  let lastTurn = Promise.resolve();

  async function takeInTurn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (taken.length < perMinute) {
      taken.push(clock.monotonicMs());
      return;
    }
    const waitMs = taken[oldest]! + WINDOW_MS - clock.monotonicMs();
    if (waitMs >= LOGGED_WAIT_MS) {
      const seconds = (waitMs / 1_000).toFixed(1);
      log.info(`Waiting ${seconds} s to stay within "requests_per_minute" (${perMinute})`);
    }
    if (waitMs > 0) {
      using _wait = waits?.begin(`"requests_per_minute"`, waitMs);
      await clock.sleep(waitMs, signal);
    }
    taken[oldest] = clock.monotonicMs();
    oldest = (oldest + 1) % perMinute;
  }

  return {
    async take(signal) {
      const previousTurn = lastTurn;
      const turn = Promise.withResolvers<void>();
      lastTurn = turn.promise;
      try {
        await previousTurn;
        await takeInTurn(signal);
      } finally {
        turn.resolve();
      }
    },
  };
}
