import { assertEquals, assertRejects } from "@std/assert";
import { isJsonObject, type Json, type JsonObject } from "../../../lib/json.ts";
import { rows, rowsIn } from "../../../lib/zendesk/answer.ts";
import { RequestError } from "../../../lib/zendesk/request_error.ts";
import { sinceIdPages } from "../../../lib/zendesk/since_id.ts";
import { createStubChatApi, type StubChatApi, type StubReply } from "../../fakes/stub_chat_api.ts";

const LISTS = (body: Json) => [rowsIn(body, "visitor"), rowsIn(body, "ip_address")];

const withIds = (ids: readonly number[]): JsonObject[] => ids.map((id) => ({ id }));

/** All pages, as the ids of their rows and the id at which the next one begins. */
async function readPages(
  api: StubChatApi,
  options: { limit: number; sinceId?: number; lists?: (body: Json) => Json[][] },
): Promise<[number[], number][]> {
  const pages: [number[], number][] = [];
  const { lists = (body: Json) => [rows(body)], sinceId = 0, limit } = options;
  for await (
    const page of sinceIdPages(api, { endpoint: "agents", limit, sinceId: BigInt(sinceId), lists })
  ) {
    pages.push([
      page.rows.map((row) => (isJsonObject(row) ? row.id : row) as number),
      Number(page.nextSinceId),
    ]);
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

  // A page that `limit` fills may be cut in either list, which costs the sum one page in a hundred.
  assertEquals([sum.requestCount, list.requestCount], [5, 3]);
});

Deno.test("sinceIdPages() skips nothing when the limit is filled by one list after the other", {
  permissions: "none",
}, async () => {
  const visitor = [1, 2, 5_000];
  const ipAddress = [3, 4, 6, 7, 300, 6_000];
  const api = createStubChatApi(({ params }): StubReply => {
    const rest = (ids: readonly number[]) => ids.filter((id) => id >= Number(params.since_id));
    const first = rest(visitor).slice(0, Number(params.limit));
    const second = rest(ipAddress).slice(0, Number(params.limit) - first.length);
    return { body: { visitor: withIds(first), ip_address: withIds(second) } };
  });

  const pages = await readPages(api, { limit: 5, lists: LISTS });

  const ids = pages.flatMap(([ids]) => ids).sort((a, b) => a - b);
  assertEquals(ids, [...visitor, ...ipAddress].sort((a, b) => a - b));
});

Deno.test("sinceIdPages() ends with a page without a new id", { permissions: "none" }, async () => {
  const ignoring = createStubChatApi(() => ({ body: withIds([3, 7]) }));
  const growing = createStubChatApi([
    { body: withIds([3, 7]) },
    { body: withIds([3, 7, 9, 9]) },
    { body: withIds([3, 7, 9]) },
  ]);
  const backwards = createStubChatApi([{ body: withIds([3, 7]) }, { body: withIds([2]) }]);

  assertEquals(await readPages(ignoring, { limit: 2 }), [[[3, 7], 8]]);
  assertEquals(await readPages(growing, { limit: 2 }), [[[3, 7], 8], [[9], 10]]);
  assertEquals(await readPages(backwards, { limit: 2 }), [[[3, 7], 8]]);
  assertEquals([ignoring, growing, backwards].map(({ requestCount }) => requestCount), [2, 3, 2]);
});

Deno.test("sinceIdPages() pages by the ids there are and hands on rows without one", {
  permissions: "none",
}, async () => {
  const odd: Json[] = [null, "row", [], {}, { id: null }, { id: 1.5 }, { id: -1 }, { id: true }];
  for (const row of odd) {
    const api = createStubChatApi([{ body: [row, { id: 4 }, { id: "7" }] }, { body: [] }]);
    const rowless = createStubChatApi([{ body: [{ id: 2 }] }, { body: [row] }]);
    const ignoring = createStubChatApi(() => ({ body: [{ id: 2 }, row] }));
    const shown = (isJsonObject(row) ? row.id : row) as number;

    assertEquals(await readPages(api, { limit: 10 }), [[[shown, 4, "7"], 8]] as unknown);
    assertEquals(await readPages(rowless, { limit: 10 }), [[[2], 3], [[shown], 3]]);
    assertEquals(await readPages(ignoring, { limit: 10 }), [[[2, shown], 3]]);
    assertEquals([api, rowless, ignoring].map(({ requestCount }) => requestCount), [2, 2, 2]);
  }
});

Deno.test("sinceIdPages() takes an answer of another shape for a failed request", {
  permissions: "none",
}, async () => {
  const cases: [Json, (body: Json) => Json[][], string][] = [
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
