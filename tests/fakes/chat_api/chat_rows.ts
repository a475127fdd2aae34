/** The smallest rows that are chats, for tests that only count and order them. */

import type { JsonObject } from "../../../lib/json.ts";
import { SECOND, toMicros, toSecondText } from "./instant.ts";

/** A chat that ended (and last changed) at this UTC date-time, ten minutes after it began. */
export function chat(id: string, endTimestamp: string, more: JsonObject = {}): JsonObject {
  return {
    id,
    type: "chat",
    timestamp: toSecondText(toMicros(endTimestamp) - 600 * SECOND),
    end_timestamp: endTimestamp,
    update_timestamp: endTimestamp,
    ...more,
  };
}

/** An offline message left at this UTC date-time. */
export function offlineMessage(id: string, timestamp: string, more: JsonObject = {}): JsonObject {
  return { id, type: "offline_msg", timestamp, update_timestamp: timestamp, ...more };
}
