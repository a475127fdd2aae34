/** Triggers: their condition and actions are nested lists and become JSON text. */

import schema from "../schemas/triggers.json" with { type: "json" };
import { listStream } from "../lib/stream/full_table.ts";
import type { Stream } from "../lib/stream/stream.ts";

export const triggers: Stream = listStream({
  tapStreamId: "triggers",
  key: "id",
  schema,
});
