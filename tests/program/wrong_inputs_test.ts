/**
 * What people get wrong in configs, states, catalogs and flags. Whatever it is: one CRITICAL line
 * that names the file and the key (or the flag), nothing on stdout, no request, no stack, no token.
 */

import { assertEquals } from "@std/assert";
import type { Json, JsonObject } from "../../lib/json.ts";
import { STREAMS } from "../../streams/mod.ts";
import { type FakeChatApi, startFakeChatApi, TOKEN } from "../fakes/chat_api/mod.ts";
import { type CatalogFile, catalogWith, type EntryFile } from "./catalogs.ts";
import { configFor, createRunFolder, type Files } from "./run_folder.ts";
import { checkOutput, logLines } from "./singer_output.ts";
import { forMany, runTap, type TapResult } from "./tap_process.ts";

/** One mistake. */
interface WrongInput {
  /** The mistake in a few words. */
  what: string;
  args: string;
  /** Files beside the right ones. */
  files?: Files;
  env?: Record<string, string>;
  code: 1 | 2;
  /** What the line has to name. */
  names: string[];
}

/** The file name of every wrong file: distinct, so that a message can only have it from the file. */
const FILE = "mistaken.json";

const SYNC = "-c config.json -p catalog.json";

function wrongFlags(what: string, args: string, ...names: string[]): WrongInput {
  return { what, args, code: 2, names };
}

/** A config file with this content; `names` beside the file itself. */
function wrongConfigFile(what: string, content: Json | Uint8Array, ...names: string[]): WrongInput {
  return {
    what: `config: ${what}`,
    args: `-c ${FILE} -p catalog.json`,
    files: { [FILE]: content },
    code: 1,
    names: [FILE, ...names],
  };
}

/** A config that would be right but for this setting. */
function wrongSetting(name: string, ...values: Json[]): WrongInput[] {
  return values.map((value) => ({
    what: `config: ${name} ${JSON.stringify(value)}`,
    args: `-c config.json -c ${FILE} -p catalog.json`,
    files: { [FILE]: { [name]: value } },
    code: 1,
    names: [FILE, `"${name}"`],
  }));
}

function wrongState(what: string, content: Json | Uint8Array, ...names: string[]): WrongInput {
  return {
    what: `state: ${what}`,
    args: `${SYNC} -s ${FILE}`,
    files: { [FILE]: content },
    code: 1,
    names: [FILE, ...names],
  };
}

/** A state that would be right but for the value at this path. */
function wrongBookmark(path: string[], ...values: Json[]): WrongInput[] {
  const name = path.join(".");
  return values.map((value) => {
    const state = path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
    return wrongState(`${name} ${JSON.stringify(value)}`, state, `"${name}"`);
  });
}

/** A catalog that would be right, the stream agents selected, but for one change. */
function wrongCatalog(
  what: string,
  change: (agents: EntryFile, catalog: CatalogFile) => void,
  ...names: string[]
): WrongInput {
  const catalog = catalogWith("agents");
  change(catalog.streams.find(({ tap_stream_id }) => tap_stream_id === "agents")!, catalog);
  return wrongCatalogFile(what, catalog, ...names);
}

function wrongCatalogFile(
  what: string,
  content: Json | Uint8Array,
  ...names: string[]
): WrongInput {
  return {
    what: `catalog: ${what}`,
    args: `-c config.json --catalog ${FILE}`,
    files: { [FILE]: content },
    code: 1,
    names: [FILE, ...names],
  };
}

/** A change of the schema of one field of agents. */
function wrongField(what: string, schema: Json, ...names: string[]): WrongInput {
  const change = ({ schema: { properties } }: EntryFile) => {
    (properties as JsonObject).email = schema;
  };
  return wrongCatalog(what, change, "agents", "email", ...names);
}

const REQUIRED = { access_token: TOKEN, start_date: "2026-01-01" };
const UTF16 = new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]);

const FLAGS: WrongInput[] = [
  wrongFlags("no flags at all", "", "-c"),
  wrongFlags("a catalog without a config", "-p catalog.json", "-c"),
  wrongFlags("--test without a config", "--test", "-c"),
  wrongFlags("a flag that does not exist", `${SYNC} --bogus`, "--bogus"),
  wrongFlags("a misspelt flag", "--confg config.json", "--confg", "--config"),
  wrongFlags("a short flag that does not exist", `${SYNC} -x`, "-x"),
  wrongFlags("the token as a flag", `${SYNC} --access-token=${TOKEN}`, "--access-token"),
  wrongFlags("a prefix of two flags", "--c config.json", "--c", "--config", "--catalog"),
  wrongFlags("a file without its flag", "config.json", "config.json"),
  wrongFlags("-c without a file", "-c", "-c"),
  wrongFlags("--state without a file", `${SYNC} --state`, "--state"),
  wrongFlags("--catalog without a file", "-c config.json --catalog=", "--catalog"),
  wrongFlags("a flag for a file", "-c --discover", "-c"),
  wrongFlags("a value for --discover", "--discover=true", "--discover"),
  wrongFlags("--discover and --test", "-c config.json -d --test", "--discover", "--test"),
  wrongFlags("--format without --about", `${SYNC} --format json`, "--format"),
  wrongFlags("a format that does not exist", "--about --format xml", "--format", "xml"),
];

const CONFIGS: WrongInput[] = [
  {
    what: "config: no such file",
    args: "-c no.json -p catalog.json",
    code: 1,
    names: ["no.json", "-c"],
  },
  { what: "config: a folder", args: "-c . -p catalog.json", code: 1, names: ['"."'] },
  wrongConfigFile("an empty file", ""),
  wrongConfigFile("blanks", " \n"),
  wrongConfigFile("YAML", `access_token: ${TOKEN}\nstart_date: 2026-01-01\n`, "line 1"),
  wrongConfigFile("broken off", `{"access_token": "${TOKEN}",\n"start_date": `, "line 2"),
  wrongConfigFile("a comma too many", `{"access_token": "${TOKEN}",\n}`, "comma", "line 1"),
  wrongConfigFile("single quotes", `{'access_token': '${TOKEN}'}`, "line 1"),
  wrongConfigFile("a list", [REQUIRED]),
  wrongConfigFile("null", "null"),
  wrongConfigFile("the token alone", `"${TOKEN}"`),
  wrongConfigFile("UTF-16", UTF16, "UTF-8"),
  wrongConfigFile("nothing in it", {}, "access_token", "start_date"),
  wrongConfigFile("no access_token", { start_date: "2026-01-01" }, "access_token"),
  wrongConfigFile("no start_date", { access_token: TOKEN }, "start_date"),
  wrongConfigFile("access_token null", { ...REQUIRED, access_token: null }, "access_token"),
  wrongConfigFile("access_token empty", { ...REQUIRED, access_token: " " }, "access_token"),
  wrongConfigFile("start_date empty", { ...REQUIRED, start_date: "" }, "start_date"),
  wrongConfigFile(
    "another name for the token",
    { token: TOKEN, start_date: "2026-01-01" },
    "access_token",
  ),
  wrongConfigFile("wrong case", { Access_Token: TOKEN, start_date: "2026-01-01" }, "access_token"),
  ...wrongSetting(
    "access_token",
    12345,
    { value: TOKEN },
    `Bearer ${TOKEN}`,
    `${TOKEN}\nX-Other: 1`,
    `${TOKEN}\u2026`,
  ),
  ...wrongSetting(
    "start_date",
    "yesterday",
    "2026-02-30",
    "31/31/2025",
    "2026-01-01T25:00:00Z",
    1767225600,
  ),
  ...wrongSetting("subdomain", "acme corp", "acme.example.com", 7),
  ...wrongSetting(
    "base_url",
    "acme",
    "https://example.com/api/v2",
    "http://acme.zendesk.com/api/v2/chat",
    "https://acme.zendesk.com:8443/api/v2/chat",
    `https://user:${TOKEN}@acme.zendesk.com/`,
    `https://acme.zendesk.com/?token=${TOKEN}`,
  ),
  ...wrongSetting("chats_api", "export", true),
  ...wrongSetting("chats_full_sync_days", "weekly", -1, 1.5),
  ...wrongSetting("chat_search_interval_days", 0, "14 days"),
  ...wrongSetting("agents_page_limit", 0, 100_000),
  ...wrongSetting("bans_page_limit", -100, {}),
  ...wrongSetting("requests_per_minute", "fast"),
  ...wrongSetting("request_timeout_seconds", "5m"),
  ...wrongSetting("user_agent", "tap\r\nX-Other: 1", 1),
  {
    what: "environment: nothing set",
    args: "-c ENV -p catalog.json",
    code: 1,
    names: ["TAP_ZENDESK_CHAT_ACCESS_TOKEN", "TAP_ZENDESK_CHAT_START_DATE"],
  },
  {
    what: "environment: a wrong value",
    args: "-c config.json -c ENV -p catalog.json",
    env: { TAP_ZENDESK_CHAT_AGENTS_PAGE_LIMIT: "lots" },
    code: 1,
    names: ["environment", "TAP_ZENDESK_CHAT_AGENTS_PAGE_LIMIT"],
  },
  {
    ...wrongConfigFile("for --discover", { start_date: "2026-01-01" }, "access_token"),
    args: `-c ${FILE} --discover`,
  },
  {
    ...wrongConfigFile("for --test", { access_token: TOKEN }, "start_date"),
    args: `-c ${FILE} --test`,
  },
];

const CHATS = ["bookmarks", "chats"];

const STATES: WrongInput[] = [
  {
    what: "state: no such file",
    args: `${SYNC} -s no.json`,
    code: 1,
    names: ["no.json", "-s", "touch"],
  },
  { what: "state: a folder", args: `${SYNC} -s .`, code: 1, names: ['"."'] },
  wrongState("broken off", '{"bookmarks": {"chats": ', "line 1"),
  wrongState("several lines and no state", '{"bookm\n{"bookmarks"\n', "line 1"),
  wrongState("a catalog", catalogWith("agents"), "catalog"),
  wrongState("a catalog as it is printed", JSON.stringify(catalogWith(), null, 2), "catalog"),
  wrongState("a config", REQUIRED, "config"),
  wrongState("misspelt", { bookmark: {} }, '"bookmark"', '"bookmarks"'),
  wrongState("an object that is no state", { kept: true }, '"bookmarks"'),
  wrongState("a record", { type: "RECORD", stream: "chats", record: {} }, "message"),
  wrongState("a list", []),
  wrongState("null", "null"),
  wrongState("UTF-16", UTF16, "UTF-8"),
  ...wrongBookmark(["bookmarks"], [], "none"),
  ...wrongBookmark(["currently_syncing"], ["chats"]),
  ...wrongBookmark(["chats_last_full_sync"], 1767225600, "never"),
  ...wrongBookmark(CHATS, "2026-01-01T00:00:00Z", []),
  ...wrongBookmark([...CHATS, "chat.end_timestamp"], 1767225600, "soon", "2026-02-30"),
  ...wrongBookmark([...CHATS, "offline_msg.timestamp"], "1767225600", { at: "2026-01-01" }),
  ...wrongBookmark([...CHATS, "full_sync"], true, "2026-01-01T00:00:00Z"),
  ...wrongBookmark([...CHATS, "full_sync", "started"], 1767225600, "long ago"),
  ...wrongBookmark([...CHATS, "full_sync", "chat.end_timestamp"], "long ago"),
  ...wrongBookmark(["bookmarks", "agents"], 12),
  ...wrongBookmark(["bookmarks", "agents", "offset"], 12, [12]),
  ...wrongBookmark(["bookmarks", "agents", "offset", "id"], "12", -1, true),
  ...wrongBookmark(["bookmarks", "bans", "offset", "id"], [7]),
  ...wrongBookmark(["bookmarks", "agent_timeline", "start_time"], 1767225600000000, "soon"),
  ...wrongBookmark(["bookmarks", "agent_events", "timestamp"], false),
  ...wrongBookmark(["bookmarks", "conversions", "timestamp_id"], 7),
  ...[
    ...wrongBookmark([...CHATS, "update_timestamp"], 1767225600, "soon"),
    ...wrongBookmark([...CHATS, "update_timestamp_id"], 7),
  ].map((wrong) => ({ ...wrong, args: `${wrong.args} -c incremental.json` })),
];

const CATALOGS: WrongInput[] = [
  {
    what: "catalog: no such file",
    args: "-c config.json --catalog no.json",
    code: 1,
    names: ["no.json"],
  },
  {
    what: "catalog: no such file, by its old name",
    args: "-c config.json -p no.json",
    code: 1,
    names: ["no.json"],
  },
  { what: "catalog: a folder", args: "-c config.json --catalog .", code: 1, names: ['"."'] },
  wrongCatalogFile("an empty file", ""),
  wrongCatalogFile("broken off", '{"streams": [\n{"tap_stream_id": "age', "line 2"),
  wrongCatalogFile("UTF-16", UTF16, "UTF-8"),
  wrongCatalogFile("null", "null"),
  wrongCatalogFile("a list of streams", catalogWith("agents").streams),
  wrongCatalogFile("no streams", {}, "streams"),
  wrongCatalogFile("streams by name", { streams: { agents: {} } }, "streams"),
  wrongCatalogFile("a stream that is its name", { streams: ["agents"] }, "streams.0"),
  wrongCatalog(
    "a selected stream without tap_stream_id",
    (agents) => {
      delete (agents as JsonObject).tap_stream_id;
    },
    "streams.1",
    "tap_stream_id",
  ),
  wrongCatalog(
    "a selected stream that does not exist",
    (agents) => {
      agents.tap_stream_id = "operators";
    },
    "operators",
    "agents",
  ),
  wrongCatalog(
    "no schema",
    (agents) => {
      delete (agents as JsonObject).schema;
    },
    "agents",
    "schema",
  ),
  wrongCatalog(
    "schema null",
    (agents) => {
      (agents as JsonObject).schema = null;
    },
    "agents",
    "schema",
  ),
  wrongCatalog(
    "a schema of a list",
    ({ schema }) => {
      schema.type = "array";
    },
    "agents",
    "schema.type",
  ),
  wrongCatalog(
    "a schema without properties",
    ({ schema }) => {
      delete schema.properties;
    },
    "agents",
    "schema.properties",
  ),
  wrongCatalog(
    "a schema with no property",
    ({ schema }) => {
      schema.properties = {};
    },
    "agents",
    "schema.properties",
  ),
  wrongCatalog(
    "properties in a list",
    ({ schema }) => {
      schema.properties = [{ id: { type: "integer" } }];
    },
    "agents",
    "schema.properties",
  ),
  wrongCatalog(
    "a schema without the key",
    ({ schema }) => {
      delete (schema.properties as JsonObject).id;
    },
    "agents",
    '"id"',
  ),
  wrongField("a field that is its type", "string"),
  wrongField("a field that is null", null),
  wrongField("a type that does not exist", { type: "text" }, "text"),
  wrongField("two types, one wrong", { type: ["null", "varchar"] }, "varchar"),
  wrongField("no type in the list", { type: [] }),
  wrongField("a type that is no name", { type: 7 }),
  wrongField("items in a list", { type: "array", items: [{ type: "string" }] }, "items"),
  wrongField("anyOf that is no list", { anyOf: { type: "string" } }, "anyOf"),
  wrongField("anyOf of nothing", { anyOf: [] }, "anyOf"),
  wrongField(
    "a nested type that does not exist",
    {
      type: "object",
      properties: { work: { type: "mail" } },
    },
    "work",
    "mail",
  ),
  wrongField("a pattern that is none", {
    type: "object",
    patternProperties: { "(": { type: "string" } },
  }, "patternProperties"),
  wrongCatalog(
    "metadata by name",
    (agents) => {
      (agents as JsonObject).metadata = { selected: true };
    },
    "agents",
    "metadata",
  ),
  wrongCatalog(
    "metadata without a breadcrumb",
    ({ metadata }) => {
      delete (metadata[1] as unknown as JsonObject).breadcrumb;
    },
    "agents",
    "metadata.1",
    "breadcrumb",
  ),
  wrongCatalog(
    "a breadcrumb as text",
    ({ metadata }) => {
      (metadata[2] as unknown as JsonObject).breadcrumb = "properties.email";
    },
    "agents",
    "metadata.2",
    "breadcrumb",
  ),
];

for (const [kind, wrongs] of Object.entries({ FLAGS, CONFIGS, STATES, CATALOGS })) {
  Deno.test(`tap explains each of ${wrongs.length} wrong ${kind.toLowerCase()} in one line`, async () => {
    await using api = await startFakeChatApi();

    const results = await forMany(wrongs, (wrong) => runWith(api, wrong));

    assertEquals(
      results.map((result, index) => judge(wrongs[index]!, result)),
      wrongs.map(({ what, code }) => ({
        what,
        code,
        stdout: "",
        lines: 1,
        unnamed: [],
        stack: [],
      })),
    );
    results.forEach(checkOutput);
    assertEquals(api.requests, []);
  });
}

async function runWith(
  api: FakeChatApi,
  { args, files = {}, env = {} }: WrongInput,
): Promise<TapResult> {
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "incremental.json": { chats_api: "incremental" },
    "catalog.json": catalogWith(...STREAMS.map(({ tapStreamId }) => tapStreamId)),
    ...files,
  });
  return await runTap(args.split(" ").filter(Boolean), { cwd: folder.path, env });
}

/** What there is to say of a run; `unnamed` is what its line should have named. */
function judge({ what, names }: WrongInput, { code, stdout, stderr }: TapResult): JsonObject {
  const lines = logLines(stderr, "CRITICAL", "ERROR");
  return {
    what,
    code,
    stdout,
    lines: lines.length,
    unnamed: names.filter((name) => !lines[0]?.includes(name)),
    stack: stderr.split("\n").filter((line) => /^(\w+)? +at |\.[jt]s:\d/.test(line)),
  };
}
