/** The metrics that singer-python's reader understands, apart from the client's own timer. */

import type { Metric } from "../log.ts";

/** How many records of a stream were written since the last such line. */
export function recordCount(tapStreamId: string, value: number): Metric {
  return { type: "counter", metric: "record_count", value, tags: { endpoint: tapStreamId } };
}
