import { assertEquals, assertRejects } from "@std/assert";
import { exchangeForToken } from "../../../lib/login/token_exchange.ts";
import { StopError, TapError } from "../../../lib/errors.ts";
import { createExchange } from "../../../lib/zendesk/exchange.ts";
import { createFakeClock } from "../../fakes/clock.ts";
import type { Token, TokenForm } from "../../../lib/zendesk/token_request.ts";

const TOKEN_URL = "https://acme.zendesk.com/oauth2/chat/token";
const FORM: TokenForm = {
  grant_type: "authorization_code",
  code: "c0de",
  client_id: "harbour",
  client_secret: "s3cret",
  scope: "read",
};
const OPEN = new AbortController().signal;

function request(
  answer: (input: string, init: RequestInit) => Response | Promise<Response>,
  { form = FORM, signal = OPEN }: { form?: TokenForm; signal?: AbortSignal } = {},
): Promise<Token> {
  const fetch =
    (async (input: string, init: RequestInit) =>
      await answer(input, init)) as typeof globalThis.fetch;
  const exchange = createExchange({ timeoutMs: 30_000, clock: createFakeClock(), signal, fetch });
  return exchangeForToken(form, {
    tokenUrl: TOKEN_URL,
    exchange,
    userAgent: "tap-zendesk-chat/test",
  });
}

Deno.test("exchangeForToken() posts a form once and follows no redirect", {
  permissions: "none",
}, async () => {
  const sent: unknown[] = [];
  await request((url, { method, body, redirect, headers }) => {
    sent.push([method, url, `${body}`, redirect, headers]);
    return Response.json({ access_token: "t0ken" });
  });
  assertEquals(sent, [[
    "POST",
    TOKEN_URL,
    "grant_type=authorization_code&code=c0de&client_id=harbour&client_secret=s3cret&scope=read",
    "manual",
    { "accept": "application/json", "user-agent": "tap-zendesk-chat/test" },
  ]]);
});

Deno.test("exchangeForToken() takes the token and its expiry, and nothing else", {
  permissions: "none",
}, async () => {
  const cases: [body: unknown, expiresInSeconds: number | undefined][] = [
    [{ access_token: "t0ken", refresh_token: "r", expires_in: 36_000 }, 36_000],
    [{ access_token: "t0ken", expires_in: "600" }, 600],
    [{ access_token: "t0ken", expires_in: null }, undefined],
    [{ access_token: "t0ken", expires_in: 0 }, undefined],
    [{ access_token: "t0ken", expires_in: 1e300 }, undefined],
    [{ access_token: "t0ken", expires_in: "never" }, undefined],
    [{ access_token: "t0ken" }, undefined],
  ];
  for (const [body, expiresInSeconds] of cases) {
    const token = await request(() => Response.json(body));
    assertEquals(token, { kind: "token", accessToken: "t0ken", expiresInSeconds });
  }
});

const SUBDOMAIN = "check the subdomain, and --token-url if it was given";

const REFUSALS: [answer: () => Response, found: string][] = [
  [
    () =>
      Response.json({ error: "invalid_scope", error_description: "for s3cret and c0de" }, {
        status: 400,
        statusText: "Bad Request",
      }),
    'answered 400 Bad Request: invalid_scope ("for *** and ***"); the API client may not ask ' +
    "for this scope: choose another with --scope",
  ],
  [
    () => Response.json({ error: "server_error" }),
    "answered 200: server_error; run login again later",
  ],
  [
    () => new Response("<!DOCTYPE html>…", { status: 404, statusText: "Not Found" }),
    `answered 404 Not Found: an HTML page; ${SUBDOMAIN}`,
  ],
  [
    () => new Response("Down: s3cret", { status: 503, statusText: "Service Unavailable" }),
    'answered 503 Service Unavailable: "Down: ***"; run login again later',
  ],
  [
    () =>
      new Response(null, { status: 302, headers: { location: "https://www.zendesk.com/c0de" } }),
    `answered 302: a redirect to https://www.zendesk.com, which is not followed; ${SUBDOMAIN}`,
  ],
  [() => new Response("<html>"), `answered 200: HTML instead of JSON; ${SUBDOMAIN}`],
  [() => new Response(""), `answered 200: an empty body; ${SUBDOMAIN}`],
  [
    () => Response.json({ access_token: "t0ken\nx" }),
    `answered 200: "access_token" is no bare token; ${SUBDOMAIN}`,
  ],
  [() => Response.json({}), `answered 200: "access_token" is no bare token; ${SUBDOMAIN}`],
  [
    () => {
      throw new TypeError("error sending request", { cause: new Error("dns error: no s3cret") });
    },
    'failed: dns error: no ***; check "subdomain", the network and, behind a proxy, HTTPS_PROXY, ' +
    "then run login again",
  ],
];

Deno.test("exchangeForToken() explains why there is no token and repeats neither secret nor code", {
  permissions: "none",
}, async () => {
  for (const [answer, found] of REFUSALS) {
    const error = await assertRejects(() => request(answer), TapError);
    assertEquals(error.message, `Cannot get a token: POST ${TOKEN_URL} ${found}`);
  }
});

Deno.test("exchangeForToken() stops with the signal", { permissions: "none" }, async () => {
  const stop = new AbortController();
  const asked = request((_, { signal }) => {
    stop.abort(new StopError("SIGINT"));
    signal!.throwIfAborted();
    return Response.error();
  }, { signal: stop.signal });
  await assertRejects(() => asked, StopError);
});
