import { assert, assertEquals, assertRejects } from "@std/assert";
import type { JsonObject } from "../../lib/json.ts";
import {
  chat,
  type FakeChatApi,
  type FakeChatApiOptions,
  generatedChats,
  offlineMessage,
  startFakeChatApi,
  TOKEN,
} from "./chat_api/mod.ts";
import { sampleAccount } from "./sample_account/mod.ts";

const NOW = Date.parse("2026-02-01T00:00:00Z");

// deno-lint-ignore no-explicit-any
type Body = any;

async function get(api: FakeChatApi, path: string): Promise<Body> {
  const response = await fetch(api.url + path, { headers: { authorization: `Bearer ${TOKEN}` } });
  const body = await response.json();
  return response.status === 200 ? body : { status: response.status, ...body };
}

function search(api: FakeChatApi, q: string, page = 1): Promise<Body> {
  return get(api, `/chats/search?${new URLSearchParams({ q, page: `${page}` })}`);
}

const idsOf = (rows: JsonObject[]) => rows.map(({ id }) => id);

/** Follows next_page until a page is short of the limit; ids in the order in which they came. */
async function exported(api: FakeChatApi, path: string): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  for (let url = path;;) {
    const page = await get(api, url);
    pages.push(idsOf(page.chats));
    if (page.count < Number(new URL(page.next_page).searchParams.get("limit"))) return pages;
    url = page.next_page.slice(api.url.length);
  }
}

Deno.test("startFakeChatApi() answers 401 unless the token is right", async () => {
  await using api = await startFakeChatApi();
  const unauthorized = {
    error: "Unauthorized",
    description: "Could not verify your authorization for this resource",
  };
  const without = await fetch(`${api.url}/chats`);
  assertEquals([without.status, await without.json()], [401, unauthorized]);
  assertEquals(await get(api, "/chats"), { chats: [], next_url: null });
  api.token = "another";
  assertEquals(await get(api, "/chats"), { status: 401, ...unauthorized });
});

Deno.test("startFakeChatApi() refuses the streams it is told to refuse", async () => {
  const gone = { status: 404, headers: { "content-type": "text/html" }, body: "<html>" };
  await using api = await startFakeChatApi({
    refuse: { account: 403, routing_settings: gone, agent_events: 404 },
  });
  assertEquals(await get(api, "/account"), { status: 403, error: "Forbidden" });
  assertEquals(await get(api, "/incremental/agent_events"), { status: 404, error: "Not Found" });
  const headers = { authorization: `Bearer ${TOKEN}` };
  const html = await fetch(`${api.url}/routing_settings/account`, { headers });
  assertEquals(
    [html.status, html.headers.get("content-type"), await html.text()],
    [404, "text/html", "<html>"],
  );
  assertEquals(await get(api, "/roles"), []);
});

Deno.test("startFakeChatApi() logs requests in order and as they were sent", async () => {
  await using api = await startFakeChatApi();
  await get(api, "/agents?since_id=3&limit=2");
  await get(api, "/chats/search?q=nonsense");
  assertEquals(
    api.requests.map(({ headers, ...request }) => ({
      ...request,
      authorization: headers.authorization,
    })),
    [
      {
        index: 0,
        method: "GET",
        path: "/agents",
        query: "since_id=3&limit=2",
        params: { since_id: "3", limit: "2" },
        status: 200,
        authorization: `Bearer ${TOKEN}`,
      },
      {
        index: 1,
        method: "GET",
        path: "/chats/search",
        query: "q=nonsense",
        params: { q: "nonsense" },
        status: 400,
        authorization: `Bearer ${TOKEN}`,
      },
    ],
  );
});

Deno.test("/agents pages by since_id, in order and inclusively", async () => {
  await using api = await startFakeChatApi({
    account: { agents: [{ id: 9 }, { id: 2 }, { id: 5 }] },
  });
  assertEquals(await get(api, "/agents?since_id=0&limit=2"), [{ id: 2 }, { id: 5 }]);
  assertEquals(await get(api, "/agents?since_id=5&limit=2"), [{ id: 5 }, { id: 9 }]);
  assertEquals(await get(api, "/agents?since_id=10&limit=2"), []);
  assertEquals((await get(api, "/agents?limit=500")).status, 400);
});

const BANS = {
  visitor: [{ id: 1 }, { id: 4 }, { id: 6 }],
  ip_address: [{ id: 2 }, { id: 3 }, { id: 9 }],
};

Deno.test("/bans counts its limit over both lists", async () => {
  await using api = await startFakeChatApi({ account: { bans: BANS } });
  assertEquals(await get(api, "/bans?since_id=2&limit=3"), {
    visitor: [{ id: 4 }],
    ip_address: [{ id: 2 }, { id: 3 }],
  });
});

Deno.test("/bans counts its limit for each list when told to", async () => {
  await using api = await startFakeChatApi({ account: { bans: BANS }, bansLimitEachList: true });
  assertEquals(await get(api, "/bans?since_id=2&limit=2"), {
    visitor: [{ id: 4 }, { id: 6 }],
    ip_address: [{ id: 2 }, { id: 3 }],
  });
});

Deno.test("/chats/search finds one kind in inclusive bounds, newest first", async () => {
  await using api = await startFakeChatApi({
    account: {
      chats: [
        chat("b", "2026-01-02T00:00:00Z"),
        chat("a", "2026-01-01T00:00:00Z"),
        chat("c", "2026-01-03T00:00:00Z"),
        offlineMessage("o", "2026-01-02T00:00:00Z"),
      ],
    },
  });
  const found = await search(
    api,
    "type:chat AND end_timestamp:[2026-01-01T00:00:00 TO 2026-01-02T00:00:00Z]",
  );
  assertEquals(found, {
    results: ["b", "a"].map((id) => ({
      id,
      timestamp: id === "b" ? "2026-01-01T23:50:00Z" : "2025-12-31T23:50:00Z",
      preview: "Hello, I have a question",
      type: "chat",
      url: `${api.url}/chats/${id}`,
    })),
    count: 2,
    next_url: null,
    prev_url: null,
  });
  const open = await search(api, "type:offline_msg AND timestamp:[* TO *]");
  assertEquals(idsOf(open.results), ["o"]);
  const empty = await search(
    api,
    "type:chat AND end_timestamp:[2026-01-01T00:00:01 TO 2026-01-01T23:59:59]",
  );
  assertEquals([empty.count, empty.results], [0, []]);
});

Deno.test("/chats/search refuses an offset in its bounds", async () => {
  await using api = await startFakeChatApi();
  const q = "type:chat AND end_timestamp:[2026-01-01T00:00:00+00:00 TO *]";
  assertEquals(await search(api, q), {
    status: 400,
    error: "Bad Request",
    description: "Cannot parse date in query: 2026-01-01T00:00:00+00:00",
  });
});

Deno.test("/chats/search gives 40 a page and no page beyond 10,000 hits", async () => {
  await using api = await startFakeChatApi({
    account: { chats: generatedChats({ count: 10_001 }) },
  });
  const q = "type:chat AND end_timestamp:[* TO *]";
  const first = await search(api, q);
  const second = await get(api, first.next_url.slice(api.url.length));
  assertEquals(
    [first.count, first.results.length, first.prev_url, second.prev_url],
    [10_001, 40, null, first.next_url.replace("page=2", "page=1")],
  );
  assertEquals(new Set(idsOf([...first.results, ...second.results])).size, 80);
  const last = await search(api, q, 250);
  assertEquals(last.next_url, first.next_url.replace("page=2", "page=251"));
  assertEquals(await search(api, q, 251), {
    status: 400,
    error: "Bad Request",
    description: "Result window is too large: at most 10000 hits",
  });
});

Deno.test("/chats/search finds young chats only after the index lag", async () => {
  let now = NOW;
  await using api = await startFakeChatApi({
    account: { chats: [chat("1", "2026-01-31T23:59:00Z")] },
    indexLagSeconds: 90,
    now: () => now,
  });
  const q = "type:chat AND end_timestamp:[* TO *]";
  assertEquals((await search(api, q)).count, 0);
  now += 30_000;
  assertEquals((await search(api, q)).count, 1);
});

Deno.test("/chats?ids= gives documents by id, without what only the export has", async () => {
  const options = { account: { chats: [chat("1", "2026-01-02T00:00:00Z", { deleted: false })] } };
  await using nulls = await startFakeChatApi(options);
  await using absent = await startFakeChatApi({ ...options, missingDocs: "absent" });
  const document = {
    id: "1",
    type: "chat",
    timestamp: "2026-01-01T23:50:00Z",
    end_timestamp: "2026-01-02T00:00:00Z",
  };
  assertEquals(await get(nulls, "/chats?ids=1,2"), { docs: { 1: document, 2: null }, count: 1 });
  assertEquals(await get(absent, "/chats?ids=1,2"), { docs: { 1: document }, count: 1 });
});

Deno.test("/chats lists every chat, newest first, by next_url", async () => {
  await using api = await startFakeChatApi({
    account: { chats: generatedChats({ count: 41, offlineEvery: 2 }) },
  });
  const first = await get(api, "/chats");
  const second = await get(api, first.next_url.slice(api.url.length));
  const times = [...first.chats, ...second.chats].map(({ timestamp }) => timestamp);
  assertEquals([first.chats.length, second.chats.length, second.next_url], [40, 1, null]);
  assertEquals(times, times.toSorted().reverse());
});

/** Five chats, of which three changed in one second. */
const TIED = [
  chat("a", "2026-01-01T00:00:00Z"),
  chat("t1", "2026-01-02T00:00:00Z"),
  chat("t2", "2026-01-02T00:00:00Z"),
  chat("t3", "2026-01-02T00:00:00Z"),
  chat("z", "2026-01-03T00:00:00Z"),
];

Deno.test("/incremental/chats answers with rows in order of change, and where it stopped", async () => {
  await using api = await startFakeChatApi({ account: { chats: TIED.toReversed() } });
  assertEquals(await get(api, "/incremental/chats?start_time=1767225601&limit=2"), {
    chats: [{ id: "t1" }, { id: "t2" }],
    count: 2,
    end_time: 1767312000,
    end_id: "t2",
    next_page: `${api.url}/incremental/chats?start_time=1767312000&limit=2&start_id=t2`,
  });
  const whole = await get(api, "/incremental/chats?fields=chats(*)");
  assertEquals(whole.chats, TIED);
  const some = await get(api, "/incremental/chats?fields=chats(id,end_timestamp)&limit=1");
  assertEquals(some.chats, [{ id: "a", end_timestamp: "2026-01-01T00:00:00Z" }]);
});

for (const startIdExclusive of [false, true]) {
  const taken = startIdExclusive ? "exclusively" : "inclusively";
  Deno.test(`/incremental/chats gets past a tie when start_id is taken ${taken}`, async () => {
    await using api = await startFakeChatApi({ account: { chats: TIED }, startIdExclusive });
    assertEquals(
      await exported(api, "/incremental/chats?limit=2"),
      startIdExclusive
        ? [["a", "t1"], ["t2", "t3"], ["z"]]
        : [["a", "t1"], ["t1", "t2"], ["t2", "t3"], ["t3", "z"], ["z"]],
    );
  });
}

Deno.test("/incremental/chats refuses a start_time of the last five minutes", async () => {
  await using api = await startFakeChatApi({ now: () => NOW });
  const refused = await get(api, `/incremental/chats?start_time=${NOW / 1000 - 299}`);
  assertEquals(refused, {
    status: 400,
    error: "Bad Request",
    description: "start_time must be more than 5 minutes in the past",
  });
  assertEquals((await get(api, `/incremental/chats?start_time=${NOW / 1000 - 300}`)).count, 0);
});

Deno.test("/incremental/chats has a next_page and the end_time it is told to when nothing came", async () => {
  const cases: [FakeChatApiOptions["emptyEndTime"] & string, number | null][] = [
    ["echo", 7],
    ["zero", 0],
    ["null", null],
  ];
  for (const [emptyEndTime, end_time] of cases) {
    await using api = await startFakeChatApi({ emptyEndTime });
    assertEquals(await get(api, "/incremental/chats?start_time=7"), {
      chats: [],
      count: 0,
      end_time,
      end_id: "",
      next_page: `${api.url}/incremental/chats?start_time=${end_time ?? 7}&start_id=`,
    });
  }
});

Deno.test("/incremental/agent_timeline counts in microseconds, agent_events in fractions", async () => {
  const start_time = "2020-12-14T04:08:32.301292Z";
  await using api = await startFakeChatApi({
    account: {
      agent_timeline: [{ agent_id: 1, start_time }, {
        agent_id: 2,
        start_time: "2020-12-14T04:00:00Z",
      }],
      agent_events: [{ id: "e1", timestamp: start_time }],
    },
  });
  assertEquals(await get(api, "/incremental/agent_timeline?start_time=1607918912301292"), {
    agent_timeline: [{ agent_id: 1, start_time }],
    count: 1,
    end_time: 1607918912301292,
    next_page: `${api.url}/incremental/agent_timeline?start_time=1607918912301292`,
  });
  assertEquals(await get(api, "/incremental/agent_events?start_time=1607918912"), {
    agent_events: [{ id: "e1", timestamp: start_time }],
    count: 1,
    end_time: 1607918912.301292,
    next_page: `${api.url}/incremental/agent_events?start_time=1607918912`,
  });
});

Deno.test("onRequest() may change the account before a request is answered", async () => {
  await using api = await startFakeChatApi({
    account: { chats: [chat("1", "2026-01-01T00:00:00Z"), chat("2", "2026-01-02T00:00:00Z")] },
    onRequest({ index }, { chats, account }) {
      if (index === 1) chats.put({ ...chats.get("1"), update_timestamp: "2026-01-03T00:00:00Z" });
      if (index === 2) chats.delete("2");
      if (index === 3) account.goals.push({ id: 1 });
    },
  });
  assertEquals(idsOf((await get(api, "/incremental/chats")).chats), ["1", "2"]);
  assertEquals(idsOf((await get(api, "/incremental/chats")).chats), ["2", "1"]);
  assertEquals(idsOf((await get(api, "/incremental/chats")).chats), ["1"]);
  assertEquals(await get(api, "/goals"), [{ id: 1 }]);
});

Deno.test("faults answer in the place of the API, in turn", async () => {
  await using api = await startFakeChatApi({
    faults: [
      { on: "/goals", after: 1, status: 429, headers: { "retry-after": "2" } },
      { on: "/goals", status: 502, body: "<html>Bad Gateway</html>" },
      { on: ({ path }) => path === "/roles", body: { roles: [] } },
      { on: 4, status: 302, headers: { location: "http://127.0.0.2/" } },
      { on: "/bans", alter: (body) => ({ ...body, visitor: null }) },
    ],
  });
  const answers = [];
  for (const path of ["/goals", "/goals", "/goals", "/roles", "/skills", "/bans", "/bans"]) {
    const response = await fetch(api.url + path, {
      headers: { authorization: `Bearer ${TOKEN}` },
      redirect: "manual",
    });
    const { headers } = response;
    const header = headers.get("retry-after") ?? headers.get("location");
    answers.push([response.status, header, await response.text()]);
  }
  assertEquals(answers, [
    [502, null, "<html>Bad Gateway</html>"],
    [429, "2", '{"error":"Too Many Requests"}'],
    [200, null, "[]"],
    [200, null, '{"roles":[]}'],
    [302, "http://127.0.0.2/", ""],
    [200, null, '{"visitor":null,"ip_address":[]}'],
    [200, null, '{"visitor":[],"ip_address":[]}'],
  ]);
  assertEquals(api.requests.map(({ status }) => status), [502, 429, 200, 200, 302, 200, 200]);
});

Deno.test("faults break the connection before the headers or inside the body", async () => {
  await using api = await startFakeChatApi({
    faults: [
      { on: 1, ending: "close" },
      { on: 2, ending: "reset" },
      { on: 3, ending: "close", bytes: 5 },
      { on: 4, ending: "reset", bytes: 5 },
    ],
  });
  await get(api, "/bans");
  for (let index = 1; index <= 4; index++) {
    await assertRejects(() => get(api, "/bans"), TypeError);
  }
  assertEquals(await get(api, "/bans"), { visitor: [], ip_address: [] });
  assertEquals(api.requests.map(({ status }) => status), [200, null, null, 200, 200, 200]);
});

Deno.test("faults keep a client waiting for the headers or for the body", async () => {
  const { promise: met, resolve } = Promise.withResolvers<void>();
  await using api = await startFakeChatApi({
    faults: [{ on: 0, ending: "hang" }, { on: 1, ending: "hang", bytes: 5 }, { delayMs: 1 }],
    onRequest: () => resolve(),
  });
  const headers = { authorization: `Bearer ${TOKEN}` };
  const leaving = new AbortController();
  const silent = fetch(`${api.url}/bans`, { headers, signal: leaving.signal });
  await met;
  const slow = await fetch(`${api.url}/bans`, { headers, signal: leaving.signal });
  const body = slow.text();
  leaving.abort();
  await assertRejects(() => silent, DOMException);
  await assertRejects(() => body, DOMException);
  assertEquals(await get(api, "/bans"), { visitor: [], ip_address: [] });
});

Deno.test("disposing throws when there was a request that no correct client sends", async () => {
  const api = await startFakeChatApi();
  const ids = Array.from({ length: 201 }, (_, index) => index).join();
  for (const path of ["/visitors", "/goals?limit=1", `/chats?ids=${ids}`]) {
    assertEquals((await get(api, path)).status, 501);
  }
  await (await fetch(`${api.url}/goals`, { method: "DELETE" })).body?.cancel();
  const error = await assertRejects(() => api[Symbol.asyncDispose](), Error);
  assertEquals(
    error.message,
    [
      "Unexpected requests to the Chat API:",
      "GET /visitors?: UnexpectedRequest: no such endpoint",
      "GET /goals?limit=1: UnexpectedRequest: unknown parameter limit",
      `GET /chats?ids=${ids}: UnexpectedRequest: 201 ids in one bulk read`,
      "DELETE /goals?: UnexpectedRequest: only GET is expected",
    ].join("\n"),
  );
});

Deno.test("disposing is content with unexpected requests that are allowed", async () => {
  await using api = await startFakeChatApi({ allowUnexpected: true });
  await get(api, "/visitors");
  assertEquals(api.unexpected.length, 1);
});

Deno.test("generatedChats() makes distinct chats of the size asked for", async () => {
  for (const bytes of [2000, 20_000]) {
    await using api = await startFakeChatApi({
      account: { chats: generatedChats({ count: 300, bytes, offlineEvery: 3 }) },
    });
    const { chats } = await get(api, "/incremental/chats?fields=chats(*)");
    assertEquals(new Set(idsOf(chats)).size, 300);
    for (const row of chats) assertEquals(JSON.stringify(row).length, bytes);
    assertEquals(chats.filter((row: JsonObject) => row.type === "offline_msg").length, 100);
    assertEquals(chats[0].end_timestamp, "2026-01-01T00:00:00Z");
    assertEquals(api.chats.get(chats[1].id), chats[1]);
  }
});

Deno.test("sampleAccount() holds a year of chats that later calls hold as well", {
  permissions: "none",
}, () => {
  const dayMs = 86_400_000;
  const before = sampleAccount(NOW).chats as JsonObject[];
  const after = new Map(
    (sampleAccount(NOW + 5 * dayMs).chats as JsonObject[]).map((row) => [row.id, row]),
  );
  assertEquals(new Set(idsOf(before)).size, before.length);
  assert(before.length > 1400 && before.length < 1600, `${before.length} chats`);
  const kept = before.filter((row) => `${row.timestamp}` > "2025-02-07");
  assertEquals(kept.filter(({ id }) => !after.has(id)), []);
  const edited = kept.filter((row) => row.update_timestamp !== after.get(row.id)?.update_timestamp);
  assert(edited.length > 0 && edited.length < 20, `${edited.length} edited in between`);
  assert(edited.every((row) => `${row.timestamp}` > "2026-01-28"));
});

Deno.test("sampleAccount() holds the oddities of real accounts", { permissions: "none" }, () => {
  const { chats, agent_timeline, agent_events, conversions, department_events } = sampleAccount(
    NOW,
  );
  const rows = chats as JsonObject[];
  const text = JSON.stringify(rows);
  assert(text.includes("+00:00Z"), "malformed session date");
  assert(text.includes("🚲"), "emoji");
  assert(rows.some(({ webpath }) => (webpath as unknown[]).some(Array.isArray)), "webpath list");
  assert(rows.some((row) => `${row.update_timestamp}` > `${row.end_timestamp}`), "late edit");
  assert(rows.some(({ type }) => type === "offline_msg"), "offline message");
  for (const list of [agent_timeline, agent_events, conversions, department_events]) {
    assert(list.length > 30);
  }
});

Deno.test("serve_sample_account.ts serves with access to loopback alone", async () => {
  const script = new URL("./serve_sample_account.ts", import.meta.url).pathname;
  const flags = ["--now=2026-02-01T00:00:00Z", "--chats=3"];
  await using server = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-net=127.0.0.1", script, ...flags],
    stdout: "piped",
  }).spawn();
  const lines = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: url = "" } = await lines.read();
  const headers = { authorization: `Bearer ${TOKEN}` };
  const response = await fetch(`${url.trim()}/incremental/chats`, { headers });
  assertEquals((await response.json()).count, 3);
  server.kill();
  assertEquals((await lines.read()).done, true);
});
