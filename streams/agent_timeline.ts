/** Spans of time that an agent spent in one status. They have no id: agent and start, to the microsecond, are the key. */

import schema from "../schemas/agent_timeline.json" with { type: "json" };
import { exportStream } from "../lib/stream/export.ts";
import type { Stream } from "../lib/stream/stream.ts";

export const agentTimeline: Stream = exportStream({
  endpoint: "agent_timeline",
  keyProperties: ["agent_id", "start_time"],
  timeField: "start_time",
  unit: "microseconds",
  fields: "agent_timeline(*)",
  schema,
});
