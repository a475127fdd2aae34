import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../lib/errors.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import { sinceIdStream } from "../../../lib/stream/since_id.ts";
import type { StreamItem } from "../../../lib/stream/stream.ts";
import { rows } from "../../../lib/zendesk/answer.ts";
import { createStubChatApi, createStubContext, STARTED_AT } from "../../fakes/stub_chat_api.ts";

const STREAM = sinceIdStream({
  tapStreamId: "agents",
  schema: {},
  limit: ({ agentsPageLimit }) => agentsPageLimit,
  lists: (body) => [rows(body)],
});

/** What the stream yields and asks for, given its bookmark and the API's answers. */
async function read(
  bookmark: JsonObject | null,
  bodies: readonly Json[],
): Promise<{ items: StreamItem[]; requests: readonly string[] }> {
  const api = createStubChatApi(bodies.map((body) => ({ body })));
  const state = { bookmarks: { agents: bookmark } };
  const context = createStubContext({ api, state, tapStreamId: "agents", agentsPageLimit: 2 });
  return { items: await Array.fromAsync(STREAM.open(context)), requests: api.requests };
}

function page(...ids: number[]): StreamItem {
  return { kind: "page", records: ids.map((id) => ({ id })), extractedAt: STARTED_AT };
}

const COMPLETE: StreamItem = { kind: "complete" };

function offset(id: number | null): StreamItem {
  return { kind: "checkpoint", bookmark: { offset: { id } } };
}

Deno.test("sinceIdStream() writes the offset behind each page and null at the end", {
  permissions: "none",
}, async () => {
  assertEquals(await read({}, [[{ id: 4 }, { id: 9 }], [{ id: 10 }], []]), {
    items: [page(4, 9), offset(10), page(10), offset(11), COMPLETE, offset(null)],
    requests: [
      "agents?since_id=0&limit=2",
      "agents?since_id=10&limit=2",
      "agents?since_id=11&limit=2",
    ],
  });
});

Deno.test("sinceIdStream() goes on at the offset of an interrupted run", {
  permissions: "none",
}, async () => {
  assertEquals(await read({ offset: { id: 123 } }, [[]]), {
    items: [COMPLETE, offset(null)],
    requests: ["agents?since_id=123&limit=2"],
  });
});

Deno.test("sinceIdStream() begins at the first id whatever the Python tap left for none", {
  permissions: "none",
}, async () => {
  const bookmarks = [null, {}, { offset: null }, { offset: {} }, { offset: { id: null } }, {
    offset: { id: {} },
  }];
  for (const bookmark of bookmarks) {
    const { requests } = await read(bookmark, [[]]);
    assertEquals(requests, ["agents?since_id=0&limit=2"]);
  }
});

Deno.test("sinceIdStream() refuses an offset that is no id before it asks for anything", {
  permissions: "none",
}, () => {
  const cases: [Json, string][] = [
    [{ id: "123" }, '"bookmarks.agents.offset.id" is "123"'],
    [{ id: ["123"] }, '"bookmarks.agents.offset.id" is an array'],
    [7, '"bookmarks.agents.offset" is 7'],
  ];
  for (const [offset, found] of cases) {
    const api = createStubChatApi([]);
    const state = { bookmarks: { agents: { offset } } };
    const context = createStubContext({ api, state, tapStreamId: "agents" });

    assertThrows(
      () => STREAM.open(context),
      InputError,
      `Cannot use state file "state.json": ${found}, expected `,
    );
    assertEquals(api.requests, []);
  }
});
