/** Changes of a department's status. */

import schema from "../schemas/department_events.json" with { type: "json" };
import { exportStream } from "../lib/export_stream.ts";
import type { Stream } from "../lib/stream.ts";

export const departmentEvents: Stream = exportStream({
  endpoint: "department_events",
  keyProperties: ["id"],
  replicationKey: "timestamp",
  unit: "seconds",
  fields: "department_events(*)",
  schema,
});
