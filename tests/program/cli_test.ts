/** The command line in each of its forms, what goes to which stream, and the exit codes. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import manifest from "../../deno.json" with { type: "json" };
import type { JsonObject } from "../../lib/json.ts";
import { STREAMS } from "../../streams/mod.ts";
import {
  chat,
  type FakeChatApi,
  type FakeChatApiOptions,
  offlineMessage,
  startFakeChatApi,
  TOKEN,
} from "../fakes/chat_api/mod.ts";
import { type CatalogFile, catalogWith, selectStreams, streamNames } from "./catalogs.ts";
import { configFor, createRunFolder } from "./run_folder.ts";
import {
  checkOutput,
  lastState,
  logLines,
  messagesIn,
  recordsOf,
  withoutTimes,
} from "./singer_output.ts";
import { discoverInProcess } from "./sync_in_process.ts";
import { forMany, runTap } from "./tap_process.ts";

const ALL = STREAMS.map(({ tapStreamId }) => tapStreamId);
const DEFAULT = ALL.slice(0, 8);
const OPTIONAL_PATHS = [
  "/account",
  "/incremental/agent_events",
  "/incremental/agent_timeline",
  "/incremental/conversions",
  "/incremental/department_events",
  "/roles",
  "/routing_settings/account",
  "/skills",
];

/** An account with a little of everything that is synced by default. */
function startSmallAccount(options: FakeChatApiOptions = {}): Promise<FakeChatApi> {
  return startFakeChatApi({
    account: {
      agents: [{ id: 1 }, { id: 2 }],
      bans: { visitor: [{ id: 11 }], ip_address: [{ id: 12 }] },
      chats: [chat("a", "2026-01-05T10:00:00Z"), offlineMessage("b", "2026-01-06T10:00:00Z")],
      departments: [{ id: 21, name: "Sales" }],
    },
    ...options,
  });
}

function variables(api: FakeChatApi): Record<string, string> {
  return Object.fromEntries(
    Object.entries(configFor(api)).map((
      [name, value],
    ) => [`TAP_ZENDESK_CHAT_${name.toUpperCase()}`, `${value}`]),
  );
}

/** What the small account's agents look like in a catalog, and as messages after this state. */
function agentsMessages(state: JsonObject): JsonObject[] {
  const stateWith = (agents: JsonObject, currently_syncing: string | null) => ({
    type: "STATE",
    value: { ...state, bookmarks: agents, currently_syncing },
  });
  const { schema } = catalogWith().streams.find(({ stream }) => stream === "agents")!;
  return [
    stateWith({}, "agents"),
    { type: "SCHEMA", stream: "agents", schema, key_properties: ["id"] },
    { type: "RECORD", stream: "agents", record: { id: 1 }, time_extracted: "" },
    { type: "RECORD", stream: "agents", record: { id: 2 }, time_extracted: "" },
    stateWith({ agents: { offset: { id: 3 } } }, "agents"),
    stateWith({ agents: { offset: { id: null } } }, "agents"),
    stateWith({ agents: { offset: { id: null } } }, null),
  ];
}

Deno.test("tap reads config, state and catalog in every form of their flags", async () => {
  await using api = await startSmallAccount();
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "wrong.json": configFor(api, { access_token: "wrong" }),
    "half.json": { start_date: "2026-01-01", access_token: "wrong" },
    "state.json": { bookmarks: {}, kept: "as it is" },
    "catalog.json": catalogWith("agents"),
    "other.json": catalogWith("bans"),
  });
  const forms: [args: string, env?: Record<string, string>][] = [
    ["--config config.json --state state.json --catalog catalog.json"],
    ["--config=config.json --state=state.json --catalog=catalog.json"],
    ["--config=config.json --state=state.json --properties=catalog.json"],
    ["-c config.json -s state.json -p catalog.json"],
    ["-cconfig.json -sstate.json -pcatalog.json"],
    ["--conf config.json --stat state.json --cat catalog.json"],
    ["--conf=config.json --stat=state.json --prop=catalog.json"],
    ["--properties catalog.json --state state.json --config config.json"],
    ["--dev --catalog catalog.json -c config.json -s state.json"],
    ["-c config.json -s state.json --catalog catalog.json -p other.json"],
    ["-c config.json -s state.json -p other.json --catalog catalog.json"],
    ["-c wrong.json -c config.json -s state.json -p catalog.json"],
    ["-c ENV -s state.json -p catalog.json", variables(api)],
    ["--config=ENV -s state.json -p catalog.json", variables(api)],
    ["-c half.json -c ENV -s state.json -p catalog.json", variables(api)],
    ["-c ENV -c wrong.json -s state.json -p catalog.json", variables(api)],
  ];

  const results = await forMany(
    forms,
    ([args, env = {}]) => runTap(args.split(" "), { cwd: folder.path, env }),
  );

  const expected = agentsMessages({ kept: "as it is" });
  for (const [index, { code, stdout, stderr }] of results.entries()) {
    assertEquals(
      { args: forms[index]![0], code, messages: withoutTimes(messagesIn(stdout)) },
      { args: forms[index]![0], code: 0, messages: expected },
      stderr,
    );
  }
});

Deno.test("tap takes an empty state file, {} and null bookmarks for no state", async () => {
  await using api = await startSmallAccount();
  const states = ["", " \n", "{}", "\ufeff{}", { bookmarks: null }, { bookmarks: {} }];
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("agents"),
    ...Object.fromEntries(states.map((state, index) => [`state${index}.json`, state])),
  });
  const args = ["-c", "config.json", "--catalog", "catalog.json"];

  const results = await forMany(
    [[], ...states.map((_, index) => ["-s", `state${index}.json`])],
    (state) => runTap([...args, ...state], { cwd: folder.path }),
  );

  for (const { code, stdout } of results) {
    assertEquals([code, withoutTimes(messagesIn(stdout))], [0, agentsMessages({})]);
  }
});

Deno.test("tap leaves settings in the environment alone unless -c ENV asks for them", async () => {
  await using api = await startSmallAccount();
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("agents"),
  });

  const { code } = await runTap(["-c", "config.json", "--catalog", "catalog.json"], {
    cwd: folder.path,
    env: { TAP_ZENDESK_CHAT_ACCESS_TOKEN: "wrong", TAP_ZENDESK_CHAT_START_DATE: "never" },
  });

  assertEquals(code, 0);
});

Deno.test("tap answers --version, --about and --help whatever else is on the command line", async () => {
  await using folder = await createRunFolder();
  // Meltano puts these first, and the files need not be there.
  const base = "--config no.json --catalog no.json --state no.json";

  const outputs = await forMany(
    ["--version", "--help", "-h", "--about", "--about --format json", "--about --format=markdown"]
      .flatMap((flags) => [flags, `${base} ${flags}`]),
    async (flags) => ({ flags, ...await runTap(flags.split(" "), { cwd: folder.path }) }),
  );

  const bare = outputs.filter(({ flags }) => !flags.startsWith(base));
  const after = outputs.filter(({ flags }) => flags.startsWith(base));
  assertEquals(after.map(({ stdout }) => stdout), bare.map(({ stdout }) => stdout));
  for (const { code, stderr } of outputs) assertEquals([code, stderr], [0, ""]);
  const [version, help, h, about, json, markdown] = bare.map(({ stdout }) => stdout);
  assertEquals(version, `tap-zendesk-chat ${manifest.version}\n`);
  assertEquals(help, h);
  assertEquals(help!.split(":")[0], `tap-zendesk-chat ${manifest.version}`);
  const { name, version: stated, capabilities } = JSON.parse(json!);
  assertEquals([name, stated], ["tap-zendesk-chat", manifest.version]);
  for (const capability of capabilities) {
    assert(about!.includes(capability) && markdown!.includes(capability), capability);
  }
});

Deno.test("tap --discover without a config prints all fifteen streams", async () => {
  await using folder = await createRunFolder();
  const forms = ["--discover", "-d", "--disc", "-d --dev"];

  const results = await forMany(forms, (form) =>
    runTap(form.split(" "), {
      cwd: folder.path,
      env: { TAP_ZENDESK_CHAT_BASE_URL: "not looked at" },
    }));

  for (const result of results) {
    assertEquals(result, { code: 0, stdout: results[0]!.stdout, stderr: "" });
  }
  const catalog: CatalogFile = JSON.parse(results[0]!.stdout);
  assertEquals(catalog, catalogWith());
  assertEquals(streamNames(catalog), ALL);
});

Deno.test("tap --discover with a config asks for chats and for what an account may lack", async () => {
  await using api = await startSmallAccount();
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "incremental.json": configFor(api, { chats_api: "incremental" }),
    "state.json": "",
    // As Meltano has it: the catalog of an earlier run, whatever is in it.
    "catalog.json": { streams: [{ tap_stream_id: "gone", metadata: [] }] },
  });
  const discover = async (args: string) => {
    const from = api.requests.length;
    const result = await runTap(args.split(" "), { cwd: folder.path });
    checkOutput(result);
    const paths = api.requests.slice(from).map(({ path }) => path).toSorted();
    return { code: result.code, catalog: JSON.parse(result.stdout), paths };
  };

  const whole = {
    code: 0,
    catalog: catalogWith(),
    paths: ["/chats", ...OPTIONAL_PATHS].toSorted(),
  };
  assertEquals(await discover("-c config.json -d"), whole);
  assertEquals(
    await discover("--config config.json --catalog catalog.json --state state.json --discover"),
    whole,
  );

  const incremental = await discover("--discover --config incremental.json");
  assertEquals(incremental.paths, ["/incremental/chats", ...OPTIONAL_PATHS].toSorted());
  const chats = incremental.catalog.streams[3];
  assertEquals(chats.metadata[0].metadata["valid-replication-keys"], [
    "timestamp",
    "end_timestamp",
    "update_timestamp",
  ]);
  assertEquals(
    chats.metadata.filter(({ metadata }: JsonObject) =>
      (metadata as JsonObject).inclusion === "automatic"
    ).map(({ breadcrumb }: { breadcrumb: string[] }) => breadcrumb[1]).toSorted(),
    ["end_timestamp", "id", "timestamp", "update_timestamp"],
  );
});

Deno.test("tap --discover leaves out what the account lacks, with a line for each", async () => {
  await using api = await startSmallAccount({ refuse: { account: 403, skills: 404, bans: 403 } });
  await using folder = await createRunFolder({ "config.json": configFor(api) });

  const result = await runTap(["-c", "config.json", "-d"], { cwd: folder.path });

  checkOutput(result);
  assertEquals(result.code, 0);
  assertEquals(
    streamNames(JSON.parse(result.stdout)),
    ALL.filter((name) => name !== "account" && name !== "skills"),
  );
  assertEquals(
    logLines(result.stderr, "INFO").filter((line) => !line.includes("METRIC")),
    [
      "INFO Left out stream account: the API refuses it to this account",
      "INFO Left out stream skills: the API refuses it to this account",
    ],
  );
});

Deno.test("discovery lists exactly the rest, whichever resources are refused", async () => {
  await using api = await startSmallAccount();
  const optional = STREAMS.filter(({ discovery }) => discovery === "optional")
    .map(({ tapStreamId }) => tapStreamId);
  for (let subset = 0; subset < 2 ** optional.length; subset++) {
    const refused = optional.filter((_, index) => subset & (1 << index));
    for (const name of optional) delete api.refuse[name];
    for (const name of refused) api.refuse[name] = subset % 3 === 0 ? 404 : 403;

    const { found, log } = await discoverInProcess(api, Date.now());

    assertEquals(found, ALL.filter((name) => !refused.includes(name)));
    assertEquals(log.filter((line) => line.startsWith("INFO Left out")).length, refused.length);
  }
});

Deno.test("tap --discover fails on refused credentials and prints nothing", async () => {
  for (
    const [refusal, advice] of [
      [{ status: 401, body: `{"error": "bad token ${TOKEN}"}` }, "login"],
      [{ status: 403, body: "" }, "plan"],
      [{ status: 404, body: "<html>" }, "subdomain"],
    ] as const
  ) {
    await using api = await startSmallAccount({ refuse: { chats: refusal } });
    await using folder = await createRunFolder({ "config.json": configFor(api) });

    const result = await runTap(["-c", "config.json", "-d"], { cwd: folder.path });

    checkOutput(result);
    assertEquals([result.code, result.stdout], [1, ""]);
    const [line, ...more] = logLines(result.stderr, "CRITICAL", "ERROR");
    assertEquals(more, []);
    assert(line!.includes(`${refusal.status}`) && line!.includes(advice), line);
  }
});

Deno.test("tap without a catalog syncs the Python tap's streams in its order", async () => {
  await using api = await startSmallAccount({ refuse: { account: 403 } });
  await using folder = await createRunFolder({ "config.json": configFor(api) });

  const result = await runTap(["-c", "config.json"], { cwd: folder.path });

  checkOutput(result);
  const messages = messagesIn(result.stdout);
  assertEquals(
    messages.flatMap((message) => message.type === "SCHEMA" ? [message.stream] : []),
    DEFAULT.filter((name) => name !== "account"),
  );
  assertEquals(
    messages.flatMap((message) =>
      message.type === "RECORD" ? [`${message.stream} ${message.record.id}`] : []
    ),
    ["agents 1", "agents 2", "bans 11", "bans 12", "chats a", "chats b", "departments 21"],
  );
  assertEquals([result.code, lastState(messages)!.currently_syncing], [0, null]);
});

Deno.test("tap reads what is selected, in the catalog's order, from the interrupted stream on", async () => {
  await using api = await startSmallAccount();
  const catalog = catalogWith("agents", "bans", "departments");
  catalog.streams.reverse();
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalog,
    "state.json": { currently_syncing: "bans" },
  });

  const result = await runTap("-c config.json -s state.json -p catalog.json".split(" "), {
    cwd: folder.path,
  });

  checkOutput(result);
  const messages = messagesIn(result.stdout);
  assertEquals(
    messages.map((message) =>
      message.type === "STATE" ? "STATE" : `${message.type} ${message.stream}`
    ),
    [
      "STATE",
      "SCHEMA bans",
      "RECORD bans",
      "RECORD bans",
      "STATE",
      "STATE",
      "STATE",
      "SCHEMA agents",
      "RECORD agents",
      "RECORD agents",
      "STATE",
      "STATE",
      "STATE",
      "SCHEMA departments",
      "RECORD departments",
      "STATE",
    ],
  );
  assertEquals(
    logLines(result.stderr, "INFO").filter((line) => line.includes("elected")),
    [
      `INFO Not selected: ${
        ALL.filter((name) => !["agents", "bans", "departments"].includes(name)).toReversed()
          .join(", ")
      }`,
    ],
  );
});

Deno.test("tap fails with one STATE when nothing is selected", async () => {
  await using api = await startSmallAccount();
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith(),
  });

  const result = await runTap(["-c", "config.json", "-p", "catalog.json"], { cwd: folder.path });

  checkOutput(result);
  assertEquals(
    [result.code, messagesIn(result.stdout), api.requests],
    [1, [{ type: "STATE", value: { bookmarks: {}, currently_syncing: null } }], []],
  );
  const [line, ...more] = logLines(result.stderr, "WARNING", "ERROR", "CRITICAL");
  assertEquals(more, []);
  assert(line!.startsWith('CRITICAL Nothing is selected in catalog file "catalog.json"'), line);
});

Deno.test("tap goes from its own catalog and its own state to what is new", async () => {
  await using api = await startSmallAccount();
  await using folder = await createRunFolder({ "config.json": configFor(api) });
  const { path: cwd } = folder;
  const discovery = await runTap(["-c", "config.json", "-d"], { cwd });
  await folder.write({ "catalog.json": selectStreams(JSON.parse(discovery.stdout), ALL) });
  const sync = ["-c", "config.json", "--catalog", "catalog.json"];

  const first = await runTap(sync, { cwd });
  checkOutput(first);
  const read = messagesIn(first.stdout);
  assertEquals(recordsOf(read, "chats").map(({ id }) => id), ["a", "b"]);

  await folder.write({ "state.json": lastState(read)! });
  api.chats.put(chat("c", "2026-01-07T10:00:00Z"));
  const second = await runTap([...sync, "-s", "state.json"], { cwd });
  checkOutput(second);
  assertEquals(recordsOf(messagesIn(second.stdout), "chats").map(({ id }) => id), ["c", "a", "b"]);

  await folder.write({ "state.json": lastState(messagesIn(second.stdout))! });
  const third = await runTap([...sync, "-s", "state.json"], { cwd });
  assertEquals(recordsOf(messagesIn(third.stdout), "chats").map(({ id }) => id), ["c", "b"]);
  assertEquals(lastState(messagesIn(third.stdout)), lastState(messagesIn(second.stdout)));
});

Deno.test("tap takes a start date without a zone as UTC wherever it runs", async () => {
  await using api = await startSmallAccount();
  await using folder = await createRunFolder({
    "config.json": configFor(api, { start_date: "2026-01-05T09:00:00" }),
    "catalog.json": catalogWith("chats"),
  });
  const queries = await forMany(["Pacific/Auckland", "America/Los_Angeles"], async (TZ) => {
    const { code } = await runTap(["-c", "config.json", "-p", "catalog.json"], {
      cwd: folder.path,
      env: { TZ },
    });
    return code;
  });

  assertEquals(queries, [0, 0]);
  const first = api.requests.filter(({ params }) => params.q?.startsWith("type:chat "));
  assertNotEquals(first.length, 0);
  for (const { params } of first) {
    assertEquals(params.q!.split(" TO ")[0], "type:chat AND end_timestamp:[2026-01-05T09:00:00");
  }
});

Deno.test("tap --test has a line for each stream and fails if one does", async () => {
  await using api = await startSmallAccount({ refuse: { account: 403, roles: 404 } });
  await using folder = await createRunFolder({ "config.json": configFor(api) });
  const lines = (verdicts: Record<string, string>) =>
    ALL.map((name) => `${name}: ${verdicts[name] ?? "ok"}\n`).join("");
  const lacking = { account: "not available", roles: "not available" };

  const ofStreams = (stdout: string) =>
    stdout.split("\n").filter((line) => ALL.some((name) => line.startsWith(`${name}: `)))
      .map((line) => `${line}\n`).join("");

  const good = await runTap(["-c", "config.json", "--test"], { cwd: folder.path });
  checkOutput(good);
  assertEquals([good.code, ofStreams(good.stdout)], [0, lines(lacking)]);

  api.refuse.goals = 403;
  const bad = await runTap(["--test", "-c", "config.json"], { cwd: folder.path });
  checkOutput(bad);
  const verdict = bad.stdout.split("\n").find((line) => line.startsWith("goals: "))!;
  assert(verdict.startsWith("goals: failed: Cannot read goals: "), verdict);
  assertEquals(
    [bad.code, ofStreams(bad.stdout)],
    [1, lines({ ...lacking, goals: verdict.slice("goals: ".length) })],
  );
  assertEquals(logLines(bad.stderr, "CRITICAL").length, 1);
});

Deno.test("tap exits with 0, 1 and 2 for done, failed and misused", async () => {
  await using api = await startSmallAccount();
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("agents"),
    "refused.json": configFor(api, { access_token: "expired" }),
  });
  const codes: [args: string, code: number][] = [
    ["-c config.json -p catalog.json", 0],
    ["-c config.json -d", 0],
    ["-c config.json --test", 0],
    ["--help", 0],
    ["-c refused.json -p catalog.json", 1],
    ["-c refused.json", 1],
    ["-c refused.json -d", 1],
    ["-c refused.json --test", 1],
    ["-c no.json -p catalog.json", 1],
    ["-c config.json -s no.json", 1],
    ["-c config.json -p no.json", 1],
    ["", 2],
    ["-p catalog.json", 2],
    ["-c config.json --bogus", 2],
    ["-c", 2],
    ["config.json", 2],
  ];

  const results = await forMany(codes, async ([args]): Promise<[string, number]> => {
    const result = await runTap(args.split(" ").filter(Boolean), { cwd: folder.path });
    checkOutput(result);
    return [args, result.code];
  });

  assertEquals(results, codes);
});

Deno.test("tap ends with 1 and an ERROR line when it leaves out a row", async () => {
  await using api = await startSmallAccount();
  api.account.triggers.push({ name: "without an id" });
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("triggers"),
  });

  const result = await runTap(["-c", "config.json", "-p", "catalog.json"], { cwd: folder.path });

  checkOutput(result);
  const messages = messagesIn(result.stdout);
  assertEquals([result.code, lastState(messages)], [1, { bookmarks: {}, currently_syncing: null }]);
  assertEquals(recordsOf(messages, "triggers").length, api.account.triggers.length - 1);
  const [line, ...more] = logLines(result.stderr, "CRITICAL", "ERROR");
  assertEquals(more, []);
  assert(
    line!.startsWith('ERROR Stream "triggers": left out 1 row that cannot be written: '),
    line,
  );
});

Deno.test("tap reads the other streams when one fails, and tells of it in one CRITICAL line", async () => {
  await using api = await startSmallAccount({ refuse: { bans: 403 } });
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("agents", "bans", "departments"),
  });

  const result = await runTap(["-c", "config.json", "-p", "catalog.json"], { cwd: folder.path });

  checkOutput(result);
  const messages = messagesIn(result.stdout);
  assertEquals(result.code, 1);
  assertEquals(messages.at(-1), {
    type: "STATE",
    value: { bookmarks: { agents: { offset: { id: null } } }, currently_syncing: null },
  });
  assertEquals(recordsOf(messages, "departments").length, api.account.departments.length);
  const [line, ...more] = logLines(result.stderr, "CRITICAL", "ERROR");
  assertEquals(more, []);
  assert(line!.startsWith(`CRITICAL Cannot read bans: GET ${api.url}/bans answered 403 `), line);
  assert(!result.stderr.includes("    at "), "a stack");
  const table = logLines(result.stderr, "INFO").slice(-4).map((line) =>
    line.split(/ +/).slice(1, 3)
  );
  assertEquals(table, [["stream", "result"], ["agents", "ok"], ["bans", "failed"], [
    "departments",
    "ok",
  ]]);
});
