import { assertEquals, assertRejects } from "@std/assert";
import { availableStreams, isAvailable } from "../../../lib/sync/discover.ts";
import type { Json } from "../../../lib/json.ts";
import { RequestError } from "../../../lib/zendesk/client.ts";
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
      ["incremental", "incremental/chats?fields=chats(*)&limit=1&start_time=1768478040"],
    ] as const
  ) {
    const { found, lines, api } = await discover({}, chatsApi);

    assertEquals([found, lines], [ALL, []]);
    assertEquals(
      api.requests.toSorted(),
      [
        "account",
        request,
        "incremental/agent_events?limit=1&start_time=1768478040",
        "incremental/agent_timeline?fields=agent_timeline(*)&limit=1&start_time=1768478040000000",
        "incremental/conversions?fields=conversions(*)&limit=1&start_time=1768478040",
        "incremental/department_events?fields=department_events(*)&limit=1&start_time=1768478040",
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

Deno.test("availableStreams() fails where a resource is not refused but broken", {
  permissions: "none",
}, async () => {
  const broken: [StubReply, string][] = [
    [refusal(401), "answered 401 after 1 attempt"],
    [refusal(400), "answered 400 after 1 attempt"],
    [refusal(410), "answered 410 after 1 attempt"],
    [refusal(429), "answered 429 after 10 attempts"],
    [refusal(503), "answered 503 after 10 attempts"],
    [{ failure: { kind: "timeout", timeoutMs: 1_000 } }, "timed out after 10 attempts"],
    [{ body: "x" }, "answered 200 OK after 3 attempts"],
  ];
  for (const [tapStreamId, path] of OPTIONAL) {
    for (const [reply, outcome] of broken) {
      const error = await assertRejects(() => discover({ [path]: reply }), RequestError);
      const expected =
        `Cannot read ${tapStreamId}: GET https://acme.zendesk.com/api/v2/chat/${path} ${outcome}`;
      assertEquals(error.message.slice(0, expected.length), expected);
    }
  }
});

Deno.test("availableStreams() takes nothing but an object for an answer about chats", {
  permissions: "none",
}, async () => {
  for (const body of [[], null, "ok", 1]) {
    await assertRejects(() => discover({ chats: { body } }), RequestError, "Cannot read chats: ");
  }
});

Deno.test("isAvailable() takes a refusal for a lack only where an account may lack a stream", {
  permissions: "none",
}, async () => {
  const refusing = createStubContext({ api: createStubChatApi(() => refusal(403)) });
  const optional = new Set(OPTIONAL.map(([tapStreamId]) => tapStreamId));
  for (const stream of STREAMS) {
    if (optional.has(stream.tapStreamId)) {
      assertEquals(await isAvailable(stream, refusing), false);
    } else {
      await assertRejects(() => isAvailable(stream, refusing), RequestError, "answered 403");
    }
  }
});

Deno.test("isAvailable() asks every stream for something that it has", {
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
  for (const stream of STREAMS) {
    assertEquals(await isAvailable(stream, createStubContext({ api })), true);
  }
  assertEquals(api.requestCount, STREAMS.length);
});
