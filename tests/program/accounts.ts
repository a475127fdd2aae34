/** Accounts for tests that count every row: small, but with more than one page of what has pages. */

import type { Json, JsonObject } from "../../lib/json.ts";
import { STREAMS } from "../../streams/mod.ts";
import {
  type AccountData,
  type AccountLists,
  chat,
  type FakeChatApi,
  offlineMessage,
} from "../fakes/chat_api/mod.ts";
import type { Message } from "./singer_output.ts";

/** `YYYY-MM-DDTHH:MM:SSZ` of an instant in epoch milliseconds. */
export function secondText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19) + "Z";
}

/** Something in every stream; its chats lie days apart, from January to May of 2026. */
export function smallAccount(): AccountData {
  const day = (number: number, ms = 0) => Date.UTC(2026, 0, number, 9) + ms;
  const named = (id: number) => ({ id, name: `Number ${id}` });
  return {
    account: { account_key: "k" },
    agents: [1, 2, 5, 8, 9].map((id) => ({ id })),
    bans: { visitor: [3, 6, 7].map((id) => ({ id })), ip_address: [4, 5].map((id) => ({ id })) },
    departments: [21, 22].map(named),
    goals: [31].map(named),
    shortcuts: ["hi", "bye"].map((name) => ({ name })),
    triggers: [41].map(named),
    roles: [51, 52].map(named),
    skills: [61].map(named),
    routing_settings: { routing_mode: "assigned" },
    ...exportRows(3, (index) => day(1 + 10 * index)),
    chats: Array.from({ length: 16 }, (_, index) => {
      const time = secondText(day(1 + 9 * index, index));
      if (index % 4 === 3) return offlineMessage(`m${index}`, time);
      const events = Array.from({ length: index % 3 }, (_, event) => ({ msg: `${event}` }));
      return chat(`c${index}`, time, { history: events });
    }),
  };
}

/** Rows for each export but that of chats, at times in epoch milliseconds. */
export function exportRows(
  count: number,
  timeMs: (index: number) => number,
): Pick<AccountLists, "agent_timeline" | "agent_events" | "conversions" | "department_events"> {
  const rows = (row: (index: number, time: string) => JsonObject) =>
    Array.from({ length: count }, (_, index) => row(index, secondText(timeMs(index))));
  const event = (index: number, timestamp: string) => ({ id: `e${pad(index)}`, timestamp });
  return {
    agent_timeline: rows((index, time) => ({ agent_id: 1_000 + index, start_time: time })),
    agent_events: rows(event),
    conversions: rows(event),
    department_events: rows(event),
  };
}

/** A number as text that sorts as the number does. */
export function pad(number: number): string {
  return `${number}`.padStart(5, "0");
}

/** What an account has of these streams, as `stream key`. */
export function keysHeld({ account, chats }: FakeChatApi, streams: readonly string[]): Set<string> {
  const { bans, routing_settings: _, account: one, ...lists } = account;
  const documents = chats.sortedBy("timestamp").map(({ id }) => chats.get(id)!);
  const rows: Record<string, Iterable<JsonObject>> = {
    ...lists,
    account: [one],
    bans: [...bans.visitor, ...bans.ip_address],
    routing_settings: [{ id: "account" }],
    chats: documents.map(({ id }) => ({ id })),
    chat_history: documents.flatMap(({ id, history = [] }) =>
      (history as Json[]).map((_, position) => ({ chat_id: id, position }))
    ),
    chat_engagements: documents.flatMap(({ engagements = [] }) => engagements as JsonObject[]),
  };
  return new Set(
    streams.flatMap((stream) => Array.from(rows[stream]!, (row) => keyOf(stream, row))),
  );
}

/** The records of these messages, as `stream key`. */
export function keysRead(messages: readonly Message[]): string[] {
  return messages.flatMap((message) =>
    message.type === "RECORD" ? [keyOf(message.stream, message.record)] : []
  );
}

/** A row's key; the times in keys are those of whole seconds. */
function keyOf(tapStreamId: string, row: JsonObject): string {
  const { keyProperties } = STREAMS.find((stream) => stream.tapStreamId === tapStreamId)!;
  const key = keyProperties.map((property) => `${row[property]}`.replace(".000000Z", "Z"));
  return `${tapStreamId} ${key.join(" ")}`;
}
