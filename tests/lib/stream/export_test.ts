import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError, TapError } from "../../../lib/errors.ts";
import { exportStream, openExport } from "../../../lib/stream/export.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import type { StreamItem } from "../../../lib/stream/stream.ts";
import type { Export } from "../../../lib/zendesk/export_page.ts";
import {
  createStubChatApi,
  createStubContext,
  refusal,
  STARTED_AT,
  type StubReply,
} from "../../fakes/stub_chat_api.ts";

const TIMELINE: Export = {
  endpoint: "agent_timeline",
  unit: "microseconds",
  fields: "agent_timeline(*)",
  timeField: "start_time",
};
const EVENTS: Export = {
  endpoint: "agent_events",
  unit: "seconds",
  timeField: "timestamp",
};

interface Reading {
  /** What the stream yields, but for the position of checkpoints. */
  items: StreamItem[];
  requests: readonly string[];
  lines: readonly string[];
}

/** What a stream does with its bookmark and the API's answers. */
async function read(
  options: Parameters<typeof openExport>[1],
  bookmark: JsonObject,
  script: readonly StubReply[],
  startedAt = STARTED_AT,
): Promise<Reading> {
  const end = { body: { [options.endpoint]: [], end_time: null } };
  const api = createStubChatApi([...script, end]);
  const state = { bookmarks: { [options.endpoint]: bookmark } };
  const context = createStubContext({ api, state, startedAt, tapStreamId: options.endpoint });
  const items: StreamItem[] = [];
  for await (const item of openExport(context, options)) {
    items.push(
      item.kind === "checkpoint" ? { kind: item.kind, bookmark: item.bookmark } : item,
    );
  }
  return { items, requests: api.requests, lines: context.lines };
}

function page(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, id) => ({ id, status: "online" }));
}

Deno.test("openExport() stores a cursor in microseconds below the replication key, without an id", {
  permissions: "none",
}, async () => {
  const { items, requests } = await read(TIMELINE, {}, [
    { body: { agent_timeline: page(1), end_time: 1_607_919_371_515_217 } },
  ]);

  assertEquals(items, [
    { kind: "page", records: page(1), extractedAt: STARTED_AT },
    { kind: "checkpoint", bookmark: { start_time: "2020-12-14T04:16:11.515217Z" } },
  ]);
  assertEquals(requests, [
    "incremental/agent_timeline?fields=agent_timeline(*)&limit=1000&start_time=1262304000000000",
    "incremental/agent_timeline?fields=agent_timeline(*)&limit=1000&start_time=1607919371515217",
  ]);
});

Deno.test("openExport() goes on at its bookmark to the microsecond", {
  permissions: "none",
}, async () => {
  const bookmark = { start_time: "2020-12-14T04:16:11.515217Z" };

  const { items, requests } = await read(TIMELINE, bookmark, [
    { body: { agent_timeline: [], end_time: null } },
  ]);

  assertEquals(items, []);
  assertEquals(requests, [
    "incremental/agent_timeline?fields=agent_timeline(*)&limit=1000&start_time=1607919371515217",
  ]);
});

Deno.test("openExport() rounds a bookmark down to the second where the export takes seconds", {
  permissions: "none",
}, async () => {
  const bookmark = { timestamp: "2023-06-01T10:00:00.999999+00:00", timestamp_id: "e1" };

  const { items, requests } = await read(EVENTS, bookmark, [
    { body: { agent_events: page(1), end_time: 1_685_613_700.5, end_id: "e2" } },
  ]);

  assertEquals(items.at(-1), {
    kind: "checkpoint",
    bookmark: { timestamp: "2023-06-01T10:01:40.500000Z", timestamp_id: "e2" },
  });
  assertEquals(requests, [
    "incremental/agent_events?limit=1000&start_time=1685613600&start_id=e1",
    "incremental/agent_events?limit=1000&start_time=1685613700&start_id=e2",
  ]);
});

Deno.test("openExport() stores an id from the first page that answers one, and null behind it", {
  permissions: "none",
}, async () => {
  const { items } = await read(EVENTS, {}, [
    { body: { agent_events: page(1_000), end_time: 1_600_000_000 } },
    { body: { agent_events: page(1_000), end_time: 1_600_000_001, end_id: "e2" } },
    { body: { agent_events: page(1_000), end_time: 1_600_000_002, end_id: "" } },
    { body: { agent_events: page(1), end_time: STARTED_AT / 1000, end_id: "e4" } },
  ]);

  assertEquals(items.filter(({ kind }) => kind === "checkpoint"), [
    { kind: "checkpoint", bookmark: { timestamp: "2020-09-13T12:26:40.000000Z" } },
    {
      kind: "checkpoint",
      bookmark: { timestamp: "2020-09-13T12:26:41.000000Z", timestamp_id: "e2" },
    },
    {
      kind: "checkpoint",
      bookmark: { timestamp: "2020-09-13T12:26:42.000000Z", timestamp_id: null },
    },
    {
      kind: "checkpoint",
      bookmark: { timestamp: "2026-01-15T11:55:00.000000Z", timestamp_id: null },
    },
  ]);
});

Deno.test("openExport() nulls the id of a state whose time moves on without one", {
  permissions: "none",
}, async () => {
  const bookmark = { timestamp: "2023-06-01T10:00:00Z", timestamp_id: "e1" };

  const { items } = await read(EVENTS, bookmark, [
    { body: { agent_events: page(1), end_time: 1_685_613_700 } },
  ]);

  assertEquals(items.at(-1), {
    kind: "checkpoint",
    bookmark: { timestamp: "2023-06-01T10:01:40.000000Z", timestamp_id: null },
  });
});

Deno.test("openExport() writes records without a checkpoint where the cursor may not move", {
  permissions: "none",
}, async () => {
  const { items } = await read(EVENTS, { timestamp: "2023-06-01T10:00:00Z" }, [
    { body: { agent_events: page(2), end_time: null } },
  ]);

  assertEquals(items, [{ kind: "page", records: page(2), extractedAt: STARTED_AT }]);
});

Deno.test("openExport() says how far in time it is", { permissions: "none" }, async () => {
  const api = createStubChatApi([
    { body: { agent_events: page(1_000), end_time: 1_600_000_000.5 } },
    { body: { agent_events: page(1), end_time: STARTED_AT / 1000 } },
  ]);
  const context = createStubContext({ api, tapStreamId: "agent_events" });

  const positions: unknown[] = [];
  for await (const item of openExport(context, EVENTS)) {
    if (item.kind === "checkpoint") positions.push(item.position);
  }

  const range = {
    fromMicros: Date.parse("2010-01-01T00:00:00Z") * 1000,
    toMicros: STARTED_AT * 1000,
  };
  assertEquals(positions, [
    { atMicros: 1_600_000_000_500_000, range },
    { atMicros: (STARTED_AT - 300_000) * 1000, range },
  ]);
});

Deno.test("openExport() hands on the rows of a page that leads nowhere, and then fails", {
  permissions: "none",
}, async () => {
  const stuck = { body: { agent_events: page(1_000), end_time: 1_262_304_000 } };
  const api = createStubChatApi([stuck, refusal(400)]);
  const context = createStubContext({ api, tapStreamId: "agent_events" });
  const items: StreamItem[] = [];

  await assertRejects(
    async () => {
      for await (const item of openExport(context, EVENTS)) items.push(item);
    },
    TapError,
    "Cannot read agent_events: 1000 rows or more changed in the second of start_time 1262304000",
  );

  assertEquals(items, [{ kind: "page", records: page(1_000), extractedAt: STARTED_AT }]);
});

Deno.test("openExport() begins at a start of its own, or at start_date", {
  permissions: "none",
}, async () => {
  const empty = { body: { agent_events: [], end_time: null } };
  const startMicros = Date.parse("2021-01-01T00:00:00Z") * 1000;
  const cases: [JsonObject, number | undefined, string][] = [
    [{}, undefined, "1262304000"],
    [{}, startMicros, "1609459200"],
    [{ timestamp: null, timestamp_id: "left over" }, startMicros, "1609459200"],
    [{ timestamp: {} }, startMicros, "1609459200"],
    [{ timestamp: "2009-01-01" }, startMicros, "1230768000"],
  ];
  for (const [bookmark, start, expected] of cases) {
    const options = { ...EVENTS, ...(start !== undefined && { startMicros: start }) };
    const { requests } = await read(options, bookmark, [empty]);
    assertEquals(requests, [`incremental/agent_events?limit=1000&start_time=${expected}`]);
  }
});

Deno.test("openExport() goes back to six minutes before a run that follows closely", {
  permissions: "none",
}, async () => {
  const bookmark = { timestamp: "2026-01-15T11:54:30.000000Z", timestamp_id: "e1" };
  const end_time = Date.parse("2026-01-15T11:54:30Z") / 1000;

  const { items, requests } = await read(EVENTS, bookmark, [
    { body: { agent_events: page(1), end_time, end_id: "e1" } },
  ]);

  assertEquals(requests, [
    "incremental/agent_events?limit=1000&start_time=1768478040",
    "incremental/agent_events?limit=1000&start_time=1768478070&start_id=e1",
  ]);
  assertEquals(items.at(-1), { kind: "checkpoint", bookmark });
});

Deno.test("openExport() reads nothing of the future, and warns", {
  permissions: "none",
}, async () => {
  const { items, requests, lines } = await read(EVENTS, { timestamp: "2026-01-15T12:00:01Z" }, []);

  assertEquals([items, requests], [[], []]);
  assertEquals(lines, [
    "WARNING Read nothing of agent_events: it begins at 2026-01-15T12:00:01.000000Z, which is in " +
    'the future; check "timestamp" in the state and "start_date" in the config\n',
  ]);
});

Deno.test("openExport() never moves a bookmark back", { permissions: "none" }, async () => {
  const bookmark = { timestamp: "2026-01-15T11:54:30.000000Z", timestamp_id: "e9" };
  const end_time = Date.parse("2026-01-15T11:54:10Z") / 1000;

  const { items } = await read(EVENTS, bookmark, [
    { body: { agent_events: page(2), end_time, end_id: "e1" } },
  ]);

  assertEquals(items, [{ kind: "page", records: page(2), extractedAt: STARTED_AT }]);
});

Deno.test("openExport() writes nothing on an idle night, whether start_id is inclusive or not", {
  permissions: "none",
}, async () => {
  const bookmark = { timestamp: "2026-01-05T10:00:00.000000Z", timestamp_id: "e1" };
  const row = { id: "e1", timestamp: "2026-01-05T10:00:00Z" };
  const end_time = Date.parse(row.timestamp) / 1000;
  for (const agent_events of [[row], []]) {
    const { items, requests } = await read(EVENTS, bookmark, [
      { body: { agent_events, end_time, end_id: "e1" } },
    ]);
    assertEquals([items, requests.length], [[], 1]);
  }
});

Deno.test("openExport() reads nothing of the future that only the API's clock knows", {
  permissions: "none",
}, async () => {
  const context = createStubContext({
    api: createStubChatApi(() => {
      Object.assign(context.runStart, { isKnown: true });
      return { body: { agent_events: page(1), end_time: 1_600_000_000 } };
    }),
    state: { bookmarks: { agent_events: { timestamp: "2026-01-15T12:30:00Z" } } },
    tapStreamId: "agent_events",
  });
  Object.assign(context.runStart, { isKnown: false });

  assertEquals(await Array.fromAsync(openExport(context, EVENTS)), []);
  assertEquals(context.lines.length, 1);
});

Deno.test("openExport() refuses a bookmark that it cannot read before it asks for anything", {
  permissions: "none",
}, () => {
  const cases: [Json, string, string][] = [
    [1_685_613_600, "timestamp", "1685613600"],
    ["soon", "timestamp", '"soon"'],
    [7, "timestamp_id", "7"],
  ];
  for (const [value, key, found] of cases) {
    const api = createStubChatApi([]);
    const state = { bookmarks: { agent_events: { [key]: value } } };
    const context = createStubContext({ api, state, tapStreamId: "agent_events" });
    assertThrows(
      () => openExport(context, EVENTS),
      InputError,
      `Cannot use state file "state.json": "bookmarks.agent_events.${key}" is ${found}, expected `,
    );
    assertEquals(api.requests, []);
  }
});

Deno.test("exportStream() is an incremental stream that an account may lack", {
  permissions: "none",
}, async () => {
  const schema = { type: "object" };
  const stream = exportStream({ ...EVENTS, keyProperties: ["id"], schema });
  const api = createStubChatApi([{ body: { agent_events: [] } }, { body: { agent_events: [] } }]);
  const context = createStubContext({ api, tapStreamId: "agent_events" });

  assertEquals(
    [stream.tapStreamId, stream.keyProperties, stream.replicationMethod, stream.schema],
    ["agent_events", ["id"], "INCREMENTAL", schema],
  );
  assertEquals(stream.replicationKeys({ chatsApi: "search" }), ["timestamp"]);
  assertEquals([stream.selectedByDefault, stream.discovery], [false, "optional"]);
  await stream.probe(context);
  assertEquals(await Array.fromAsync(stream.open(context)), []);
  assertEquals(api.requests, [
    "incremental/agent_events?limit=1&start_time=1768392000",
    "incremental/agent_events?limit=1000&start_time=1262304000",
  ]);
});
