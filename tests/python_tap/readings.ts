/** What a tap read: its streams in order, each with how many records and which fields. */

import type { Json, JsonObject } from "../../lib/json.ts";
import { type AccountData, type FakeChatApi, startFakeChatApi } from "../fakes/chat_api/mod.ts";
import { sampleAccount } from "../fakes/sample_account/mod.ts";
import { RUN_STARTED_AT } from "../run_streams.ts";

/** Where the runs begin, so that all of the account's chats are in. */
export const START_DATE = "2025-12-01";

/** A stream's name, its number of records, and the paths in them, separated by spaces. */
export type Reading = [stream: string, records: number, fields: string];

/** Some days of the sample account. */
export function startAccount(): Promise<FakeChatApi> {
  const account: AccountData = sampleAccount(RUN_STARTED_AT, 10);
  return startFakeChatApi({ account, now: () => RUN_STARTED_AT });
}

/** What the messages of a run hold. */
export function readingsOf(messages: readonly JsonObject[]): Reading[] {
  const paths = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  for (const message of messages) {
    const stream = message.stream as string;
    if (message.type === "SCHEMA" && !paths.has(stream)) paths.set(stream, new Set());
    if (message.type !== "RECORD") continue;
    counts.set(stream, (counts.get(stream) ?? 0) + 1);
    addPaths(message.record as Json, "", paths.get(stream)!);
  }
  return Array.from(
    paths,
    ([stream, fields]) => [stream, counts.get(stream) ?? 0, [...fields].sort().join(" ")],
  );
}

function addPaths(value: Json, path: string, paths: Set<string>): void {
  if (Array.isArray(value)) return value.forEach((item) => addPaths(item, `${path}[]`, paths));
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const at = path === "" ? name : `${path}.${name}`;
    paths.add(at);
    addPaths(member!, at, paths);
  }
}
