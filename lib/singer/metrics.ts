/** The metrics that singer-python's reader understands, apart from the client's own timer. */

import type { Log } from "../log.ts";

/** How long records are only counted before the log hears of them, as singer-python has it. */
const INTERVAL_MS = 60_000;

/** Counts a stream's records for the log: a `record_count` once a minute, and one at the end. */
export class RecordCounter {
  /** Records counted so far. */
  total = 0;
  readonly #tapStreamId: string;
  readonly #log: Pick<Log, "metric">;
  readonly #monotonicMs: () => number;
  #told = 0;
  #toldMs: number;

  constructor(tapStreamId: string, log: Pick<Log, "metric">, monotonicMs: () => number) {
    this.#tapStreamId = tapStreamId;
    this.#log = log;
    this.#monotonicMs = monotonicMs;
    this.#toldMs = monotonicMs();
  }

  add(records: number): void {
    this.total += records;
    if (this.#monotonicMs() - this.#toldMs > INTERVAL_MS) this.tell();
  }

  /** Writes how many records were counted since the last such line, which may be none. */
  tell(): void {
    const value = this.total - this.#told;
    const tags = { endpoint: this.#tapStreamId };
    this.#log.metric({ type: "counter", metric: "record_count", value, tags });
    this.#told = this.total;
    this.#toldMs = this.#monotonicMs();
  }
}
