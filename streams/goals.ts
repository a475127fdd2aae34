/** Goals: what a visitor can convert to, a short list. */

import schema from "../schemas/goals.json" with { type: "json" };
import { listStream } from "../lib/stream/full_table.ts";
import type { Stream } from "../lib/stream/stream.ts";

export const goals: Stream = listStream({
  tapStreamId: "goals",
  key: "id",
  schema,
});
