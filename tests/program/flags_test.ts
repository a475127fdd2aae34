/** Flags that choose streams, the log's look and the way in, on the whole program. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { JsonObject } from "../../lib/json.ts";
import { STREAMS } from "../../streams/mod.ts";
import { chat, startFakeChatApi } from "../fakes/chat_api/mod.ts";
import { type CatalogFile, catalogWith, streamNames } from "./catalogs.ts";
import { configFor, createRunFolder } from "./run_folder.ts";
import { checkOutput, logLines, messagesIn, recordsOf } from "./singer_output.ts";
import { forMany, runTap, type TapResult } from "./tap_process.ts";

const DEFAULT = STREAMS.filter(({ selectedByDefault }) => selectedByDefault)
  .map(({ tapStreamId }) => tapStreamId);

const ACCOUNT = {
  agents: [{ id: 1, email: "a@acme.example", first_name: "Ada" }],
  departments: [{ id: 21, name: "Sales" }],
  goals: [{ id: 31, name: "Sale" }],
  skills: [{ id: 41, name: "French" }],
  chats: [
    chat("c", "2026-01-05T10:00:00Z", { visitor: { email: "v@acme.example", name: "Vera" } }),
  ],
};

/** The streams of a catalog that are selected, in its order. */
function selectedIn(catalog: CatalogFile): string[] {
  return streamNames({
    streams: catalog.streams.filter(({ metadata }) => metadata[0]!.metadata.selected === true),
  });
}

function streamsRead({ stdout }: TapResult): string[] {
  return messagesIn(stdout).flatMap((message) => message.type === "SCHEMA" ? [message.stream] : []);
}

Deno.test("tap --discover --select prints the catalog with what is selected", async () => {
  await using api = await startFakeChatApi({ account: ACCOUNT, refuse: { skills: 403 } });
  await using folder = await createRunFolder({ "config.json": configFor(api) });
  const discover = async (args: string) => {
    const result = await runTap(args.split(" "), { cwd: folder.path });
    checkOutput(result);
    assertEquals([args, result.code], [args, 0], result.stderr);
    return JSON.parse(result.stdout) as CatalogFile;
  };

  for (const config of ["", "-c config.json "]) {
    const chosen = await discover(`${config}-d --select chats --select agents.email`);
    assertEquals(selectedIn(chosen), ["agents", "chats"]);
    assertEquals(selectedIn(await discover(`${config}--discover --select !chats`)), [
      ...DEFAULT.filter((name) => name !== "chats"),
    ]);
    const all = await discover(`${config}-d --select *`);
    assertEquals(selectedIn(all), streamNames(all));
  }
  assertEquals(selectedIn(await discover("-c config.json -d")), []);
});

Deno.test("tap --select chooses streams and fields of a sync, with and without a catalog", async () => {
  await using api = await startFakeChatApi({ account: ACCOUNT });
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("agents", "departments"),
  });
  const cases: [args: string, streams: string[]][] = [
    ["--select agents", ["agents"]],
    ["--select goals --select skills", ["goals", "skills"]],
    ["--select !chats --select !bans", DEFAULT.filter((n) => n !== "chats" && n !== "bans")],
    ["--catalog catalog.json", ["agents", "departments"]],
    ["--catalog catalog.json --select goals", ["goals"]],
    ["--catalog catalog.json --select !agents", ["departments"]],
    ["-p catalog.json --select agents.email", ["agents"]],
    ["--select chats.visitor.email", ["chats"]],
  ];

  const results = await forMany(
    cases,
    ([args]) => runTap(["-c", "config.json", ...args.split(" ")], { cwd: folder.path }),
  );

  for (const [index, result] of results.entries()) {
    checkOutput(result);
    const [args, streams] = cases[index]!;
    assertEquals({ args, code: result.code, read: streamsRead(result) }, {
      args,
      code: 0,
      read: streams,
    });
  }
  assertEquals(recordsOf(messagesIn(results[6]!.stdout), "agents"), [
    { id: 1, email: "a@acme.example" },
  ]);
  const [record] = recordsOf(messagesIn(results[7]!.stdout), "chats");
  assertEquals(record!.visitor, { email: "v@acme.example" });
  assertEquals(Object.keys(record!).toSorted(), ["end_timestamp", "id", "timestamp", "visitor"]);
});

Deno.test("tap --select fails where a pattern matches nothing or leaves nothing", async () => {
  await using api = await startFakeChatApi({ account: ACCOUNT, refuse: { skills: 403 } });
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("agents"),
  });
  const cases: [args: string, code: number, ...names: string[]][] = [
    ["-c config.json --select chat", 2, '"chat"', '"chats"'],
    ["-c config.json --catalog catalog.json --select agents.emial", 2, '"agents.email"'],
    ["-d --select chats.histroy", 2, '"chats.history"'],
    ["-c config.json -d --select tickets", 2, '"tickets"', "chats"],
    ["-c config.json --test --select agent", 2, '"agents"'],
    ["-c config.json --select skills", 1, "selected"],
    ["-c config.json --catalog catalog.json --select !agents", 1, "catalog.json", "selected"],
  ];

  const results = await forMany(
    cases,
    ([args]) => runTap(args.split(" "), { cwd: folder.path }),
  );

  for (const [index, result] of results.entries()) {
    checkOutput(result);
    const [args, code, ...names] = cases[index]!;
    const [line, ...more] = logLines(result.stderr, "WARNING", "ERROR", "CRITICAL");
    assertEquals([args, result.code, more], [args, code, []]);
    for (const name of names) assert(line!.includes(name), `${args}: ${line}`);
    assertEquals(streamsRead(result), []);
  }
});

Deno.test("tap --test --select tries what is selected", async () => {
  await using api = await startFakeChatApi({ account: ACCOUNT });
  await using folder = await createRunFolder({ "config.json": configFor(api) });

  const { code, stdout } = await runTap(
    ["-c", "config.json", "--test", "--select", "agents", "--select", "goals"],
    { cwd: folder.path },
  );

  const verdicts = stdout.split("\n").filter((line) =>
    STREAMS.some(({ tapStreamId }) => line.startsWith(`${tapStreamId}: `))
  );
  assertEquals([code, verdicts], [0, ["agents: ok", "goals: ok"]]);
});

Deno.test("tap logs in the form and from the level that flags or variables ask for", async () => {
  await using api = await startFakeChatApi({ account: ACCOUNT });
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("agents"),
    "meltano.json": {
      formatters: { f: { "()": "singer_sdk.logging.StructuredFormatter" } },
      root: { level: "INFO" },
    },
  });
  const SINGER = /^(DEBUG|INFO|WARNING) \S/;
  const DATED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING) \S/;
  const JSON_LINE = /^\{"level":"(debug|info|warning)","pid":\d+,/;
  const meltano = { SINGER_SDK_LOG_CONFIG: "meltano.json" };
  const cases: [args: string, env: Record<string, string>, line: RegExp][] = [
    ["", {}, SINGER],
    ["--log-format singer", {}, SINGER],
    ["--log-format dated", {}, DATED],
    ["--log-format=json", {}, JSON_LINE],
    ["", { TAP_ZENDESK_CHAT_LOGFORMAT: "dated" }, DATED],
    ["", { TAP_ZENDESK_CHAT_LOGFORMAT: "json" }, JSON_LINE],
    ["--log-format singer", { TAP_ZENDESK_CHAT_LOGFORMAT: "json" }, SINGER],
    ["", meltano, JSON_LINE],
    ["--log-format dated", meltano, DATED],
  ];

  const results = await forMany(cases, ([args, env]) =>
    runTap(
      ["-c", "config.json", "--catalog", "catalog.json", ...args.split(" ").filter(Boolean)],
      { cwd: folder.path, env },
    ));
  for (const [index, { code, stderr }] of results.entries()) {
    assertEquals(code, 0);
    const lines = stderr.trimEnd().split("\n");
    assert(lines.length > 3);
    for (const line of lines) assertMatch(line, cases[index]![2]);
  }

  const levels: [args: string, env: Record<string, string>, silent: boolean][] = [
    ["--log-level WARNING", {}, true],
    ["--log-level=error", {}, true],
    ["", { TAP_ZENDESK_CHAT_LOGLEVEL: "warning" }, true],
    ["--log-level info", { TAP_ZENDESK_CHAT_LOGLEVEL: "CRITICAL" }, false],
  ];
  const quiet = await forMany(levels, ([args, env]) =>
    runTap(
      ["-c", "config.json", "--catalog", "catalog.json", ...args.split(" ").filter(Boolean)],
      { cwd: folder.path, env },
    ));
  assertEquals(
    quiet.map(({ stderr }) => !stderr.includes("INFO")),
    levels.map(([, , silent]) => silent),
  );
});

Deno.test("tap writes its closing table as one object a stream into a JSON log", async () => {
  await using api = await startFakeChatApi({ account: ACCOUNT, refuse: { bans: 403 } });
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("agents", "bans", "chats"),
  });

  const { code, stderr } = await runTap(
    "-c config.json --catalog catalog.json --log-format json".split(" "),
    { cwd: folder.path },
  );

  const lines: JsonObject[] = stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
  const table = lines.filter(({ extra }) => Object.hasOwn(extra as JsonObject, "records"));
  assertEquals(
    table.map(({ stream_name, extra }) => {
      const { stream, result, records } = extra as JsonObject;
      return [stream_name, stream, result, records];
    }),
    [
      ["agents", "agents", "ok", 1],
      ["bans", "bans", "failed", 0],
      ["chats", "chats", "ok", 1],
    ],
  );
  assertEquals([code, lines.filter(({ level }) => level === "critical").length], [1, 1]);
  const metrics = lines.filter(({ metric_info }) => metric_info !== undefined);
  assert(metrics.length > 0);
  for (const { message, stream_name, metric_info } of metrics) {
    const { tags } = metric_info as { tags: JsonObject };
    assertEquals([message, tags.stream], [`METRIC ${stream_name}`, stream_name]);
  }
});

Deno.test("tap has METRIC lines in a sync only", async () => {
  await using api = await startFakeChatApi({ account: ACCOUNT });
  await using folder = await createRunFolder({ "config.json": configFor(api) });

  const results = await forMany(
    ["", "-d", "--test"],
    (flag) =>
      runTap(["-c", "config.json", ...flag.split(" ").filter(Boolean)], { cwd: folder.path }),
  );

  assertEquals(results.map(({ stderr }) => stderr.includes("METRIC")), [true, false, false]);
});

Deno.test("tap warns of variables that are no setting where -c ENV asks for them", async () => {
  await using api = await startFakeChatApi({ account: ACCOUNT });
  await using folder = await createRunFolder({ "config.json": configFor(api) });
  const env = {
    TAP_ZENDESK_CHAT_SUBDOMAN: "acme",
    TAP_ZENDESK_CHAT_OTHER: "x",
    TAP_ZENDESK_CHAT_LOGLEVEL: "info",
    TAP_ZENDESK_CHAT__SELECT: "chats",
  };

  const [asked, notAsked] = await forMany(
    ["-c ENV", "--dev"],
    (flags) =>
      runTap(["-c", "config.json", "--select", "agents", ...flags.split(" ")], {
        cwd: folder.path,
        env,
      }),
  );

  const warnings = logLines(asked!.stderr, "WARNING").filter((line) => line.includes("Ignored"));
  assertEquals(warnings.toSorted(), [
    "WARNING Ignored in the environment: TAP_ZENDESK_CHAT_OTHER is not a setting: remove it, " +
    "--about lists the settings",
    "WARNING Ignored in the environment: TAP_ZENDESK_CHAT_SUBDOMAN is not a setting, did you mean " +
    "TAP_ZENDESK_CHAT_SUBDOMAIN?",
  ]);
  assertEquals(logLines(notAsked!.stderr, "WARNING"), []);
});

Deno.test("tap says how to begin, and how a word is spelt", async () => {
  await using folder = await createRunFolder();
  const cases: [args: string[], ...names: string[]][] = [
    [[], "login", "--test", "--help"],
    [["discover"], "--discover"],
    [["-c", "config.json", "test"], "--test"],
    [["help"], "--help"],
  ];

  const results = await forMany(cases, ([args]) => runTap(args, { cwd: folder.path }));

  for (const [index, result] of results.entries()) {
    checkOutput(result);
    const [args, ...names] = cases[index]!;
    assertEquals([args, result.code, result.stdout], [args, 2, ""]);
    for (const name of names) assert(result.stderr.includes(name), result.stderr);
  }
});

Deno.test("tap --help ends with three examples and the exit codes", async () => {
  await using folder = await createRunFolder();
  const { stdout } = await runTap(["--help"], { cwd: folder.path });
  const [examples, codes] = stdout.split("\nExamples:\n")[1]!.split("\nExit codes:\n");
  assertEquals(examples!.trim().split("\n").length, 3);
  for (const code of ["0", "1", "2", "130", "143", "141"]) assert(codes!.includes(code), codes);
});

Deno.test("tap warns of a token too short to be masked, and leaves words alone", async () => {
  await using api = await startFakeChatApi({ account: ACCOUNT, token: "token" });
  await using folder = await createRunFolder({
    "config.json": configFor(api, { access_token: "token" }),
    "wrong.json": configFor(api, { access_token: "auth" }),
  });

  const [good, wrong] = await forMany(
    ["config.json", "wrong.json"],
    (file) => runTap(["-c", file, "--select", "agents"], { cwd: folder.path }),
  );

  assertEquals(good!.code, 0);
  const [warning] = logLines(good!.stderr, "WARNING");
  assert(warning!.includes('"access_token"') && warning!.includes("shorter than 8"), warning);
  assertEquals(wrong!.code, 1);
  assert(!wrong!.stderr.includes("***"), wrong!.stderr);
});

Deno.test("tap advises chmod 600 where a secret is inside that is not a runner's own", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using api = await startFakeChatApi({ account: ACCOUNT });
  const { access_token, ...rest } = configFor(api);
  await using folder = await createRunFolder({
    "secret.json": { access_token },
    "rest.json": rest,
    "log.json": {},
  });
  const run = ".meltano/run/tap-zendesk-chat";
  await Deno.mkdir(`${folder.path}/${run}`, { recursive: true });
  await folder.write({ [`${run}/tap.config.json`]: { access_token } });
  for (const file of ["secret.json", "rest.json", `${run}/tap.config.json`]) {
    await Deno.chmod(`${folder.path}/${file}`, 0o644);
  }
  const cases: [secret: string, env: Record<string, string>, advised: boolean][] = [
    ["secret.json", {}, true],
    [`${run}/tap.config.json`, {}, false],
    ["secret.json", { SINGER_SDK_LOG_CONFIG: "log.json" }, false],
  ];

  const results = await forMany(
    cases,
    ([secret, env]) =>
      runTap(["-c", "rest.json", "-c", secret, "--select", "agents"], { cwd: folder.path, env }),
  );

  assertEquals(
    results.map(({ stderr }) => logLines(stderr, "WARNING")),
    cases.map(([secret, , advised]) =>
      advised
        ? [
          `WARNING Config file "${secret}" holds "access_token" and can be read by everyone on ` +
          "this machine: chmod 600 it",
        ]
        : []
    ),
  );
});
