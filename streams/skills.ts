/** Skills: by which chats find agents. An account's plan may lack them. */

import schema from "../schemas/skills.json" with { type: "json" };
import { listStream } from "../lib/stream/full_table.ts";
import type { Stream } from "../lib/stream/stream.ts";

export const skills: Stream = listStream({
  tapStreamId: "skills",
  key: "id",
  schema,
  optional: true,
  selectedByDefault: false,
});
