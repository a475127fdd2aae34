/**
 * What stderr says: `LEVEL message` lines and METRIC lines, as singer-python's logger and metrics
 * write them. Text from files and from the API passes through here, so a line can neither be
 * broken nor forged, and a secret that was named once is masked in everything that follows.
 */

import { escapeUnits } from "./escape.ts";
import type { JsonObject } from "./json.ts";
import { Mask } from "./mask.ts";

/** Severity in singer-python's words, the least first. */
export const LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;

/** One of them. */
export type Level = typeof LEVELS[number];

/** How a log line may look. */
export const LOG_FORMATS = ["singer", "dated", "json"] as const;

/** One of them. */
export type LogFormat = typeof LOG_FORMATS[number];

/** What flags, variables and files may ask of the log. */
export interface LogWishes {
  level?: Level;
  format?: LogFormat;
}

/** The level that a text names, in any case of letters. */
export function parseLevel(text: string): Level | undefined {
  return LEVELS.find((level) => level === text.trim().toUpperCase());
}

/** The format of log lines that a text names, in any case of letters. */
export function parseLogFormat(text: string): LogFormat | undefined {
  return LOG_FORMATS.find((format) => format === text.trim().toLowerCase());
}

/** The variables that say how the log is to look; the first two stand in for flags. */
export const LOG_VARIABLES = {
  level: "TAP_ZENDESK_CHAT_LOGLEVEL",
  format: "TAP_ZENDESK_CHAT_LOGFORMAT",
  config: "SINGER_SDK_LOG_CONFIG",
} as const;

/** One metric, members in the order in which singer-python's reader expects them. */
export interface Metric extends JsonObject {
  type: "counter" | "timer";
  metric: string;
  value: number;
  tags: JsonObject;
}

/** One line of the log before it is put into a format. */
export interface LogEntry {
  level: Level;
  message: string;
  metric?: Metric;
  /** The message's figures, for readers of structured lines. */
  facts?: JsonObject;
}

/** Where a run reports to. */
export interface Log {
  /** Whether each line is an object for programs, and no text for people. */
  readonly isStructured: boolean;
  debug(message: string): void;
  info(message: string, facts?: JsonObject): void;
  warning(message: string): void;
  error(message: string): void;
  critical(message: string): void;
  metric(metric: Metric): void;
  /** Masks this text in every later line, unless it is so short that it would blot out words. */
  conceal(secret: string): void;
  /** Text as a line shows it: secrets masked, control characters escaped. */
  show(text: string): string;
}

/** What a log is made from: where lines go, and how they look. */
export interface LogOptions {
  /** Takes one finished line, its line feed included. */
  write(line: string): void;
  /** Takes one that nobody waits for, a metric; `write` when absent. */
  writeSoon?(line: string): void;
  /** Puts an entry into one line without its line feed; `LEVEL message` when absent. */
  format?(entry: LogEntry): string;
  /** Whether `format` makes objects for programs, which it does not when this is absent. */
  isStructured?: boolean;
  /** Lines below this level are left out; `INFO` when absent. */
  least?: Level;
  /** Whether metrics are written, which they are unless this is false. */
  metrics?: boolean;
}

/** Characters below which a secret is not masked: a token "token" would go through every message. */
export const SHORTEST_MASKED = 8;

// Control characters, line separators and characters that turn the direction of text.
const CONTROL_REGEXP = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Text with control and direction characters written as escapes, so that it stays on its line. */
export function escapeControl(text: string): string {
  return escapeUnits(text, CONTROL_REGEXP);
}

/** `LEVEL message`: singer-python's format. */
export function plainLine({ level, message }: LogEntry): string {
  return `${level} ${message}`;
}

/** JSON with a space after each comma and colon, as Python's `json.dumps` and metric readers have it. */
function spacedJson(value: JsonObject): string {
  const members = Object.entries(value).map(([key, member]) =>
    `${JSON.stringify(key)}: ${
      typeof member === "object" && member !== null && !Array.isArray(member)
        ? spacedJson(member as JsonObject)
        : JSON.stringify(member)
    }`
  );
  return `{${members.join(", ")}}`;
}

/** A log over a line sink. */
export function createLog(
  {
    write,
    writeSoon = write,
    format = plainLine,
    isStructured = false,
    least = "INFO",
    metrics = true,
  }: LogOptions,
): Log {
  const secrets = new Mask();
  const show = (text: string) => escapeControl(secrets.apply(text));
  const put = ({ message, ...entry }: LogEntry, writeLine = write) => {
    if (LEVELS.indexOf(entry.level) < LEVELS.indexOf(least)) return;
    writeLine(secrets.apply(format({ ...entry, message: show(message) })) + "\n");
  };
  return {
    isStructured,
    debug: (message) => put({ level: "DEBUG", message }),
    info: (message, facts) => put({ level: "INFO", message, ...(facts && { facts }) }),
    warning: (message) => put({ level: "WARNING", message }),
    error: (message) => put({ level: "ERROR", message }),
    critical: (message) => put({ level: "CRITICAL", message }),
    metric(metric) {
      if (!metrics) return;
      put({ level: "INFO", message: `METRIC: ${spacedJson(metric)}`, metric }, writeSoon);
    },
    conceal(secret) {
      if (secret.length >= SHORTEST_MASKED) secrets.conceal(secret);
    },
    show,
  };
}
