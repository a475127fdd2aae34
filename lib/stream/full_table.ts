/** Streams that are read whole in one request, each time: lists without paging and single objects. */

import type { Json, JsonObject } from "../json.ts";
import type { Schema } from "../singer/schema.ts";
import { objectAnswer, rows } from "../zendesk/answer.ts";
import type { ApiRequest } from "../zendesk/client.ts";
import { withOrigin } from "./origin.ts";
import type { Stream, StreamContext, StreamItem } from "./stream.ts";

/** What tells one such stream from another. */
export interface FullTableOptions {
  tapStreamId: string;
  key: string;
  schema: Schema;
  /** Objects to which the API adds members at will. */
  openObjects?: readonly string[];
  /** Below the API root; the stream's name when absent. */
  path?: string;
  /** Whether an account may lack it. */
  optional?: boolean;
  /** Whether the Python tap has it, whose streams are synced when no catalog is given. */
  selectedByDefault?: boolean;
}

/** A list that the API gives without paging. */
export function listStream(options: FullTableOptions): Stream {
  return fullTableStream(options, rows);
}

/** A single object; `pick` finds the record in the answer. */
export function objectStream(
  options: FullTableOptions,
  pick: (body: Json) => JsonObject = objectAnswer,
): Stream {
  return fullTableStream(options, (body) => [pick(body)]);
}

function fullTableStream(
  { tapStreamId, key, schema, path = tapStreamId, ...options }: FullTableOptions,
  read: (body: Json) => Json[],
): Stream {
  const request: ApiRequest<StreamItem> = {
    endpoint: tapStreamId,
    path,
    read: (body, { receivedAtMs }) => ({
      kind: "page",
      records: read(body),
      extractedAt: receivedAtMs,
    }),
  };
  return {
    tapStreamId,
    keyProperties: [key],
    replicationMethod: "FULL_TABLE",
    replicationKeys: () => [],
    bookmarkKeys: ["version"],
    schema,
    openObjects: options.openObjects ?? [],
    selectedByDefault: options.selectedByDefault ?? true,
    discovery: options.optional ? "optional" : "listed",
    probe: ({ api }) => api.get(request),
    open: (context) => withOrigin("the whole of it", readOnce(context, request)),
  };
}

async function* readOnce(
  { api }: StreamContext,
  request: ApiRequest<StreamItem>,
): AsyncGenerator<StreamItem> {
  yield await api.get(request);
  yield { kind: "complete" };
}
