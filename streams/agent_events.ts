/** Changes of an agent's status and engagements; only on accounts where the feature is enabled. */

import schema from "../schemas/agent_events.json" with { type: "json" };
import { exportStream } from "../lib/stream/export.ts";
import type { Stream } from "../lib/stream/stream.ts";

export const agentEvents: Stream = exportStream({
  endpoint: "agent_events",
  keyProperties: ["id"],
  timeField: "timestamp",
  unit: "seconds",
  schema,
});
