/**
 * The client against made-up answers, where every line and wait is asserted, and against faulty
 * servers on loopback, where the runtime has its own way of failing.
 */

import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { type Clock, systemClock } from "../../../lib/clock.ts";
import { InputError } from "../../../lib/errors.ts";
import type { Json } from "../../../lib/json.ts";
import { createLog } from "../../../lib/log.ts";
import { rows } from "../../../lib/zendesk/answer.ts";
import { givenToken } from "../../../lib/zendesk/access_tokens.ts";
import { type Arrival, type ChatClient, createChatApi } from "../../../lib/zendesk/client.ts";
import { createExchange } from "../../../lib/zendesk/exchange.ts";
import { createRateLimiter, type RateLimiter } from "../../../lib/zendesk/rate_limit.ts";
import { RequestError } from "../../../lib/zendesk/request_error.ts";
import { createFakeClock, type FakeClock } from "../../fakes/clock.ts";

const ROOT = "https://acme.zendesk.com/api/v2/chat";
const TOKEN = "s3cretOfAcme0123456789";

interface Bench {
  api: ChatClient;
  clock: FakeClock;
  /** Log lines without METRIC ones. */
  lines: string[];
  metrics: string[];
}

interface BenchOptions {
  apiRoot?: string;
  accessToken?: string;
  fetch?: typeof fetch;
  clock?: Clock;
  limiter?: RateLimiter;
  signal?: AbortSignal;
  mostAttempts?: number;
  onLine?(line: string): void;
}

/** A client whose backoff is half its ceiling and whose waits take no time. */
function setUp(
  {
    clock,
    onLine = () => {},
    accessToken = TOKEN,
    signal = new AbortController().signal,
    fetch = globalThis.fetch,
    ...options
  }: BenchOptions,
): Bench {
  const fakeClock = createFakeClock();
  const lines: string[] = [];
  const metrics: string[] = [];
  const log = createLog({
    write(line) {
      (line.startsWith("INFO METRIC: ") ? metrics : lines).push(line.trimEnd());
      onLine(line);
    },
  });
  const api = createChatApi({
    apiRoot: ROOT,
    tokens: givenToken(accessToken),
    userAgent: "tap-zendesk-chat/test",
    exchange: createExchange({ timeoutMs: 30_000, clock: clock ?? fakeClock, signal, fetch }),
    clock: clock ?? fakeClock,
    random: () => 0.5,
    limiter: createRateLimiter({ perMinute: 0, clock: fakeClock, log }),
    log,
    signal,
    ...options,
  });
  return { api, clock: fakeClock, lines, metrics };
}

const shortcuts = { endpoint: "shortcuts", path: "shortcuts", read: rows };

/** What a client waits for takes longer than it may. */
function letTimeRunOut({ timers }: FakeClock): void {
  for (const { callback } of timers) callback();
}

/** A `fetch` that gives one answer after the other, the last one for ever. */
function answers(...all: (() => Response)[]): typeof fetch {
  let next = 0;
  return () => Promise.resolve(all[Math.min(next++, all.length - 1)]!());
}

const good = () => Response.json([{ name: "hi" }]);
/** An answer that refuses; `statusLine` is code and text. */
const status = (statusLine: string, body = "", headers: HeadersInit = {}) => () => {
  const [code, ...text] = statusLine.split(" ");
  return new Response(body, { status: Number(code), statusText: text.join(" "), headers });
};

Deno.test({
  name: "createChatApi() sends the token, asks for JSON and follows no redirect",
  permissions: "none",
  async fn() {
    const sent: unknown[] = [];
    const { api } = setUp({
      fetch(url, init) {
        sent.push([`${url}`, init?.redirect, Object.fromEntries(new Headers(init?.headers))]);
        return Promise.resolve(good());
      },
    });
    assertEquals(await api.get(shortcuts), [{ name: "hi" }]);
    assertEquals(sent, [[`${ROOT}/shortcuts`, "manual", {
      accept: "application/json",
      authorization: `Bearer ${TOKEN}`,
      "user-agent": "tap-zendesk-chat/test",
    }]]);
  },
});

Deno.test({
  name: "createChatApi() writes parameters and a link's query string below the same endpoint",
  permissions: "none",
  async fn() {
    const sent: string[] = [];
    const { api } = setUp({
      fetch(url) {
        sent.push(`${url}`);
        return Promise.resolve(good());
      },
    });
    const search = { endpoint: "chats", path: "chats/search", read: rows };
    await api.get({ ...search, query: { q: "type:chat AND x:[a TO b]", page: 2 } });
    await api.get({ ...search, query: "q=a+b&page=3" });
    await api.get({ ...search, query: "@evil.example/#x" });
    await api.get({ ...search, query: { ids: "2401.1.a&b,é\ud800" } });
    assertEquals(sent, [
      `${ROOT}/chats/search?q=type%3Achat%20AND%20x%3A%5Ba%20TO%20b%5D&page=2`,
      `${ROOT}/chats/search?q=a+b&page=3`,
      `${ROOT}/chats/search?@evil.example/#x`,
      `${ROOT}/chats/search?ids=2401.1.a%26b%2C%C3%A9%EF%BF%BD`,
    ]);
  },
});

Deno.test({
  name: "createChatApi() hands on the parsed body, the length of its text and when it came",
  permissions: "none",
  async fn() {
    const { api, clock } = setUp({ fetch: answers(() => new Response(' {"é": 1}\n')) });
    const receivedAtMs = clock.now();
    const read = (body: Json, arrival: Arrival) => ({ body, ...arrival });
    assertEquals(await api.get({ ...shortcuts, read }), {
      body: { "é": 1 },
      size: 10,
      receivedAtMs,
    });
  },
});

Deno.test({
  name: "createChatApi() explains every refusal in one line, after a single attempt",
  permissions: "none",
  async fn() {
    const table: [() => Response, string][] = [
      [
        status("400 Bad Request", '{"error":"Bad Request","description":"page is too deep"}'),
        'answered 400 Bad Request after 1 attempt: "Bad Request: page is too deep"; check the page ' +
        "limits in the config and this machine's clock; if they are right, report this line",
      ],
      [
        status("401 Unauthorized", '{"error":"Unauthorized"}'),
        'answered 401 Unauthorized after 1 attempt: "Unauthorized"; the token has expired or was ' +
        "revoked, or it is no Chat token (those of Zendesk Support do not work here): " +
        '"tap-zendesk-chat login" gets one',
      ],
      [
        status("403 Forbidden"),
        "answered 403 Forbidden after 1 attempt; the agent's role, the token's scope (\"read\") or " +
        "the account's plan does not allow this: log in as an administrator, or deselect the stream",
      ],
      [
        status("404 Not Found", "<!DOCTYPE html><p>No such help desk"),
        'answered 404 Not Found after 1 attempt: an HTML page; check "subdomain"; if it is ' +
        "right, the account lacks this resource: deselect the stream",
      ],
      [
        status("410 Gone", "gone\nCRITICAL forged"),
        'answered 410 Gone after 1 attempt: "gone\\u000aCRITICAL forged"; this host is retired: ' +
        'set "subdomain", the "acme" of acme.zendesk.com',
      ],
      [
        status("302 Found", "", { location: "https://user:pass@evil.example/login?next=1" }),
        "answered 302 Found after 1 attempt: a redirect to https://evil.example, which is not " +
        'followed; check "subdomain" and "base_url"',
      ],
      [
        status("301 Moved Permanently", "<html>", { location: "/elsewhere" }),
        "answered 301 Moved Permanently after 1 attempt: a redirect to " +
        'https://acme.zendesk.com, which is not followed; check "subdomain" and "base_url"',
      ],
      [
        status("501 Not Implemented", "x".repeat(300)),
        `answered 501 Not Implemented after 1 attempt: "${"x".repeat(200)}…"; run again later, ` +
        "with the last state",
      ],
    ];
    for (const [answer, expected] of table) {
      const { api, clock, lines } = setUp({ fetch: answers(answer) });
      const error = await assertRejects(() => api.get(shortcuts), RequestError);
      assertEquals(error.message, `Cannot read shortcuts: GET ${ROOT}/shortcuts ${expected}`);
      assertEquals(error.status, answer().status);
      assertEquals([api.requestCount, clock.sleeps, lines], [1, [], []]);
    }
  },
});

Deno.test({
  name: "createChatApi() explains what it gives up on after several attempts",
  permissions: "none",
  async fn() {
    const refuse = (message: string) => (): never => {
      throw new TypeError("fetch failed", { cause: new Error(message) });
    };
    const table: [() => Response, number, string][] = [
      [
        status("429 Too Many Requests", "", { "retry-after": "1" }),
        10,
        'answered 429 Too Many Requests after 10 attempts; lower "requests_per_minute", or let ' +
        "fewer programs use this account at a time",
      ],
      [
        status("500 Internal Server Error", '{"error":{"message":"oops"}}'),
        10,
        'answered 500 Internal Server Error after 10 attempts: "oops"; run again later, with ' +
        "the last state",
      ],
      [
        () => new Response(""),
        10,
        "answered 200 after 10 attempts: an empty body; something other than the Chat API " +
        'may be answering: check "subdomain", "base_url" and any proxy',
      ],
      [
        () => Response.json({ results: [] }),
        3,
        "answered 200 after 3 attempts: an array was expected, found an object; check " +
        '"base_url" and any proxy; if they are right, the API answers in a way this tap does ' +
        "not know: please report this line",
      ],
      [
        refuse("dns error: failed to lookup address information"),
        10,
        "failed after 10 attempts: dns error: failed to lookup address information; check " +
        '"subdomain", the network and, behind a proxy, HTTPS_PROXY',
      ],
      [
        refuse("tcp connect error: Connection refused (os error 111)"),
        10,
        "failed after 10 attempts: tcp connect error: Connection refused (os error 111); nobody " +
        "answers there; behind a proxy, check what HTTPS_PROXY names",
      ],
      [
        refuse("invalid peer certificate: UnknownIssuer"),
        1,
        "failed after 1 attempt: invalid peer certificate: UnknownIssuer; behind a proxy that " +
        "inspects TLS, set DENO_CERT to the PEM file of its CA, or DENO_TLS_CA_STORE=system",
      ],
    ];
    for (const [answer, attempts, expected] of table) {
      const { api, clock } = setUp({ fetch: answers(answer) });
      const error = await assertRejects(() => api.get(shortcuts), RequestError);
      assertEquals(error.message, `Cannot read shortcuts: GET ${ROOT}/shortcuts ${expected}`);
      assertEquals([api.requestCount, clock.sleeps.length], [attempts, attempts - 1]);
    }
  },
});

Deno.test({
  name: "createChatApi() says when its own permissions keep it from a host",
  permissions: { net: ["127.0.0.1"] },
  async fn() {
    const { api } = setUp({ apiRoot: "https://gateway.invalid:8443/chat" });
    const error = await assertRejects(() => api.get(shortcuts), RequestError);
    assertEquals(
      error.message,
      "Cannot read shortcuts: GET https://gateway.invalid:8443/chat/shortcuts failed after 1 " +
        'attempt: this program may not connect to gateway.invalid:8443; check "base_url"; other ' +
        "gateways need a build with wider permissions (see README)",
    );
    assertEquals(error.status, undefined);
  },
});

Deno.test({
  name: "createChatApi() logs each wait with its length and reason",
  permissions: "none",
  async fn() {
    const { api, clock, lines } = setUp({
      fetch: answers(
        status("429 Too Many Requests", "", { "retry-after": "12" }),
        status("429 Too Many Requests"),
        status("503 Service Unavailable", "", { "retry-after": "Thu, 15 Jan 2026 12:00:33 GMT" }),
        status("500 Internal Server Error", "no content is quoted here"),
        () => new Response("<html>"),
        good,
      ),
    });
    // The fifth attempt fails by a page for people, of which only the first two are repeated.
    await assertRejects(() => api.get(shortcuts), RequestError);
    assertEquals(clock.sleeps, [12_000, 1_000, 20_000, 4_000]);
    assertEquals(lines, [
      "INFO Waiting 12.0 s before attempt 2 of 10: GET shortcuts answered 429 (Retry-After: 12)",
      "INFO Waiting 1.0 s before attempt 3 of 10: GET shortcuts answered 429",
      "WARNING Waiting 20.0 s before attempt 4 of 10: GET shortcuts answered 503 " +
      "(Retry-After: Thu, 15 Jan 2026 12:00:33 GMT)",
      "WARNING Waiting 4.0 s before attempt 5 of 10: GET shortcuts answered 500",
    ]);
  },
});

/** How many attempts each of these requests gets, one after the other. */
async function attemptsOf(api: ChatClient, requests: number): Promise<number[]> {
  const attempts: number[] = [];
  for (let index = 0; index < requests; index++) {
    const before = api.requestCount;
    await api.get(shortcuts).catch(() => {});
    attempts.push(api.requestCount - before);
  }
  return attempts;
}

Deno.test({
  name: "createChatApi() makes three attempts where a person waits, and says so",
  permissions: "none",
  async fn() {
    const { api, lines } = setUp({
      mostAttempts: 3,
      fetch: answers(status("502 Bad Gateway")),
    });
    const error = await assertRejects(() => api.get(shortcuts), RequestError);
    assertEquals([error.attempts, api.requestCount], [3, 3]);
    assertEquals(lines, [
      "WARNING Waiting 0.5 s before attempt 2 of 3: GET shortcuts answered 502",
      "WARNING Waiting 1.0 s before attempt 3 of 3: GET shortcuts answered 502",
    ]);
  },
});

Deno.test({
  name: "createChatApi() makes three attempts once its patience is limited, until one is answered",
  permissions: "none",
  async fn() {
    const down = status("503 Service Unavailable");
    const answered: [what: string, answer: () => Response, attempts: number][] = [
      ["rows", good, 1],
      ["a refusal", status("403 Forbidden"), 1],
      ["another shape", () => Response.json({}), 3],
      ["a call to slow down", status("429 Too Many Requests"), 10],
    ];
    for (const [what, answer, attempts] of answered) {
      let current = down;
      const { api } = setUp({ fetch: () => Promise.resolve(current()) });
      assertEquals(await attemptsOf(api, 2), [10, 10], what);
      api.limitPatience();
      assertEquals(await attemptsOf(api, 2), [3, 3], what);
      current = answer;
      assertEquals(await attemptsOf(api, 1), [attempts], what);
      current = down;
      assertEquals(await attemptsOf(api, 1), [10], what);
    }
  },
});

Deno.test({
  name: "createChatApi() does not gain patience by losing it",
  permissions: "none",
  async fn() {
    const { api } = setUp({ mostAttempts: 2, fetch: answers(status("503 Service Unavailable")) });
    api.limitPatience();
    assertEquals(await attemptsOf(api, 1), [2]);
  },
});

Deno.test({
  name: "until() gives up what is under way when its signal aborts, and leaves the rest alone",
  permissions: "none",
  async fn() {
    const end = new AbortController();
    const reason = new Error("ended");
    const { api } = setUp({
      fetch: (_url, init) =>
        end.signal.aborted ? Promise.resolve(good()) : new Promise((_resolve, reject) => {
          init!.signal!.addEventListener("abort", () => reject(new Error("aborted")));
          queueMicrotask(() => end.abort(reason));
        }),
    });
    const ending = api.until(end.signal);

    assertStrictEquals(await assertRejects(() => ending.get(shortcuts)), reason);
    assertEquals(await api.get(shortcuts), [{ name: "hi" }]);
    assertEquals([ending.requestCount, api.requestCount], [2, 2]);
  },
});

Deno.test({
  name: "createChatApi() asks again when the answer has the wrong shape",
  permissions: "none",
  async fn() {
    const { api, lines } = setUp({ fetch: answers(() => Response.json({}), good) });
    assertEquals(await api.get(shortcuts), [{ name: "hi" }]);
    assertEquals(lines, [
      "WARNING Waiting 0.5 s before attempt 2 of 3: GET shortcuts answered 200: " +
      "an array was expected, found an object",
    ]);
  },
});

Deno.test({
  name: "createChatApi() lets whatever else a reader throws pass: it is a bug",
  permissions: "none",
  async fn() {
    const { api } = setUp({ fetch: answers(good) });
    const bug = new RangeError("bug");
    const read = (): never => {
      throw bug;
    };
    const caught = await api.get({ ...shortcuts, read }).catch((error) => error);
    assertStrictEquals(caught, bug);
    assertEquals(api.requestCount, 1);
  },
});

Deno.test({
  name: "createChatApi() asks for what `revise` says after a failed attempt",
  permissions: "none",
  async fn() {
    const sent: string[] = [];
    const failures: [string, number][] = [];
    const give = answers(
      status("500 Internal Server Error"),
      status("429 Too Many Requests"),
      good,
    );
    const { api } = setUp({
      fetch(url, init) {
        sent.push(new URL(`${url}`).search);
        return give(url, init);
      },
    });
    await api.get({
      ...shortcuts,
      query: "limit=1000",
      revise(failure, attempt) {
        failures.push([failure.kind, attempt]);
        return { limit: 1000 / 2 ** attempt };
      },
    });
    assertEquals(sent, ["?limit=1000", "?limit=500", "?limit=250"]);
    assertEquals(failures, [["status", 1], ["status", 2]]);
  },
});

Deno.test({
  name: "createChatApi() reports each attempt as a metric",
  permissions: "none",
  async fn() {
    const clock = createFakeClock();
    const give = answers(
      status("502 Bad Gateway"),
      () => {
        throw new TypeError("broken");
      },
      () => new Response("["),
      good,
    );
    const { api, metrics } = setUp({
      clock,
      async fetch(url, init) {
        clock.advance(123.4);
        return await give(url, init);
      },
    });
    await api.get(shortcuts);
    const metric = (tags: string) =>
      'INFO METRIC: {"type": "timer", "metric": "http_request_duration", "value": 0.123, ' +
      `"tags": {"endpoint": "shortcuts", ${tags}}}`;
    assertEquals(metrics, [
      metric('"http_status_code": 502, "status": "failed"'),
      metric('"status": "failed"'),
      metric('"http_status_code": 200, "status": "failed"'),
      metric('"http_status_code": 200, "status": "succeeded"'),
    ]);
    assertEquals(api.requestCount, 4);
  },
});

Deno.test({
  name: "createChatApi() takes its turn from the limiter before every attempt",
  permissions: "none",
  async fn() {
    let turns = 0;
    const limiter = {
      take() {
        turns++;
        return Promise.resolve();
      },
    };
    const { api } = setUp({
      limiter,
      fetch: answers(status("500 Internal Server Error"), status("429 Too Many Requests"), good),
    });
    await api.get(shortcuts);
    assertEquals([turns, api.requestCount], [3, 3]);
  },
});

Deno.test({
  name: "createChatApi() leaves neither a timer nor a listener behind",
  permissions: "none",
  sanitizeOps: true,
  async fn() {
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    signal.addEventListener = (_: string, listener: unknown) => void listeners.add(listener);
    signal.removeEventListener = (_: string, listener: unknown) => void listeners.delete(listener);
    const broken = () => {
      throw new TypeError("broken");
    };
    const { api } = setUp({ signal, fetch: answers(broken, status("500 Oops"), good) });
    await api.get(shortcuts);
    assertEquals([api.requestCount, listeners.size], [3, 0]);
  },
});

Deno.test({
  name: "createChatApi() keeps the token out of what the API makes it say",
  permissions: "none",
  async fn() {
    for (const before of ["", "x".repeat(195)]) {
      const body = JSON.stringify({ error: `${before} bad token ${TOKEN}` });
      const { api, lines, metrics } = setUp({
        fetch: answers(status("500 Internal Server Error", body)),
      });
      const error = await assertRejects(() => api.get(shortcuts), RequestError);
      const said = [error.message, error.stack, ...lines, ...metrics].join("\n");
      assertEquals(said.includes(TOKEN.slice(0, 5)), false);
    }
  },
});

Deno.test({
  name: "createChatApi() refuses a token that no header can carry, without quoting it",
  permissions: "none",
  async fn() {
    for (const accessToken of [`${TOKEN}\r\nx-forged: 1`, `${TOKEN}é\u2028`]) {
      const error = await assertRejects(
        () => setUp({ accessToken }).api.get(shortcuts),
        InputError,
      );
      assertEquals(
        error.message,
        'Cannot use "access_token" or "user_agent": one of them has a character that no HTTP ' +
          "header can carry, such as a line break",
      );
    }
  },
});

/** What a server does with a connection once it has read the request; closing is not its task. */
type Behaviour = (connection: Deno.TcpConn) => Promise<unknown> | void;

interface FaultyServer extends AsyncDisposable {
  apiRoot: string;
  /** Request lines, in the order of arrival. */
  requests: string[];
}

/** Answers each connection with the next behaviour, and well when none is left. */
function createFaultyServer(...behaviours: Behaviour[]): FaultyServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.TcpConn[] = [];
  const requests: string[] = [];

  async function serve(connection: Deno.TcpConn): Promise<void> {
    const behaviour = behaviours.shift() ?? reply("200 OK", '[{"name":"hi"}]');
    if (behaviour !== resetUnread) {
      const head = new Uint8Array(4_096);
      const length = await connection.read(head) ?? 0;
      requests.push(new TextDecoder().decode(head.subarray(0, length)).split("\r\n")[0]!);
    }
    await behaviour(connection);
  }

  async function accept(): Promise<void> {
    for await (const connection of listener) {
      connections.push(connection);
      // A client that went away is part of the exercise.
      serve(connection).catch(() => {});
    }
  }

  const accepting = accept();
  return {
    apiRoot: `http://127.0.0.1:${listener.addr.port}/api`,
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      for (const connection of connections) close(connection);
    },
  };
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // Closed by its behaviour.
  }
}

function write(connection: Deno.TcpConn, text: string): Promise<number> {
  return connection.write(new TextEncoder().encode(text));
}

/** A whole answer. */
function reply(statusLine: string, body: string, ...headers: string[]): Behaviour {
  const length = new TextEncoder().encode(body).length;
  return (connection) =>
    write(
      connection,
      [
        `HTTP/1.1 ${statusLine}`,
        "connection: close",
        `content-length: ${length}`,
        ...headers,
        "",
        body,
      ].join("\r\n"),
    );
}

/** Bytes, and then the end of the connection. */
function cutOff(text: string): Behaviour {
  return async (connection) => {
    await write(connection, text);
    close(connection);
  };
}

/** Closing with unread data makes the kernel send a reset. */
const resetUnread: Behaviour = async (connection) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  close(connection);
};

const silence: Behaviour = () => {};

const STALLED = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[";

/** Faults of a server, how the client words them, and whether the runtime words them differently. */
const FAULTS: { name: string; behaviour: Behaviour; summary: string | RegExp }[] = [
  {
    name: "is rate limited",
    behaviour: reply("429 Too Many Requests", "slow down", "retry-after: 2"),
    summary: "answered 429 (Retry-After: 2)",
  },
  {
    name: "meets a bad gateway",
    behaviour: reply("502 Bad Gateway", "<html>"),
    summary: "answered 502",
  },
  {
    name: "is reset before the answer",
    behaviour: resetUnread,
    summary: /^failed: .*(reset|closed|broken)/i,
  },
  {
    name: "is closed before the answer",
    behaviour: cutOff(""),
    summary: /^failed: .*closed/,
  },
  {
    name: "gets something that is not HTTP",
    behaviour: cutOff("SSH-2.0-OpenSSH\r\n\r\n"),
    summary: /^failed: .*invalid/,
  },
  {
    name: "has its headers cut off",
    behaviour: cutOff("HTTP/1.1 200 OK\r\ncontent-le"),
    summary: /^failed: .*(closed|incomplete)/,
  },
  {
    name: "has its body cut off",
    behaviour: cutOff(STALLED),
    summary: "answered 200 OK: the body broke off",
  },
  {
    name: "has its chunked body cut off",
    behaviour: cutOff("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n[]\r\n"),
    summary: "answered 200 OK: the body broke off",
  },
  {
    name: "gets compressed data that is none",
    behaviour: reply("200 OK", "abcd", "content-encoding: gzip"),
    summary: "answered 200 OK: the body broke off",
  },
  {
    name: "gets a body that does not parse",
    behaviour: reply("200 OK", '[{"name":"secret'),
    summary: "answered 200 OK: a body that is not JSON",
  },
  {
    name: "gets an empty body",
    behaviour: reply("200 OK", ""),
    summary: "answered 200 OK: an empty body",
  },
  {
    name: "gets no content",
    behaviour: cutOff("HTTP/1.1 204 No Content\r\n\r\n"),
    summary: "answered 204 No Content: an empty body",
  },
  {
    name: "gets HTML",
    behaviour: reply("200 OK", "<!DOCTYPE html><title>Sign in</title>"),
    summary: "answered 200 OK: HTML instead of JSON",
  },
  {
    name: "gets JSON of the wrong shape",
    behaviour: reply("200 OK", '{"error":"secret"}'),
    summary: "answered 200 OK: an array was expected, found an object",
  },
];

for (const { name, behaviour, summary } of FAULTS) {
  Deno.test(`createChatApi() arrives at the records when a request ${name}`, async () => {
    // Twice, as some versions of the runtime repeat a request once when a connection is closed.
    await using server = createFaultyServer(behaviour, behaviour);
    const { api, lines } = setUp({ apiRoot: server.apiRoot });
    assertEquals(await api.get(shortcuts), [{ name: "hi" }]);
    assertEquals(lines.length, api.requestCount - 1);
    const said = /^(?:INFO|WARNING) Waiting \d+\.\d s before attempt 2 of \d+: GET shortcuts (.*)$/
      .exec(lines[0]!)?.[1] ?? "";
    if (typeof summary === "string") assertEquals(said, summary);
    else assert(summary.test(said), said);
  });
}

for (
  const [name, behaviour] of [
    ["accepts and says nothing", silence],
    ["stops in the middle of a body", (connection) => write(connection, STALLED)],
  ] satisfies [string, Behaviour][]
) {
  Deno.test(`createChatApi() times out when a server ${name}`, async () => {
    const clock = createFakeClock();
    await using server = createFaultyServer(async (connection) => {
      await behaviour(connection);
      letTimeRunOut(clock);
    });
    const { api, lines, metrics } = setUp({ apiRoot: server.apiRoot, clock });
    assertEquals(await api.get(shortcuts), [{ name: "hi" }]);
    assertEquals(
      lines[0],
      "WARNING Waiting 0.5 s before attempt 2 of 10: GET shortcuts timed out: " +
        "no complete answer within 30 s",
    );
    assertEquals(
      metrics[0]!.endsWith('"tags": {"endpoint": "shortcuts", "status": "failed"}}'),
      true,
    );
  });
}

Deno.test("createChatApi() explains a server that never answers in time", async () => {
  const clock = createFakeClock();
  await using server = createFaultyServer(
    ...Array<Behaviour>(10).fill(() => letTimeRunOut(clock)),
  );
  const { api } = setUp({ apiRoot: server.apiRoot, clock });
  const error = await assertRejects(() => api.get(shortcuts), RequestError);
  assertEquals(
    error.message,
    `Cannot read shortcuts: GET ${server.apiRoot}/shortcuts timed out after 10 attempts: no ` +
      'complete answer within 30 s; raise "request_timeout_seconds" if answers are slow, else ' +
      "check the network",
  );
  assertEquals(clock.sleeps.length, 9);
});

Deno.test("createChatApi() knows a refusal by its status even if the body breaks off", async () => {
  await using server = createFaultyServer(
    cutOff("HTTP/1.1 403 Forbidden\r\ncontent-length: 100\r\n\r\n{"),
  );
  const { api } = setUp({ apiRoot: server.apiRoot });
  const error = await assertRejects(() => api.get(shortcuts), RequestError);
  assertEquals([error.status, api.requestCount], [403, 1]);
});

Deno.test("createChatApi() follows no redirect: the other server sees nothing", async () => {
  await using other = createFaultyServer();
  for (const code of ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"]) {
    await using server = createFaultyServer(
      reply(code, "", `location: ${other.apiRoot}/shortcuts`),
    );
    const { api } = setUp({ apiRoot: server.apiRoot });
    const error = await assertRejects(() => api.get(shortcuts), RequestError);
    assertEquals(
      error.message,
      `Cannot read shortcuts: GET ${server.apiRoot}/shortcuts answered ${code} after 1 attempt: ` +
        `a redirect to ${new URL(other.apiRoot).origin}, which is not followed; check ` +
        '"subdomain" and "base_url"',
    );
    assertEquals(server.requests, ["GET /api/shortcuts HTTP/1.1"]);
  }
  assertEquals(other.requests, []);
});

Deno.test("createChatApi() ends a request with the signal's reason", async () => {
  const controller = new AbortController();
  const reason = new Error("stop");
  await using server = createFaultyServer(() => controller.abort(reason));
  const { api, lines } = setUp({ apiRoot: server.apiRoot, signal: controller.signal });
  assertStrictEquals(await api.get(shortcuts).catch((error) => error), reason);
  assertStrictEquals(await api.get(shortcuts).catch((error) => error), reason);
  assertEquals([server.requests.length, lines], [1, []]);
});

Deno.test("createChatApi() ends the reading of a body with the signal's reason", async () => {
  for (const statusLine of ["200 OK", "403 Forbidden"]) {
    const controller = new AbortController();
    const reason = new Error("stop");
    const stalled = STALLED.replace("200 OK", statusLine);
    await using server = createFaultyServer((connection) => write(connection, stalled));
    const { api, lines } = setUp({
      apiRoot: server.apiRoot,
      signal: controller.signal,
      async fetch(url, init) {
        const response = await fetch(url, init);
        queueMicrotask(() => controller.abort(reason));
        return response;
      },
    });
    assertStrictEquals(await api.get(shortcuts).catch((error) => error), reason);
    assertEquals(lines, []);
  }
});

Deno.test({
  name: "createChatApi() ends a wait with the signal's reason",
  permissions: "none",
  async fn() {
    const controller = new AbortController();
    const reason = new Error("stop");
    const { api } = setUp({
      fetch: answers(status("429 Too Many Requests", "", { "retry-after": "600" })),
      clock: systemClock,
      signal: controller.signal,
      onLine(line) {
        if (line.includes("Waiting 600.0 s")) queueMicrotask(() => controller.abort(reason));
      },
    });
    assertStrictEquals(await api.get(shortcuts).catch((error) => error), reason);
    assertEquals(api.requestCount, 1);
  },
});
