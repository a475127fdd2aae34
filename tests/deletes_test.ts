/**
 * Rows that are gone in Zendesk and in the warehouse too: a target that obeys ACTIVATE_VERSION reads
 * whole runs, runs that were cut at any message and went on, and runs that failed.
 */

import { assert, assertEquals } from "@std/assert";
import { StopError } from "../lib/errors.ts";
import type { JsonObject } from "../lib/json.ts";
import { STREAMS } from "../streams/mod.ts";
import { type FakeChatApi, startFakeChatApi } from "./fakes/chat_api/mod.ts";
import { smallAccount } from "./program/accounts.ts";
import { lastState, type Message } from "./program/singer_output.ts";
import { syncInProcess, type SyncRun } from "./program/sync_in_process.ts";

const NOW = Date.parse("2026-06-15T12:00:00Z");
const MINUTE = 60_000;

const FULL_TABLES = STREAMS.filter(({ replicationMethod }) => replicationMethod === "FULL_TABLE")
  .map(({ tapStreamId }) => tapStreamId);

/** What a target holds of each stream: the version of each row, by key. */
type Warehouse = Map<string, Map<string, number | undefined>>;

/** Reads messages as a target with hard deletes does. */
function load(warehouse: Warehouse, messages: readonly Message[]): void {
  for (const message of messages) {
    if (message.type === "STATE" || message.type === "SCHEMA") continue;
    const rows = warehouse.get(message.stream) ?? new Map();
    warehouse.set(message.stream, rows);
    if (message.type === "RECORD") rows.set(keyOf(message.record), message.version);
    else for (const [key, version] of rows) if (version !== message.version) rows.delete(key);
  }
}

function keyOf(record: JsonObject): string {
  return `${record.id ?? record.name ?? record.account_key}`;
}

function keysIn(warehouse: Warehouse, stream: string): string[] {
  return [...warehouse.get(stream)?.keys() ?? []].toSorted();
}

const SETTINGS = {
  streams: FULL_TABLES,
  config: { agents_page_limit: 2, bans_page_limit: 2, emit_activate_version_messages: true },
};

function run(
  api: FakeChatApi,
  more: Partial<Parameters<typeof syncInProcess>[1]> = {},
): Promise<SyncRun> {
  return syncInProcess(api, { ...SETTINGS, nowMs: NOW, ...more });
}

function activations({ messages }: SyncRun): string[] {
  return messages.flatMap((message) =>
    message.type === "ACTIVATE_VERSION" ? [`${message.stream} ${message.version}`] : []
  );
}

Deno.test("what is gone in Zendesk goes in the warehouse, and what is not stays", async () => {
  await using api = await startFakeChatApi({ account: smallAccount() });
  const warehouse: Warehouse = new Map();
  const first = await run(api);
  load(warehouse, first.messages);
  assertEquals(activations(first), FULL_TABLES.map((stream) => `${stream} ${NOW}`));

  const [gone] = api.account.agents.splice(1, 1);
  const [shortcut] = api.account.shortcuts.splice(0, 1);
  const before = keysIn(warehouse, "agents");
  const second = await run(api, { state: lastState(first.messages)!, nowMs: NOW + MINUTE });
  load(warehouse, second.messages);

  assertEquals(keysIn(warehouse, "agents"), before.filter((key) => key !== `${gone!.id}`));
  assert(!keysIn(warehouse, "shortcuts").includes(`${shortcut!.id}`));
  assertEquals(activations(second), FULL_TABLES.map((stream) => `${stream} ${NOW + MINUTE}`));
});

Deno.test("a version lives through an interruption, and is activated only when the table is whole", async () => {
  await using api = await startFakeChatApi({ account: smallAccount() });
  const settings = { streams: ["agents"], nowMs: NOW + MINUTE };
  const old = await run(api, settings);
  const [gone] = api.account.agents.splice(0, 1);
  const held = api.account.agents.map(({ id }) => `${id}`).toSorted();
  const nowMs = NOW + 2 * MINUTE;
  const whole = await run(api, { ...settings, nowMs });

  for (let cut = 1; cut < whole.writes; cut++) {
    const warehouse: Warehouse = new Map();
    load(warehouse, old.messages);
    const stopped = await run(api, {
      ...settings,
      nowMs,
      onWrite: (number, stop) => number === cut && stop(new StopError("SIGTERM")),
    });
    load(warehouse, stopped.messages);
    const isActivated = activations(stopped).length > 0;
    assertEquals(keysIn(warehouse, "agents").includes(`${gone!.id}`), !isActivated);

    const state = lastState(stopped.messages)!;
    const resumed = await run(api, { ...settings, nowMs: NOW + 3 * MINUTE, state });
    load(warehouse, resumed.messages);
    // Where not a page was complete, the read begins anew.
    const { agents = {} } = state.bookmarks as Record<string, JsonObject>;
    assertEquals(activations(resumed), [`agents ${agents.version ?? NOW + 3 * MINUTE}`]);
    assertEquals(keysIn(warehouse, "agents"), held);
    assertEquals(lastState(resumed.messages)?.bookmarks, {
      agents: { offset: { id: null }, version: null },
    });
  }
});

Deno.test("nothing is dropped after a failure, or when a row was left out", async () => {
  await using api = await startFakeChatApi({ account: smallAccount() });
  const warehouse: Warehouse = new Map();
  load(warehouse, (await run(api)).messages);
  const before = Object.fromEntries(FULL_TABLES.map((name) => [name, keysIn(warehouse, name)]));

  api.account.agents.splice(0, 1);
  api.account.departments[0] = { name: "Without an id" };
  api.faults.push({ on: ({ path }) => path === "/agents", after: 1, status: 404 });
  const failed = await run(api, { nowMs: NOW + MINUTE });
  load(warehouse, failed.messages);

  for (const stream of ["agents", "departments"]) {
    assertEquals(keysIn(warehouse, stream), before[stream]);
  }
  const others = FULL_TABLES.filter((name) => name !== "agents" && name !== "departments");
  assertEquals(activations(failed), others.map((name) => `${name} ${NOW + MINUTE}`));

  // The row was left out before the interruption, so that the rest of the read drops nothing either.
  api.faults.length = 0;
  const state = { bookmarks: { agents: { offset: { id: 2 }, version: null } } };
  assertEquals(activations(await run(api, { streams: ["agents"], state })), []);
});

Deno.test("without the setting there are no versions, and one that was left is forgotten", async () => {
  await using api = await startFakeChatApi({ account: smallAccount() });
  const state = { bookmarks: { agents: { offset: { id: 2 }, version: NOW } } };
  const config = { ...SETTINGS.config, emit_activate_version_messages: "false" };
  const silent = await run(api, { state, config });
  assertEquals(activations(silent), []);
  assert(silent.messages.every((message) => message.type !== "RECORD" || !("version" in message)));
  assertEquals((lastState(silent.messages)!.bookmarks as JsonObject).agents, {
    offset: { id: null },
    version: null,
  });
});

Deno.test("incremental streams have no versions", async () => {
  await using api = await startFakeChatApi({ account: smallAccount() });
  const streams = STREAMS.map(({ tapStreamId }) => tapStreamId)
    .filter((name) => !FULL_TABLES.includes(name));
  const { messages } = await run(api, { streams });
  assert(messages.some(({ type }) => type === "RECORD"));
  assert(messages.every((message) => !("version" in message)));
});
