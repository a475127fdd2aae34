/** Whole syncs by catalogs that were edited: what an edit changes, and what the log says of the others. */

import { assertEquals } from "@std/assert";
import type { Json, JsonObject } from "../lib/json.ts";
import { API_ROOT, fetchFrom } from "./fuzz/account_fetch.ts";
import pythonCatalog from "./fakes/python_catalog.json" with { type: "json" };
import { type CatalogFile, catalogWith } from "./program/catalogs.ts";
import {
  recordsOf,
  RUN_STARTED_AT,
  type RunOptions,
  runStreams,
  smallAccount,
  stateOf,
  type StreamsRun,
} from "./run_streams.ts";

function run(catalog: Json, options: Partial<RunOptions> = {}): Promise<StreamsRun> {
  const history = [{ type: "chat.msg", msg: "Hello" }];
  const { chats, ...account } = smallAccount();
  const talks = (chats as JsonObject[]).map((chat) => ({ ...chat, history }));
  const fetch = fetchFrom({ ...account, chats: talks }, RUN_STARTED_AT);
  return runStreams({ apiRoot: API_ROOT, catalog, fetch, ...options });
}

/** A catalog with one stream selected, and this in its metadata. */
function editedCatalog(stream: string, metadata: JsonObject = {}): CatalogFile {
  const catalog = catalogWith(stream);
  const entry = catalog.streams.find(({ tap_stream_id }) => tap_stream_id === stream)!;
  Object.assign(entry.metadata[0]!.metadata, metadata);
  return catalog;
}

const FULL_TABLE = { "replication-method": "FULL_TABLE" };

for (const chatsApi of ["search", "incremental"] as const) {
  Deno.test(`replication-method FULL_TABLE reads chats from start_date on, by ${chatsApi}`, async () => {
    const options = { chatsApi };
    const first = await run(editedCatalog("chats"), options);
    const state = stateOf(first)!;
    const again = await run(editedCatalog("chats"), { ...options, state });
    const anew = await run(editedCatalog("chats", FULL_TABLE), { ...options, state });

    const ids = (run: StreamsRun) => recordsOf(run).map(({ id }) => id).toSorted();
    assertEquals(ids(anew), ids(first));
    assertEquals(ids(again).length < ids(first).length, true);
    assertEquals(stateOf(anew), state);
  });
}

Deno.test("replication-method FULL_TABLE reads an export from start_date on, and a child alone", async () => {
  for (const stream of ["agent_timeline", "chat_history"]) {
    const first = await run(editedCatalog(stream));
    const anew = await run(editedCatalog(stream, FULL_TABLE), { state: stateOf(first)! });
    assertEquals(recordsOf(anew), recordsOf(first), stream);
    assertEquals(recordsOf(first).length > 0, true, stream);
  }
});

Deno.test("SCHEMA of chats has engagements by incremental export only", async () => {
  const catalog = catalogWith("chats");
  const properties = async (chatsApi: "search" | "incremental") => {
    const { messages } = await run(catalog, { chatsApi });
    const message = messages.find(({ type }) => type === "SCHEMA")!;
    return Object.keys((message.schema as JsonObject).properties as JsonObject);
  };
  const whole = Object.keys(
    (catalog.streams.find((entry) => entry.tap_stream_id === "chats")!.schema
      .properties) as JsonObject,
  );
  assertEquals(await properties("incremental"), whole);
  assertEquals(await properties("search"), whole.filter((name) => name !== "engagements"));
});

Deno.test("a run warns about edits that have no effect, and does not stop at them", async () => {
  const { lines, outcomes } = await run(
    editedCatalog("agents", { "table-key-properties": ["email"] }),
  );
  assertEquals(lines.filter((line) => line.startsWith("WARNING")), [
    'WARNING Stream "agents" in the catalog: "table-key-properties" is ["email"], but its key is ' +
    '"id" all the same',
  ]);
  assertEquals(outcomes.map(({ verdict }) => verdict), ["ok"]);
});

Deno.test("catalogs as discovered, here and by the Python tap, are no reason for a warning", async () => {
  for (const catalog of [pythonCatalog, catalogWith("account", "agents", "chats", "roles")]) {
    const { lines, outcomes } = await run(catalog);
    assertEquals(lines.filter((line) => /^(WARNING|ERROR|CRITICAL)/.test(line)), []);
    assertEquals(outcomes.every(({ verdict }) => verdict === "ok"), true);
  }
});
