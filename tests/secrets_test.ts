/**
 * The token in the hands of an API that echoes it, and foreign text in the log: no piece of the
 * token may leave the program but in the header of a request to the configured origin, and no text
 * may break or forge a line. A piece is six characters, whatever their case, because what is cut
 * short or made lower case is still a secret.
 */

import { assertEquals, assertRejects, fail } from "@std/assert";
import { resolveConfig } from "../lib/config/config.ts";
import { run } from "../lib/cli/commands.ts";
import { availableStreams } from "../lib/sync/discover.ts";
import { InputError } from "../lib/errors.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { createLog } from "../lib/log.ts";
import { chooseLogStyle } from "../lib/log_style.ts";
import { checkStreams } from "../lib/sync/check_streams.ts";
import { STREAMS } from "../streams/mod.ts";
import { type FakeChatApi, type Fault, startFakeChatApi } from "./fakes/chat_api/mod.ts";
import {
  createRunApi,
  recordsOf,
  RUN_STARTED_AT,
  runStreams,
  smallAccount,
  stateOf,
} from "./run_streams.ts";

/** A token as the API gives one, and one of every character that may stand in one. */
const TOKENS = ["Zx9s3cretKq7vB2mW4nL8pQ5", 'Zx9/s3cr"et\\Kq7vB2+mW4=nL8'];
const PIECE = 6;

/** Before the token in a text: so much that it is whole, cut, or behind every cut. */
const LEADS = [0, 30, 50, 85, 95, 180, 190, 199, 300].map((length) => "-".repeat(length));

/** Text that would start a line of its own, colour it, or turn its direction. */
const FORGERY = "x\nCRITICAL forged\r\n\x1b[31m\x9b31m\x00\x07\x7f\x85\u2028\u2029" +
  "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

const WHOLE_LINE_REGEXP = /^(?:INFO|WARNING|CRITICAL) [^\p{Cc}\p{Bidi_Control}\u2028\u2029]+\n$/u;

function assertNoPiece(output: string, token: string, what: string): void {
  const text = output.toLowerCase();
  for (let start = 0; start + PIECE <= token.length; start++) {
    const at = text.indexOf(token.toLowerCase().slice(start, start + PIECE));
    if (at >= 0) fail(`${what} shows a piece of the token: …${output.slice(at - 40, at + 40)}…`);
  }
}

/** Lets every command meet a fault, and checks what each of them says. */
async function provoke(
  fault: Omit<Fault, "on">,
  { token, stream = "account", path = `/${stream}` }: {
    token: string;
    stream?: string;
    path?: string;
  },
): Promise<void> {
  await using api = await startFakeChatApi({
    account: smallAccount(),
    token,
    now: () => RUN_STARTED_AT,
    faults: [{ ...fault, on: path, times: Infinity }],
  });
  const options = { apiRoot: api.url, accessToken: token };
  const streams = STREAMS.filter(({ tapStreamId }) => tapStreamId === stream);

  assertNoPiece((await runStreams({ ...options, only: [stream] })).output, token, "a sync");

  const discovery = createRunApi(options);
  const end = (error: Error) => discovery.log.critical(error.message);
  await availableStreams(streams, discovery).catch(end);
  assertNoPiece(discovery.lines.join("\n"), token, "discovery");

  const test = createRunApi(options);
  const printed: string[] = [];
  const print = (line: string) => Promise.resolve(void printed.push(line));
  await checkStreams(streams, test, print).catch((error) => test.log.critical(error.message));
  assertNoPiece([...printed, ...test.lines].join("\n"), token, "--test");
}

/** Every character as JSON may have it: `\u` and four digits. */
function escapeAll(text: string): string {
  const escape = (unit: number) => `\\u${unit.toString(16).padStart(4, "0")}`;
  return Array.from(text, (character) => escape(character.charCodeAt(0))).join("");
}

const ECHOES: [string, (lead: string, token: string) => Json][] = [
  ["plain text", (lead, token) => `${lead}Authorization: Bearer ${token}`],
  ["HTML", (lead, token) => `<p>${lead}${token}</p>`],
  ['"error"', (lead, token) => ({ error: `${lead}Bearer ${token}` })],
  ['"error" and "description"', (lead, token) => ({ error: token, description: lead + token })],
  ['"message" in "error"', (lead, token) => ({ error: { message: lead + token } })],
  ["JSON that escapes every character", (lead, token) => `{"error":"${lead}${escapeAll(token)}"}`],
  [
    "JSON that escapes slashes",
    (lead, token) => JSON.stringify({ error: lead + token }).replaceAll("/", "\\/"),
  ],
];

for (const [name, echo] of ECHOES) {
  Deno.test(`createChatApi() shows no piece of a token that an error echoes in ${name}`, async () => {
    for (const token of TOKENS) {
      for (const lead of LEADS) {
        for (const status of [401, 503]) {
          await provoke({ status, body: echo(lead, token) }, { token });
        }
      }
    }
  });
}

Deno.test("createChatApi() shows no piece of a token in a Retry-After header", async () => {
  for (const token of TOKENS) {
    for (const lead of LEADS) {
      await provoke({ status: 429, headers: { "retry-after": lead + token } }, { token });
    }
  }
});

Deno.test("createChatApi() shows no piece of a token in the address of a redirect", async () => {
  const [token = ""] = TOKENS;
  const locations = [
    `https://elsewhere.example/${token}?access_token=${token}#${token}`,
    `https://${token}:${token}@elsewhere.example/`,
    `${token}:elsewhere`,
    `/${token}`,
    token,
    `https://${token}.elsewhere.example/`,
  ];
  for (const location of locations) {
    await provoke({ status: 302, headers: { location } }, { token });
  }
});

Deno.test("sync() shows no piece of a token in the names of unknown fields", async () => {
  for (const token of TOKENS) {
    for (const lead of LEADS) {
      await provoke({ alter: (body) => ({ ...body, [lead + token]: 1 }) }, { token });
      await provoke({ alter: (body) => ({ ...body, plan: { [lead + token]: 1 } }) }, { token });
    }
  }
});

Deno.test("sync() shows no piece of a token in ids that it warns about", async () => {
  for (const token of TOKENS) {
    for (const lead of LEADS) {
      await provoke(
        { alter: (body) => ({ ...body, results: [...body.results, { id: lead + token }] }) },
        { token, stream: "chats", path: "/chats/search" },
      );
    }
  }
});

Deno.test("sync() shows no piece of a token that it was made to ask with", async () => {
  for (const token of TOKENS) {
    for (const ending of ["close", "reset"] as const) {
      await using api = await startFakeChatApi({
        account: smallAccount(),
        token,
        now: () => RUN_STARTED_AT,
        faults: [
          {
            on: "/chats/search",
            times: Infinity,
            alter: (body) => ({ ...body, results: [{ id: token }, ...body.results.slice(1)] }),
          },
          { on: "/chats", times: Infinity, ending },
        ],
      });
      const { output, outcomes } = await runStreams({
        apiRoot: api.url,
        accessToken: token,
        only: ["chats"],
      });
      assertEquals(outcomes.map(({ verdict }) => verdict), ["failed"]);
      assertNoPiece(output, token, "a sync");
    }
  }
});

Deno.test("sync() shows no piece of a token in answers of the wrong shape", async () => {
  for (const token of TOKENS) {
    const bodies: Json[] = [token, `{"a":${token}`, `<${token}`, [token], { [token]: token }];
    for (const body of bodies) {
      await provoke({ status: 200, body }, { token });
      await provoke({ status: 200, body }, { token, stream: "goals" });
      await provoke({ status: 200, body: JSON.stringify(body) }, { token, stream: "goals" });
    }
    await provoke({ status: 200, body: [{ id: token }] }, { token, stream: "goals" });
  }
});

/** Input files, and what `run()` says of them before it asks for anything. */
async function runWith(
  files: { config: Json; state?: Json; catalog?: Json },
  { format, name = (kind: string) => `${kind}.json` }: {
    format?: "structured";
    name?: (kind: string) => string;
  } = {},
): Promise<{ error: unknown; lines: string[] }> {
  const folder = await Deno.makeTempDir();
  const put = async (kind: keyof typeof files) => {
    const content = files[kind];
    if (content === undefined) return undefined;
    const path = `${folder}/${name(kind)}`;
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await Deno.writeTextFile(path, text);
    return path;
  };
  const lines: string[] = [];
  const style = format &&
    chooseLogStyle({
      flags: { format: "json" },
      env: () => undefined,
      moment: { nowMs: () => RUN_STARTED_AT, pid: 1 },
    }).style;
  const log = createLog({ write: (line) => lines.push(line), ...style });
  try {
    const [config, state, catalog] = [
      await put("config"),
      await put("state"),
      await put("catalog"),
    ];
    const command = {
      kind: "sync" as const,
      configs: [config!],
      ...(state !== undefined && { state }),
      ...(catalog !== undefined && { catalog }),
    };
    const signal = AbortSignal.abort(new Error("No request is expected"));
    const error = await run(command, { streams: STREAMS, log, status: undefined, signal })
      .catch((error) => error);
    if (error instanceof Error) log.critical(error.message);
    return { error, lines };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const CONFIG = { start_date: "2026-01-01", base_url: "http://127.0.0.1:1/api" };

/** A catalog that selects goals, with some of its entry changed. */
function selecting(more: JsonObject): JsonObject {
  const metadata = [{ breadcrumb: [], metadata: { selected: true } }];
  const schema = { type: "object", properties: { id: { type: "integer" } } };
  return { streams: [{ tap_stream_id: "goals", metadata, schema, ...more }] };
}

/** Wrong input files that hold a text in every place that a message might quote. */
function wrongInputs(text: string): [string, Parameters<typeof runWith>[0]][] {
  const config = { ...CONFIG, access_token: TOKENS.includes(text) ? text : "token" };
  const wrong = selecting({ schema: 1 });
  const settings = ["start_date", "subdomain", "base_url", "chats_api", "bans_page_limit"];
  return [
    ...settings.map((name): [string, Parameters<typeof runWith>[0]] => [
      name,
      { config: { ...config, [name]: `! ${text}`.slice(0, 60) } },
    ]),
    ["an unknown key", { config: { ...config, [text]: 1, start_date: "x" } }],
    ["a token with a space", { config: { ...config, access_token: `Bearer ${text}` } }],
    ["a token in a list", { config: { ...config, access_token: [text] } }],
    ["a config that breaks off", { config: JSON.stringify(config).slice(0, -1) }],
    ["a config with bare words", { config: `{"access_token": ${text}}` }],
    ["a state that breaks off", { config, state: `{"bookmarks": "${text}` }],
    ["a state with bare words", { config, state: `{"bookmarks": ${text}}` }],
    ["a state's bookmarks", { config, state: { bookmarks: text } }],
    ["a state's stream", { config, state: { bookmarks: { [text]: text } } }],
    ["a state's bookmark", {
      config,
      state: { bookmarks: { goals: {}, chats: { "chat.end_timestamp": text } } },
      catalog: selecting({
        tap_stream_id: "chats",
        schema: { type: "object", properties: { id: { type: "string" } } },
      }),
    }],
    ["a catalog that breaks off", { config, catalog: `{"streams": "${text}` }],
    ["a catalog with bare words", { config, catalog: `{"streams": [${text}]}` }],
    ["a catalog's streams", { config, catalog: { streams: text } }],
    ["a catalog's stream", { config, catalog: selecting({ tap_stream_id: text }) }],
    ["a catalog's type", { config, catalog: selecting({ schema: { type: text } }) }],
    ["a catalog's property", {
      config,
      catalog: selecting({ schema: { properties: { id: {}, [text]: { type: text } } } }),
    }],
    ["a catalog's pattern", {
      config,
      catalog: selecting({
        schema: { properties: { id: {} }, patternProperties: { [`(${text}`]: {} } },
      }),
    }],
    ["a catalog's schema", { config, catalog: wrong }],
  ];
}

Deno.test("run() shows no piece of a token that input files hold", async () => {
  for (const token of TOKENS) {
    for (const [what, files] of wrongInputs(token)) {
      const { error, lines } = await runWith(files);
      assertEquals(error instanceof InputError, true, `${what}: ${error}`);
      assertNoPiece(lines.join(""), token, what);
    }
  }
});

Deno.test("run() says that Bearer is too much, and masks only what stands behind it", async () => {
  for (const scheme of ["Bearer", "bearer "]) {
    for (const token of TOKENS) {
      const { lines } = await runWith({
        config: { ...CONFIG, access_token: `${scheme} ${token}` },
      });
      const [line = "", ...more] = lines;
      assertEquals(
        [line.slice(line.indexOf("expected")), more],
        ['expected the bare token in ASCII, without "Bearer", spaces and control characters\n', []],
      );
      assertNoPiece(line, token, scheme);
    }
  }
});

Deno.test("run() shows no piece of a token where it cuts values short", async () => {
  for (const token of TOKENS) {
    for (let length = 0; length <= 60; length += 5) {
      const text = "-".repeat(length) + token;
      const config = { ...CONFIG, access_token: token };
      for (
        const files of [
          { config, state: { bookmarks: text } },
          { config: { ...config, start_date: text } },
          { config, catalog: selecting({ schema: { type: text } }) },
        ]
      ) {
        const { error, lines } = await runWith(files);
        assertEquals(error instanceof InputError, true, `${error}`);
        assertNoPiece(lines.join(""), token, `a value of ${text.length} characters`);
      }
    }
  }
});

Deno.test("run() shows no piece of a token in a structured log", async () => {
  for (const token of TOKENS) {
    for (const [what, files] of wrongInputs(token)) {
      const { error, lines } = await runWith(files, { format: "structured" });
      assertEquals(error instanceof InputError, true, `${what}: ${error}`);
      assertNoPiece(lines.join(""), token, what);
    }
  }
});

Deno.test("run() writes whole lines whatever input files and their names hold", async () => {
  for (const [what, files] of wrongInputs(FORGERY)) {
    const { error, lines } = await runWith(files);
    assertEquals(error instanceof InputError, true, `${what}: ${error}`);
    assertEquals(lines.filter((line) => !WHOLE_LINE_REGEXP.test(line)), [], what);
  }
  const name = (kind: string) => `${kind}${FORGERY.replaceAll(/[\0/]/g, "")}.json`;
  const good = { ...CONFIG, access_token: "token" };
  const inputs: Parameters<typeof runWith>[0][] = [
    { config: "[" },
    { config: good, state: "[" },
    { config: good, state: [1] },
    { config: good, catalog: "[" },
    { config: good, catalog: [1] },
  ];
  for (const files of inputs) {
    const { error, lines } = await runWith(files, { name });
    assertEquals(error instanceof InputError, true, `${error}`);
    assertEquals(lines.filter((line) => !WHOLE_LINE_REGEXP.test(line)), []);
  }
});

Deno.test("run() names files that are not there, whatever their names", async () => {
  const config = { ...CONFIG, access_token: "token" };
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/config.json`;
    await Deno.writeTextFile(path, JSON.stringify(config));
    const missing = `${folder}/${FORGERY.replaceAll(/[\0/]/g, "")}`;
    for (const files of [{ configs: [missing] }, { state: missing }, { catalog: missing }]) {
      const lines: string[] = [];
      const log = createLog({ write: (line) => lines.push(line) });
      const command = { kind: "sync" as const, configs: [path], ...files };
      const signal = AbortSignal.abort(new Error("No request is expected"));
      const error = await assertRejects(
        () => run(command, { streams: STREAMS, log, status: undefined, signal }),
        InputError,
      );
      log.critical(error.message);
      assertEquals(lines.map((line) => WHOLE_LINE_REGEXP.test(line)), [true]);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("resolveConfig() warns in whole lines whatever the keys are", {
  permissions: "none",
}, () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line) });
  const values = { ...CONFIG, access_token: "token", [FORGERY]: 1 };
  const { warnings } = resolveConfig([{ file: FORGERY, values }], { now: RUN_STARTED_AT });
  for (const warning of warnings) log.warning(warning);
  assertEquals(lines.map((line) => WHOLE_LINE_REGEXP.test(line)), [true]);
});

/** What the API may put into each text that reaches the log. */
const FORGED: [string, string, string, Omit<Fault, "on">][] = [
  ["an error", "goals", "/goals", { status: 400, body: FORGERY }],
  ["an error in JSON", "goals", "/goals", {
    status: 400,
    body: { error: FORGERY, description: FORGERY },
  }],
  ["an error of many lines", "goals", "/goals", { status: 400, body: `${FORGERY}\n`.repeat(99) }],
  ["a Retry-After header", "goals", "/goals", {
    status: 429,
    headers: { "retry-after": "1\tCRITICAL forged\x85\x9b31m" },
  }],
  ["the address of a redirect", "goals", "/goals", {
    status: 302,
    headers: { location: "https://forged\x85\x9b.example/" },
  }],
  ["the name of a field", "goals", "/goals", { alter: (body) => [{ ...body[0], [FORGERY]: 1 }] }],
  ["an id", "chats", "/chats/search", {
    alter: (body) => ({ ...body, results: [...body.results, { id: FORGERY }] }),
  }],
  ["the name of a member", "goals", "/goals", { status: 200, body: { [FORGERY]: FORGERY } }],
];

Deno.test("sync() writes whole lines whatever the API answers", async () => {
  for (const [what, stream, path, fault] of FORGED) {
    await using api = await startFakeChatApi({
      account: smallAccount(),
      now: () => RUN_STARTED_AT,
      faults: [{ ...fault, on: path, times: Infinity }],
    });
    const lines: string[] = [];
    const onLine = (line: string) => void lines.push(line);
    await runStreams({ apiRoot: api.url, only: [stream], onLine });
    assertEquals(lines.filter((line) => !WHOLE_LINE_REGEXP.test(line)), [], what);
  }
});

Deno.test("checkStreams() prints whole lines whatever the API answers", async () => {
  for (const [what, stream, path, fault] of FORGED) {
    await using api = await startFakeChatApi({ faults: [{ ...fault, on: path, times: Infinity }] });
    const printed: string[] = [];
    const print = (line: string) => Promise.resolve(void printed.push(line));
    const streams = STREAMS.filter(({ tapStreamId }) => tapStreamId === stream);
    await checkStreams(streams, createRunApi({ apiRoot: api.url }), print).catch(() => {});
    const whole = printed.map((line) => WHOLE_LINE_REGEXP.test(`INFO ${line}\n`));
    assertEquals(whole, printed.map(() => true), what);
  }
});

async function syncBesideAnother(
  chatsApi: "search" | "incremental",
  faults: (other: FakeChatApi) => Fault[],
): Promise<{ seen: number; records: number }> {
  await using other = await startFakeChatApi({ account: smallAccount(), allowUnexpected: true });
  await using api = await startFakeChatApi({
    account: smallAccount(),
    now: () => RUN_STARTED_AT,
    linkRoot: other.url,
    faults: faults(other),
  });
  const run = await runStreams({ apiRoot: api.url, only: ["chats"], chatsApi });
  assertEquals(stateOf(run)?.currently_syncing, null);
  return { seen: other.requests.length, records: recordsOf(run).length };
}

Deno.test("sync() asks no other server, wherever links and redirects lead", async () => {
  for (const chatsApi of ["search", "incremental"] as const) {
    assertEquals(await syncBesideAnother(chatsApi, () => []), { seen: 0, records: 54 });
    for (const status of [301, 302, 303, 307, 308]) {
      const result = await syncBesideAnother(chatsApi, ({ url }) => [
        { status, headers: { location: `${url}/incremental/chats` }, times: Infinity },
      ]);
      assertEquals(result, { seen: 0, records: 0 });
    }
  }
});
