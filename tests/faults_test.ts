/**
 * Every fault that a network or a server can show, at every endpoint. Each of the tests below is a
 * row of that table: met once, the fault is got over or named; when it stays, it is named after the
 * attempts that it is worth; and a run from the last STATE brings what was missing.
 */

import { assertEquals, assertRejects, assertStrictEquals, fail } from "@std/assert";
import { availableStreams } from "../lib/sync/discover.ts";
import { TapError } from "../lib/errors.ts";
import type { JsonObject } from "../lib/json.ts";
import { RequestError } from "../lib/zendesk/request_error.ts";
import { STREAMS } from "../streams/mod.ts";
import {
  type ApiRequest,
  type FakeChatApi,
  type Fault,
  generatedChats,
  startFakeChatApi,
} from "./fakes/chat_api/mod.ts";
import { createFakeClock, type FakeClock } from "./fakes/clock.ts";
import { createStalls } from "./fakes/stalls.ts";
import {
  createRunApi,
  isWholeRun,
  recordsOf,
  RUN_STARTED_AT,
  type RunOptions,
  runStreams,
  smallAccount,
  stateOf,
  type StreamsRun,
} from "./run_streams.ts";

/** How the servers' stalls reach the clients' timers. */
const stalls = createStalls();

/** One place where a fault can be met. */
interface Place {
  name: string;
  stream: string;
  path: string;
  options?: Partial<RunOptions>;
  /** Which requests of the path are meant; all of them when absent. */
  when?(params: ApiRequest["params"]): boolean;
}

/** One kind of fault and what has to come of it. */
interface Row {
  name: string;
  fault: Omit<Fault, "on" | "after" | "times">;
  /** Attempts before it is given up; 1 when it is not worth another. */
  attempts: number;
  /** What came, in the words of the error, and what to do. */
  came: string;
  advice: string;
  /** What the log says of the first attempt, if there is a second. */
  summary?: string;
  /** The first wait in seconds; that of a backoff when absent. */
  waitSeconds?: number;
  /** Every wait when the fault stays, in seconds; those of backoffs when absent. */
  waitsSeconds?: number[];
}

const isLater: Place["when"] = ({ page, since_id = "0", start_id }) =>
  page !== undefined || since_id !== "0" || start_id !== undefined;

const PLACES: Place[] = [
  { name: "account", stream: "account", path: "/account" },
  { name: "agents", stream: "agents", path: "/agents" },
  { name: "agents, page 2", stream: "agents", path: "/agents", when: isLater },
  { name: "bans", stream: "bans", path: "/bans" },
  { name: "bans, page 2", stream: "bans", path: "/bans", when: isLater },
  { name: "chats/search", stream: "chats", path: "/chats/search" },
  { name: "chats/search, page 2", stream: "chats", path: "/chats/search", when: isLater },
  { name: "chats?ids", stream: "chats", path: "/chats" },
  {
    name: "incremental/chats",
    stream: "chats",
    path: "/incremental/chats",
    options: { chatsApi: "incremental" },
  },
  ...["departments", "goals", "shortcuts", "triggers", "roles", "skills"]
    .map((stream) => ({ name: stream, stream, path: `/${stream}` })),
  {
    name: "routing_settings/account",
    stream: "routing_settings",
    path: "/routing_settings/account",
  },
  ...["agent_timeline", "agent_events", "conversions", "department_events"].map((stream) => ({
    name: `incremental/${stream}`,
    stream,
    path: `/incremental/${stream}`,
  })),
];

/** Advice in any words, as long as there is some. */
const SOME = "…";

const LATER = "run again later, with the last state";
const NETWORK = "check the network and, behind a proxy, HTTPS_PROXY";
const SLOW = 'raise "request_timeout_seconds" if answers are slow, else check the network';
const NOT_THE_API = 'something other than the Chat API may be answering: check "subdomain", ' +
  '"base_url" and any proxy';
const BUSY = 'lower "requests_per_minute", or let fewer programs use this account at a time';

/** The faults that would fail the other streams too, and so end the run. */
const CONCERN_ALL = ["401", "410", "423", "a redirect"];

/** Half of what each backoff may take. */
const BACKOFFS = [0.5, 1, 2, 4, 8, 16, 30, 30, 30];

const ROWS: Row[] = [
  {
    name: "429 with Retry-After in seconds",
    fault: { status: 429, headers: { "retry-after": "7" } },
    attempts: 10,
    came: 'answered 429 Too Many Requests after 10 attempts: "Too Many Requests"',
    advice: BUSY,
    summary: "answered 429 (Retry-After: 7)",
    waitSeconds: 7,
    waitsSeconds: Array(9).fill(7),
  },
  {
    name: "429 with Retry-After as an HTTP date",
    fault: { status: 429, headers: { "retry-after": httpDate(30) } },
    attempts: 10,
    came: 'answered 429 Too Many Requests after 10 attempts: "Too Many Requests"',
    advice: BUSY,
    summary: `answered 429 (Retry-After: ${httpDate(30)})`,
    waitSeconds: 30,
    waitsSeconds: [30, ...BACKOFFS.slice(1)],
  },
  {
    name: "429 with Retry-After beyond ten minutes",
    fault: { status: 429, headers: { "retry-after": "86400" } },
    attempts: 10,
    came: 'answered 429 Too Many Requests after 10 attempts: "Too Many Requests"',
    advice: BUSY,
    summary: "answered 429 (Retry-After: 86400)",
    waitSeconds: 600,
    waitsSeconds: Array(9).fill(600),
  },
  {
    name: "429 without Retry-After",
    fault: { status: 429 },
    attempts: 10,
    came: 'answered 429 Too Many Requests after 10 attempts: "Too Many Requests"',
    advice: BUSY,
    summary: "answered 429",
  },
  {
    name: "429 with a nonsensical Retry-After",
    fault: { status: 429, headers: { "retry-after": "soon, -1" } },
    attempts: 10,
    came: 'answered 429 Too Many Requests after 10 attempts: "Too Many Requests"',
    advice: BUSY,
    summary: "answered 429 (Retry-After: soon, -1)",
  },
  {
    name: "503 with Retry-After",
    fault: { status: 503, headers: { "retry-after": "12" } },
    attempts: 10,
    came: 'answered 503 Service Unavailable after 10 attempts: "Service Unavailable"',
    advice: LATER,
    summary: "answered 503 (Retry-After: 12)",
    waitSeconds: 12,
    waitsSeconds: Array(9).fill(12),
  },
  ...[
    passing(408, "Request Timeout", LATER),
    passing(
      423,
      "Locked",
      "the account is locked, as during maintenance or a migration: run again later",
    ),
    passing(500, "Internal Server Error", LATER),
    passing(502, "Bad Gateway", LATER),
    passing(503, "Service Unavailable", LATER),
    passing(504, "Gateway Timeout", LATER),
    passing(522, "", LATER),
  ],
  ...[
    final(400, "Bad Request", SOME),
    final(
      401,
      "Unauthorized",
      "the token has expired or was revoked, or it is no Chat token (those of Zendesk Support do " +
        'not work here): "tap-zendesk-chat login" gets one',
    ),
    final(
      403,
      "Forbidden",
      "the agent's role, the token's scope (\"read\") or the account's plan does not allow this: log " +
        "in as an administrator, or deselect the stream",
    ),
    final(
      404,
      "Not Found",
      'check "subdomain"; if it is right, the account lacks this resource: deselect the stream',
    ),
    final(410, "Gone", 'this host is retired: set "subdomain", the "acme" of acme.zendesk.com'),
    final(422, "Unprocessable Entity", SOME),
    final(501, "Not Implemented", LATER),
  ],
  {
    name: "a redirect",
    fault: { status: 302, headers: { location: "https://elsewhere.example/login?to=chats" } },
    attempts: 1,
    came: "answered 302 Found after 1 attempt: a redirect to https://elsewhere.example, which is " +
      "not followed",
    advice: 'check "subdomain" and "base_url"',
  },
  {
    name: "a connection closed before the answer",
    fault: { ending: "close" },
    attempts: 10,
    came: "failed after 10 attempts: …",
    advice: NETWORK,
    summary: "failed: …",
  },
  {
    name: "a connection reset before the answer",
    fault: { ending: "reset" },
    attempts: 10,
    came: "failed after 10 attempts: …",
    advice: NETWORK,
    summary: "failed: …",
  },
  ...(["close", "reset"] as const).map((ending): Row => ({
    name: ending === "close" ? "a body cut off" : "a connection reset inside the body",
    fault: { ending, bytes: 9 },
    attempts: 10,
    came: "answered 200 OK after 10 attempts: the body broke off",
    advice: NETWORK,
    summary: "answered 200 OK: the body broke off",
  })),
  wrongBody("a body that does not parse", '[{"id": 1}, {"id"', "a body that is not JSON"),
  wrongBody("a body that is no text", "\u0000\u0001\u0002", "a body that is not JSON"),
  wrongBody("an empty body", "", "an empty body"),
  wrongBody("HTML with 200", "<!DOCTYPE html><h1>Welcome</h1>", "HTML instead of JSON", 3),
  {
    name: "JSON of the wrong shape",
    fault: { status: 200, body: "7" },
    attempts: 3,
    came: "answered 200 OK after 3 attempts: …",
    advice:
      'check "base_url" and any proxy; if they are right, the API answers in a way this tap ' +
      "does not know: please report this line",
    summary: "answered 200 OK: …",
  },
  ...[
    { name: "an answer slower than the timeout", fault: { delayMs: 3_600_000 } },
    { name: "a server that accepts and says nothing", fault: { ending: "hang" as const } },
    { name: "a body that stalls", fault: { ending: "hang" as const, bytes: 9 } },
  ].map((row): Row => ({
    ...row,
    attempts: 10,
    came: "timed out after 10 attempts: no complete answer within 300 s",
    advice: SLOW,
    summary: "timed out: no complete answer within 300 s",
  })),
];

/** A refusal that passes by itself. */
function passing(status: number, reason: string, advice: string): Row {
  return {
    name: `${status}`,
    fault: { status, body: { error: "Not today" } },
    attempts: 10,
    came: `answered ${`${status} ${reason}`.trim()} after 10 attempts: "Not today"`,
    advice,
    summary: `answered ${status}`,
  };
}

/** A refusal that another attempt does not change. */
function final(status: number, reason: string, advice: string): Row {
  return {
    name: `${status}`,
    fault: { status, body: { error: reason, description: "so it is" } },
    attempts: 1,
    came: `answered ${status} ${reason} after 1 attempt: "${reason}: so it is"`,
    advice,
  };
}

function wrongBody(name: string, body: string, fault: string, attempts = 10): Row {
  return {
    name,
    fault: { status: 200, body },
    attempts,
    came: `answered 200 OK after ${attempts} attempts: ${fault}`,
    advice: NOT_THE_API,
    summary: `answered 200 OK: ${fault}`,
  };
}

function httpDate(secondsFromStart: number): string {
  return new Date(RUN_STARTED_AT + secondsFromStart * 1000).toUTCString();
}

/** A run of a place's stream. Faults find it by its user agent, so that many can go on at once. */
function runAt(
  { stream, options }: Place,
  api: FakeChatApi,
  userAgent: string,
  more: Partial<RunOptions> = {},
): Promise<StreamsRun> {
  const { clock = createFakeClock() } = more;
  return runStreams({
    apiRoot: api.url,
    only: [stream],
    clock,
    fetch: stalls.fetchOn(clock),
    agentsPageLimit: 2,
    bansPageLimit: 2,
    ...options,
    userAgent,
    ...more,
  });
}

function onRun(userAgent: string, { path, when }: Place): (request: ApiRequest) => boolean {
  return (request) =>
    request.headers["user-agent"] === userAgent && request.path === path &&
    (when === undefined || when(request.params));
}

/** Checks all items at once; what is wrong is gathered, so that one failure hides no other. */
async function checkAll<Item extends { name: string }>(
  items: readonly Item[],
  check: (item: Item) => Promise<void>,
): Promise<void> {
  const settled = await Promise.allSettled(items.map(check));
  const failures = settled.flatMap((result, index) =>
    result.status === "rejected" ? [`${items[index]!.name}: ${result.reason.message}`] : []
  );
  if (failures.length > 0) fail(failures.join("\n"));
}

/**
 * A line without what is not fixed: the runtime's reason for a broken connection, and the place at
 * which an answer is of the wrong shape.
 */
function shorten(line: string, { advice }: Row): string {
  const short = line
    .replace(/( failed(?: after \d+ attempts)?: )[^;]+/, "$1…")
    .replace(/(: )(?:"[^"]*": )?an? \w+ was expected, found [^;]+/, "$1…");
  return advice === SOME ? short.replace(/; .+$/, `; ${SOME}`) : short;
}

/** The records of runs as texts, each once and in one order. */
function texts(...runs: StreamsRun[]): string[] {
  const all = runs.flatMap((run) => recordsOf(run).map((record) => JSON.stringify(record)));
  return [...new Set(all)].sort();
}

/** That a run brought all records, each once, and left the state of a run that met no fault. */
function assertComplete(run: StreamsRun, undisturbed: StreamsRun): void {
  assertEquals(isWholeRun(run), true);
  assertEquals(recordsOf(run), recordsOf(undisturbed));
  assertEquals(stateOf(run), stateOf(undisturbed));
}

/** That a run tells of one failure, and ends in a STATE from which the next run brings what is missing. */
async function assertNamed(
  run: StreamsRun,
  { row, place, api, undisturbed }: {
    row: Row;
    place: Place;
    api: FakeChatApi;
    undisturbed: StreamsRun;
  },
): Promise<void> {
  assertEquals(run.outcomes.map(({ verdict }) => verdict), ["failed"]);
  assertEquals(run.error instanceof TapError, CONCERN_ALL.includes(row.name), `${run.error}`);
  const critical = run.lines.filter((line) => line.startsWith("CRITICAL"));
  assertEquals(critical.map((line) => shorten(line, row)), [
    `CRITICAL ${errorMessage(place.stream, place.path, api, row)}`,
  ]);
  const state = stateOf(run);
  assertEquals(state?.currently_syncing, null);
  const next = await runAt(place, api, "next run", { state: state as JsonObject });
  assertEquals(isWholeRun(next), true);
  assertEquals(texts(run, next), texts(undisturbed));
  assertEquals(stateOf(next), stateOf(undisturbed));
}

/** Refusals by which the API may say that a search is too much for it. */
const TOO_MUCH = [400, 422, 504];

/** Times that the window of a run is halved until it is an hour. */
const HALVINGS = 9;

/** From 40 ids to a single one. */
const ID_HALVINGS = 6;

/** Whether the fault is part of how search is read: a window that is refused is split. */
function isForeseen({ fault }: Row, { path, when }: Place): boolean {
  const isPageTwo = path === "/chats/search" && when !== undefined;
  return isPageTwo && (fault.status === 400 || fault.status === 422);
}

/** Attempts that a run makes before it fails, for less and less where that may help. */
function attemptsAt({ fault, attempts, came }: Row, { path, when }: Place): number {
  const isTooMuch = TOO_MUCH.includes(fault.status ?? 0) || came.startsWith("timed out");
  if (path === "/chats" && isTooMuch && attempts === 1) return attempts + ID_HALVINGS;
  if (path !== "/chats/search" || !isTooMuch) return attempts;
  // Behind a first page that is answered there is patience again.
  return attempts + HALVINGS * (when === undefined ? Math.min(attempts, 3) : attempts);
}

function errorMessage(
  stream: string,
  path: string,
  { url }: FakeChatApi,
  { came, advice }: Row,
): string {
  return `Cannot read ${stream}: GET ${url}${path} ${came}; ${advice}`;
}

for (const row of ROWS) {
  const at = `${row.name} at ${PLACES.length} endpoints`;

  if (row.attempts > 1) {
    Deno.test(`sync() and ${at}, met once: all records`, async () => {
      await using api = await startWith(row, PLACES, 1);
      await checkAll(PLACES, async (place) => {
        const undisturbed = await runAt(place, api, "undisturbed");
        const run = await runAt(place, api, place.name);
        assertComplete(run, undisturbed);
        const waits = run.lines.filter((line) => !line.startsWith("INFO Starting"));
        const level = row.fault.status === 429 ? "INFO" : "WARNING";
        const seconds = (row.waitSeconds ?? 0.5).toFixed(1);
        assertEquals(waits.map((line) => shorten(line, row)), [
          `${level} Waiting ${seconds} s before attempt 2 of ${row.attempts}: GET ` +
          `${place.path.slice(1)} ${row.summary}`,
        ]);
        assertEquals(run.sleeps, [(row.waitSeconds ?? 0.5) * 1000]);
      });
    });
  }

  const attempts = row.attempts === 1 ? "at once" : `after ${row.attempts} attempts`;
  Deno.test(`sync() and ${at}, for ever: one error ${attempts}, nothing lost`, async () => {
    await using api = await startWith(row, PLACES, Infinity);
    await checkAll(PLACES, async (place) => {
      const undisturbed = await runAt(place, api, "undisturbed");
      const run = await runAt(place, api, place.name);
      if (isForeseen(row, place)) {
        assertEquals([isWholeRun(run), texts(run)], [true, texts(undisturbed)]);
        assertEquals(stateOf(run), stateOf(undisturbed));
        return;
      }
      await assertNamed(run, { row, place, api, undisturbed });
      const met = api.requests.filter(onRun(place.name, place)).length;
      assertEquals(met, attemptsAt(row, place));
      if (met > row.attempts) return;
      const waits = (row.waitsSeconds ?? BACKOFFS).slice(0, row.attempts - 1);
      assertEquals(run.sleeps, waits.map((seconds) => seconds * 1000));
    });
  });
}

/** A small account whose every place meets a row's fault, in the run that is named after it. */
function startWith(row: Row, places: readonly Place[], times: number): Promise<FakeChatApi> {
  return startFakeChatApi({
    account: smallAccount(),
    now: () => RUN_STARTED_AT,
    onStall: stalls.onStall,
    faults: places.map((place) => ({
      ...row.fault,
      on: onRun(place.name, place),
      times,
    })),
  });
}

Deno.test(`sync() and ${ROWS.length} faults on an export's second page: nothing lost`, async () => {
  const place: Place = {
    name: "incremental/chats, page 2",
    stream: "chats",
    path: "/incremental/chats",
    options: { chatsApi: "incremental" },
    when: isLater,
  };
  await using api = await startFakeChatApi({
    account: { chats: generatedChats({ count: 1_003, bytes: 1_500, to: "2026-01-10T00:00:00Z" }) },
    now: () => RUN_STARTED_AT,
    onStall: stalls.onStall,
    faults: ROWS.map((row) => ({ ...row.fault, on: onRun(row.name, place) })),
  });
  const undisturbed = await runAt(place, api, "undisturbed");
  for (const row of ROWS) {
    const run = await runAt(place, api, row.name);
    if (row.attempts > 1) assertComplete(run, undisturbed);
    else await assertNamed(run, { row, place, api, undisturbed });
  }
});

Deno.test("sync() takes half the limit for an export page that fails three times", async () => {
  await using api = await startFakeChatApi({
    account: smallAccount(),
    now: () => RUN_STARTED_AT,
    faults: [{ on: "/incremental/chats", status: 504, times: 7 }],
  });
  const run = await runStreams({ apiRoot: api.url, only: ["chats"], chatsApi: "incremental" });
  assertEquals(isWholeRun(run), true);
  assertEquals(
    api.requests.map(({ params }) => params.limit),
    ["1000", "1000", "1000", "500", "500", "500", "250", "250", "250"],
  );
  assertEquals(recordsOf(run).length, 54);
});

Deno.test(`availableStreams() and ${ROWS.length} faults: all streams, or one error`, async () => {
  await using api = await startFakeChatApi({
    onStall: stalls.onStall,
    faults: ROWS.flatMap((row) => [
      { ...row.fault, on: probeOf(row.name, "once") },
      { ...row.fault, on: probeOf(row.name, "for ever"), times: Infinity },
    ]),
  });
  const discover = async (row: Row, times: "once" | "for ever") => {
    const clock = createFakeClock();
    const fetch = stalls.fetchOn(clock);
    const run = createRunApi({ apiRoot: api.url, userAgent: `${row.name} ${times}`, clock, fetch });
    return (await availableStreams(STREAMS, run)).length;
  };
  await checkAll(ROWS, async (row) => {
    if (row.attempts > 1) assertEquals(await discover(row, "once"), STREAMS.length);
    const error = await assertRejects(() => discover(row, "for ever"), RequestError);
    assertEquals(shorten(error.message, row), errorMessage("chats", "/chats", api, row));
  });
});

function probeOf(name: string, times: string): (request: ApiRequest) => boolean {
  return ({ headers, path }) => headers["user-agent"] === `${name} ${times}` && path === "/chats";
}

/** A clock on which waiting never ends by itself. */
function endlessClock(): FakeClock {
  return {
    ...createFakeClock(),
    sleep: (_ms, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason))
      ),
  };
}

Deno.test(`sync() stops in the middle of a wait at ${PLACES.length} endpoints`, async () => {
  const row = ROWS.find(({ name }) => name === "429 with Retry-After in seconds")!;
  await using api = await startWith(row, PLACES, Infinity);
  await checkAll(PLACES, async (place) => {
    const stop = new AbortController();
    const reason = new Error("stop");
    const run = await runAt(place, api, place.name, {
      clock: endlessClock(),
      signal: stop.signal,
      onLine(line) {
        if (line.includes("Waiting 7.0 s")) queueMicrotask(() => stop.abort(reason));
      },
    });
    assertStrictEquals(run.error, reason);
    assertEquals(stateOf(run)?.currently_syncing, place.stream);
    const met = api.requests.filter(onRun(place.name, place)).length;
    assertEquals(met, 1);
  });
});

Deno.test(`sync() stops in the middle of a slow answer at ${PLACES.length} endpoints`, async () => {
  const row = ROWS.find(({ name }) => name === "a body that stalls")!;
  await using api = await startWith(row, PLACES, Infinity);
  await checkAll(PLACES, async (place) => {
    const stop = new AbortController();
    const reason = new Error("stop");
    const run = await runAt(place, api, place.name, {
      signal: stop.signal,
      async fetch(url, init) {
        const response = await fetch(url, init);
        const { pathname, searchParams } = new URL(`${url}`);
        const isMet = pathname.endsWith(`/chat${place.path}`) &&
          (place.when?.(Object.fromEntries(searchParams)) ?? true);
        if (isMet) queueMicrotask(() => stop.abort(reason));
        return response;
      },
    });
    assertStrictEquals(run.error, reason);
    assertEquals(stateOf(run)?.currently_syncing, place.stream);
  });
});

Deno.test("sync() logs a wait for its own pace, and stops in the middle of it", async () => {
  await using api = await startFakeChatApi({ account: smallAccount() });
  const options = { apiRoot: api.url, only: ["goals", "roles"], requestsPerMinute: 1 };
  const patient = await runStreams(options);
  const waiting = 'INFO Waiting 60.0 s to stay within "requests_per_minute" (1)';
  assertEquals(isWholeRun(patient), true);
  assertEquals(patient.lines.filter((line) => line.includes("Waiting")), [waiting]);
  assertEquals(patient.sleeps, [60_000]);

  const stop = new AbortController();
  const reason = new Error("stop");
  const stopped = await runStreams({
    ...options,
    clock: endlessClock(),
    signal: stop.signal,
    onLine(line) {
      if (line.startsWith(waiting)) queueMicrotask(() => stop.abort(reason));
    },
  });
  assertStrictEquals(stopped.error, reason);
  assertEquals(stateOf(stopped), { bookmarks: {}, currently_syncing: "roles" });
  assertEquals(recordsOf(stopped), recordsOf(patient, "goals"));
});
