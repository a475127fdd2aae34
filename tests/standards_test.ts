/**
 * The checks that taps are held to elsewhere, each under its own name: singer-check-tap, and the Meltano
 * SDK's standard suite with its older list. They judge what the program writes for the sample account,
 * read whole and then again from its own state.
 */

import { assert, assertEquals, fail } from "@std/assert";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/2020";
import Ajv04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import type { Schema } from "../lib/singer/schema.ts";
import { STREAMS } from "../streams/mod.ts";
import { startFakeChatApi } from "./fakes/chat_api/mod.ts";
import {
  type CatalogFile,
  type EntryFile,
  selectStreams,
  streamNames,
} from "./program/catalogs.ts";
import { configFor, createRunFolder } from "./program/run_folder.ts";
import {
  checkOutput,
  lastState,
  type Message,
  messagesIn,
  recordsOf,
  type SchemaMessage,
} from "./program/singer_output.ts";
import { runTap } from "./program/tap_process.ts";
import { sampleAccount } from "./fakes/sample_account/mod.ts";

const NAMES = STREAMS.map(({ tapStreamId }) => tapStreamId);

/** What the program did, once for all tests. */
interface Evidence {
  catalog: CatalogFile;
  /**
   * The messages of a first run, of one from its state, and of one by the export, which alone has
   * engagements and reads nothing else here.
   */
  runs: [first: Message[], second: Message[], engagements: Message[]];
  /** What `--test` printed. */
  verdicts: string;
}

/** What a check of one stream looks at; messages and records are those of both runs. */
interface StreamEvidence {
  entry: EntryFile;
  schema: Schema;
  keyProperties: string[];
  messages: Message[];
  records: JsonObject[];
  state: JsonObject;
}

let gathered: Promise<Evidence> | undefined;

/** Discovers, syncs everything that was found, and syncs again with the state that is left. */
function evidence(): Promise<Evidence> {
  return gathered ??= gather();
}

async function gather(): Promise<Evidence> {
  await using api = await startFakeChatApi({
    account: sampleAccount(Date.parse("2024-06-01T12:00:00Z")),
  });
  await using folder = await createRunFolder({
    "config.json": configFor(api, { start_date: "2023-01-01" }),
    "export.json": { chats_api: "incremental" },
  });
  const run = async (...args: string[]) => {
    const result = await runTap(["-c", "config.json", ...args], { cwd: folder.path });
    checkOutput(result);
    assertEquals(result.code, 0);
    return result.stdout;
  };
  const catalog: CatalogFile = JSON.parse(await run("--discover"));
  await folder.write({ "catalog.json": selectStreams(structuredClone(catalog), NAMES) });
  const first = messagesIn(await run("--catalog", "catalog.json"));
  await folder.write({ "state.json": lastState(first)! });
  const second = messagesIn(await run("--catalog", "catalog.json", "--state", "state.json"));
  const byExport = ["-c", "export.json", "--select", "chat_engagements"];
  const engagements = messagesIn(await run(...byExport));
  return { catalog, runs: [first, second, engagements], verdicts: await run("--test") };
}

async function streamEvidence(stream: string): Promise<StreamEvidence> {
  const { catalog, runs } = await evidence();
  const messages = runs.flat().filter((message) =>
    message.type !== "STATE" && message.stream === stream
  );
  const { schema, key_properties } = messages.find((message): message is SchemaMessage =>
    message.type === "SCHEMA"
  )!;
  return {
    entry: catalog.streams.find(({ tap_stream_id }) => tap_stream_id === stream)!,
    schema,
    keyProperties: key_properties,
    messages,
    records: recordsOf(messages, stream),
    state: lastState(runs.flat())!,
  };
}

const OPTIONS = { allowUnionTypes: true };

/** The drafts that targets validate by, formats checked. */
const DRAFTS = {
  4: new Ajv04.default(OPTIONS),
  7: new Ajv(OPTIONS),
  2020: new Ajv2020(OPTIONS),
};
for (const ajv of Object.values(DRAFTS)) addFormats.default(ajv);

/** RFC 3339 as strictly as singer-check-tap has it; Python's `fromisoformat` reads it too. */
const DATE_TIME_REGEXP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?(Z|[+-]\d\d:\d\d)$/;

/** Fields that no record of the sample account has; the SDK only warns of such. */
const NEVER_SEEN: Record<string, string[]> = {
  agents: ["scope"],
  chats: ["deleted", "engagements", "update_timestamp"],
  chat_history: [
    ...[
      "agent_id",
      "comment",
      "conversion",
      "new_comment",
      "prev_department_id",
      "skills_name",
      "source",
    ],
  ],
  goals: ["attribution_window"],
  shortcuts: ["agents"],
};

/** What is wrong with a stream, by the name of the check that says so. */
const STREAM_CHECKS: Record<string, (stream: StreamEvidence) => unknown[]> = {
  "singer-check-tap: record before schema": ({ messages }) =>
    messages.slice(0, 1).filter(({ type }) => type !== "SCHEMA"),

  "singer-check-tap: record valid under draft 4": ({ schema, records }) =>
    invalidRecords(4, schema, records),

  "singer-check-tap: date-time strict RFC 3339": ({ schema, records }) =>
    valuesOf(schema, records, isDateTime).filter(([, value]) =>
      typeof value !== "string" || !DATE_TIME_REGEXP.test(value)
    ),

  "test_tap_stream_returns_record": ({ records }) => records.length > 0 ? [] : ["no record"],

  "test_tap_stream_transformed_catalog_schema_matches_record": ({ entry, records }) => {
    const seen = fieldsOf(records);
    const unseen = fieldsOf([propertiesOf(entry.schema)]).difference(seen);
    return [...unseen.symmetricDifference(new Set(NEVER_SEEN[entry.tap_stream_id]))];
  },

  "test_tap_stream_record_schema_matches_transformed_catalog": ({ entry, records }) => [
    ...fieldsOf(records).difference(fieldsOf([propertiesOf(entry.schema)])),
  ],

  "test_tap_stream_record_matches_stream_schema": ({ schema, records }) => [
    ...invalidRecords(2020, schema, records),
    ...invalidRecords(7, schema, records),
  ],

  "test_tap_stream_schema_is_valid": ({ schema }) =>
    Object.values(DRAFTS).flatMap((ajv) =>
      ajv.validateSchema(schema) === true ? [] : [ajv.errorsText()]
    ),

  "test_tap_stream_primary_keys": ({ keyProperties, records }) => {
    const byKey = new Map<string, string>();
    return records.filter((record) => {
      if (keyProperties.some((name) => (record[name] ?? null) === null)) return true;
      const key = JSON.stringify(keyProperties.map((name) => record[name]));
      const text = JSON.stringify(record);
      const other = byKey.get(key) ?? text;
      byKey.set(key, text);
      // Pages and runs may overlap, so a record may come twice, but two may not share a key.
      return other !== text;
    });
  },

  "test_tap_stream_attribute_is_boolean": ({ schema, records }) =>
    valuesOf(schema, records, ofType("boolean"))
      .filter(([, value]) => !/^(true|false)$/i.test(`${value}`)),

  "test_tap_stream_attribute_is_datetime": ({ schema, records }) =>
    valuesOf(schema, records, isDateTime)
      .filter(([, value]) => isNaN(Date.parse(value as string))),

  "test_tap_stream_attribute_is_integer": ({ schema, records }) =>
    valuesOf(schema, records, ofType("integer"))
      .filter(([, value]) => !Number.isInteger(value) && typeof value !== "boolean"),

  "test_tap_stream_attribute_is_numeric": ({ schema, records }) =>
    valuesOf(schema, records, ofType("number")).filter(([, value]) => typeof value !== "number"),

  "test_tap_stream_attribute_is_object": ({ schema, records }) =>
    valuesOf(schema, records, ofType("object")).filter(([, value]) => !isJsonObject(value)),

  "test_tap_stream_attribute_not_null": ({ schema, records }) =>
    Object.entries(propertiesOf(schema))
      .filter(([, property]) => !ofType("null")(property))
      .flatMap(([name]) => records.filter((record) => (record[name] ?? null) === null)),

  "attribute tests can be built": ({ schema }) =>
    Object.entries(propertiesOf(schema))
      .filter(([, { type, anyOf }]) => type === undefined && anyOf === undefined),

  "pkeys_in_schema": ({ schema, keyProperties }) => [
    ...new Set(keyProperties).difference(fieldsOf([propertiesOf(schema)])),
    ...keyProperties.length > 0 ? [] : ["no key"],
  ],

  "state_partitioning_keys_in_schema": ({ entry, state }) => {
    const bookmarks = state.bookmarks as Record<string, JsonObject>;
    return Object.keys(bookmarks[entry.tap_stream_id] ?? {}).filter((key) => key === "partitions");
  },

  "replication_keys_in_schema": ({ entry, schema }) => {
    const keys = entry.metadata[0]!.metadata["valid-replication-keys"] ?? [];
    return [...new Set(keys as string[]).difference(fieldsOf([propertiesOf(schema)]))];
  },
};

for (const [check, faultsOf] of Object.entries(STREAM_CHECKS)) {
  for (const stream of NAMES) {
    Deno.test(`${check} holds for ${stream}`, async () => {
      assertEquals(faultsOf(await streamEvidence(stream)).slice(0, 3), []);
    });
  }
}

Deno.test("singer-check-tap: each message has its required members, in all runs", async () => {
  const { runs } = await evidence();
  for (const message of runs.flat()) {
    switch (message.type) {
      case "SCHEMA":
        assert(NAMES.includes(message.stream) && isJsonObject(message.schema));
        assert(message.key_properties.every((key) => typeof key === "string"));
        break;
      case "RECORD":
        assert(NAMES.includes(message.stream) && isJsonObject(message.record));
        break;
      case "STATE":
        assert(isJsonObject(message.value));
        break;
      default:
        fail(`a message of another type: ${JSON.stringify(message)}`);
    }
  }
});

Deno.test("test_tap_cli_prints", async () => {
  await using folder = await createRunFolder();
  for (const flags of [["--version"], ["--about"], ["--about", "--format", "json"]]) {
    const { code, stdout, stderr } = await runTap(flags, { cwd: folder.path });
    assertEquals([code, stderr], [0, ""]);
    assert(stdout.includes("tap-zendesk-chat"));
  }
});

Deno.test("test_tap_discovery: what is discovered can be fed back", async () => {
  const { catalog, runs } = await evidence();
  assertEquals(streamNames(catalog), NAMES);
  const schemasOf = (run: Message[]) =>
    run.flatMap((message) => message.type === "SCHEMA" ? [message.stream] : []);
  const [first, second, engagements] = runs.map(schemasOf);
  // Children come with their parent, before the streams between.
  assertEquals([first!.toSorted(), second!.toSorted()], [NAMES.toSorted(), NAMES.toSorted()]);
  assertEquals(engagements, ["chat_engagements"]);
});

Deno.test("test_tap_stream_connections", async () => {
  const { verdicts } = await evidence();
  const ofStreams = verdicts.split("\n").filter((line) => NAMES.includes(line.split(":")[0]!));
  assertEquals(ofStreams, NAMES.map((name) => `${name}: ok`));
});

Deno.test("test_tap_valid_final_state", async () => {
  for (const run of (await evidence()).runs) {
    const last = run.at(-1)!;
    assert(last.type === "STATE" && !JSON.stringify(last).includes("progress_markers"));
  }
});

function invalidRecords(
  draft: keyof typeof DRAFTS,
  schema: Schema,
  records: readonly JsonObject[],
): string[] {
  const ajv = DRAFTS[draft];
  const validate = ajv.compile(schema);
  return records.flatMap((record) => validate(record) ? [] : [ajv.errorsText(validate.errors)]);
}

function propertiesOf(schema: Schema | JsonObject): Record<string, Schema> {
  return (schema as Schema).properties ?? {};
}

function fieldsOf(objects: readonly object[]): Set<string> {
  return new Set(objects.flatMap((object) => Object.keys(object)));
}

function ofType(type: string): (property: Schema) => boolean {
  return (property) => [property.type].flat().includes(type);
}

function isDateTime({ format }: Schema): boolean {
  return format === "date-time";
}

/** Name and value of what records have, null aside, in the top-level properties that are meant. */
function valuesOf(
  schema: Schema,
  records: readonly JsonObject[],
  isMeant: (property: Schema) => boolean,
): [name: string, value: Json][] {
  const names = Object.entries(propertiesOf(schema)).flatMap(([name, property]) =>
    isMeant(property) ? [name] : []
  );
  return records.flatMap((record) =>
    names.flatMap((name): [string, Json][] => {
      const value = record[name] ?? null;
      return value === null ? [] : [[name, value]];
    })
  );
}
