/** What a tap writes, read as a target and as readers of logs do; what they would refuse throws. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { JsonObject } from "../../lib/json.ts";
import type { Schema } from "../../lib/singer/schema.ts";
import { TOKEN } from "../fakes/chat_api/mod.ts";
import type { TapResult } from "./tap_process.ts";

export interface SchemaMessage {
  type: "SCHEMA";
  stream: string;
  schema: Schema;
  key_properties: string[];
}

export interface RecordMessage {
  type: "RECORD";
  stream: string;
  record: JsonObject;
  version?: number;
  time_extracted: string;
}

export interface ActivateVersionMessage {
  type: "ACTIVATE_VERSION";
  stream: string;
  version: number;
}

export interface StateMessage {
  type: "STATE";
  value: JsonObject;
}

/** One Singer message. */
export type Message = SchemaMessage | RecordMessage | ActivateVersionMessage | StateMessage;

const LEVEL_REGEXP = /^(DEBUG|INFO|WARNING|ERROR|CRITICAL) \S/;
const COUNTER_REGEXP = new RegExp(
  '^INFO METRIC: {"type": "counter", "metric": "record_count", "value": \\d+, ' +
    '"tags": {"endpoint": "[a-z_]+"}}$',
);
const TIMER_REGEXP = new RegExp(
  '^INFO METRIC: {"type": "timer", "metric": "http_request_duration", "value": \\d+(\\.\\d+)?, ' +
    '"tags": {"endpoint": "[a-z_]+"(, "http_status_code": \\d{3})?, ' +
    '"status": "(succeeded|failed)"}}$',
);

/** The messages in a tap's standard output, which is whole lines of JSON and nothing else. */
export function messagesIn(stdout: string): Message[] {
  const lines = stdout.split("\n");
  assertEquals(lines.pop(), "", "standard output does not end with a line feed");
  return lines.map((line) => JSON.parse(line));
}

/** The records of one stream. */
export function recordsOf(messages: readonly Message[], stream: string): JsonObject[] {
  return messages.flatMap((message) =>
    message.type === "RECORD" && message.stream === stream ? [message.record] : []
  );
}

/** The last state that was written; undefined without any. */
export function lastState(messages: readonly Message[]): JsonObject | undefined {
  return messages.findLast((message) => message.type === "STATE")?.value;
}

/** The messages without what differs between runs that are otherwise the same. */
export function withoutTimes(messages: readonly Message[]): JsonObject[] {
  return messages.map(({ ...message }) => {
    if (message.type === "RECORD") message.time_extracted = "";
    return message as unknown as JsonObject;
  });
}

/** Holds what a tap wrote against what every run owes: log lines in form, the token nowhere. */
export function checkOutput({ stdout, stderr }: TapResult): void {
  assert(!(stdout + stderr).includes(TOKEN), "the token is in the output");
  const lines = stderr.split("\n");
  assertEquals(lines.pop(), "", "the log does not end with a line feed");
  for (const line of lines) {
    assertMatch(line, LEVEL_REGEXP);
    if (line.includes("METRIC")) {
      assertMatch(line, line.includes("counter") ? COUNTER_REGEXP : TIMER_REGEXP);
    }
  }
}

/** The lines of a log that have one of these levels. */
export function logLines(stderr: string, ...levels: string[]): string[] {
  return stderr.split("\n").filter((line) => levels.includes(line.split(" ", 1)[0]!));
}
