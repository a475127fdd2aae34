/** Shortcuts: canned answers, up to 15,000 in one list. `name`, the Python tap's key, equals `id`. */

import schema from "../schemas/shortcuts.json" with { type: "json" };
import { listStream } from "../lib/stream/full_table.ts";
import type { Stream } from "../lib/stream/stream.ts";

export const shortcuts: Stream = listStream({
  tapStreamId: "shortcuts",
  key: "name",
  schema,
});
