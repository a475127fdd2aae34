/**
 * How a log line may look beside singer-python's `LEVEL message`: with the time before it, or as one
 * JSON object, in the form that Meltano takes apart (Meltano, `logging/parsers.py`) and other readers
 * of JSON logs understand too.
 */

import type { LogEntry } from "./log.ts";
import { NAME } from "./version.ts";

/** What a line says of its process and moment. */
export interface Moment {
  nowMs: () => number;
  pid: number;
}

/** `TIME LEVEL message`, the time in RFC 3339. */
export function datedLine({ level, message }: LogEntry, { nowMs }: Moment): string {
  return `${new Date(nowMs()).toISOString()} ${level} ${message}`;
}

/** One JSON object, with every member that Meltano requires. */
export function structuredLine(
  { level, message, metric, facts = {} }: LogEntry,
  { nowMs, pid }: Moment,
): string {
  const stream = metric?.tags.endpoint ?? facts.stream ?? null;
  return JSON.stringify({
    level: level.toLowerCase(),
    pid,
    logger_name: NAME,
    ts: nowMs() / 1000,
    thread_name: null,
    app_name: NAME,
    stream_name: stream,
    message: metric === undefined ? message : `METRIC ${stream}`,
    ...(metric !== undefined && {
      metric_info: { ...metric, tags: { stream, ...metric.tags } },
    }),
    extra: facts,
  });
}
