import { assertEquals, assertRejects } from "@std/assert";
import type { Json } from "../../../lib/json.ts";
import { type BulkAnswer, BulkReads } from "../../../lib/zendesk/bulk_read.ts";
import { RequestError } from "../../../lib/zendesk/request_error.ts";
import { createStubChatApi, refusal, type StubReply } from "../../fakes/stub_chat_api.ts";

/** The ids from one number to another. */
function ids(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`);
}

/** An answer with a document for each id. */
function docs(found: readonly string[]): StubReply {
  return { body: { docs: Object.fromEntries(found.map((id) => [id, { id, type: "chat" }])) } };
}

/** What a run reads of so many ids in a row, and how many ids its requests had. */
async function readMany(
  count: number,
  answer: (asked: string[]) => StubReply,
): Promise<{ sizes: number[]; came: string[]; lacking: string[] }> {
  const sizes: number[] = [];
  const api = createStubChatApi(({ params }) => {
    const asked = params.ids!.split(",");
    sizes.push(asked.length);
    return answer(asked);
  });
  const bulk = new BulkReads(api);
  const pending = ids(1, count);
  const answers: BulkAnswer[] = [];
  while (pending.length > 0) {
    for await (const part of bulk.read(pending.splice(0, bulk.size))) answers.push(part);
  }
  const came = answers.flatMap(({ chats }) => chats.map(({ id }) => id as string));
  return { sizes, came, lacking: answers.flatMap(({ lacking }) => lacking) };
}

Deno.test("read() takes more ids while answers are complete, 200 at the most", {
  permissions: "none",
}, async () => {
  assertEquals(await readMany(1_000, docs), {
    sizes: [40, 80, 160, 200, 200, 200, 120],
    came: ids(1, 1_000),
    lacking: [],
  });
});

Deno.test("read() falls back to 40 ids when more are refused", {
  permissions: "none",
}, async () => {
  for (const status of [400, 413, 414, 422, 431]) {
    const { sizes, came, lacking } = await readMany(
      280,
      (asked) => asked.length > 100 ? refusal(status) : docs(asked),
    );
    assertEquals(sizes, [40, 80, 160, 40, 40, 40, 40], `${status}`);
    assertEquals([came, lacking], [ids(1, 280), []]);
  }
});

Deno.test("read() falls back to 40 ids when answers are cut short, and asks for the rest", {
  permissions: "none",
}, async () => {
  assertEquals(await readMany(240, (asked) => docs(asked.slice(0, 60))), {
    sizes: [40, 80, 20, 40, 40, 40],
    came: ids(1, 240),
    lacking: [],
  });
});

Deno.test("read() finds out how many ids below 40 the API takes", {
  permissions: "none",
}, async () => {
  const refusing = await readMany(120, (asked) => asked.length > 15 ? refusal(400) : docs(asked));
  assertEquals(refusing, {
    sizes: [40, 20, 10, 10, 20, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10],
    came: ids(1, 120),
    lacking: [],
  });
  const cutting = await readMany(120, (asked) => docs(asked.slice(0, 15)));
  assertEquals(cutting, {
    sizes: [40, 20, 5, 5, 15, 15, 15, 15, 15, 5],
    came: ids(1, 120),
    lacking: [],
  });
});

Deno.test("read() asks for one page alone once a larger read has failed three times", {
  permissions: "none",
}, async () => {
  const slow: StubReply = { failure: { kind: "timeout", timeoutMs: 300_000 } };
  const { sizes, came } = await readMany(200, (asked) => asked.length > 40 ? slow : docs(asked));
  assertEquals(sizes, [40, 80, 80, 80, 40, 40, 40, 40]);
  assertEquals(came, ids(1, 200));
});

Deno.test("read() keeps its size when a few documents are lacking", {
  permissions: "none",
}, async () => {
  const gone = new Set(["7", "100", "300", "301"]);
  const { sizes, came, lacking } = await readMany(
    480,
    (asked) => docs(asked.filter((id) => !gone.has(id))),
  );
  assertEquals(sizes, [40, 40, 80, 80, 160, 80]);
  assertEquals(came, ids(1, 480).filter((id) => !gone.has(id)));
  assertEquals(lacking, [...gone]);
});

Deno.test("read() keeps its size when documents come and go by chance", {
  permissions: "none",
}, async () => {
  let turn = 0;
  const { sizes, came } = await readMany(
    400,
    (asked) => docs(asked.filter(() => turn++ % 3 === 0)),
  );
  assertEquals(sizes.filter((size) => size >= 40), Array(10).fill(40));
  assertEquals(new Set(came).size, came.length);
});

Deno.test("read() hands on as lacking what no answer has", { permissions: "none" }, async () => {
  const absent: Json[] = [null, {}, "text", [], 7, { id: "another", n: 1 }, { id: "7" }];
  const { sizes, came, lacking } = await readMany(7, (asked) => ({
    body: { docs: Object.fromEntries(asked.map((id, index) => [id, absent[index]!])) },
  }));
  assertEquals([sizes, came, lacking], [[7], [], ids(1, 7)]);
});

Deno.test("read() gives a document without id the one of its place", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([{
    body: { docs: { a: { type: "chat" }, b: { id: null, n: 1 } } },
  }]);
  const answers = await Array.fromAsync(new BulkReads(api).read(["a", "b"]));
  assertEquals(answers.map(({ chats }) => chats), [[
    { type: "chat", id: "a" },
    { id: "b", n: 1 },
  ]]);
});

Deno.test("read() counts an id that is refused alone as lacking, unless all are", {
  permissions: "none",
}, async () => {
  const { came, lacking } = await readMany(
    40,
    (asked) => asked.includes("9") ? refusal(400) : docs(asked),
  );
  assertEquals([came.length, lacking], [39, ["9"]]);
  await assertRejects(() => readMany(40, () => refusal(400)), RequestError, "answered 400");
});

Deno.test("read() passes on what has nothing to do with how many ids there are", {
  permissions: "none",
}, async () => {
  for (const status of [401, 403, 404, 410, 500]) {
    await assertRejects(() => readMany(40, () => refusal(status)), RequestError, `${status}`);
  }
});
