/**
 * How far a sync is, in one line: on a terminal rewritten in place, elsewhere an INFO line a minute.
 * What the line says is a pure function of what was counted and the time. A terminal may cut it at 80
 * columns, so what matters most comes first.
 */

import { format as formatDuration } from "@std/fmt/duration";
import { formatMicros } from "../date_time.ts";
import type { Position } from "../stream/stream.ts";
import type { Progress } from "../sync/sync.ts";

const MINUTE_MS = 60_000;

/** How many requests had been sent at a moment. */
interface RequestsSent {
  atMs: number;
  count: number;
}

/** Counts what is reported and puts it into words. */
export class ProgressCounter implements Progress {
  readonly #monotonicMs: () => number;
  readonly #requestCount: () => number;
  #tapStreamId: string | undefined;
  #beganMs = 0;
  #pages = 0;
  #records = 0;
  #position: Position | undefined;
  /** When `#position` was reached, or else the stream begun. */
  #reachedMs = 0;
  /** When the part of the stream that `#position` is in was begun. */
  #partBeganMs = 0;
  /** How many requests had been sent by some moments, the first about a minute ago. */
  readonly #requests: RequestsSent[];

  constructor(
    { monotonicMs, requestCount }: { monotonicMs: () => number; requestCount: () => number },
  ) {
    this.#monotonicMs = monotonicMs;
    this.#requestCount = requestCount;
    this.#requests = [{ atMs: monotonicMs(), count: 0 }];
  }

  begin(tapStreamId: string): void {
    this.#tapStreamId = tapStreamId;
    this.#beganMs = this.#partBeganMs = this.#reachedMs = this.#monotonicMs();
    this.#pages = this.#records = 0;
    this.#position = undefined;
  }

  page(records: number): void {
    this.#pages++;
    this.#records += records;
  }

  reached(position: Position): void {
    if (position.part !== this.#position?.part) this.#partBeganMs = this.#reachedMs;
    this.#position = position;
    this.#reachedMs = this.#monotonicMs();
  }

  /**
   * The line, for example
   * `chats: 12300 records, 310/s, 140 requests/min, chat 45 %, 4m left, up to 2024-05-01T10:00`.
   */
  describe(): string {
    const nowMs = this.#monotonicMs();
    const requests = this.#describeRequests(nowMs);
    if (this.#tapStreamId === undefined) return `Starting: ${requests}`;
    const seconds = (nowMs - this.#beganMs) / 1000;
    return [
      `${this.#tapStreamId}: ${this.#records} records`,
      `${seconds > 0 ? Math.round(this.#records / seconds) : 0}/s`,
      requests,
      this.#describePosition(nowMs) ?? `page ${this.#pages}`,
    ].join(", ");
  }

  #describeRequests(nowMs: number): string {
    // The nearest moment will do: a timer of a minute is early or late by milliseconds.
    const miss = ({ atMs }: RequestsSent) => Math.abs(nowMs - MINUTE_MS - atMs);
    while (this.#requests.length > 1 && miss(this.#requests[1]!) <= miss(this.#requests[0]!)) {
      this.#requests.shift();
    }
    const count = this.#requestCount();
    const sent = count - this.#requests[0]!.count;
    this.#requests.push({ atMs: nowMs, count });
    return `${sent} requests/min`;
  }

  #describePosition(nowMs: number): string | undefined {
    if (this.#position === undefined) return undefined;
    const { part, atMicros, range } = this.#position;
    const place = `up to ${formatMicros(atMicros).slice(0, 16)}`;
    const named = part === undefined ? "" : `${part} `;
    if (range === undefined) return named + place;
    const share = shareBefore(atMicros, range);
    const percent = Math.floor(share * 100);
    // Too little is read to judge by, or nothing is left.
    if (percent === 0 || percent === 100) return `${named}${percent} %, ${place}`;
    const leftSeconds = (nowMs - this.#partBeganMs) / 1000 * (1 - share) / share;
    return `${named}${percent} %, ${describeLeft(leftSeconds)} left, ${place}`;
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

/** How much of a range lies before an instant, from 0 to 1; windows reach past either end. */
function shareBefore(
  atMicros: number,
  { fromMicros, toMicros }: NonNullable<Position["range"]>,
): number {
  if (fromMicros >= toMicros) return 1;
  return Math.min(1, Math.max(0, (atMicros - fromMicros) / (toMicros - fromMicros)));
}

/** A time in seconds below a minute, in minutes above, for it is a guess. */
function describeLeft(seconds: number): string {
  const unit = seconds < 60 ? 1 : 60;
  const whole = Math.max(1, Math.round(seconds / unit)) * unit;
  return formatDuration(whole * 1_000, { ignoreZero: true });
}
