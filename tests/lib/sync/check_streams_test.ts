import { assertEquals, assertRejects } from "@std/assert";
import { StopError, TapError } from "../../../lib/errors.ts";
import { checkStreams } from "../../../lib/sync/check_streams.ts";
import { RequestError } from "../../../lib/zendesk/request_error.ts";
import { isChild } from "../../../lib/stream/stream.ts";
import { STREAMS } from "../../../streams/mod.ts";
import {
  createStubChatApi,
  createStubContext,
  refusal,
  type StubChatApi,
  type StubReply,
  type StubRequest,
} from "../../fakes/stub_chat_api.ts";

const ALL = STREAMS.map(({ tapStreamId }) => tapStreamId);

/** What the API answers where nothing is wrong. */
function answer(path: string): StubReply {
  if (path === "bans") return { body: { visitor: [], ip_address: [] } };
  if (["chats", "account"].includes(path)) return { body: {} };
  if (path === "routing_settings/account") return { body: { data: {} } };
  if (path.startsWith("incremental/")) return { body: { [path.slice("incremental/".length)]: [] } };
  return { body: [] };
}

interface Check {
  api: StubChatApi;
  printed: string[];
  /** Runs the check to its end. */
  done: Promise<void>;
}

/** Checks all streams against an API that answers some paths as told. */
function check(script: (request: StubRequest) => StubReply | undefined): Check {
  const api = createStubChatApi((request) => script(request) ?? answer(request.path));
  const context = createStubContext({ api });
  const printed: string[] = [];
  const done = checkStreams(STREAMS, context, (line) => {
    printed.push(line);
    return Promise.resolve();
  });
  return { api, printed, done };
}

Deno.test("checkStreams() prints a line for each stream in their order", {
  permissions: "none",
}, async () => {
  const { api, printed, done } = check(() => undefined);
  await done;

  assertEquals(printed, ALL.map((name) => `${name}: ok`));
  // Children have their parent's verdict.
  assertEquals(api.requestCount, STREAMS.filter((stream) => !isChild(stream)).length);
});

Deno.test("checkStreams() takes a refusal for a failure only where no account may lack a stream", {
  permissions: "none",
}, async () => {
  for (const status of [403, 404]) {
    const { printed, done } = check(({ path }) => path === "chats" ? undefined : refusal(status));
    const { message } = await assertRejects(() => done, TapError);

    const optional = STREAMS.filter(({ discovery }) => discovery === "optional");
    const failed = STREAMS.filter((stream) => !isChild(stream) && stream.discovery === "listed");
    assertEquals(
      message,
      `Cannot read ${failed.length} of ${STREAMS.length} streams: ` +
        `${failed.map(({ tapStreamId }) => tapStreamId).join(", ")}; ` +
        "their lines on standard output say why and what to do",
    );
    const verdicts = printed.map((line) => line.split(": ").slice(0, 2).join(": "));
    assertEquals(
      verdicts,
      STREAMS.map((stream) =>
        stream.tapStreamId +
        (stream.tapStreamId === "chats" || isChild(stream)
          ? ": ok"
          : optional.includes(stream)
          ? ": not available"
          : ": failed")
      ),
    );
  }
});

Deno.test("checkStreams() says what was tried, what came and what to do", {
  permissions: "none",
}, async () => {
  const { printed, done } = check(({ path }) => path === "goals" ? refusal(403) : undefined);
  const error = await assertRejects(() => done, TapError);

  assertEquals(
    error.message,
    `Cannot read 1 of ${STREAMS.length} streams: goals; their lines on standard output say why ` +
      "and what to do",
  );
  const expected = new RequestError(
    "goals",
    new URL("https://acme.zendesk.com/api/v2/chat/goals"),
    { kind: "status", status: 403, statusText: "" },
    1,
  );
  assertEquals(printed[ALL.indexOf("goals")], `goals: failed: ${expected.message}`);
});

Deno.test("checkStreams() prints a line for each stream when the token is refused, too", {
  permissions: "none",
}, async () => {
  const { api, printed, done } = check(() => refusal(401));
  await assertRejects(() => done, TapError, `Cannot read ${ALL.length} of ${ALL.length} streams`);

  const verdicts = printed.map((line) => line.slice(0, line.indexOf(" GET ")));
  assertEquals(
    verdicts,
    STREAMS.map((stream) => {
      const source = isChild(stream) ? stream.parent : stream.tapStreamId;
      return `${stream.tapStreamId}: failed: Cannot read ${source}:`;
    }),
  );
  assertEquals(api.requestCount, STREAMS.filter((stream) => !isChild(stream)).length);
});

Deno.test("checkStreams() says what came where discovery would leave a stream out with a warning", {
  permissions: "none",
}, async () => {
  const { printed, done } = check(({ path }) => path === "skills" ? refusal(405) : undefined);
  await done;

  const expected =
    "skills: not available: Cannot read skills: GET https://acme.zendesk.com/api/v2" +
    "/chat/skills answered 405 after 1 attempt; ";
  assertEquals(printed[ALL.indexOf("skills")]!.slice(0, expected.length), expected);
});

Deno.test("checkStreams() shows what the API says without secrets and control characters", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi(({ path }) => {
    if (path !== "goals") return answer(path);
    const words = '"no \x1b[31ms3cr3t-token"';
    return { failure: { kind: "status", status: 400, statusText: "", words } };
  });
  const context = createStubContext({ api });
  context.log.conceal("s3cr3t-token");
  const printed: string[] = [];
  await assertRejects(() =>
    checkStreams(STREAMS, context, (line) => {
      printed.push(line);
      return Promise.resolve();
    }), TapError);

  const line = printed[ALL.indexOf("goals")]!;
  assertEquals(/"no .*"/.exec(line)?.[0], String.raw`"no \u001b[31m***"`);
});

Deno.test("checkStreams() passes on what is no verdict: a stop and a bug", {
  permissions: "none",
}, async () => {
  for (const error of [new StopError("SIGINT"), new TypeError("not a function")]) {
    const { printed, done } = check(({ path }) => {
      if (path === "roles") throw error;
      return undefined;
    });

    assertEquals([await assertRejects(() => done), printed], [error, []]);
  }
});
