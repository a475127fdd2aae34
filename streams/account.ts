/** The account itself: one object, refused on some accounts that came from Zendesk Support. */

import schema from "../schemas/account.json" with { type: "json" };
import { objectStream } from "../lib/stream/full_table.ts";
import type { Stream } from "../lib/stream/stream.ts";

export const account: Stream = objectStream({
  tapStreamId: "account",
  key: "account_key",
  schema,
  optional: true,
});
