/** Changes of a department's status. */

import schema from "../schemas/department_events.json" with { type: "json" };
import { exportStream } from "../lib/stream/export.ts";
import type { Stream } from "../lib/stream/stream.ts";

export const departmentEvents: Stream = exportStream({
  endpoint: "department_events",
  keyProperties: ["id"],
  timeField: "timestamp",
  unit: "seconds",
  fields: "department_events(*)",
  schema,
});
