/** Bans of visitors and of addresses: two lists in one answer, paged by an id that they share. */

import schema from "../schemas/bans.json" with { type: "json" };
import { sinceIdStream } from "../lib/stream/since_id.ts";
import type { Stream } from "../lib/stream/stream.ts";
import { rowsIn } from "../lib/zendesk/answer.ts";

export const bans: Stream = sinceIdStream({
  tapStreamId: "bans",
  schema,
  limit: (config) => config.bansPageLimit,
  lists: (body) => [rowsIn(body, "visitor"), rowsIn(body, "ip_address")],
});
