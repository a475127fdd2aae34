/**
 * How far a sync is, in one line: on a terminal rewritten in place, elsewhere an INFO line a minute.
 * What the line says is a pure function of what was counted and the time. A terminal may cut it at 80
 * columns, so what matters most comes first.
 */

import { format as formatDuration } from "@std/fmt/duration";
import { formatMicros } from "../date_time.ts";
import type { Position } from "../stream/stream.ts";
import type { Progress } from "../sync/sync.ts";
import type { Wait } from "../zendesk/waits.ts";

const MINUTE_MS = 60_000;

/** Answers that take less are nothing to speak of. */
const LONG_WAIT_MS = 3_000;

/** How many requests had been sent at a moment. */
interface RequestsSent {
  atMs: number;
  count: number;
}

/** Where the line's figures are from. */
export interface ProgressSource {
  monotonicMs(): number;
  /** Requests sent so far. */
  requestCount(): number;
  /** How many may be sent in a minute; 0 is no limit. */
  requestsPerMinute: number;
  /** What is being waited for. */
  wait(): Wait | undefined;
}

/** Counts what is reported and puts it into words. */
export class ProgressCounter implements Progress {
  readonly #source: ProgressSource;
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

  constructor(source: ProgressSource) {
    this.#source = source;
    this.#requests = [{ atMs: source.monotonicMs(), count: 0 }];
  }

  begin(tapStreamId: string): void {
    this.#tapStreamId = tapStreamId;
    this.#beganMs = this.#partBeganMs = this.#reachedMs = this.#source.monotonicMs();
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
    this.#reachedMs = this.#source.monotonicMs();
  }

  /**
   * The line, for example
   * `chats: offline messages 45 %, 4m left, 84 of 200 requests/min, 12300 records, 310/s, up to
   * 2024-05-01T10:00`.
   */
  describe(): string {
    const nowMs = this.#source.monotonicMs();
    const requests = this.#describeRequests(nowMs);
    const wait = describeWait(this.#source.wait(), nowMs);
    const seconds = (nowMs - this.#beganMs) / 1000;
    const parts = this.#tapStreamId === undefined ? ["Starting", wait, requests] : [
      `${this.#tapStreamId}: ${this.#describeShare(nowMs)}`,
      wait,
      requests,
      `${this.#records} records`,
      `${seconds > 0 ? Math.round(this.#records / seconds) : 0}/s`,
      this.#describePlace(),
    ];
    return parts.filter((part) => part !== undefined).join(", ");
  }

  #describeRequests(nowMs: number): string {
    // The nearest moment will do: a timer of a minute is early or late by milliseconds.
    const miss = ({ atMs }: RequestsSent) => Math.abs(nowMs - MINUTE_MS - atMs);
    while (this.#requests.length > 1 && miss(this.#requests[1]!) <= miss(this.#requests[0]!)) {
      this.#requests.shift();
    }
    const count = this.#source.requestCount();
    const sent = count - this.#requests[0]!.count;
    this.#requests.push({ atMs: nowMs, count });
    const { requestsPerMinute } = this.#source;
    return `${sent}${requestsPerMinute === 0 ? "" : ` of ${requestsPerMinute}`} requests/min`;
  }

  /** What is being read, and how much of it has been. */
  #describeShare(nowMs: number): string {
    const { part, range, atMicros } = this.#position ?? {};
    if (range === undefined || atMicros === undefined) {
      return part ?? `page ${this.#pages}`;
    }
    const share = shareBefore(atMicros, range);
    const percent = Math.floor(share * 100);
    const read = part === undefined ? `${percent} %` : `${part} ${percent} %`;
    // Too little is read to judge by, or nothing is left.
    if (percent === 0 || percent === 100) return read;
    const leftSeconds = (nowMs - this.#partBeganMs) / 1000 * (1 - share) / share;
    return `${read}, ${describeLeft(leftSeconds)} left`;
  }

  #describePlace(): string | undefined {
    if (this.#position === undefined) return undefined;
    return `up to ${formatMicros(this.#position.atMicros).slice(0, 16)}`;
  }
}

function describeWait(wait: Wait | undefined, nowMs: number): string | undefined {
  if (wait === undefined) return undefined;
  const { what, sinceMs, untilMs } = wait;
  if (untilMs === undefined && nowMs - sinceMs < LONG_WAIT_MS) return undefined;
  const [ms, which] = untilMs === undefined
    ? [nowMs - sinceMs, "so far"]
    : [Math.max(0, untilMs - nowMs), "left"];
  return `waiting for ${what}: ${Math.round(ms / 1000)} s ${which}`;
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
