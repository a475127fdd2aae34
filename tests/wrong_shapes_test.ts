/**
 * Answers that are JSON but not what the Chat API documents. Each must end in an error or a warning
 * that names the stream, or do no harm; never in a crash, in requests without end, or in records
 * that are missing although nobody was told. A run after it, when the API is well again, has to
 * bring whatever the odd one did not.
 */

import { assertEquals, assertLessOrEqual, assertStrictEquals } from "@std/assert";
import { TapError } from "../lib/errors.ts";
import { ExactNumber } from "../lib/exact_number.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { type ApiRequest, startFakeChatApi } from "./fakes/chat_api/mod.ts";
import {
  isWholeRun,
  recordsOf,
  RUN_STARTED_AT,
  type RunOptions,
  runStreams,
  smallAccount,
  stateOf,
} from "./run_streams.ts";

// deno-lint-ignore no-explicit-any
type Body = any;

/** One odd answer and what comes of it. */
interface Oddity {
  name: string;
  stream: string;
  /** The path that answers oddly. */
  path: string;
  /** Changes the true answer; `index` counts the answers from 0. */
  alter?(body: Body, index: number): Json;
  /** The answer itself, as JSON text. */
  text?: string;
  options?: Partial<RunOptions>;
  /**
   * The lines of the log, with `API` for the root, but for those that say which stream begins and
   * what is waited for. A pattern stands for one line or more whose wording is open.
   */
  log: string[] | RegExp;
  /** Ids of records that the log says are missing. */
  missing?: string[];
  /** The records of the odd run, where they matter. */
  records?: JsonObject[];
  /** Requests that the odd run may take; 60 when absent. */
  most?: number;
}

type Alter = NonNullable<Oddity["alter"]>;

const Q = "type:chat AND end_timestamp:[2026-01-01T00:00:00 TO 2026-01-15T12:00:00]";
const CHAT_WINDOW = "chat with end_timestamp from 2026-01-01T00:00:00 to 2026-01-15T12:00:00 UTC";
const OFFLINE_WINDOW =
  "offline_msg with timestamp from 2026-01-01T00:00:00 to 2026-01-15T12:00:00 UTC";

/** The one line about a row that was left out. */
function leftOut(stream: string, row: string): string[] {
  return [
    `ERROR Stream "${stream}": left out 1 row that cannot be written: ${row}; correct the types in ` +
    "the catalog or allow null there, and if the catalog is as discovered report this line",
  ];
}

/** A finding whose wording is open: it says that something is wrong, and with which stream. */
const finding = (stream: string) => new RegExp(`^(WARNING|CRITICAL) .*\\b${stream}\\b`);

/** The one line about an answer that was asked for three times and stayed of the wrong shape. */
function unread(stream: string, path: string, detail: string): string[] {
  return [
    `CRITICAL Cannot read ${stream}: GET API${path} answered 200 OK after 3 attempts: ${detail}; ` +
    'check "base_url" and any proxy; if they are right, the API answers in a way this tap does ' +
    "not know: please report this line",
  ];
}

function search(name: string, alter: Alter, more: Partial<Oddity>): Oddity {
  return { name, stream: "chats", path: "/chats/search", alter, log: [], ...more };
}

function badSearch(name: string, alter: Alter, detail: string): Oddity {
  return search(name, alter, { log: unread("chats", "/chats/search", detail) });
}

/** The odd document stands for that of chat-3. */
function document(name: string, odd: Json, more: Partial<Oddity>): Oddity {
  const alter = (body: Body) => {
    return "chat-3" in body.docs ? { ...body, docs: { ...body.docs, "chat-3": odd } } : body;
  };
  return { name, stream: "chats", path: "/chats", alter, log: [], ...more };
}

function badBulk(name: string, docs: Json | undefined, detail: string): Oddity {
  return {
    name,
    stream: "chats",
    path: "/chats",
    alter: (body) => ({ ...body, docs }),
    log: unread("chats", "/chats", detail),
  };
}

function exported(name: string, alter: Alter, more: Partial<Oddity>): Oddity {
  const path = "/incremental/chats";
  return {
    name,
    stream: "chats",
    path,
    alter,
    options: { chatsApi: "incremental" },
    log: [],
    ...more,
  };
}

function badExport(name: string, alter: Alter, detail: string): Oddity {
  return exported(name, alter, { log: unread("chats", "/incremental/chats", detail) });
}

const otherChats = Array.from(
  { length: 1_000 },
  (_, index) => ({ id: `other-${index}`, type: "chat" }),
);

/** A page with as many rows as were asked for, and none of the account's. */
const fullOfOthers = (body: Body): Body => ({ ...body, chats: otherChats });

/** A page that has the account's rows among as many as were asked for. */
const full = ({ chats = [], ...body }: Body): Body => ({
  ...body,
  chats: [...chats, ...otherChats].slice(0, otherChats.length),
});

/** The one line about a cursor that is missing or older than the one asked with. */
const leadsNowhere = (shown: string) => [
  `WARNING The API ends a page of chats with an end_time that leads nowhere (${shown}): the ` +
  "bookmark stays, and the next run reads these rows again; report this line if it comes back",
];

/** The one line about full pages that have the cursor they were asked with. */
const stuck = (from: number) => [
  `CRITICAL Cannot read chats: after a full page of 1000 rows from start_time ${from} the API ` +
  `answers end_time ${from}, which leads no further; run again later, and report it if it stays`,
];

const idOf = ({ id }: Body): Json => ({ id });

const END = Date.parse("2026-01-05T10:53:00Z") / 1000;

const SEARCHES: Oddity[] = [
  badSearch("null", () => null, "an object was expected, found null"),
  badSearch("an array", () => [], "an object was expected, found an array"),
  badSearch("a text", () => "chats", "an object was expected, found a string"),
  badSearch(
    'no "results"',
    ({ results: _, ...body }) => body,
    '"results": an array was expected, found nothing',
  ),
  badSearch(
    '"results" is null',
    (body) => ({ ...body, results: null }),
    '"results": an array was expected, found null',
  ),
  badSearch(
    '"results" is an object',
    (body) => ({ ...body, results: { 0: body.results[0] } }),
    '"results": an array was expected, found an object',
  ),
  ...([null, { id: 7 }, { id: "" }, { id: null }, { id: ["chat-1"] }] as Json[]).map((result) =>
    search(
      `a result is ${JSON.stringify(result)}`,
      (body) => ({ ...body, results: [result, ...body.results] }),
      { log: [] },
    )
  ),
  badSearch(
    '"count" is a text',
    (body) => ({ ...body, count: "48" }),
    '"count": a count was expected, found a string',
  ),
  ...[-1, 1.5, 1e300].map((count) =>
    badSearch(
      `"count" is ${count}`,
      (body) => ({ ...body, count }),
      `"count": a count was expected, found ${count}`,
    )
  ),
  search('"count" is null', (body) => ({ ...body, count: null }), { log: [] }),
  search('"count" is 0 and should not be', (body) => ({ ...body, count: 0 }), { log: [] }),
  search('"count" is a little too high', (body) => ({ ...body, count: 55 }), {
    log: [
      `WARNING The search for ${CHAT_WINDOW} counts 55 chats and lists 48, asked twice: the next ` +
      "runs ask for the others again",
    ],
  }),
  ...[2_500, 9_999, 15_000].map((count) =>
    search(`"count" is ${count} whatever the window`, (body) => ({ ...body, count }), {
      log: finding("chats"),
    })
  ),
  badSearch(
    '"next_url" is a number',
    (body) => ({ ...body, next_url: 2 }),
    '"next_url": text was expected, found a number',
  ),
  badSearch(
    '"next_url" is an object',
    (body) => ({ ...body, next_url: { href: "?page=2" } }),
    '"next_url": text was expected, found an object',
  ),
  badSearch(
    '"next_url" has no query',
    (body) => ({ ...body, next_url: "https://acme.zendesk.com/api/v2/chat/chats" }),
    'a "next_url" without a query',
  ),
  search('"next_url" is empty at the end', (body) => ({ ...body, next_url: body.next_url ?? "" }), {
    log: [],
  }),
  search("a link leads back to its own page", (body) => ({ ...body, next_url: `?q=${Q}&page=2` }), {
    log: [
      `CRITICAL Cannot read chats: the search for ${CHAT_WINDOW} does not end, its links lead ` +
      'back to a page already read; run again later, or set "chats_api" to "incremental"',
    ],
  }),
  search(
    "the pages never end",
    ({ results, ...body }, index) => ({
      ...body,
      results: [...results, { id: "chat-0" }],
      next_url: `?q=${Q}&page=${index + 2}`,
    }),
    {
      log: finding("chats"),
      most: 1_100,
    },
  ),
  search(
    "a result is listed twice",
    (body) => ({ ...body, results: [body.results[0], ...body.results] }),
    { log: [] },
  ),
  search(
    "a page in the middle is empty",
    (body, index) => index === 1 ? { ...body, results: [] } : body,
    { log: [] },
  ),
  search(
    "an id that objects have a meaning for",
    (body) => ({ ...body, results: [...body.results, { id: "__proto__" }] }),
    {
      log: [CHAT_WINDOW, OFFLINE_WINDOW].map((window) =>
        `WARNING The API has no document for 1 of the chats that the search for ${window} lists, ` +
        "asked twice: __proto__; the next runs ask for them again"
      ),
    },
  ),
  search(
    "an id of 9,000 characters",
    (body) => ({ ...body, results: [...body.results, { id: "x".repeat(9_000) }] }),
    { log: /^WARNING The API has no document for 1 of the chats .{0,500}$/ },
  ),
];

const BULK_READS: Oddity[] = [
  badBulk('"docs" is null', null, '"docs": an object was expected, found null'),
  badBulk('"docs" is an array', [], '"docs": an object was expected, found an array'),
  badBulk('no "docs"', undefined, '"docs": an object was expected, found nothing'),
  {
    name: '"docs" is empty',
    stream: "chats",
    path: "/chats",
    alter: (body) => ({ ...body, docs: {} }),
    log:
      /^WARNING The API has no document for (48|6) of the chats .*; the next runs ask for them again$/,
  },
  ...([null, {}, "a text", [], 3, true] as Json[]).map((odd) =>
    document(`a document is ${JSON.stringify(odd)}`, odd, {
      log: [
        `WARNING The API has no document for 1 of the chats that the search for ${CHAT_WINDOW} ` +
        "lists, asked twice: chat-3; the next runs ask for them again",
      ],
    })
  ),
  document("a document has no id", { type: "chat" }, { log: [] }),
  document("a document has another chat's id", { id: "chat-4", type: "chat" }, {
    log: finding("chats"),
  }),
  document("a document's id is a number", { id: 7, type: "chat" }, { log: finding("chats") }),
];

const EXPORTS: Oddity[] = [
  badExport("null", () => null, "an object was expected, found null"),
  badExport("an array", (body) => body.chats, "an object was expected, found an array"),
  badExport(
    "no rows",
    ({ chats: _, ...body }) => body,
    '"chats": an array was expected, found nothing',
  ),
  badExport(
    "rows are null",
    (body) => ({ ...body, chats: null }),
    '"chats": an array was expected, found null',
  ),
  badExport(
    "rows are an object",
    (body) => ({ ...body, chats: { 0: body.chats[0] } }),
    '"chats": an array was expected, found an object',
  ),
  exported("a row is null", (body, index) => {
    return index === 0 ? { ...body, chats: [...body.chats, null] } : body;
  }, { log: leftOut("chats", "a row that is null") }),
  exported('"end_id" is a number', (body) => ({ ...body, end_id: 53 }), { log: [] }),
  ...([{ id: "chat-53" }, ["chat-53"], true] as Json[]).map((end_id) =>
    exported(`"end_id" is ${JSON.stringify(end_id)}`, (body) => ({ ...body, end_id }), {
      log: finding("chats"),
    })
  ),
  ...([null, 0, undefined] as const).map((end_time) =>
    exported(`"end_time" is ${end_time}`, (body) => ({ ...body, end_time }), {
      log: leadsNowhere(end_time === undefined ? "nothing" : `${end_time}`),
    })
  ),
  exported("rows are ids alone", (body) => ({ ...body, chats: body.chats.map(idOf) }), {
    log: [
      "CRITICAL Cannot read chats: the export answers ids alone where whole rows were asked for; " +
      "the bookmark stays; run again later, and report it if it stays",
    ],
    records: [],
  }),
  exported('"end_time" has a fraction', (body) => ({ ...body, end_time: body.end_time + 0.5 }), {
    log: [],
  }),
  ...(["1767607200", "2026-01-05T10:00:00Z", -5, [], {}, true] as Json[]).map((end_time) =>
    exported(`"end_time" is ${JSON.stringify(end_time)}`, (body) => ({ ...body, end_time }), {
      log: finding("chats"),
    })
  ),
  ...[1e300, END * 1000].flatMap((end_time) => [
    exported(`"end_time" is ${end_time}`, (body) => ({ ...body, end_time }), {
      log: finding("chats"),
    }),
    exported(
      `"end_time" of a full page is ${end_time}`,
      (body) => ({ ...fullOfOthers(body), end_time }),
      {
        log: finding("chats"),
      },
    ),
  ]),
  exported(
    '"end_time" of a full page is null',
    (body) => ({ ...fullOfOthers(body), end_time: null }),
    {
      log: leadsNowhere("null"),
    },
  ),
  exported('"end_time" goes backwards', (body, index) => ({
    ...full(body),
    end_time: END - index,
    end_id: `row-${index}`,
  }), { log: leadsNowhere(`${END - 1}`) }),
  exported(
    "the cursor of full pages stays",
    (body) => ({ ...full(body), end_time: END, end_id: "row" }),
    { log: stuck(END) },
  ),
  exported(
    "the cursor of full pages goes round",
    (body, index) => ({ ...full(body), end_time: END, end_id: `row-${index % 3}` }),
    { log: stuck(END) },
  ),
  exported(
    "the same full page comes with ever new cursors",
    (body, index) => ({ ...full(body), end_time: END, end_id: `row-${index}` }),
    { log: finding("chats"), most: 20 },
  ),
  exported('"count" lies', (body) => ({ ...body, count: 5_000 }), { log: [] }),
  exported('"next_page" is a number', (body) => ({ ...body, next_page: 2 }), { log: [] }),
  exported("rows come twice", (body) => ({ ...body, chats: [...body.chats, ...body.chats] }), {
    log: [],
  }),
  ...["agent_timeline", "agent_events", "conversions", "department_events"].flatMap((stream) => {
    const odd = { stream, path: `/incremental/${stream}`, options: {} };
    return [
      exported("rows have another name", (body) => ({ rows: body[stream] }), {
        ...odd,
        log: unread(stream, odd.path, `"${stream}": an array was expected, found nothing`),
      }),
      exported('"end_time" is a text', (body) => ({ ...body, end_time: `${body.end_time}` }), {
        ...odd,
        log: finding(stream),
      }),
      exported("a row has no key", (body) => ({ ...body, [stream]: [...body[stream], {}] }), {
        ...odd,
        log: new RegExp(
          `^ERROR Stream "${stream}": left out 2 rows .*: a row whose key property "`,
        ),
      }),
    ];
  }),
];

const ID_WINDOWS: Oddity[] = [
  {
    name: "an object",
    alter: (body: Body) => ({ agents: body }),
    log: unread("agents", "/agents", "an array was expected, found an object"),
  },
  {
    name: "a row is null",
    alter: () => [null],
    log: leftOut("agents", "a row that is null"),
  },
  { name: "an id is a text", alter: () => [{ id: "1" }], log: [], records: [{ id: 1 }] },
  {
    name: "an id is null",
    alter: () => [{ id: null }],
    log: leftOut("agents", 'id null: "id" is null, expected integer'),
  },
  {
    name: "a row has no id",
    alter: () => [{ email: "agent@acme.example" }],
    log: leftOut("agents", 'a row whose key property "id" is nothing'),
  },
  {
    name: "ids go backwards",
    alter: (body: Body, index: number) => index === 0 ? body : [{ id: 1 }],
    log: [],
    records: [1, 2].map((id) => ({ id, email: `agent${id}@acme.example` })),
  },
  {
    name: "the same page comes again and again",
    alter: () => [{ id: 1 }, { id: 2 }],
    log: [],
    records: [{ id: 1 }, { id: 2 }],
  },
  {
    name: "the greatest id there is",
    alter: (body: Body) => body.length === 0 ? [] : [{ id: Number.MAX_SAFE_INTEGER }],
    log: [],
  },
  { name: "rows come twice", alter: (body: Body) => [...body, ...body], log: [] },
].map((odd) => ({ stream: "agents", path: "/agents", ...odd }));

const BANS: Oddity[] = [
  ["an array", (body: Body) => [body], "an object was expected, found an array"],
  [
    'no "visitor"',
    ({ visitor: _, ...body }: Body) => body,
    '"visitor": an array was expected, found nothing',
  ],
  [
    '"ip_address" is null',
    (body: Body) => ({ ...body, ip_address: null }),
    '"ip_address": an array was expected, found null',
  ],
  [
    '"visitor" is an object',
    (body: Body) => ({ ...body, visitor: {} }),
    '"visitor": an array was expected, found an object',
  ],
].map(([name, alter, detail]) => ({
  name: name as string,
  stream: "bans",
  path: "/bans",
  alter: alter as Alter,
  log: unread("bans", "/bans", detail as string),
}));

const LISTS: Oddity[] = ["departments", "goals", "shortcuts", "triggers", "roles", "skills"]
  .flatMap((stream) => {
    const path = `/${stream}`;
    const bodies: [Json, string][] = [
      [null, "an array was expected, found null"],
      [{ [stream]: [] }, "an array was expected, found an object"],
      ["none", "an array was expected, found a string"],
    ];
    return [
      ...bodies.map(([body, detail]) => ({
        name: JSON.stringify(body),
        stream,
        path,
        alter: () => body,
        log: unread(stream, path, detail),
      })),
      ...[null, [], "row", {}, { id: null, name: null }].map((row) => ({
        name: `a row is ${JSON.stringify(row)}`,
        stream,
        path,
        alter: (body: Body) => [...body, row],
        log: new RegExp(`^ERROR Stream "${stream}": left out 1 row that cannot be written: `),
      })),
      {
        name: "rows come twice",
        stream,
        path,
        alter: (body: Body) => [...body, ...body],
        log: [],
      },
    ];
  });

const OBJECTS: Oddity[] = [
  ...([[null, "null"], [[], "an array"], ["x", "a string"]] as [Json, string][])
    .flatMap(([body, kind]) => [
      {
        name: kind,
        stream: "account",
        path: "/account",
        alter: () => body,
        log: unread("account", "/account", `an object was expected, found ${kind}`),
      },
      {
        name: `"data" is ${kind}`,
        stream: "routing_settings",
        path: "/routing_settings/account",
        alter: () => ({ data: body }),
        log: unread(
          "routing_settings",
          "/routing_settings/account",
          `"data": an object was expected, found ${kind}`,
        ),
      },
    ]),
  {
    name: "an empty object",
    stream: "account",
    path: "/account",
    alter: () => ({}),
    log: leftOut("account", 'a row whose key property "account_key" is nothing'),
  },
];

const DEEP = 200_000;
const ADD_IT = "to have one, add it to the schema in the catalog";
const BIG = "x".repeat(5_000_000);

function department(name: string, text: string, more: Partial<Oddity>): Oddity {
  return { name, stream: "departments", path: "/departments", text, log: [], ...more };
}

const VALUES: Oddity[] = [
  department(
    "an unknown field nested 200,000 deep",
    `[{"id":1,"odd":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}]`,
    {
      log: ['INFO Stream "departments": dropped fields that are not in its schema: odd; ' + ADD_IT],
      records: [{ id: 1 }],
    },
  ),
  department(
    "a text field nested 200,000 deep",
    `[{"id":1,"name":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}]`,
    { records: [{ id: 1, name: "[".repeat(DEEP) + "]".repeat(DEEP) }] },
  ),
  department(
    "an open field nested 200,000 deep",
    `[{"id":1,"settings":${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}}]`,
    {},
  ),
  department(
    "fields that objects have a meaning for",
    '[{"__proto__":{"name":"no"},"constructor":1,"toString":2,"hasOwnProperty":3,"id":1}]',
    {
      log: [
        'INFO Stream "departments": dropped fields that are not in its schema: __proto__, ' +
        "constructor, toString, hasOwnProperty; " + ADD_IT,
      ],
      records: [{ id: 1 }],
    },
  ),
  department(
    "an open field with a member __proto__",
    '[{"id":1,"settings":{"__proto__":{"a":1}}}]',
    { records: [JSON.parse('{"id":1,"settings":{"__proto__":{"a":1}}}')] },
  ),
  department(
    "numbers beyond every double",
    '[{"id":1,"name":1e400,"members":[1e400,9007199254740993],"settings":{"limit":-1e400}}]',
    {
      log: ["name", "members[]", "settings.limit"].map((field) =>
        `WARNING Stream "departments": 1 value of "${field}" became null, too large for any column: ` +
        "beyond 64 bits, or beyond every double"
      ),
      records: [{
        id: 1,
        name: null,
        members: [null, new ExactNumber("9007199254740993")],
        settings: { limit: null },
      }],
    },
  ),
  department("a field of 5 MB", `[{"id":1,"name":"${BIG}"}]`, { records: [{ id: 1, name: BIG }] }),
  department(
    "texts that are no good Unicode",
    String.raw`[{"id":1,"name":"\ud800\u0000\ufffe"}]`,
    {
      log: [
        'WARNING Stream "departments": 1 value of "name" had NUL or half a surrogate pair, at which ' +
        "databases stop: U+FFFD took its place",
      ],
      records: [{ id: 1, name: "\ufffd\ufffd\ufffe" }],
    },
  ),
  department("a byte order mark before the JSON", '\ufeff[{"id":1}]', { records: [{ id: 1 }] }),
];

const TABLE: Oddity[] = [
  ...SEARCHES,
  ...BULK_READS,
  ...EXPORTS,
  ...ID_WINDOWS,
  ...BANS,
  ...LISTS,
  ...OBJECTS,
  ...VALUES,
];

for (const odd of TABLE) {
  const { path, name } = odd;
  Deno.test(`sync() and ${path === "/chats" ? "/chats?ids" : path}: ${name}`, () => check(odd));
}

async function check({ stream, path, alter, text, options, log, ...odd }: Oddity): Promise<void> {
  const { records, missing = [], most = 60 } = odd;
  const stop = new AbortController();
  let [asked, altered] = [0, 0];
  const isOdd = (request: ApiRequest) => request.headers["user-agent"] === "odd";
  await using api = await startFakeChatApi({
    account: smallAccount(),
    now: () => RUN_STARTED_AT,
    searchCeiling: Infinity,
    faults: [{
      on: (request) => request.path === path && isOdd(request),
      times: Infinity,
      ...(text !== undefined && { status: 200, body: text }),
      ...(alter && { alter: (body) => alter(body, altered++) }),
    }],
    onRequest(request) {
      if (isOdd(request) && ++asked > most) stop.abort(new Error(`More than ${most} requests`));
    },
  });
  const run = (userAgent: string, more: Partial<RunOptions> = {}) =>
    runStreams({
      apiRoot: api.url,
      only: [stream],
      agentsPageLimit: 2,
      bansPageLimit: 2,
      ...options,
      userAgent,
      ...more,
    });

  const oddRun = await run("odd", { signal: stop.signal });
  if (oddRun.error !== undefined) {
    assertStrictEquals(oddRun.error instanceof TapError, true, `${oddRun.error}`);
  }
  assertLessOrEqual(asked, most);
  const lines = oddRun.lines
    .filter((line) => !line.startsWith("INFO Starting") && !line.includes(" Waiting "))
    .map((line) => line.replaceAll(api.url, "API"));
  if (log instanceof RegExp) {
    assertEquals(
      lines.map((line) => log.test(line)),
      lines.map(() => true),
    );
  } else assertEquals(lines, log);
  if (log instanceof RegExp) assertEquals(lines.length > 0, true, "nothing in the log");
  if (records !== undefined) assertEquals(recordsOf(oddRun), records);

  assertEquals(lines.filter((line) => line.includes("This is a bug")), []);
  const isToldOf = lines.some((line) => /^(ERROR|CRITICAL) /.test(line));
  assertEquals(isWholeRun(oddRun), !isToldOf);

  const state = stateOf(oddRun);
  assertEquals(state?.currently_syncing, null);
  const wellRun = await run("well", { state: state as JsonObject });
  assertEquals([isWholeRun(wellRun), stateOf(wellRun)?.currently_syncing], [true, null]);
  const idOf = ({ id, account_key, agent_id, start_time }: JsonObject) =>
    `${id ?? account_key ?? agent_id} ${start_time ?? ""}`.trim();
  const came = new Set([...recordsOf(oddRun), ...recordsOf(wellRun)].map(idOf));
  const undisturbed = recordsOf(await run("undisturbed")).map(idOf);
  assertEquals(undisturbed.filter((id) => !came.has(id)), missing);
}
