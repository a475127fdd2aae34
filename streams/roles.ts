/** Roles: what agents may do. An account's plan may lack them. */

import schema from "../schemas/roles.json" with { type: "json" };
import { listStream } from "../lib/stream/full_table.ts";
import type { Stream } from "../lib/stream/stream.ts";

export const roles: Stream = listStream({
  tapStreamId: "roles",
  key: "id",
  schema,
  optional: true,
  selectedByDefault: false,
});
