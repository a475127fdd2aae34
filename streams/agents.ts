/** Agents, paged by id. */

import schema from "../schemas/agents.json" with { type: "json" };
import { sinceIdStream } from "../lib/stream/since_id.ts";
import type { Stream } from "../lib/stream/stream.ts";
import { rows } from "../lib/zendesk/answer.ts";

export const agents: Stream = sinceIdStream({
  tapStreamId: "agents",
  schema,
  limit: (config) => config.agentsPageLimit,
  lists: (body) => [rows(body)],
});
