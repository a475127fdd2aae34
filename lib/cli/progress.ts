/**
 * How far a sync is, in one line: on a terminal rewritten in place, elsewhere an INFO line a minute.
 * What the line says is a pure function of what was counted and the time.
 */

import { formatMicros } from "../date_time.ts";
import type { Position } from "../stream.ts";
import type { Progress } from "../sync.ts";

const MINUTE_MS = 60_000;

/** Counts what is reported and puts it into words. */
export class ProgressCounter implements Progress {
  readonly #monotonicMs: () => number;
  readonly #requestCount: () => number;
  #tapStreamId: string | undefined;
  #beganMs = 0;
  #pages = 0;
  #records = 0;
  #position: Position | undefined;
  /** When the part of the stream that `#position` is in was begun. */
  #partBeganMs = 0;
  /** Requests sent up to some moments of the last minute, the oldest first. */
  #requests: { atMs: number; count: number }[] = [];

  constructor(
    { monotonicMs, requestCount }: { monotonicMs: () => number; requestCount: () => number },
  ) {
    this.#monotonicMs = monotonicMs;
    this.#requestCount = requestCount;
  }

  begin(tapStreamId: string): void {
    this.#tapStreamId = tapStreamId;
    this.#beganMs = this.#partBeganMs = this.#monotonicMs();
    this.#pages = this.#records = 0;
    this.#position = undefined;
  }

  page(records: number): void {
    this.#pages++;
    this.#records += records;
  }

  reached(position: Position): void {
    if (position.part !== this.#position?.part) {
      this.#partBeganMs = this.#position === undefined ? this.#beganMs : this.#monotonicMs();
    }
    this.#position = position;
  }

  /** The line, for example `chats: 12300 records, 310/s, 140 requests in the last minute, …`. */
  describe(): string {
    const nowMs = this.#monotonicMs();
    const requests = this.#requestsInLastMinute(nowMs);
    if (this.#tapStreamId === undefined) return `Starting: ${requests}`;
    const seconds = (nowMs - this.#beganMs) / 1000;
    return [
      `${this.#tapStreamId}: ${this.#records} records`,
      `${seconds > 0 ? Math.round(this.#records / seconds) : 0}/s`,
      requests,
      this.#describePosition(nowMs) ?? `page ${this.#pages}`,
    ].join(", ");
  }

  #requestsInLastMinute(nowMs: number): string {
    const count = this.#requestCount();
    this.#requests = this.#requests.filter(({ atMs }) => nowMs - atMs <= MINUTE_MS);
    const before = this.#requests[0]?.count ?? 0;
    this.#requests.push({ atMs: nowMs, count });
    return `${count - before} requests in the last minute`;
  }

  #describePosition(nowMs: number): string | undefined {
    if (this.#position === undefined) return undefined;
    const { part, atMicros, range } = this.#position;
    const place = `${part === undefined ? "" : `${part} `}up to ${
      formatMicros(atMicros).slice(0, 16)
    }`;
    if (range === undefined) return place;
    const share = Math.min(1, (atMicros - range.fromMicros) / (range.toMicros - range.fromMicros));
    const percent = `${place} (${Math.floor(share * 100)} %)`;
    if (!(share > 0) || share === 1) return percent;
    const leftSeconds = (nowMs - this.#partBeganMs) / 1000 * (1 - share) / share;
    return `${percent}, about ${describeSeconds(leftSeconds)} left`;
  }
}

/** Shows a counter's line every so often until it is disposed of. */
export function showEvery(
  intervalMs: number,
  counter: Pick<ProgressCounter, "describe">,
  show: (line: string) => void,
): Disposable {
  const timer = setInterval(() => show(counter.describe()), intervalMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function describeSeconds(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
