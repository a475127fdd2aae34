/** Agents, paged by id. */

import schema from "../schemas/agents.json" with { type: "json" };
import { sinceIdStream } from "../lib/since_id_stream.ts";
import type { Stream } from "../lib/stream.ts";
import { rows } from "../lib/zendesk/answer.ts";

export const agents: Stream = sinceIdStream({
  tapStreamId: "agents",
  schema,
  limit: (config) => config.agentsPageLimit,
  lists: (body) => [rows(body)],
});
