/**
 * When the run began, by the API's clock. Bookmarks promise that nothing older is still to come, and
 * that is for the API's clock to say: the machine's own may be wrong by hours. The `Date` of the first
 * answer corrects it; no request is made for this alone.
 */

import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Exchange } from "./exchange.ts";

/** How far the two clocks may be apart before it is worth a warning; a `Date` is whole seconds. */
const APART_MS = 60_000;
const DATE_RESOLUTION_MS = 1_000;

/** How far a clock may be behind that has not been compared yet. */
const DOUBT_MS = 24 * 60 * 60_000;

/** The beginning of a run. */
export interface RunStart {
  /** In epoch milliseconds: the machine's time until the API has told its own. */
  readonly atMs: number;
  /** Whether the API has told. */
  readonly isKnown: boolean;
}

/** What the first answer tells of the way to the API. */
export interface FirstAnswer {
  /** From the request to the end of the answer. */
  tookMs: number;
  /** How far the machine's clock is ahead of the API's; undefined where the API has not told. */
  aheadMs: number | undefined;
}

/** Whether an instant in epoch microseconds lies behind the beginning of the run, as far as is known. */
export function isFuture(micros: number, { atMs, isKnown }: RunStart): boolean {
  return micros > (atMs + (isKnown ? 0 : DOUBT_MS)) * 1000;
}

/** A run that began no later than an instant in epoch microseconds, for what is to read no further. */
export function notAfter(runStart: RunStart, endMicros: number): RunStart {
  return {
    get atMs() {
      return Math.min(runStart.atMs, endMicros / 1000);
    },
    get isKnown() {
      return runStart.isKnown;
    },
  };
}

/** Listens to the API's time from the beginning of a run on. */
export class ApiClock implements RunStart {
  readonly #clock: Clock;
  readonly #log: Pick<Log, "warning">;
  readonly #ownStartMs: number;
  readonly #startedMs: number;
  #apiStartMs: number | undefined;
  #first: FirstAnswer | undefined;

  constructor({ clock, log }: { clock: Clock; log: Pick<Log, "warning"> }) {
    this.#clock = clock;
    this.#log = log;
    this.#ownStartMs = clock.now();
    this.#startedMs = clock.monotonicMs();
  }

  get atMs(): number {
    return this.#apiStartMs ?? this.#ownStartMs;
  }

  get isKnown(): boolean {
    return this.#apiStartMs !== undefined;
  }

  /** The first answer of the run, once there is one. */
  get first(): FirstAnswer | undefined {
    return this.#first;
  }

  /** The exchange, listened to. */
  listenTo(exchange: Exchange): Exchange {
    return async (url, message) => {
      const sentMs = this.#clock.monotonicMs();
      const answer = await exchange(url, message);
      if (answer.kind === "answer" && (this.#first === undefined || !this.isKnown)) {
        const aheadMs = this.#hear(answer.response.headers.get("date"));
        this.#first ??= { tookMs: this.#clock.monotonicMs() - sentMs, aheadMs };
      }
      return answer;
    };
  }

  /**
   * Takes the `Date` header of an answer that has just arrived; only the first one counts. Returns how
   * far the machine's clock is ahead of it.
   */
  #hear(date: string | null): number | undefined {
    if (this.#apiStartMs !== undefined || date === null) return undefined;
    const dateMs = Date.parse(date);
    if (!Number.isFinite(dateMs)) return undefined;
    // An answer is older than its arrival, so this is never later than the truth.
    this.#apiStartMs = Math.floor(dateMs - (this.#clock.monotonicMs() - this.#startedMs));
    const aheadMs = this.#clock.now() - dateMs;
    this.#warnOf(aheadMs);
    return aheadMs;
  }

  #warnOf(aheadMs: number): void {
    const isAhead = aheadMs >= APART_MS + DATE_RESOLUTION_MS;
    if (!isAhead && aheadMs >= -APART_MS) return;
    const seconds = Math.round(Math.abs(aheadMs) / 1_000);
    this.#log.warning(
      `This machine's clock is ${seconds} s ${
        isAhead ? "ahead of" : "behind"
      } the API's, whose time ` +
        "is taken for bookmarks: set the clock",
    );
  }
}
