/** How chats are routed: one object without a key. The tap adds a constant one, for targets that upsert. */

import schema from "../schemas/routing_settings.json" with { type: "json" };
import { objectStream } from "../lib/stream/full_table.ts";
import type { Stream } from "../lib/stream/stream.ts";
import { objectIn } from "../lib/zendesk/answer.ts";

export const routingSettings: Stream = objectStream({
  tapStreamId: "routing_settings",
  key: "id",
  schema,
  path: "routing_settings/account",
  optional: true,
  selectedByDefault: false,
}, (body) => ({ ...objectIn(body, "data"), id: "account" }));
