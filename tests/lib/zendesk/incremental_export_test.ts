import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { TapError } from "../../../lib/errors.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import { RequestError } from "../../../lib/zendesk/client.ts";
import type { ExportCursor } from "../../../lib/zendesk/export_cursor.ts";
import {
  type Export,
  type ExportStep,
  nextLimit,
  probeExport,
  readExport,
} from "../../../lib/zendesk/incremental_export.ts";
import {
  createStubChatApi,
  createStubContext,
  STARTED_AT,
  type StubChatApi,
  type StubReply,
} from "../../fakes/stub_chat_api.ts";
import { exportOver } from "../../fakes/stub_export.ts";

const CHATS: Export = { endpoint: "chats", unit: "seconds", fields: "chats(*)" };
const SETTLED_SECONDS = STARTED_AT / 1000 - 300;
const LARGE = 5_000_000;

function cursor(seconds: number, id?: string): ExportCursor {
  return { micros: seconds * 1e6, id };
}

function rowsOf(count: number, place = ""): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ id: `${place} ${index}` }));
}

/** A page of so many rows that ends at a cursor. */
function page(count: number, end_time: Json, end_id?: Json, size?: number): StubReply {
  const chats = rowsOf(count, `${end_time} ${end_id}`);
  return { body: { chats, end_time, end_id }, ...(size && { size }) };
}

/** Opens an export whose run began at `STARTED_AT`; the lines that it logs go to `lines`. */
function open(
  api: StubChatApi,
  { start = cursor(1_000), source = CHATS, lines = [], startedAtMs = STARTED_AT }: {
    start?: ExportCursor;
    source?: Export;
    lines?: string[];
    startedAtMs?: number;
  } = {},
): AsyncGenerator<ExportStep> {
  const context = createStubContext({ api });
  const log = { ...context.log, info: (message: string) => void lines.push(message) };
  return readExport(api, source, start, { startedAtMs, log });
}

/** Steps by the number of their rows and the cursor to store. */
async function summarize(
  steps: AsyncIterable<ExportStep>,
): Promise<[number, ExportCursor | undefined][]> {
  const seen: [number, ExportCursor | undefined][] = [];
  for await (const { rows, cursor } of steps) seen.push([rows.length, cursor]);
  return seen;
}

/** The query of a request for chats. */
function request(limit: number, start_time: number, start_id?: string): string {
  return `incremental/chats?fields=chats(*)&limit=${limit}&start_time=${start_time}` +
    (start_id === undefined ? "" : `&start_id=${start_id}`);
}

Deno.test("readExport() asks from cursor to cursor until a page is short", {
  permissions: "none",
}, async () => {
  const lines: string[] = [];
  const api = createStubChatApi([
    page(1_000, 2_000, "b"),
    page(1_000, 2_000, "c"),
    page(3, 2_500, "d"),
  ]);

  assertEquals(await summarize(open(api, { start: cursor(1_000, "a"), lines })), [
    [1_000, cursor(2_000, "b")],
    [1_000, cursor(2_000, "c")],
    [3, cursor(2_500, "d")],
  ]);
  assertEquals(api.requests, [
    request(1_000, 1_000, "a"),
    request(1_000, 2_000, "b"),
    request(1_000, 2_000, "c"),
  ]);
  assertEquals(lines, []);
});

Deno.test("readExport() yields nothing for an empty page, whatever its cursor says", {
  permissions: "none",
}, async () => {
  for (const end_time of [null, 0, 1_000, 99_999]) {
    const api = createStubChatApi([page(0, end_time, "")]);
    assertEquals(await summarize(open(api)), []);
    assertEquals(api.requestCount, 1);
  }
});

Deno.test("readExport() stores nothing of a short page without a valid cursor", {
  permissions: "none",
}, async () => {
  for (const end_time of [null, 0, -5, "2000", 999]) {
    const api = createStubChatApi([page(2, end_time, "b")]);
    assertEquals(await summarize(open(api)), [[2, undefined]]);
    assertEquals(api.requestCount, 1);
  }
});

Deno.test("readExport() fails behind a full page that leads nowhere, and yields its rows before", {
  permissions: "none",
}, async () => {
  const cases: [Json, Json, string][] = [
    [1_000, "a", "1000"],
    [999, "z", "999"],
    [null, "z", "null"],
    [0, null, "null"],
    ["2000", null, "null"],
  ];
  for (const [end_time, end_id, shown] of cases) {
    const api = createStubChatApi([page(1_000, end_time, end_id)]);
    let rows = 0;
    const error = await assertRejects(async () => {
      for await (const step of open(api, { start: cursor(1_000, "a") })) rows += step.rows.length;
    }, TapError);
    assertEquals(
      error.message,
      "Cannot read chats: after a full page of 1000 rows from start_time 1000 the API answers " +
        `end_time ${shown}, which leads no further; run again later, and report it if it stays`,
    );
    assertEquals(rows, 1_000);
  }
});

Deno.test("readExport() finds out when full pages lead round in a circle", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    page(1_000, 1_000, "b"),
    page(1_000, 1_000, "c"),
    page(1_000, 1_000, "b"),
  ]);

  await assertRejects(
    () => summarize(open(api, { start: cursor(1_000, "a") })),
    TapError,
    "leads no further",
  );
  assertEquals(api.requestCount, 3);
});

Deno.test("readExport() counts rows, not count, and heeds no next_page", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    {
      body: {
        chats: rowsOf(1_000),
        count: 1,
        end_time: 2_000,
        end_id: "b",
        next_page: null,
      },
    },
    {
      body: {
        chats: rowsOf(1),
        count: 1_000,
        end_time: 2_001,
        end_id: "c",
        next_page: "https://elsewhere.example/?start_time=5",
      },
    },
  ]);

  assertEquals(await summarize(open(api)), [
    [1_000, cursor(2_000, "b")],
    [1, cursor(2_001, "c")],
  ]);
  assertEquals(api.requests, [request(1_000, 1_000), request(1_000, 2_000, "b")]);
});

Deno.test("readExport() ends with an INFO where a full page reaches the last five minutes", {
  permissions: "none",
}, async () => {
  const lines: string[] = [];
  const api = createStubChatApi([
    page(1_000, SETTLED_SECONDS, "b"),
    page(1_000, SETTLED_SECONDS + 1, "c"),
  ]);

  assertEquals(await summarize(open(api, { lines })), [
    [1_000, cursor(SETTLED_SECONDS, "b")],
    [1_000, cursor(SETTLED_SECONDS)],
  ]);
  assertEquals(api.requestCount, 2);
  assertEquals(lines, [
    "Stopped reading chats five minutes before the start of this run: what changed since then is " +
    "left to the next run",
  ]);
});

Deno.test("readExport() says nothing of a short page in the last five minutes", {
  permissions: "none",
}, async () => {
  const lines: string[] = [];
  const api = createStubChatApi([page(5, SETTLED_SECONDS + 100, "b")]);

  assertEquals(await summarize(open(api, { lines })), [[5, cursor(SETTLED_SECONDS)]]);
  assertEquals(lines, []);
});

Deno.test("readExport() begins at least six minutes before the run", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([page(0, null)]);

  await summarize(open(api, { start: cursor(SETTLED_SECONDS, "a") }));

  assertEquals(api.requests, [request(1_000, SETTLED_SECONDS - 60)]);
});

Deno.test("readExport() sends times in the unit of the export", {
  permissions: "none",
}, async () => {
  const timeline: Export = {
    endpoint: "agent_timeline",
    unit: "microseconds",
    fields: "agent_timeline(*)",
  };
  const events: Export = { endpoint: "agent_events", unit: "seconds" };
  const start = { micros: 1_607_919_371_999_999, id: undefined };
  const timelineApi = createStubChatApi([
    { body: { agent_timeline: rowsOf(1_000), end_time: 1_607_919_372_000_001 } },
    { body: { agent_timeline: rowsOf(1), end_time: 1_607_919_372_000_002 } },
  ]);
  const eventsApi = createStubChatApi([
    { body: { agent_events: rowsOf(1_000), end_time: 1_685_613_600.75 } },
    { body: { agent_events: rowsOf(1), end_time: 1_685_613_601.5 } },
  ]);

  assertEquals(await summarize(open(timelineApi, { source: timeline, start })), [
    [1_000, { micros: 1_607_919_372_000_001, id: undefined }],
    [1, { micros: 1_607_919_372_000_002, id: undefined }],
  ]);
  assertEquals(timelineApi.requests, [
    "incremental/agent_timeline?fields=agent_timeline(*)&limit=1000&start_time=1607919371999999",
    "incremental/agent_timeline?fields=agent_timeline(*)&limit=1000&start_time=1607919372000001",
  ]);
  assertEquals(await summarize(open(eventsApi, { source: events, start })), [
    [1_000, { micros: 1_685_613_600_750_000, id: undefined }],
    [1, { micros: 1_685_613_601_500_000, id: undefined }],
  ]);
  assertEquals(eventsApi.requests, [
    "incremental/agent_events?limit=1000&start_time=1607919371",
    "incremental/agent_events?limit=1000&start_time=1685613600",
  ]);
});

Deno.test("readExport() fetches ahead of a small page and not of a large one", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    page(1_000, 2_000, "b"),
    page(1_000, 3_000, "c", LARGE),
    page(1, 4_000, "d"),
  ]);
  const requestsAtPage: number[] = [];

  for await (const _ of open(api)) requestsAtPage.push(api.requestCount);

  assertEquals(requestsAtPage, [2, 2, 3]);
});

Deno.test("readExport() leaves no unhandled failure behind when nobody reads on", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    page(1_000, 2_000, "b"),
    { failure: { kind: "status", status: 403, statusText: "" } },
  ]);

  for await (const _ of open(api)) break;
  await new Promise((resolve) => setTimeout(resolve));

  assertEquals(api.requestCount, 2);
});

Deno.test("readExport() yields a page although the next one fails", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    page(1_000, 2_000, "b"),
    { failure: { kind: "status", status: 403, statusText: "" } },
  ]);
  const steps = open(api);

  assertEquals((await steps.next()).value.cursor, cursor(2_000, "b"));
  await assertRejects(() => steps.next(), RequestError, "answered 403");
});

Deno.test("readExport() asks for less behind a large page, and for more behind small ones", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    page(1_000, 2_000, "b", LARGE),
    page(500, 3_000, "c", 2_000_000),
    page(500, 4_000, "d", 1_000_000),
    page(1_000, 5_000, "e", 40_000_000),
    page(62, 6_000, "f", 40_000_000),
    page(50, 7_000, "g", 1_000),
    page(99, 8_000, "h"),
  ]);

  await summarize(open(api));

  assertEquals(api.requests, [
    request(1_000, 1_000),
    request(500, 2_000, "b"),
    request(500, 3_000, "c"),
    request(1_000, 4_000, "d"),
    request(62, 5_000, "e"),
    request(50, 6_000, "f"),
    request(100, 7_000, "g"),
  ]);
});

Deno.test("nextLimit() keeps within 50 and 1,000 rows", { permissions: "none" }, () => {
  const cases: [rows: number, limit: number, size: number, expected: number][] = [
    [1_000, 1_000, 1_000, 1_000],
    [600, 600, 1_250_000, 1_000],
    [600, 600, 1_250_001, 600],
    [600, 600, 2_500_000, 600],
    [1_000, 1_000, 2_500_001, 999],
    [1_000, 1_000, 25_000_000, 100],
    [50, 50, 1_000_000_000, 50],
    [5_000, 1_000, 2_600_000, 1_000],
  ];
  for (const [rows, limit, size, expected] of cases) {
    assertEquals(nextLimit({ rows: { length: rows }, limit, size }), expected, `${[rows, size]}`);
  }
});

Deno.test("readExport() halves the limit behind a timeout, and behind three failures of others", {
  permissions: "none",
}, async () => {
  const timeout: StubReply = { failure: { kind: "timeout", timeoutMs: 1_000 } };
  const failed: StubReply = { failure: { kind: "status", status: 502, statusText: "" } };
  const cases: [StubReply[], number[]][] = [
    [[timeout, timeout], [1_000, 500, 250]],
    [[failed, failed], [1_000, 1_000, 1_000]],
    [[failed, failed, failed, failed], [1_000, 1_000, 1_000, 500, 500]],
    [[...Array(6).fill(timeout)], [1_000, 500, 250, 125, 62, 50, 50]],
  ];
  for (const [failures, limits] of cases) {
    const api = createStubChatApi([...failures, page(3, 2_000, "b")]);
    assertEquals(await summarize(open(api)), [[3, cursor(2_000, "b")]]);
    assertEquals(api.requests, limits.map((limit) => request(limit, 1_000)));
  }
});

Deno.test("readExport() takes a page for full that has what the last attempt asked for", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    { failure: { kind: "timeout", timeoutMs: 1_000 } },
    page(500, 2_000, "b"),
    page(0, null),
  ]);

  assertEquals(await summarize(open(api)), [[500, cursor(2_000, "b")]]);
  assertEquals(api.requestCount, 3);
});

Deno.test("readExport() does not try a limit again soon that was too much", {
  permissions: "none",
}, async () => {
  const slow = createStubChatApi(({ params: { limit, start_time } }): StubReply => {
    if (Number(limit) > 500) return { failure: { kind: "timeout", timeoutMs: 300_000 } };
    return page(Number(start_time) < 10_000 ? Number(limit) : 0, Number(start_time) + 1_000);
  });

  const pages = await summarize(open(slow, { start: cursor(0) }));

  assertEquals(pages.length, 10);
  // One attempt a page, one empty page, and few that wait for the whole timeout.
  assertLessOrEqual(slow.requestCount, pages.length + 3);
});

Deno.test("readExport() takes an answer of another shape for a failed request", {
  permissions: "none",
}, async () => {
  const cases: [Json, string][] = [
    [[], "an object was expected, found an array"],
    [{ chat: [] }, '"chats": an array was expected, found nothing'],
    [{ chats: {} }, '"chats": an array was expected, found an object'],
  ];
  for (const [body, found] of cases) {
    const api = createStubChatApi(() => ({ body }));
    await assertRejects(() => summarize(open(api)), RequestError, `: ${found}; `);
    assertEquals(api.requestCount, 3);
  }
});

Deno.test("probeExport() asks for one row, also after failures, six minutes before the run", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    { failure: { kind: "timeout", timeoutMs: 1_000 } },
    { failure: { kind: "status", status: 503, statusText: "" } },
    { failure: { kind: "status", status: 503, statusText: "" } },
    page(1, 1_000),
  ]);

  await probeExport(api, CHATS, STARTED_AT);

  assertEquals(api.requests, Array(4).fill(request(1, SETTLED_SECONDS - 60)));
});

/** Chats in order of change, 3,000 of them changed in the same second. */
function changedChats(): JsonObject[] {
  const began = STARTED_AT / 1000 - 40 * 86_400;
  return Array.from({ length: 12_500 }, (_, index) => {
    const seconds = began + (index < 5_000 ? index : index < 8_000 ? 5_000 : index) * 200;
    return {
      id: `${(index * 7_919) % 12_500}`.padStart(5, "0"),
      version: 1,
      update_timestamp: new Date(seconds * 1000).toISOString(),
    };
  });
}

Deno.test("readExport() delivers the last version of every chat in this run or the next", {
  permissions: "none",
}, async () => {
  for (const inclusive of [true, false]) {
    const rows = changedChats();
    const versions = new Map<unknown, unknown>();
    let nowMs = STARTED_AT;
    let start = cursor(0);
    const answer = exportOver(rows, { inclusive, now: () => nowMs / 1000 });
    const api = createStubChatApi((request) => {
      const reply = answer(request);
      nowMs += 1_000;
      if (nowMs < STARTED_AT + 15_000) editSome(rows, nowMs);
      return reply;
    });
    const run = async (): Promise<number> => {
      const before = api.requestCount;
      for await (const { rows, cursor } of open(api, { start, startedAtMs: nowMs })) {
        for (const { id, version } of rows as JsonObject[]) versions.set(id, version);
        start = cursor ?? start;
      }
      return api.requestCount - before;
    };

    assertLessOrEqual(await run(), 16);
    nowMs += 3_600_000;
    assertLessOrEqual(await run(), 3);
    assertEquals(versions, new Map(rows.map(({ id, version }) => [id, version])));

    // An idle account, twice.
    for (let idle = 0; idle < 2; idle++) {
      nowMs += 60_000;
      const before = start;
      assertEquals([await run(), start], [1, before]);
    }
  }
});

/** Edits chats already read and chats still to come, all in the same second. */
function editSome(rows: readonly JsonObject[], nowMs: number): void {
  for (let index = nowMs / 1_000 % 97; index < rows.length; index += 97) {
    const row = rows[index]!;
    row.version = row.version as number + 1;
    row.update_timestamp = new Date(nowMs).toISOString();
  }
}
