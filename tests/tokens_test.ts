/**
 * Whole runs whose tokens expire: the fake authorization server counts what it gives out, and the Chat
 * API takes the latest token alone, until a test lets it expire.
 */

import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { checkStreams } from "../lib/sync/check_streams.ts";
import { availableStreams } from "../lib/sync/discover.ts";
import { STREAMS } from "../streams/mod.ts";
import {
  CLIENT,
  type FakeAuthorizationServer,
  type FakeAuthorizationServerOptions,
  startFakeAuthorizationServer,
} from "./fakes/authorization_server.ts";
import {
  type ApiRequest,
  type FakeChatApi,
  type FakeChatApiOptions,
  generatedChats,
  startFakeChatApi,
} from "./fakes/chat_api/mod.ts";
import { createFakeClock, type FakeClock } from "./fakes/clock.ts";
import { TokenError } from "../lib/zendesk/client_token.ts";
import { RequestError } from "../lib/zendesk/request_error.ts";
import {
  createRunApi,
  recordsOf,
  runStreams,
  smallAccount,
  type StreamsRun,
} from "./run_streams.ts";

const NOW = "2026-06-15T12:00:00Z";
const RENEWAL = "INFO The API refuses the access token, as when it has expired: getting a new one";

interface World extends AsyncDisposable {
  api: FakeChatApi;
  oauth: FakeAuthorizationServer;
  /** Config members for a run with the client. */
  config: {
    apiRoot: string;
    accessToken: string | undefined;
    client: { id: string; secret: string; tokenUrl: string };
    clock: FakeClock;
  };
}

/** A Chat API and an authorization server that belong together. */
async function startWorld(
  options: FakeChatApiOptions,
  oauthOptions: FakeAuthorizationServerOptions = {},
): Promise<World> {
  const api = await startFakeChatApi({ now: () => Date.parse(NOW), ...options });
  const oauth = startFakeAuthorizationServer({
    confidential: true,
    nextToken: () => api.token = `harbour-token-${oauth.forms.length}`,
    ...oauthOptions,
  });
  const client = { ...CLIENT, tokenUrl: oauth.tokenUrl };
  return {
    api,
    oauth,
    config: { apiRoot: api.url, accessToken: undefined, client, clock: createFakeClock(NOW) },
    async [Symbol.asyncDispose]() {
      await oauth[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

/** Lets the token expire when a request arrives for the nth time, from 1, that `is` one. */
function expireAt(nth: number, is: (request: ApiRequest) => boolean): FakeChatApiOptions {
  let seen = 0;
  return {
    onRequest(request, api) {
      if (is(request) && ++seen === nth) api.token = "expired";
    },
  };
}

function statuses(api: FakeChatApi, path: string): (number | null)[] {
  return api.requests.filter((request) => request.path === path).map(({ status }) => status);
}

/** Nothing that lets anyone in is in anything that a run says. */
function assertNoSecret({ output }: Pick<StreamsRun, "output">): void {
  assertNotMatch(output, new RegExp(`${CLIENT.secret}|harbour-token|given-token`));
}

const isExport = ({ path }: ApiRequest) => path === "/incremental/chats";

Deno.test("a token that expires in the middle of an export is renewed once, and nothing is lost", async () => {
  const chats = generatedChats({ count: 2_300, offlineEvery: 5 });
  await using world = await startWorld({ account: { chats }, ...expireAt(2, isExport) });
  const run = await runStreams({ ...world.config, chatsApi: "incremental", only: ["chats"] });

  assertEquals(run.error, undefined);
  assertEquals(statuses(world.api, "/incremental/chats").slice(0, 4), [200, 401, 200, 200]);
  assertEquals(
    world.oauth.forms,
    Array(2).fill({
      grant_type: "client_credentials",
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      scope: "read",
    }),
  );
  const written = new Set(recordsOf(run, "chats").map(({ id }) => id));
  assertEquals(written.size, 2_300);
  assertEquals(run.lines.filter((line) => line.includes("token")), [RENEWAL]);
  assertEquals(run.sleeps, []);
  assertNoSecret(run);
});

Deno.test("requests under way share one renewal, and a token lives through many of them", async () => {
  let bulkReads = 0;
  await using world = await startWorld({
    account: smallAccount(),
    // A page of a search and a bulk read are under way at once; both find the token expired.
    async onRequest({ path }, api) {
      if (path === "/chats" && ++bulkReads % 2 === 1) api.token = "expired";
      if (path.startsWith("/chats")) await Promise.resolve();
    },
  });
  const run = await runStreams(world.config);

  assertEquals(run.error, undefined);
  const refused = world.api.requests.filter(({ status }) => status === 401);
  assert(refused.length > 1);
  assertEquals(recordsOf(run, "chats").length, 54);
  const renewals = run.lines.filter((line) => line === RENEWAL).length;
  assertEquals(world.oauth.forms.length, 1 + renewals);
  assertNoSecret(run);
});

Deno.test("a token that was given is used until it is refused", async () => {
  await using world = await startWorld({ account: smallAccount(), token: "given-token" });
  const config = { ...world.config, accessToken: "given-token" };
  const untouched = await runStreams(config);
  assertEquals([untouched.error, world.oauth.forms.length], [undefined, 0]);

  world.api.token = "expired";
  const renewed = await runStreams(config);
  assertEquals([renewed.error, world.oauth.forms.length], [undefined, 1]);
  assertEquals(recordsOf(renewed).length, recordsOf(untouched).length);
  assertNoSecret(renewed);
});

Deno.test("a client that is refused ends the run with one clear line", async () => {
  await using world = await startWorld({ account: smallAccount() }, { confidential: false });
  const run = await runStreams(world.config);
  assert(run.error instanceof TokenError);
  assertEquals(run.lines.filter((line) => !line.startsWith("INFO")), [
    `CRITICAL Cannot get an access token: POST ${world.oauth.tokenUrl} answered 401 Unauthorized: ` +
    'invalid_client ("The server says invalid_client"); check "client_id" and "client_secret"; ' +
    "if they are right, the API client is public: docs/login.md says how it becomes " +
    'confidential, and "tap-zendesk-chat login" gets a token with a browser',
  ]);
  assertEquals([world.oauth.forms.length, world.api.requests.length], [1, 0]);
  assertNoSecret(run);
});

Deno.test("a token that is refused when it is new ends the run", async () => {
  await using world = await startWorld({ account: smallAccount() }, {
    nextToken: () => "harbour-token-of-support",
  });
  const run = await runStreams(world.config);
  assert(run.error instanceof RequestError);
  assertEquals(
    run.lines.at(-1),
    [
      `CRITICAL Cannot read account: GET ${world.api.url}/account answered 401 Unauthorized after ` +
      '1 attempt: "Unauthorized: Could not verify your authorization for this resource"; the token ' +
      'was new, so "client_id" and "client_secret" are those of no Chat API client (Chat dashboard ' +
      "> Settings > Account > API & SDKs), or of one that may not read",
    ].join(),
  );
  assertEquals([world.oauth.forms.length, world.api.requests.length], [1, 1]);
  assertNoSecret(run);
});

Deno.test("discovery and --test get a token of their own, once for all probes", async () => {
  await using world = await startWorld({ account: smallAccount() });
  using discovery = createRunApi(world.config);
  const found = await availableStreams(STREAMS, discovery);
  assertEquals([found.length, world.oauth.forms.length], [STREAMS.length, 1]);

  const printed: string[] = [];
  using test = createRunApi(world.config);
  await checkStreams(STREAMS, test, (line) => Promise.resolve(void printed.push(line)));
  assertEquals(printed, STREAMS.map(({ tapStreamId }) => `${tapStreamId}: ok`));
  assertEquals(world.oauth.forms.length, 2);
});
