import { assertEquals, assertNotMatch, assertRejects } from "@std/assert";
import { TapError } from "../../../lib/errors.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import { BulkReads } from "../../../lib/zendesk/bulk_read.ts";
import { RequestError } from "../../../lib/zendesk/request_error.ts";
import { type Search, searchChats, type SearchStep } from "../../../lib/zendesk/search.ts";
import type { SearchKind } from "../../../lib/zendesk/search_requests.ts";
import { WindowWidths } from "../../../lib/zendesk/search_windows.ts";
import {
  createStubChatApi,
  createStubContext,
  refusal,
  type StubChatApi,
  type StubReply,
  type StubRequest,
} from "../../fakes/stub_chat_api.ts";
import { chatAt, parseQuery, searchOver } from "../../fakes/stub_search.ts";

const CHAT: SearchKind = { type: "chat", field: "end_timestamp" };
const OFFLINE: SearchKind = { type: "offline_msg", field: "timestamp" };
const FROM = Date.parse("2026-01-01T00:00:00Z") / 1000;
const TO = Date.parse("2026-01-15T12:00:01Z") / 1000;
const MIDDLE = Date.parse("2026-01-08T06:00:00Z") / 1000;

const Q = "type:chat AND end_timestamp:[2026-01-01T00:00:00 TO 2026-01-15T12:00:01]";
const WINDOW = "chat with end_timestamp from 2026-01-01T00:00:00 to 2026-01-15T12:00:01 UTC";
const FIRST = `chats/search?q=${Q}`;

/** The ids from one number to another, as the API has them: texts. */
function ids(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`);
}

/** A search page; `next` is the query of the link to the next one. */
function hits(found: readonly string[], count: Json | undefined, next?: string | null): StubReply {
  const next_url = typeof next === "string" ? `https://acme.zendesk.com/search?${next}` : next;
  return { body: { results: found.map((id) => ({ id })), count, next_url } };
}

/** A bulk answer with a chat for each id. */
function docs(found: readonly string[]): StubReply {
  return { body: { docs: Object.fromEntries(found.map((id) => [id, { id, type: "chat" }])) } };
}

interface Reading {
  /** The ids of each step's chats; for a window the end of it, in epoch seconds. */
  steps: (string[] | number)[];
  /** What windows lack: their bounds, or ids. */
  gaps: (string[] | [number, number])[];
  lines: string[];
}

/** Reads a range to its end. */
async function read(
  api: StubChatApi,
  { kind = CHAT, from = FROM, to = TO, widest = Infinity } = {},
): Promise<Reading> {
  const { search, lines } = searchOf(api, widest);
  const reading: Reading = { steps: [], gaps: [], lines };
  for await (const step of searchChats(search, kind, { from, to: () => to })) {
    if (step.kind === "chats") reading.steps.push(step.chats.map(({ id }) => id as string));
    else {
      reading.steps.push(step.to);
      if (step.isShort) reading.gaps.push([step.from, step.to]);
      if (step.lacking.length > 0) reading.gaps.push(step.lacking);
    }
  }
  return reading;
}

/** What the searches of a run share, and its log. */
function searchOf(api: StubChatApi, widest = Infinity): { search: Search; lines: string[] } {
  const { log, lines } = createStubContext({ api });
  return {
    search: { api, bulk: new BulkReads(api), widths: new WindowWidths(widest), log },
    lines,
  };
}

/** An API that answers searches by page (a page's query is its name) and bulk reads in full. */
function pagesApi(
  pages: Record<string, StubReply>,
  bulk: (asked: string[]) => StubReply = docs,
): StubChatApi {
  return createStubChatApi(({ path, params }: StubRequest) => {
    if (path === "chats") return bulk(params.ids!.split(","));
    const reply = pages[params.page ?? "1"];
    if (reply === undefined) throw new Error(`Unexpected page ${params.page}`);
    return reply;
  });
}

Deno.test("searchChats() reads the chats behind a page of ids, and then says how far it is", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([hits(["b", "a"], 2, null), docs(["a", "b"])]);

  assertEquals(await read(api), { steps: [["b", "a"], TO], gaps: [], lines: [] });
  assertEquals(api.requests, [FIRST, "chats?ids=b,a"]);
});

Deno.test("searchChats() asks for offline messages by their time", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([hits([], 0)]);

  assertEquals(await read(api, { kind: OFFLINE }), { steps: [TO], gaps: [], lines: [] });
  assertEquals(api.requests, [
    "chats/search?q=type:offline_msg AND timestamp:[2026-01-01T00:00:00 TO 2026-01-15T12:00:01]",
  ]);
});

Deno.test("searchChats() fetches the next page of ids while it reads chats", {
  permissions: "none",
}, async () => {
  const api = pagesApi({
    1: hits(ids(1, 40), 100, "page=2"),
    2: hits(ids(41, 80), 100, "page=3"),
    3: hits(ids(81, 100), 100, null),
  });

  assertEquals(await read(api), {
    steps: [ids(1, 40), ids(41, 100), TO],
    gaps: [],
    lines: [],
  });
  assertEquals(api.requests, [
    FIRST,
    "chats/search?page=2",
    `chats?ids=${ids(1, 40)}`,
    "chats/search?page=3",
    `chats?ids=${ids(41, 100)}`,
  ]);
});

Deno.test("searchChats() takes nothing but the query from a link", {
  permissions: "none",
}, async () => {
  const links: [string, string][] = [
    ["https://evil.example/api/v2/other?cursor=x%2By&q=a+b", "chats/search?cursor=x+y&q=a b"],
    ["http://localhost:1/?page=2#fragment?page=3", "chats/search?page=2"],
    ["?page=2", "chats/search?page=2"],
    ["//evil.example?page=2?", "chats/search?page=2?"],
  ];
  for (const [next_url, request] of links) {
    const api = createStubChatApi([
      { body: { results: [{ id: "a" }], count: 2, next_url } },
      hits(["b"], 2, null),
      docs(["a"]),
      docs(["b"]),
    ]);
    assertEquals(await read(api), { steps: [["a"], ["b"], TO], gaps: [], lines: [] });
    assertEquals(api.requests[1], request);
  }
});

Deno.test("searchChats() takes a link without a query for a failed request", {
  permissions: "none",
}, async () => {
  for (const next_url of ["https://acme.zendesk.com/api/v2/chat/chats/search", "page 2"]) {
    const api = createStubChatApi(() => ({ body: { results: [{ id: "a" }], count: 2, next_url } }));
    await assertRejects(() => read(api), RequestError, 'a "next_url" without a query');
    assertEquals(api.requestCount, 3);
  }
});

Deno.test("searchChats() ends a window at a link that is null, absent or empty", {
  permissions: "none",
}, async () => {
  for (const next_url of [null, undefined, ""]) {
    const api = createStubChatApi([
      { body: { results: [{ id: "a" }], count: 1, next_url } },
      docs(["a"]),
    ]);
    assertEquals(await read(api), { steps: [["a"], TO], gaps: [], lines: [] });
  }
});

Deno.test("searchChats() finds out when links lead back to a page already read", {
  permissions: "none",
}, async () => {
  const message =
    `Cannot read chats: the search for ${WINDOW} does not end, its links lead back to a ` +
    'page already read; run again later, or set "chats_api" to "incremental"';
  const self = pagesApi({ 1: hits(["a"], 3, "page=2"), 2: hits(["b"], 3, "page=2") });
  const circle = pagesApi({
    1: hits(["a"], 4, "page=2"),
    2: hits(["b"], 4, "page=3"),
    3: hits(["c"], 4, "page=2"),
  });

  for (const [api, searches] of [[self, 2], [circle, 3]] as const) {
    const error = await assertRejects(() => read(api), TapError);
    assertEquals(error.message, message);
    assertEquals(api.requests.filter((text) => text.startsWith("chats/search")).length, searches);
  }
});

Deno.test("searchChats() gives up on pages that never end", { permissions: "none" }, async () => {
  const api = createStubChatApi(({ path, params: { ids = "", page = "1" } }) =>
    path === "chats"
      ? docs(ids.split(","))
      : hits([page === "1" ? "a" : "b"], 5, `page=${Number(page) + 1}`)
  );

  await assertRejects(() => read(api), TapError, `the search for ${WINDOW} does not end`);
});

Deno.test("searchChats() follows the link of an empty page while hits are missing", {
  permissions: "none",
}, async () => {
  const api = pagesApi({
    1: hits(["a", "b"], 3, "page=2"),
    2: hits([], 3, "page=3"),
    3: hits(["c"], 3, null),
  });

  assertEquals(await read(api), { steps: [["a", "b"], ["c"], TO], gaps: [], lines: [] });
});

Deno.test("searchChats() ends at an empty page with a link when nothing is missing", {
  permissions: "none",
}, async () => {
  const empty = pagesApi({ 1: hits([], 0, "page=2") });
  const full = pagesApi({ 1: hits(["a"], 1, "page=2"), 2: hits([], 1, "page=3") });

  assertEquals(await read(empty), { steps: [TO], gaps: [], lines: [] });
  assertEquals(await read(full), { steps: [["a"], TO], gaps: [], lines: [] });
  assertEquals([empty.requestCount, full.requestCount], [1, 3]);
});

Deno.test("searchChats() reads a window again when a deletion moved a chat between its pages", {
  permissions: "none",
}, async () => {
  const chats = ids(1, 90).map((id, index) => chatAt(id, MIDDLE - index));
  let answer = searchOver(chats);
  const api = createStubChatApi((request) => {
    const reply = answer(request);
    if (api.requestCount === 1) answer = searchOver(chats.slice(1));
    return reply;
  });

  const { steps, gaps, lines } = await read(api);

  const yielded = steps.flatMap((step) => typeof step === "number" ? [] : step);
  assertEquals(gaps, [["1"]]);
  // Of the deleted chat only the id is left; 41 came up into the first page.
  assertEquals(yielded.toSorted(), ids(2, 90).toSorted());
  assertEquals(lines, [
    `WARNING The API has no document for 1 of the chats that the search for ${WINDOW} lists, asked ` +
    `twice: 1; the next runs ask for them again\n`,
  ]);
  assertEquals(api.requests.filter((request) => request === FIRST).length, 2);
  assertEquals(api.requests.at(-1), "chats?ids=1");
});

Deno.test("searchChats() reads no chat twice when a window is read again", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    hits(["a", "b", "a"], 4, null),
    docs(["a", "b"]),
    hits(["b", "c", "a"], 3, null),
    docs(["c"]),
  ]);

  assertEquals(await read(api), { steps: [["a", "b"], ["c"], TO], gaps: [], lines: [] });
  assertEquals(api.requests, [FIRST, "chats?ids=a,b", FIRST, "chats?ids=c"]);
});

Deno.test("searchChats() hands on a window of which more was counted than listed, twice", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    hits(["a", "b"], 5, null),
    docs(["a", "b"]),
    hits(["a", "b"], 4, null),
  ]);

  assertEquals(await read(api), {
    steps: [["a", "b"], TO],
    gaps: [[FROM, TO]],
    lines: [
      `WARNING The search for ${WINDOW} counts 4 chats and lists 2, asked twice: the next runs ask ` +
      "for the others again\n",
    ],
  });
});

Deno.test("searchChats() reads a window that counts thousands and lists none as one", {
  permissions: "none",
}, async () => {
  for (const count of [865, 20_000]) {
    const api = createStubChatApi([hits([], count, null), hits([], count, null)]);

    const { steps, gaps } = await read(api);

    assertEquals([steps, gaps, api.requestCount], [[TO], [[FROM, TO]], 2]);
  }
});

Deno.test("searchChats() follows no count any more once one was false", {
  permissions: "none",
}, async () => {
  const DAY = 86_400;
  const api = createStubChatApi(({ path, params: { q = "", ids = "" } }) => {
    if (path === "chats") return docs(ids.split(","));
    // Counts one chat more than there is, and a thousand more where there is none.
    return q.includes("T12:00:01]") ? hits([], 1_000, null) : hits(["a"], 2, null);
  });

  const { gaps, lines } = await read(api, { widest: DAY });

  const first = [FROM, FROM + DAY];
  assertEquals([gaps[0], gaps.length, lines.length], [first, 15, 1]);
  // Only the first window is read twice.
  const searches = api.requests.filter((text) => text.startsWith("chats/search"));
  assertEquals(searches.length, 16);
});

Deno.test("searchChats() lists everything although the count is too low or absent", {
  permissions: "none",
}, async () => {
  for (const count of [1, 0, null, undefined]) {
    const api = pagesApi({
      1: hits(ids(1, 40), count, "page=2"),
      2: hits(ids(41, 60), count, null),
    });
    assertEquals(await read(api), { steps: [ids(1, 40), ids(41, 60), TO], gaps: [], lines: [] });
    assertEquals(api.requestCount, 4);
  }
});

Deno.test("searchChats() splits a window when a later page is refused", {
  permissions: "none",
}, async () => {
  const chats = ids(1, 300).map((id, index) => chatAt(id, FROM + index * 4_000));
  const answer = searchOver(chats);
  const api = createStubChatApi((request) =>
    Number(request.params.page) > 3 ? refusal(400) : answer(request)
  );

  const { steps, lines } = await read(api);

  const yielded = steps.flatMap((step) => typeof step === "number" ? [] : step);
  assertEquals(new Set(yielded), new Set(ids(1, 300)));
  assertEquals(lines, []);
  const ends = steps.filter((step) => typeof step === "number");
  assertEquals([ends.at(-1), ends.length > 2], [TO, true]);
});

Deno.test("searchChats() ends no window of which a page was refused", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi(({ path, params: { q = "", page, ids = "" } }) => {
    if (path === "chats") return docs(ids.split(","));
    if (page !== undefined) return refusal(400);
    return q === Q ? hits(["b"], 2, "page=2") : hits(["a"], 1, null);
  });

  const { steps } = await read(api);

  const half = Math.floor((TO - FROM) / 2);
  assertEquals(steps, [["b"], ["a"], FROM + half, ["a"], FROM + 2 * half, ["a"], TO]);
});

Deno.test("searchChats() does not call a second too full of which a page is refused", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi(({ path, params: { page, ids = "" } }) =>
    path === "chats"
      ? docs(ids.split(","))
      : page === undefined
      ? hits(["a"], 900, "page=2")
      : refusal(400)
  );

  const error = await assertRejects(() => read(api), TapError, "2026-01-01T00:00:00");

  assertNotMatch(error.message, /no more than 10000/);
});

Deno.test("searchChats() halves a window that is refused, and keeps to what was accepted", {
  permissions: "none",
}, async () => {
  const WEEK = 7 * 86_400;
  const chats = ids(1, 300).map((id, index) => chatAt(id, FROM + index * 4_000));
  const answer = searchOver(chats);
  const timeout: StubReply = { failure: { kind: "timeout", timeoutMs: 1_000 } };
  const refusals = [...[400, 413, 414, 422, 504].map(refusal), timeout];
  for (const tooWide of refusals) {
    const widths: number[] = [];
    const api = createStubChatApi((request) => {
      const { q, page } = request.params;
      if (q === undefined || page !== undefined) return answer(request);
      const { from, to } = parseQuery(q);
      if (widths.at(-1) !== to - from) widths.push(to - from);
      return to - from > WEEK ? tooWide : answer(request);
    });

    const { steps, gaps } = await read(api, { from: FROM - 100 * WEEK });

    const yielded = steps.flatMap((step) => typeof step === "number" ? [] : step);
    assertEquals([new Set(yielded), gaps], [new Set(ids(1, 300)), []]);
    // It is found out once what is accepted; the last window is what remains.
    const refused = widths.filter((width) => width > WEEK);
    assertEquals([refused.length, new Set(widths).size], [7, 9], `${widths}`);
  }
});

Deno.test("searchChats() fails when the first page of an hour is refused", {
  permissions: "none",
}, async () => {
  const HOUR = 3_600;
  for (const [to, requests] of [[FROM + HOUR, 1], [FROM + 8 * HOUR, 4], [TO, 10]] as const) {
    const api = createStubChatApi(() => refusal(400));
    await assertRejects(() => read(api, { to }), RequestError, "answered 400 after 1 attempt");
    assertEquals(api.requestCount, requests);
  }
});

Deno.test("searchChats() fails when the first page fails for another reason than its width", {
  permissions: "none",
}, async () => {
  for (const status of [401, 403, 404, 500]) {
    const api = createStubChatApi(() => refusal(status));
    await assertRejects(() => read(api), RequestError, `answered ${status}`);
    assertEquals(new Set(api.requests).size, 1);
  }
});

Deno.test("searchChats() fails when a later page fails in another way", {
  permissions: "none",
}, async () => {
  const api = pagesApi({ 1: hits(["a"], 2, "page=2"), 2: refusal(403) });
  const { search } = searchOf(api);
  const steps: SearchStep[] = [];

  await assertRejects(
    async () => {
      const range = { from: FROM, to: () => TO };
      for await (const step of searchChats(search, CHAT, range)) steps.push(step);
    },
    RequestError,
    "answered 403",
  );

  assertEquals(steps.map((step) => step.kind === "chats" && step.chats), [[{
    id: "a",
    type: "chat",
  }]]);
});

Deno.test("searchChats() asks once more for chats without a document", {
  permissions: "none",
}, async () => {
  const first: JsonObject = { a: { id: "a", type: "chat" }, b: null, d: { id: "d", type: "chat" } };
  const api = createStubChatApi([
    hits(["a", "b", "c", "d"], 4, null),
    { body: { docs: first } },
    docs(["c"]),
  ]);

  assertEquals(await read(api), {
    steps: [["a", "d"], ["c"], TO],
    gaps: [["b"]],
    lines: [
      `WARNING The API has no document for 1 of the chats that the search for ${WINDOW} lists, asked ` +
      `twice: b; the next runs ask for them again\n`,
    ],
  });
  assertEquals(api.requests, [FIRST, "chats?ids=a,b,c,d", "chats?ids=b,c"]);
});

Deno.test("searchChats() names ten of the chats that have no document", {
  permissions: "none",
}, async () => {
  const api = pagesApi(
    { 1: hits(ids(1, 30), 30, null) },
    (asked) => docs(asked.filter((id) => id === "30")),
  );

  assertEquals(await read(api), {
    steps: [["30"], TO],
    gaps: [ids(1, 29)],
    lines: [
      `WARNING The API has no document for 29 of the chats that the search for ${WINDOW} lists, asked ` +
      `twice: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …; the next runs ask for them again\n`,
    ],
  });
});

Deno.test("searchChats() accepts that a single chat has no document", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([hits(["a"], 1, null), docs([]), docs([])]);

  const { steps, gaps, lines } = await read(api);

  assertEquals([steps, gaps, lines.length, api.requestCount], [[TO], [["a"]], 1, 3]);
});

Deno.test("searchChats() asks again for all of a bulk answer that has none, and goes on without", {
  permissions: "none",
}, async () => {
  const once = createStubChatApi([
    hits(["a", "b"], 2, null),
    docs([]),
    docs(["a", "b"]),
  ]);
  const always = pagesApi({ 1: hits(["a", "b"], 2, null) }, () => docs([]));

  assertEquals(await read(once), { steps: [["a", "b"], TO], gaps: [], lines: [] });
  const { steps, gaps } = await read(always);
  assertEquals([steps, gaps, always.requestCount], [[TO], [["a", "b"]], 3]);
});

Deno.test("searchChats() takes a document's id from its place, and an odd document for none", {
  permissions: "none",
}, async () => {
  const answered: JsonObject = { a: { comment: "Hi" }, b: { id: null, comment: "Hi" } };
  const odd: JsonObject = { c: {}, d: null, e: "x", f: [], g: { id: "other" }, h: 5 };
  const api = pagesApi(
    { 1: hits(["a", "b", "c", "d", "e", "f", "g", "h"], 8, null) },
    () => ({ body: { docs: { ...answered, ...odd } } }),
  );
  const { search } = searchOf(api);
  const chats: JsonObject[] = [];
  const lacking: string[] = [];
  for await (const step of searchChats(search, CHAT, { from: FROM, to: () => TO })) {
    if (step.kind === "chats") chats.push(...step.chats);
    else lacking.push(...step.lacking);
  }

  assertEquals(chats, [{ comment: "Hi", id: "a" }, { comment: "Hi", id: "b" }]);
  assertEquals(lacking, Object.keys(odd));
});

Deno.test("searchChats() passes over a hit without an id, which then is counted and not listed", {
  permissions: "none",
}, async () => {
  const results: Json[] = [{ id: "a" }, null, {}, { id: 7 }, { id: "" }, "x"];
  const api = createStubChatApi(({ path }) =>
    path === "chats" ? docs(["a"]) : { body: { results, count: 6, next_url: null } }
  );

  const { steps, gaps } = await read(api);

  assertEquals([steps, gaps], [[["a"], TO], [[FROM, TO]]]);
});

Deno.test("searchChats() reads each id of a page once, as many at a time as the API takes", {
  permissions: "none",
}, async () => {
  const found = ids(1, 90);
  const api = pagesApi({ 1: hits([...found, ...found], 90, null) });

  assertEquals(await read(api), {
    steps: [ids(1, 40), ids(41, 90), TO],
    gaps: [],
    lines: [],
  });
});

Deno.test("searchChats() takes an answer of another shape for a failed request", {
  permissions: "none",
}, async () => {
  const page = hits(["a"], 1, null);
  const cases: [StubReply[], string][] = [
    [[{ body: [] }], "an object was expected, found an array"],
    [[{ body: { count: 0 } }], '"results": an array was expected, found nothing'],
    [[{ body: { results: {} } }], '"results": an array was expected, found an object'],
    [[{ body: { results: [], count: "2" } }], '"count": a count was expected, found a string'],
    [[{ body: { results: [], count: -1 } }], '"count": a count was expected, found -1'],
    [[{ body: { results: [], next_url: 5 } }], '"next_url": text was expected, found a number'],
    [[page, { body: {} }], '"docs": an object was expected, found nothing'],
    [[page, { body: { docs: [] } }], '"docs": an object was expected, found an array'],
  ];
  for (const [[first, ...rest], found] of cases) {
    const script = rest.length === 0
      ? [first!, first!, first!]
      : [first!, ...rest, ...rest, ...rest];
    const api = createStubChatApi(script);
    await assertRejects(() => read(api), RequestError, `: ${found}; `);
    assertEquals(api.requestCount, script.length);
  }
});

Deno.test("searchChats() takes for a document only what the answer holds", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    hits(["constructor", "__proto__", "toString"], 3, null),
    {
      body: {
        docs: JSON.parse('{"constructor":{"type":"chat"},"__proto__":{"type":"chat"}}'),
      },
    },
    { body: { docs: {} } },
  ]);

  const { steps, lines } = await read(api);

  assertEquals([steps, lines.length], [[["constructor", "__proto__"], TO], 1]);
  assertEquals(api.requests.at(-1), "chats?ids=toString");
});

Deno.test("searchChats() leaves no unhandled failure behind when nobody reads on", {
  permissions: "none",
}, async () => {
  const api = pagesApi({ 1: hits(["a"], 2, "page=2"), 2: refusal(403) });
  const { search } = searchOf(api);

  for await (const _ of searchChats(search, CHAT, { from: FROM, to: () => TO })) break;
  await new Promise((resolve) => setTimeout(resolve));

  assertEquals(api.requests, [FIRST, "chats/search?page=2", "chats?ids=a"]);
});

Deno.test("searchChats() fails with the bulk request although the next page fails as well", {
  permissions: "none",
}, async () => {
  const api = pagesApi({ 1: hits(["a"], 2, "page=2"), 2: refusal(403) }, () => refusal(401));

  await assertRejects(() => read(api), RequestError, "/chats answered 401");
  await new Promise((resolve) => setTimeout(resolve));
});
