/** Goals that visitors reached, with the chat that is given the credit. */

import schema from "../schemas/conversions.json" with { type: "json" };
import { exportStream } from "../lib/stream/export.ts";
import type { Stream } from "../lib/stream/stream.ts";

export const conversions: Stream = exportStream({
  endpoint: "conversions",
  keyProperties: ["id"],
  timeField: "timestamp",
  unit: "seconds",
  fields: "conversions(*)",
  schema,
});
