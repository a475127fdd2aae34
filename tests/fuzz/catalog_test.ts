/**
 * Catalogs that discovery printed and somebody or something spoilt: each is refused with an
 * `InputError` before the first message, or read into messages that hang together.
 */

import { assertEquals, assertLessOrEqual } from "@std/assert";
import { InputError } from "../../lib/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../lib/json.ts";
import { checkCatalog } from "../../lib/singer/catalog.ts";
import { discoveryEntry } from "../../lib/singer/discovery_entry.ts";
import { STREAMS } from "../../streams/mod.ts";
import {
  isWholeRun,
  RUN_STARTED_AT,
  runStreams,
  smallAccount,
  type StreamsRun,
} from "../run_streams.ts";
import { chatsOfDay } from "../fakes/sample_account/chats.ts";
import { LISTS } from "../fakes/sample_account/lists.ts";
import { type Draw, drawFor } from "../fakes/sample_account/random.ts";
import { API_ROOT, fetchFrom } from "./account_fetch.ts";
import { drawJson, type Vocabulary } from "./draw_json.ts";

const TYPES = ["string", "integer", "number", "boolean", "object", "array", "null"];

const VOCABULARY: Vocabulary = {
  names: [
    "type",
    "properties",
    "patternProperties",
    "items",
    "anyOf",
    "format",
    "required",
    "additionalProperties",
    "selected",
    "inclusion",
    "breadcrumb",
    "metadata",
    "schema",
    "id",
    "name",
    "$ref",
  ],
  values: [
    ...TYPES,
    ["null", "string"],
    ["null", "integer", "number"],
    [],
    "date-time",
    "singer.decimal",
    "automatic",
    "unsupported",
    ["properties", "id"],
    "^x-",
    "(",
  ],
};

/** Every stream with its entry as discovery prints it, selected. */
const CATALOG: JsonObject = {
  streams: STREAMS.map((stream) => {
    const entry = discoveryEntry(stream, stream.replicationKeys({ chatsApi: "search" }));
    const [root, ...fields] = entry.metadata as JsonObject[];
    const metadata = { ...root!.metadata as JsonObject, selected: true };
    return { ...entry, metadata: [{ ...root, metadata }, ...fields] };
  }),
};

const ACCOUNT = {
  ...smallAccount(),
  ...structuredClone(LISTS),
  chats: [1, 2, 3].flatMap((days) =>
    chatsOfDay(Math.floor(RUN_STARTED_AT / 86_400_000) - days, RUN_STARTED_AT)
  ),
};

/** A catalog of two streams, spoilt in a few places, mostly in what it says of fields. */
function drawCatalog(draw: Draw): JsonObject {
  const all = CATALOG.streams as JsonObject[];
  const first = draw.whole(0, all.length - 1);
  const second = draw.happens(0.02) ? first : (first + draw.whole(1, all.length - 1)) % all.length;
  const catalog: JsonObject = { streams: structuredClone([all[first]!, all[second]!]) };
  for (let times = draw.whole(1, 4); times > 0; times--) {
    if (draw.happens(0.15)) spoilAnything(draw, catalog);
    else spoilField(draw, catalog);
  }
  return catalog;
}

/** Deletes, doubles, moves or replaces a value anywhere. */
function spoilAnything(draw: Draw, catalog: JsonObject): void {
  const places = placesIn(catalog);
  const [holder, key] = draw.one(places)!;
  const members = holder as Record<string, Json>;
  switch (draw.whole(0, 3)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete members[key];
      break;
    case 1:
      if (Array.isArray(holder)) holder.push(structuredClone(members[key]!));
      else members[draw.one(VOCABULARY.names)!] = structuredClone(members[key]!);
      break;
    case 2: {
      const [other, otherKey] = draw.one(places)!;
      members[key] = structuredClone((other as Record<string, Json>)[otherKey] ?? null);
      break;
    }
    default:
      members[key] = drawJson(draw, VOCABULARY, 3);
  }
}

/** Changes what a field's schema says, most of the time to what a schema may say. */
function spoilField(draw: Draw, catalog: JsonObject): void {
  const nodes = placesIn(catalog)
    .filter(([_holder, key]) => key === "type")
    .map(([holder]) => holder as JsonObject);
  if (nodes.length === 0) return;
  const node = draw.one(nodes)!;
  const names = Object.keys(isJsonObject(node.properties) ? node.properties : {});
  switch (draw.whole(0, 5)) {
    case 0:
      node.type = draw.one(TYPES)!;
      break;
    case 1:
      node.type = [draw.one(TYPES)!, draw.one(TYPES)!];
      break;
    case 2:
      node.required = draw.happens(0.3) ? names : drawJson(draw, VOCABULARY, 2);
      for (const member of Object.values(node.properties ?? {})) {
        if (isJsonObject(member)) member.type = draw.one(TYPES)!;
      }
      break;
    case 3:
      node.anyOf = [{ type: draw.one(TYPES)! }, structuredClone({ type: node.type })];
      break;
    case 4:
      delete node[draw.one(Object.keys(node))!];
      break;
    default:
      node[draw.one(VOCABULARY.names)!] = drawJson(draw, VOCABULARY, 3);
  }
}

/** Every member of every level. */
function placesIn(value: Json | undefined): [holder: Json[] | JsonObject, key: string][] {
  if (!Array.isArray(value) && !isJsonObject(value)) return [];
  const own = Object.keys(value).map((key): [Json[] | JsonObject, string] => [value, key]);
  return [...own, ...Object.values(value).flatMap(placesIn)];
}

function runWith(catalog: Json): Promise<StreamsRun> {
  return runStreams({
    apiRoot: API_ROOT,
    catalog,
    fetch: fetchFrom(structuredClone(ACCOUNT), RUN_STARTED_AT),
  });
}

/** That records follow the SCHEMA of their stream, with its keys, and STATE is last. */
function assertHangTogether({ messages }: StreamsRun, what: string): void {
  const keys = new Map<unknown, string[]>();
  for (const { type, stream, key_properties, record } of messages) {
    if (type === "SCHEMA") keys.set(stream, key_properties as string[]);
    if (type !== "RECORD") continue;
    const missing = keys.get(stream)?.filter((key) =>
      ((record as JsonObject)[key] ?? null) === null
    );
    assertEquals(missing, [], what);
  }
  assertEquals(messages.at(-1)?.type, "STATE", what);
}

Deno.test("sync() reads by any catalog, or refuses it before the first message", {
  permissions: "none",
}, async () => {
  const outcomes = { read: 0, refused: 0, unfit: 0 };
  for (let seed = 0; seed < 600; seed++) {
    const run = await runWith(drawCatalog(drawFor(seed)));
    const what = `seed ${seed}: ${run.error instanceof Error ? run.error.stack : ""}`;
    if (run.error instanceof InputError) {
      outcomes.refused++;
      assertEquals(run.messages, [], what);
      assertEquals(run.error.message.includes("catalog.json"), true, what);
      assertLessOrEqual(run.error.message.length, 1_000, what);
      continue;
    }
    if (isWholeRun(run)) outcomes.read++;
    else outcomes.unfit++;
    assertEquals(run.error, undefined, what);
    const verdicts = run.outcomes.map(({ verdict }) => verdict);
    assertEquals(
      verdicts.every((verdict) => verdict === "ok" || verdict === "incomplete"),
      true,
      what,
    );
    assertHangTogether(run, what);
  }
  assertEquals(Object.values(outcomes).every((count) => count > 10), true, Deno.inspect(outcomes));
});

Deno.test("checkCatalog() takes any JSON or refuses it with an InputError", {
  permissions: "none",
}, () => {
  for (let seed = 0; seed < 3_000; seed++) {
    const draw = drawFor(seed);
    const value = drawJson(draw, VOCABULARY);
    const catalog = draw.happens(0.5) ? value : { streams: isJsonObject(value) ? [value] : value };
    try {
      assertEquals(Array.isArray(checkCatalog(catalog, "catalog.json", STREAMS)), true);
    } catch (error) {
      const what = `seed ${seed}: ${JSON.stringify(catalog)}: ${error}`;
      assertEquals(error instanceof InputError, true, what);
    }
  }
});
