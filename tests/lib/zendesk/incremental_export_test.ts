import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { TapError } from "../../../lib/errors.ts";
import { ExactNumber } from "../../../lib/exact_number.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import type { RunStart } from "../../../lib/zendesk/api_clock.ts";
import type { ExportCursor } from "../../../lib/zendesk/export_cursor.ts";
import { CHATS_EXPORT as CHATS, type Export, nextLimit } from "../../../lib/zendesk/export_page.ts";
import {
  type ExportStep,
  probeExport,
  readExport,
} from "../../../lib/zendesk/incremental_export.ts";
import { RequestError } from "../../../lib/zendesk/request_error.ts";
import {
  createStubChatApi,
  createStubContext,
  refusal,
  STARTED_AT,
  type StubChatApi,
  type StubReply,
} from "../../fakes/stub_chat_api.ts";
import { exportOver } from "../../fakes/stub_export.ts";

const SETTLED_SECONDS = STARTED_AT / 1000 - 300;
const LARGE = 5_000_000;
const RUN_START: RunStart = { atMs: STARTED_AT, isKnown: true };

function cursor(seconds: number, id?: string): ExportCursor {
  return { micros: seconds * 1e6, id };
}

function rowsOf(count: number, place = ""): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ id: `${place} ${index}`, type: "chat" }));
}

/** A page of so many rows that ends at a cursor. */
function page(count: number, end_time: Json, end_id?: Json, size?: number): StubReply {
  const chats = rowsOf(count, `${end_time} ${end_id}`);
  return { body: { chats, end_time, end_id }, ...(size && { size }) };
}

/** A page behind which there is nothing. */
const END = page(0, null);

/** Opens an export whose run began at `STARTED_AT`; the lines that it logs go to `lines`. */
function open(
  api: StubChatApi,
  { start = cursor(1_000), source = CHATS, lines = [], runStart = RUN_START }: {
    start?: ExportCursor;
    source?: Export;
    lines?: string[];
    runStart?: RunStart;
  } = {},
): AsyncGenerator<ExportStep> {
  const context = createStubContext({ api });
  const log = {
    ...context.log,
    info: (message: string) => void lines.push(message),
    warning: (message: string) => void lines.push(message),
  };
  return readExport(api, source, start, { runStart, log });
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

Deno.test("readExport() asks from cursor to cursor until there are no rows, short pages or not", {
  permissions: "none",
}, async () => {
  const lines: string[] = [];
  const api = createStubChatApi([
    page(1_000, 2_000, "b"),
    page(999, 2_000, "c"),
    page(1, 2_400, "d"),
    page(3, 2_500, "e"),
    END,
  ]);

  assertEquals(await summarize(open(api, { start: cursor(1_000, "a"), lines })), [
    [1_000, cursor(2_000, "b")],
    [999, cursor(2_000, "c")],
    [1, cursor(2_400, "d")],
    [3, cursor(2_500, "e")],
  ]);
  assertEquals(api.requests, [
    request(1_000, 1_000, "a"),
    request(1_000, 2_000, "b"),
    request(1_000, 2_000, "c"),
    request(1_000, 2_400, "d"),
    request(1_000, 2_500, "e"),
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

Deno.test("readExport() ends with the cursor that it asked with, when the page is short", {
  permissions: "none",
}, async () => {
  const lines: string[] = [];
  const api = createStubChatApi([page(2, 2_000, "b"), page(2, 2_000, "b")]);

  assertEquals(await summarize(open(api, { lines })), [[2, cursor(2_000, "b")], [2, undefined]]);
  assertEquals([api.requestCount, lines], [2, []]);
});

Deno.test("readExport() stores nothing of a page without a valid cursor, and warns", {
  permissions: "none",
}, async () => {
  const cases: [Json, string][] = [
    [null, "null"],
    [undefined as unknown as Json, "nothing"],
    [0, "0"],
    [-5, "-5"],
    ["2000", "a string"],
    [999, "999"],
  ];
  for (const [end_time, shown] of cases) {
    for (const count of [2, 1_000]) {
      const lines: string[] = [];
      const api = createStubChatApi([page(count, end_time, "b")]);
      assertEquals(await summarize(open(api, { lines })), [[count, undefined]]);
      assertEquals(lines, [
        `The API ends a page of chats with an end_time that leads nowhere (${shown}): the bookmark ` +
        "stays, and the next run reads these rows again; report this line if it comes back",
      ]);
      assertEquals(api.requestCount, 1);
    }
  }
});

Deno.test("readExport() does not yield the row of its cursor again, unless it was edited", {
  permissions: "none",
}, async () => {
  const time = (seconds: number) => new Date(seconds * 1000).toISOString();
  const row = (id: string, seconds: number) => ({ id, update_timestamp: time(seconds) });
  const answer = (rows: JsonObject[], end_time: number, end_id: string): StubReply => ({
    body: { chats: rows, end_time, end_id },
  });
  const api = createStubChatApi([
    answer([row("a", 1_000), row("b", 2_000)], 2_000, "b"),
    answer([row("b", 2_000), row("c", 3_000)], 3_000, "c"),
    answer([row("c", 3_000)], 3_000, "c"),
  ]);
  const edited = createStubChatApi([answer([row("a", 1_001)], 1_001, "a"), END]);

  assertEquals(await summarize(open(api, { start: cursor(1_000, "a") })), [
    [1, cursor(2_000, "b")],
    [1, cursor(3_000, "c")],
  ]);
  assertEquals(await summarize(open(edited, { start: cursor(1_000, "a") })), [
    [1, cursor(1_001, "a")],
  ]);
});

Deno.test("readExport() goes on from a cursor by every digit of it", {
  permissions: "none",
}, async () => {
  const id = new ExactNumber("9007199254740993");
  const api = createStubChatApi([page(1, new ExactNumber("2000.0"), id), END]);

  assertEquals(await summarize(open(api)), [[1, cursor(2_000, "9007199254740993")]]);
  assertEquals(api.requests.at(-1)?.endsWith("&start_time=2000&start_id=9007199254740993"), true);
});

Deno.test("readExport() yields no row twice in a run where the export has no ids", {
  permissions: "none",
}, async () => {
  const row = (id: string, seconds: number) => ({
    id,
    timestamp: new Date(seconds * 1000).toISOString(),
  });
  const rows = [row("a", 1_000), row("b", 2_000.25), row("c", 2_000.5), row("d", 3_000)];
  const api = createStubChatApi(({ params: { start_time, limit } }) => {
    const agent_events = rows.filter(({ timestamp }) =>
      Date.parse(timestamp) >= Number(start_time) * 1000
    )
      .slice(0, Math.min(3, Number(limit)));
    return { body: { agent_events, end_time: Date.parse(agent_events.at(-1)!.timestamp) / 1000 } };
  });

  assertEquals(await summarize(open(api, { source: EVENTS })), [
    [3, cursor(2_000.5)],
    [1, cursor(3_000)],
  ]);
  assertEquals(api.requestCount, 3);
});

Deno.test("readExport() fails when rows hold nothing but ids, and yields none of them", {
  permissions: "none",
}, async () => {
  const bare = { body: { chats: [{ id: "a" }, { id: "b" }], end_time: 2_000, end_id: "b" } };
  const mixed = {
    body: { chats: [{ id: "a" }, { id: "b", type: "chat" }, null, {}], end_time: 2_000 },
  };

  const steps = open(createStubChatApi([bare]));
  await assertRejects(() => steps.next(), TapError, "answers ids alone");
  assertEquals(await summarize(open(createStubChatApi([mixed, END]))), [[4, cursor(2_000)]]);
});

Deno.test(
  "readExport() fails behind a full page that asks for itself, and yields its rows before",
  {
    permissions: "none",
  },
  async () => {
    const api = createStubChatApi(({ params: { limit } }) =>
      Number(limit) > 1_000 ? refusal(400) : page(1_000, 1_000, "a")
    );
    let rows = 0;
    const error = await assertRejects(async () => {
      for await (const step of open(api, { start: cursor(1_000, "a") })) rows += step.rows.length;
    }, TapError);
    assertEquals(
      error.message,
      "Cannot read chats: after a full page of 1000 rows from start_time 1000 the API answers " +
        "end_time 1000, which leads no further; run again later, and report it if it stays",
    );
    assertEquals([rows, api.requestCount], [1_000, 2]);
  },
);

const EVENTS: Export = { endpoint: "agent_events", unit: "seconds", timeField: "timestamp" };

/** An export without ids that has so many rows in its first second, and one a second later. */
function crowdedSecond(count: number, { most }: { most: number }): StubChatApi {
  const rows = Array.from({ length: count + 1 }, (_, id) => ({ id, field_name: "status" }));
  return createStubChatApi(({ params }) => {
    if (Number(params.limit) > most) return refusal(400);
    const isFirst = params.start_time === "1000";
    const from = isFirst ? 0 : count;
    const agent_events = rows.slice(from, from + Number(params.limit));
    const end_time = agent_events.length > 0 && from + agent_events.length <= count ? 1_000 : 1_001;
    return { body: { agent_events, end_time } };
  });
}

Deno.test("readExport() asks for more where a second has as many rows as a page", {
  permissions: "none",
}, async () => {
  const api = crowdedSecond(1_500, { most: 10_000 });

  assertEquals(await summarize(open(api, { source: EVENTS })), [
    [1_501, cursor(1_001)],
    [1, undefined],
  ]);
  assertEquals(api.requests.map((text) => /limit=(\d+)/.exec(text)![1]), ["1000", "10000", "1000"]);
});

Deno.test("readExport() goes back to a thousand rows where fewer are all of one second", {
  permissions: "none",
}, async () => {
  const whole = crowdedSecond(700, { most: 1_000 });
  let attempts = 0;
  const api = createStubChatApi(({ params }) => {
    // The first attempt is too slow, and the next one asks for half.
    if (++attempts === 1) return { failure: { kind: "timeout", timeoutMs: 1_000 } };
    const from = params.start_time === "1000" ? 0 : 700;
    const rows = rowsOf(701).slice(from, from + Number(params.limit));
    return { body: { agent_events: rows, end_time: rows.length === 500 ? 1_000 : 1_001 } };
  });

  assertEquals(await summarize(open(whole, { source: EVENTS })), [
    [701, cursor(1_001)],
    [1, undefined],
  ]);
  assertEquals((await summarize(open(api, { source: EVENTS })))[0], [701, cursor(1_001)]);
});

Deno.test("readExport() says which second has more rows than the API gives at once", {
  permissions: "none",
}, async () => {
  const clamped = createStubChatApi(({ params }) => ({
    body: { agent_events: rowsOf(Math.min(1_000, Number(params.limit))), end_time: 1_000 },
  }));
  for (const api of [crowdedSecond(1_500, { most: 1_000 }), clamped]) {
    const error = await assertRejects(() => summarize(open(api, { source: EVENTS })), TapError);
    assertEquals(
      error.message,
      "Cannot read agent_events: 1000 rows or more changed in the second of start_time 1000, as " +
        "many as the API gives at once, and it names no place between them; to go on without the " +
        'others, set "timestamp" in the state one second later',
    );
    assertEquals(api.requestCount, 2);
  }
});

Deno.test("readExport() finds out when full pages lead round in a circle", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    page(1_000, 1_000, "b"),
    page(1_000, 1_000, "c"),
    page(1_000, 1_000, "b"),
    refusal(400),
  ]);

  await assertRejects(
    () => summarize(open(api, { start: cursor(1_000, "a") })),
    TapError,
    "leads no further",
  );
  assertEquals(api.requestCount, 4);
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
    END,
  ]);

  assertEquals(await summarize(open(api)), [
    [1_000, cursor(2_000, "b")],
    [1, cursor(2_001, "c")],
  ]);
  assertEquals(api.requests, [
    request(1_000, 1_000),
    request(1_000, 2_000, "b"),
    request(1_000, 2_001, "c"),
  ]);
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

Deno.test("readExport() leaves out the stored cursor's row also where it has to begin before it", {
  permissions: "none",
}, async () => {
  const row = (id: string, secondsBefore: number) => ({
    id,
    update_timestamp: new Date((SETTLED_SECONDS - secondsBefore) * 1000).toISOString(),
  });
  const chats = [row("a", 30), row("b", 10), row("c", 10), row("d", 5)];
  const api = createStubChatApi([
    { body: { chats, end_time: SETTLED_SECONDS - 5, end_id: "d", count: 4 } },
    END,
  ]);

  const ids: unknown[] = [];
  for await (const { rows } of open(api, { start: cursor(SETTLED_SECONDS - 10, "b") })) {
    ids.push(...(rows as JsonObject[]).map(({ id }) => id));
  }

  assertEquals(api.requests[0], request(1_000, SETTLED_SECONDS - 60));
  assertEquals(ids, ["a", "c", "d"]);
});

Deno.test("readExport() asks again by the API's clock where the first time is too recent", {
  permissions: "none",
}, async () => {
  for (const status of [400, 422]) {
    // The machine's clock is an hour ahead, which nothing but the refusal tells.
    const runStart = { atMs: STARTED_AT + 3_600_000, isKnown: false };
    const api = createStubChatApi(({ params }) => {
      runStart.atMs = STARTED_AT;
      return Number(params.start_time) > SETTLED_SECONDS ? refusal(status) : END;
    });

    await summarize(open(api, { start: cursor(SETTLED_SECONDS + 3_000, "a"), runStart }));

    assertEquals(api.requests, [
      request(1_000, SETTLED_SECONDS + 3_000, "a"),
      request(1_000, SETTLED_SECONDS - 60),
    ]);
  }
});

Deno.test("readExport() fails with a refusal that is not about the clock", {
  permissions: "none",
}, async () => {
  for (const status of [400, 403, 422]) {
    const api = createStubChatApi([refusal(status)]);
    await assertRejects(() => summarize(open(api)), RequestError, `answered ${status}`);
    assertEquals(api.requestCount, 1);
  }
});

Deno.test("readExport() sends times in the unit of the export", {
  permissions: "none",
}, async () => {
  const timeline: Export = {
    endpoint: "agent_timeline",
    unit: "microseconds",
    fields: "agent_timeline(*)",
    timeField: "start_time",
  };
  const start = { micros: 1_607_919_371_999_999, id: undefined };
  const timelineApi = createStubChatApi([
    { body: { agent_timeline: rowsOf(1_000), end_time: 1_607_919_372_000_001 } },
    { body: { agent_timeline: rowsOf(1), end_time: 1_607_919_372_000_002 } },
    { body: { agent_timeline: [], end_time: null } },
  ]);
  const eventsApi = createStubChatApi([
    { body: { agent_events: rowsOf(1_000), end_time: 1_685_613_600.75 } },
    { body: { agent_events: rowsOf(1), end_time: 1_685_613_601.5 } },
    { body: { agent_events: [], end_time: null } },
  ]);

  assertEquals(await summarize(open(timelineApi, { source: timeline, start })), [
    [1_000, { micros: 1_607_919_372_000_001, id: undefined }],
    [1, { micros: 1_607_919_372_000_002, id: undefined }],
  ]);
  assertEquals(timelineApi.requests, [
    "incremental/agent_timeline?fields=agent_timeline(*)&limit=1000&start_time=1607919371999999",
    "incremental/agent_timeline?fields=agent_timeline(*)&limit=1000&start_time=1607919372000001",
    "incremental/agent_timeline?fields=agent_timeline(*)&limit=1000&start_time=1607919372000002",
  ]);
  assertEquals(await summarize(open(eventsApi, { source: EVENTS, start })), [
    [1_000, { micros: 1_685_613_600_750_000, id: undefined }],
    [1, { micros: 1_685_613_601_500_000, id: undefined }],
  ]);
  assertEquals(eventsApi.requests, [
    "incremental/agent_events?limit=1000&start_time=1607919371",
    "incremental/agent_events?limit=1000&start_time=1685613600",
    "incremental/agent_events?limit=1000&start_time=1685613601",
  ]);
});

Deno.test("readExport() fetches ahead of a small page and not of a large one", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    page(1_000, 2_000, "b"),
    page(1_000, 3_000, "c", LARGE),
    page(1, 4_000, "d"),
    END,
  ]);
  const requestsAtPage: number[] = [];

  for await (const _ of open(api)) requestsAtPage.push(api.requestCount);

  assertEquals(requestsAtPage, [2, 2, 4]);
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
    END,
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
    request(200, 8_000, "h"),
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
    const api = createStubChatApi([...failures, page(3, 2_000, "b"), END]);
    assertEquals(await summarize(open(api)), [[3, cursor(2_000, "b")]]);
    // What was too much is not asked for again in this run.
    const last = request(limits.at(-1)!, 2_000, "b");
    assertEquals(api.requests, [...limits.map((limit) => request(limit, 1_000)), last]);
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

Deno.test("probeExport() asks for one row of the last day, also after failures", {
  permissions: "none",
}, async () => {
  const api = createStubChatApi([
    { failure: { kind: "timeout", timeoutMs: 1_000 } },
    { failure: { kind: "status", status: 503, statusText: "" } },
    { failure: { kind: "status", status: 503, statusText: "" } },
    page(1, 1_000),
  ]);

  await probeExport(api, CHATS, RUN_START);

  assertEquals(api.requests, Array(4).fill(request(1, STARTED_AT / 1000 - 86_400)));
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
      for await (
        const { rows, cursor } of open(api, { start, runStart: { atMs: nowMs, isKnown: true } })
      ) {
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
