import { assertEquals, assertRejects } from "@std/assert";
import { StopError } from "../../../lib/errors.ts";
import { createLog } from "../../../lib/log.ts";
import { requestClientToken, TokenError } from "../../../lib/zendesk/client_token.ts";
import { createExchange } from "../../../lib/zendesk/exchange.ts";
import { createFakeClock } from "../../fakes/clock.ts";

const CLIENT = {
  id: "harbour",
  secret: "s3cretOfHarbour",
  tokenUrl: "https://acme.zendesk.com/oauth2/chat/token",
};

/** Asks over a `fetch` that gives one answer after the other, the last one for ever. */
function setUp(...answers: (() => Response)[]) {
  return setUpWith({}, ...answers);
}

function setUpWith(options: { mostAttempts?: number }, ...answers: (() => Response)[]) {
  const lines: string[] = [];
  const posted: string[] = [];
  const clock = createFakeClock();
  const stop = new AbortController();
  const fetch = (_url: unknown, init?: RequestInit) => {
    posted.push(`${init?.body}`);
    return Promise.resolve(answers[Math.min(posted.length, answers.length) - 1]!());
  };
  const request = () =>
    requestClientToken(CLIENT, {
      exchange: createExchange({ timeoutMs: 30_000, clock, signal: stop.signal, fetch }),
      userAgent: "tap-zendesk-chat/test",
      clock,
      random: () => 0.5,
      log: createLog({ write: (line) => lines.push(line.trimEnd()) }),
      signal: stop.signal,
      ...options,
    });
  return { request, lines, posted, clock, stop };
}

const good = () => Response.json({ access_token: "fresh-token", expires_in: 1800 });
const status = (code: number, statusText: string, body: unknown, headers: HeadersInit = {}) => () =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status: code,
    statusText,
    headers,
  });

Deno.test("requestClientToken() asks with the client alone", {
  permissions: "none",
}, async () => {
  const { request, posted } = setUp(good);
  assertEquals(await request(), "fresh-token");
  assertEquals(posted, [
    "grant_type=client_credentials&client_id=harbour&client_secret=s3cretOfHarbour&scope=read",
  ]);
});

Deno.test("requestClientToken() outlives a night on which the token URL is down", {
  permissions: "none",
}, async () => {
  const { request, lines, clock } = setUp(
    status(503, "Service Unavailable", { error: "temporarily_unavailable" }, {
      "retry-after": "7",
    }),
    () => new Response("<html>"),
    status(502, "Bad Gateway", "<html>"),
    good,
  );
  assertEquals(await request(), "fresh-token");
  assertEquals(clock.sleeps, [7_000, 1_000, 2_000]);
  assertEquals(lines, [
    `WARNING Waiting 7.0 s before attempt 2 of 10: POST ${CLIENT.tokenUrl} answered 503 (Retry-After: 7)`,
    `WARNING Waiting 1.0 s before attempt 3 of 3: POST ${CLIENT.tokenUrl} answered 200: HTML instead of JSON`,
    `WARNING Waiting 2.0 s before attempt 4 of 10: POST ${CLIENT.tokenUrl} answered 502`,
  ]);
});

Deno.test("requestClientToken() gives up sooner where a person waits", {
  permissions: "none",
}, async () => {
  const { request, lines, posted } = setUpWith(
    { mostAttempts: 3 },
    status(503, "Service Unavailable", ""),
  );
  await assertRejects(request, TokenError, "answered 503 Service Unavailable");
  assertEquals(posted.length, 3);
  assertEquals(lines.map((line) => line.split(": ", 1)[0]), [
    "WARNING Waiting 0.5 s before attempt 2 of 3",
    "WARNING Waiting 1.0 s before attempt 3 of 3",
  ]);
});

Deno.test("requestClientToken() says in one line why there is no token, and no secret", {
  permissions: "none",
}, async () => {
  const refused = (code: string, words = "") =>
    status(400, "Bad Request", { error: code, error_description: words });
  const table: [answer: () => Response, found: string][] = [
    [
      status(401, "Unauthorized", {
        error: "invalid_client",
        error_description: "not s3cretOfHarbour\n",
      }),
      'answered 401 Unauthorized: invalid_client ("not ***"); check "client_id" and ' +
      '"client_secret"; if they are right, the API client is public: docs/login.md says how it ' +
      'becomes confidential, and "tap-zendesk-chat login" gets a token with a browser',
    ],
    [
      refused("invalid_scope"),
      'answered 400 Bad Request: invalid_scope; give the API client the scope "read"',
    ],
    [
      refused("unauthorized_client", "public"),
      'answered 400 Bad Request: unauthorized_client ("public"); the API client is public: ' +
      "docs/login.md says how it becomes confidential",
    ],
    [
      refused("toString"),
      'answered 400 Bad Request: toString; check "client_id" and "client_secret"',
    ],
    [
      status(503, "Service Unavailable", { error: "temporarily_unavailable" }),
      "answered 503 Service Unavailable: temporarily_unavailable; run again later, with the last " +
      "state",
    ],
    [
      status(404, "Not Found", "<!DOCTYPE html>"),
      'answered 404 Not Found: an HTML page; check "subdomain" and "token_url"',
    ],
    [
      status(302, "Found", "", { location: "https://www.zendesk.com/x" }),
      "answered 302 Found: a redirect to https://www.zendesk.com, which is not followed; check " +
      '"subdomain" and "token_url"',
    ],
    [
      () => Response.json({ access_token: "two words" }),
      'answered 200: "access_token" is no bare token; check "subdomain" and "token_url"',
    ],
    [
      () => {
        throw new TypeError("error sending request", {
          cause: new Error("dns error: no such host"),
        });
      },
      'failed: dns error: no such host; check "subdomain", the network and, behind a proxy, ' +
      "HTTPS_PROXY",
    ],
  ];
  for (const [answer, found] of table) {
    const { request } = setUp(answer);
    const error = await assertRejects(request, TokenError);
    assertEquals(error.message, `Cannot get an access token: POST ${CLIENT.tokenUrl} ${found}`);
  }
});

Deno.test("requestClientToken() ends with the signal's reason", {
  permissions: "none",
}, async () => {
  const { request, stop } = setUp(() => {
    stop.abort(new StopError("SIGTERM"));
    return new Response("", { status: 503 });
  });
  await assertRejects(request, StopError);
});
