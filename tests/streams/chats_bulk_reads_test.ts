/** Chats by search against an API that takes many ids in a bulk read, or few, and says so or does not. */

import { assertEquals, assertLessOrEqual } from "@std/assert";
import {
  type FakeChatApiOptions,
  generatedChats,
  startFakeChatApi,
} from "../fakes/chat_api/mod.ts";
import { recordsOf, runStreams, stateOf } from "../run_streams.ts";

const CHATS = generatedChats({
  count: 2_500,
  bytes: 1_500,
  offlineEvery: 5,
  from: "2026-01-02T00:00:00Z",
  to: "2026-01-12T00:00:00Z",
});

async function readAll(api: FakeChatApiOptions) {
  await using fake = await startFakeChatApi({ ...api, account: { chats: CHATS } });
  const run = await runStreams({ apiRoot: fake.url, only: ["chats"] });
  assertEquals(run.error, undefined);
  const chats = new Map(recordsOf(run).map((chat) => [chat.id, JSON.stringify(chat)]));
  return {
    chats: [...chats.values()].sort().join("\n"),
    state: stateOf(run),
    requests: fake.requests.length,
  };
}

Deno.test("chats are the same however many ids the API takes in a bulk read", async () => {
  const { requests, ...most } = await readAll({ mostIds: 200 });
  assertEquals(most.chats.split("\n").length, 2_500);
  // 63 pages of ids, and bulk reads of up to 200.
  assertLessOrEqual(requests, 63 + 18 + 6);

  for (const beyondMostIds of ["refuse", "cut"] as const) {
    for (const [mostIds, fewest] of [[40, 126], [100, 126], [25, 163], [7, 420]] as const) {
      const { requests, ...read } = await readAll({ mostIds, beyondMostIds });
      assertEquals(read.state, most.state, `${mostIds} ids, ${beyondMostIds}`);
      assertEquals(read.chats === most.chats, true, `${mostIds} ids, ${beyondMostIds}`);
      if (mostIds >= 40) assertLessOrEqual(requests, fewest + 12, `${mostIds}, ${beyondMostIds}`);
    }
  }
});
