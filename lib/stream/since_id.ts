/** Full-table streams that are paged by id and can be taken up again in the middle of the table. */

import { fromBigInt } from "../exact_number.ts";
import type { Json } from "../json.ts";
import type { Schema } from "../singer/schema.ts";
import { sinceIdPages } from "../zendesk/since_id.ts";
import { withOrigin } from "./origin.ts";
import type { Stream, StreamContext, StreamItem } from "./stream.ts";

/** What tells one such stream from another. */
export interface SinceIdStreamOptions {
  tapStreamId: string;
  schema: Schema;
  /** Rows to ask for at a time. */
  limit(config: StreamContext["config"]): number;
  /** The lists of rows in an answer. */
  lists(body: Json): Json[][];
}

/**
 * A stream whose `offset.id` in the state says where an interrupted run stopped, and is null after a
 * complete one.
 */
export function sinceIdStream({ tapStreamId, schema, limit, lists }: SinceIdStreamOptions): Stream {
  return {
    tapStreamId,
    keyProperties: ["id"],
    replicationMethod: "FULL_TABLE",
    replicationKeys: () => [],
    bookmarkKeys: ["offset", "version"],
    schema,
    selectedByDefault: true,
    discovery: "listed",
    probe: ({ api }) =>
      api.get({ endpoint: tapStreamId, path: tapStreamId, query: { limit: 1 }, read: lists }),
    open(context) {
      const sinceId = context.bookmark.nested("offset").id("id") ?? 0n;
      const origin = sinceId === 0n
        ? "the whole of it"
        : `from id ${sinceId}, where a run was interrupted, to its end`;
      const options = { endpoint: tapStreamId, limit: limit(context.config), sinceId, lists };
      const items = withOrigin(origin, readPages(context, options));
      return Object.assign(items, { isContinued: sinceId > 0 });
    },
  };
}

async function* readPages(
  { api }: StreamContext,
  options: Parameters<typeof sinceIdPages>[1],
): AsyncGenerator<StreamItem> {
  for await (const { rows, nextSinceId, receivedAtMs } of sinceIdPages(api, options)) {
    yield { kind: "page", records: rows, extractedAt: receivedAtMs };
    yield { kind: "checkpoint", bookmark: { offset: { id: fromBigInt(nextSinceId) } } };
  }
  yield { kind: "complete" };
  yield { kind: "checkpoint", bookmark: { offset: { id: null } } };
}
