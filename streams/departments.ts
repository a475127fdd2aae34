/** Departments: a short list, returned whole. */

import schema from "../schemas/departments.json" with { type: "json" };
import { listStream } from "../lib/stream/full_table.ts";
import type { Stream } from "../lib/stream/stream.ts";

export const departments: Stream = listStream({
  tapStreamId: "departments",
  key: "id",
  schema,
  openObjects: ["settings"],
});
