import { assertEquals, assertRejects } from "@std/assert";
import { availableStreams, probeStream, streamsNotLacking } from "../../../lib/sync/discover.ts";
import type { Json } from "../../../lib/json.ts";
import { RequestError } from "../../../lib/zendesk/request_error.ts";
import { isChild, type Stream } from "../../../lib/stream/stream.ts";
import { STREAMS } from "../../../streams/mod.ts";
import {
  createStubChatApi,
  createStubContext,
  refusal,
  type StubChatApi,
  type StubReply,
  type StubRequest,
} from "../../fakes/stub_chat_api.ts";

/** Every stream that an account may lack, with the request that tells. */
const OPTIONAL: readonly (readonly [tapStreamId: string, path: string])[] = [
  ["account", "account"],
  ["roles", "roles"],
  ["skills", "skills"],
  ["routing_settings", "routing_settings/account"],
  ["agent_timeline", "incremental/agent_timeline"],
  ["agent_events", "incremental/agent_events"],
  ["conversions", "incremental/conversions"],
  ["department_events", "incremental/department_events"],
];

const ALL = STREAMS.map(({ tapStreamId }) => tapStreamId);

/** The streams that are asked for; children come with them. */
const SOURCES = STREAMS.filter((stream): stream is Stream => !isChild(stream));

/** What the API answers where nothing is refused. */
function answer(path: string): StubReply {
  const name = path.replace("incremental/", "");
  const bodies: Record<string, Json> = {
    "chats": { chats: [], next_url: null },
    "account": { account_key: "k" },
    "roles": [],
    "skills": [],
    "routing_settings/account": { data: {} },
  };
  return { body: bodies[path] ?? { [name]: [], count: 0, end_time: null } };
}

/** The streams found, and the lines logged, when the API refuses some paths. */
async function discover(
  refused: Record<string, StubReply>,
  chatsApi: "search" | "incremental" = "search",
): Promise<{ found: string[]; lines: string[]; api: StubChatApi }> {
  const api = createStubChatApi(({ path }) => refused[path] ?? answer(path));
  const context = createStubContext({ api, chatsApi });
  const found = await availableStreams(STREAMS, context);
  return { found: found.map(({ tapStreamId }) => tapStreamId), lines: context.lines, api };
}

Deno.test("availableStreams() asks once for chats and once for each stream that may be lacking", {
  permissions: "none",
}, async () => {
  for (
    const [chatsApi, request] of [
      ["search", "chats"],
      ["incremental", "incremental/chats?fields=chats(*)&limit=1&start_time=1768392000"],
    ] as const
  ) {
    const { found, lines, api } = await discover({}, chatsApi);

    assertEquals([found, lines], [ALL, []]);
    assertEquals(
      api.requests.toSorted(),
      [
        "account",
        request,
        "incremental/agent_events?limit=1&start_time=1768392000",
        "incremental/agent_timeline?fields=agent_timeline(*)&limit=1&start_time=1768392000000000",
        "incremental/conversions?fields=conversions(*)&limit=1&start_time=1768392000",
        "incremental/department_events?fields=department_events(*)&limit=1&start_time=1768392000",
        "roles",
        "routing_settings/account",
        "skills",
      ].toSorted(),
    );
  }
});

Deno.test("availableStreams() sends all its requests in one round", {
  permissions: "none",
}, async () => {
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const api = createStubChatApi(async ({ path }: StubRequest) => {
    if (++asked === 1 + OPTIONAL.length) resolve();
    await promise;
    return answer(path);
  });

  const context = createStubContext({ api });
  const found = await availableStreams(STREAMS, context);

  assertEquals(found.length, STREAMS.length);
});

Deno.test("availableStreams() lists exactly the rest, whichever resources are refused", {
  permissions: "none",
}, async () => {
  for (let subset = 0; subset < 2 ** OPTIONAL.length; subset++) {
    const lacking = OPTIONAL.filter((_, index) => subset & (1 << index));
    const refused = Object.fromEntries(
      lacking.map(([, path], index) => [path, refusal(index % 2 === 0 ? 403 : 404)]),
    );

    const { found, lines } = await discover(refused);

    const names = new Set(lacking.map(([tapStreamId]) => tapStreamId));
    assertEquals(found, ALL.filter((tapStreamId) => !names.has(tapStreamId)));
    assertEquals(
      lines,
      ALL.filter((tapStreamId) => names.has(tapStreamId)).map((tapStreamId) =>
        `INFO Left out stream ${tapStreamId}: the API refuses it to this account\n`
      ),
    );
  }
});

Deno.test("availableStreams() fails on refused credentials, whatever else is refused", {
  permissions: "none",
}, async () => {
  for (const status of [401, 403, 404]) {
    const refused = Object.fromEntries(OPTIONAL.map(([, path]) => [path, refusal(status)]));

    const error = await assertRejects(
      () => discover({ ...refused, chats: refusal(status) }),
      RequestError,
    );

    assertEquals(error.status, status);
    assertEquals(error.message.startsWith("Cannot read chats: GET https://acme."), true);
  }
});

/** What else than a lack comes of an optional resource, and the error's words on it. */
const BROKEN: [StubReply, string][] = [
  ...[400, 402, 405, 410, 422, 451, 501].map((status): [StubReply, string] => [
    refusal(status),
    `answered ${status} after 1 attempt`,
  ]),
  [refusal(429), "answered 429 after 10 attempts"],
  [refusal(503), "answered 503 after 10 attempts"],
  [{ failure: { kind: "timeout", timeoutMs: 1_000 } }, "timed out after 10 attempts"],
  [{ failure: { kind: "network", detail: "reset", connected: true } }, "failed after 10 attempts"],
  [{ body: "x" }, "answered 200 OK after 3 attempts"],
];

Deno.test("availableStreams() leaves out an extra that is broken, and says what came", {
  permissions: "none",
}, async () => {
  for (const [tapStreamId, path] of OPTIONAL) {
    for (const [reply, outcome] of BROKEN) {
      const { found, lines } = await discover({ [path]: reply });

      assertEquals(found, ALL.filter((name) => name !== tapStreamId));
      const expected = `WARNING Left out stream ${tapStreamId}: Cannot read ${tapStreamId}: GET ` +
        `https://acme.zendesk.com/api/v2/chat/${path} ${outcome}`;
      assertEquals(lines.map((line) => line.slice(0, expected.length)), [expected]);
    }
  }
});

Deno.test("availableStreams() fails when the token is refused anywhere", {
  permissions: "none",
}, async () => {
  for (const [tapStreamId, path] of OPTIONAL) {
    const error = await assertRejects(() => discover({ [path]: refusal(401) }), RequestError);
    const expected = `Cannot read ${tapStreamId}: GET https://acme.zendesk.com/api/v2/chat/${path}`;
    assertEquals(error.message.slice(0, expected.length), expected);
  }
});

Deno.test("availableStreams() tells of the credentials without waiting for a slow extra", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi(({ path }) =>
    path === "chats" ? refusal(403) : new Promise<StubReply>(() => {})
  );
  const error = await assertRejects(
    () => availableStreams(STREAMS, createStubContext({ api })),
    RequestError,
  );
  assertEquals(error.status, 403);
});

Deno.test("streamsNotLacking() asks for extras alone, and leaves out what the API refuses", {
  permissions: "none",
}, async () => {
  const lacking = new Set(["account", "skills"]);
  const broken: [StubReply, passes: boolean][] = [
    [refusal(400), false],
    [refusal(401), false],
    [refusal(410), false],
    [refusal(503), true],
    [{ body: 7 }, false],
  ];
  for (const [reply, passes] of broken) {
    const api = createStubChatApi(({ path }) => lacking.has(path) ? refusal(403) : reply);
    let limited = 0;
    const client = Object.assign(api, { limitPatience: () => void limited++ });
    const context = { ...createStubContext({ api }), api: client };
    const found = await streamsNotLacking(STREAMS, context);

    const names = found.map(({ tapStreamId }) => tapStreamId);
    assertEquals(names, ALL.filter((name) => !lacking.has(name)));
    const asked = new Set(api.requests.map((request) => request.split("?")[0]));
    assertEquals(asked, new Set(OPTIONAL.map(([, path]) => path)));
    assertEquals(limited > 0, passes);
  }
});

Deno.test("availableStreams() takes nothing but an object for an answer about chats", {
  permissions: "none",
}, async () => {
  for (const body of [[], null, "ok", 1]) {
    await assertRejects(() => discover({ chats: { body } }), RequestError, "Cannot read chats: ");
  }
});

Deno.test("probeStream() takes a refusal for a lack only where an account may lack a stream", {
  permissions: "none",
}, async () => {
  const refusing = createStubContext({ api: createStubChatApi(() => refusal(403)) });
  const optional = new Set(OPTIONAL.map(([tapStreamId]) => tapStreamId));
  for (const stream of SOURCES) {
    if (optional.has(stream.tapStreamId)) {
      assertEquals(await probeStream(stream, refusing), { kind: "lacking" });
    } else {
      await assertRejects(() => probeStream(stream, refusing), RequestError, "answered 403");
    }
  }
});

Deno.test("probeStream() asks every stream for something that it has", {
  permissions: "none",
}, async () => {
  const bodies: Record<string, Json> = { bans: { visitor: [], ip_address: [] } };
  const api = createStubChatApi(({ path }) =>
    ["agents", "departments", "goals", "shortcuts", "triggers"].includes(path)
      ? { body: [] }
      : path in bodies
      ? { body: bodies[path]! }
      : answer(path)
  );
  for (const stream of SOURCES) {
    assertEquals(await probeStream(stream, createStubContext({ api })), { kind: "available" });
  }
  assertEquals(api.requestCount, SOURCES.length);
});
