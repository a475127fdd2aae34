import { assertEquals, assertRejects } from "@std/assert";
import { TapError } from "../../../lib/errors.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import { rows, rowsIn } from "../../../lib/zendesk/answer.ts";
import { RequestError } from "../../../lib/zendesk/client.ts";
import { sinceIdPages } from "../../../lib/zendesk/since_id.ts";
import { createStubChatApi, type StubChatApi, type StubReply } from "../../fakes/stub_chat_api.ts";

const LISTS = (body: Json) => [rowsIn(body, "visitor"), rowsIn(body, "ip_address")];

const withIds = (ids: readonly number[]): JsonObject[] => ids.map((id) => ({ id }));

/** All pages, as the ids of their rows and the id at which the next one begins. */
async function readPages(
  api: StubChatApi,
  options: { limit: number; sinceId?: number; lists?: (body: Json) => JsonObject[][] },
): Promise<[number[], number][]> {
  const pages: [number[], number][] = [];
  const { lists = (body: Json) => [rows(body)], sinceId = 0, limit } = options;
  for await (
    const page of sinceIdPages(api, { endpoint: "agents", limit, sinceId, lists })
  ) {
    pages.push([page.rows.map(({ id }) => id as number), page.nextSinceId]);
  }
  return pages;
}

/** Bans as the API might page them: `limit` cuts both lists together, or each by itself. */
function bansApi(
  visitor: readonly number[],
  ipAddress: readonly number[],
  cut: "sum" | "list",
): StubChatApi {
  return createStubChatApi(({ params }): StubReply => {
    const limit = Number(params.limit);
    const rest = (ids: readonly number[]) => ids.filter((id) => id >= Number(params.since_id));
    const first = (ids: readonly number[]) => rest(ids).slice(0, limit);
    if (cut === "list") {
      return {
        body: { visitor: withIds(first(visitor)), ip_address: withIds(first(ipAddress)) },
      };
    }
    const both = [...visitor, ...ipAddress].sort((a, b) => a - b);
    const page = new Set(first(both));
    return {
      body: {
        visitor: withIds(visitor.filter((id) => page.has(id))),
        ip_address: withIds(ipAddress.filter((id) => page.has(id))),
      },
    };
  });
}

Deno.test("sinceIdPages() goes on behind the highest id until a page is empty", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    { body: withIds([3, 7]) },
    { body: withIds([9]) },
    { body: [] },
  ]);

  assertEquals(await readPages(api, { limit: 2 }), [[[3, 7], 8], [[9], 10]]);
  assertEquals(api.requests, [
    "agents?since_id=0&limit=2",
    "agents?since_id=8&limit=2",
    "agents?since_id=10&limit=2",
  ]);
});

Deno.test("sinceIdPages() begins at an id and finds nothing on an empty list", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([{ body: [] }]);

  assertEquals(await readPages(api, { limit: 100, sinceId: 12 }), []);
  assertEquals(api.requests, ["agents?since_id=12&limit=100"]);
});

Deno.test("sinceIdPages() does not rely on the order of ids", { permissions: "none" }, async () => {
  const api = createStubChatApi([{ body: withIds([7, 3, 5]) }, { body: [] }]);

  assertEquals(await readPages(api, { limit: 10 }), [[[7, 3, 5], 8]]);
});

Deno.test("sinceIdPages() reads two lists to the end, however limit cuts them", {
  permissions: "none",
}, async () => {
  const range = (from: number, to: number, step = 1) =>
    Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);
  const cases: [visitor: number[], ipAddress: number[]][] = [
    [[], []],
    [range(1, 26), []],
    [[], range(1, 26)],
    [range(1, 40, 2), range(2, 40, 2)],
    [range(1, 20), range(20, 40)],
    [range(20, 40), range(1, 20)],
    [range(1, 31), [500]],
    [[1, 2, 3, 1_000], range(4, 60)],
    [range(1, 60, 3), [2, 3, 59, 62]],
    [[7282640316815], [7282640316814]],
  ];
  for (const [visitor, ipAddress] of cases) {
    for (const cut of ["sum", "list"] as const) {
      for (const limit of [1, 2, 3, 5, 10, 100]) {
        const api = bansApi(visitor, ipAddress, cut);

        const pages = await readPages(api, { limit, lists: LISTS });

        const about = `${cut} ${limit} ${visitor} / ${ipAddress}`;
        const all = [...visitor, ...ipAddress].sort((a, b) => a - b);
        assertEquals(pages.flatMap(([ids]) => ids).sort((a, b) => a - b), all, about);
      }
    }
  }
});

Deno.test("sinceIdPages() can be taken up again behind any of its pages", {
  permissions: "none",
}, async () => {
  const visitor = [1, 2, 3, 9, 10, 20, 21, 22];
  const ipAddress = [4, 5, 6, 7, 8, 11, 19, 30];
  for (const cut of ["sum", "list"] as const) {
    const pages = await readPages(bansApi(visitor, ipAddress, cut), { limit: 3, lists: LISTS });
    for (let stop = 0; stop < pages.length; stop++) {
      const before = pages.slice(0, stop + 1).flatMap(([ids]) => ids);
      const sinceId = pages[stop]![1];
      const after = await readPages(bansApi(visitor, ipAddress, cut), {
        limit: 3,
        lists: LISTS,
        sinceId,
      });
      const union = new Set([...before, ...after.flatMap(([ids]) => ids)]);
      assertEquals(union, new Set([...visitor, ...ipAddress]), `${cut}, stopped before ${sinceId}`);
    }
  }
});

Deno.test("sinceIdPages() reads no more pages of two lists than it has to", {
  permissions: "none",
}, async () => {
  const visitor = Array.from({ length: 150 }, (_, index) => 2 * index + 1);
  const ipAddress = Array.from({ length: 150 }, (_, index) => 2 * index + 2);
  const sum = bansApi(visitor, ipAddress, "sum");
  const list = bansApi(visitor, ipAddress, "list");

  await readPages(sum, { limit: 100, lists: LISTS });
  await readPages(list, { limit: 100, lists: LISTS });

  assertEquals([sum.requestCount, list.requestCount], [4, 3]);
});

Deno.test("sinceIdPages() fails on a page that leads nowhere", {
  permissions: "none",
}, async () => {
  const whole = createStubChatApi(() => ({ body: withIds([3, 7]) }));
  const backwards = createStubChatApi([{ body: withIds([3, 7]) }, { body: withIds([2]) }]);
  const message = (since: number, highest: number) =>
    `Cannot read agents: asked for ids from ${since} on, the API answered none above ${highest}, so ` +
    "the list would never end; run again later, and report this line if it stays";

  for (const [api, highest] of [[whole, 7], [backwards, 2]] as const) {
    const error = await assertRejects(() => readPages(api, { limit: 2 }), TapError);
    assertEquals([error.message, api.requestCount], [message(8, highest), 2]);
  }
});

Deno.test("sinceIdPages() takes an answer of another shape for a failed request", {
  permissions: "none",
}, async () => {
  const cases: [Json, (body: Json) => JsonObject[][], string][] = [
    [[{ id: "7" }], (body) => [rows(body)], 'a row without a whole number as "id"'],
    [[{ id: 1.5 }], (body) => [rows(body)], 'a row without a whole number as "id"'],
    [[{ name: "x" }], (body) => [rows(body)], 'a row without a whole number as "id"'],
    [[null], (body) => [rows(body)], '"[0]": an object was expected, found null'],
    [{}, (body) => [rows(body)], "an array was expected, found an object"],
    [{ visitor: [] }, LISTS, '"ip_address": an array was expected, found nothing'],
    [
      { visitor: [], ip_address: null },
      LISTS,
      '"ip_address": an array was expected, found null',
    ],
  ];
  for (const [body, lists, found] of cases) {
    const api = createStubChatApi(() => ({ body }));
    await assertRejects(() => readPages(api, { limit: 10, lists }), RequestError, `: ${found}; `);
    assertEquals(api.requestCount, 3);
  }
});
