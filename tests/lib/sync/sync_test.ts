import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { InputError, StopError, TapError } from "../../../lib/errors.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import { createLog } from "../../../lib/log.ts";
import { defaultEntry } from "../../../lib/singer/catalog.ts";
import { MessageWriter } from "../../../lib/singer/messages.ts";
import { withOrigin } from "../../../lib/stream/origin.ts";
import type { Stream, StreamItem } from "../../../lib/stream/stream.ts";
import { isWhole, type SyncResult } from "../../../lib/sync/outcome.ts";
import { prepareReadings } from "../../../lib/sync/reading.ts";
import { sync } from "../../../lib/sync/sync.ts";
import { RequestError } from "../../../lib/zendesk/request_error.ts";
import type { Failure } from "../../../lib/zendesk/retry.ts";

const SCHEMA = { type: "object", properties: { id: { type: "integer" } } } as const;

/** What a stream yields, and what it throws at its end. */
interface Script {
  name: string;
  items?: StreamItem[];
  error?: unknown;
}

interface Synced extends SyncResult {
  /** Messages in short: a stream's SCHEMA, `stream key` for a record, the state. */
  messages: Json[];
  lines: string[];
  /** Streams whose reading was disposed of. */
  disposed: string[];
  limited: number;
}

interface SyncSettings {
  state?: JsonObject;
  signal?: AbortSignal;
  /** Called before each write with its number, from 1. */
  onWrite?(number: number): void;
}

async function run(scripts: Script[], settings: SyncSettings = {}): Promise<Synced> {
  const { state = { bookmarks: {} }, signal = new AbortController().signal, onWrite } = settings;
  const lines: string[] = [];
  const disposed: string[] = [];
  const log = createLog({ write: (line) => lines.push(line.trimEnd()), metrics: false });
  const chunks: Uint8Array[] = [];
  let [limited, requestCount] = [0, 0];
  const readings = scripts.map(({ name, items = [], error }) => {
    async function* read() {
      requestCount++;
      yield* items;
      if (error !== undefined) throw error;
    }
    const stream = {
      tapStreamId: name,
      keyProperties: ["id"],
      schema: SCHEMA,
    } as unknown as Stream;
    const [reading] = prepareReadings([{ stream, entry: defaultEntry(stream) }], {
      streams: [],
      config: { chatsApi: "search" },
      open: () => ({
        items: withOrigin("from here", read()),
        newcomers: [],
        beginVersion: () => undefined,
        [Symbol.dispose]: () => void disposed.push(name),
      }),
    });
    return reading!;
  });
  const result = await sync({
    readings,
    state,
    api: {
      get requestCount() {
        return requestCount;
      },
      limitPatience: () => void limited++,
    },
    // deno-lint-ignore require-await
    writer: new MessageWriter(async (bytes) => {
      onWrite?.(chunks.length + 1);
      chunks.push(bytes);
    }),
    log,
    progress: { begin() {}, page() {}, reached() {} },
    signal,
    monotonicMs: () => 0,
  });
  const text = await new Blob(chunks as BlobPart[]).text();
  const messages = text.split("\n").slice(0, -1).map((line): Json => {
    const message = JSON.parse(line);
    if (message.type === "STATE") return message.value;
    return message.type === "SCHEMA" ? message.stream : `${message.stream} ${message.record.id}`;
  });
  return { ...result, messages, lines, disposed, limited };
}

function page(...records: Json[]): StreamItem {
  return { kind: "page", records, extractedAt: 0 };
}

function checkpoint(bookmark: JsonObject): StreamItem {
  return { kind: "checkpoint", bookmark };
}

function requestError(failure: Failure, attempts = 10): RequestError {
  return new RequestError("a", "https://acme.example/a", failure, attempts);
}

const status = (status: number): Failure => ({ kind: "status", status, statusText: "" });

const verdicts = ({ outcomes }: SyncResult) => outcomes.map(({ verdict }) => verdict);

Deno.test("sync() writes each stream between two states, and ends with one that names none", {
  permissions: "none",
}, async () => {
  const result = await run([
    { name: "a", items: [page({ id: 1 }, { id: 2 }), checkpoint({ at: 2 }), page({ id: 3 })] },
    { name: "b" },
  ]);
  assertEquals(result.messages, [
    { bookmarks: {}, currently_syncing: "a" },
    "a",
    "a 1",
    "a 2",
    { bookmarks: { a: { at: 2 } }, currently_syncing: "a" },
    "a 3",
    { bookmarks: { a: { at: 2 } }, currently_syncing: "b" },
    "b",
    { bookmarks: { a: { at: 2 } }, currently_syncing: null },
  ]);
  assertEquals(result.outcomes, [
    { tapStreamId: "a", verdict: "ok", records: 3, requests: 1, seconds: 0 },
    { tapStreamId: "b", verdict: "ok", records: 0, requests: 1, seconds: 0 },
  ]);
  assertEquals(isWhole(result), true);
  assertEquals(result.lines, [
    "INFO Starting sync for stream: a, from here",
    "INFO Starting sync for stream: b, from here",
  ]);
});

Deno.test("sync() goes on after a stream's own failure, and gives up what it still waits for", {
  permissions: "none",
}, async () => {
  const failures: unknown[] = [
    new TapError("Cannot read a: odd"),
    requestError(status(403), 1),
    requestError(status(503)),
    requestError({ kind: "timeout", timeoutMs: 1 }),
    requestError({ kind: "network", detail: "reset", connected: true }),
  ];
  for (const error of failures) {
    const result = await run([
      { name: "a", items: [page({ id: 1 }), checkpoint({ at: 1 }), page({ id: 2 })], error },
      { name: "b", items: [page({ id: 3 })] },
    ]);
    assertEquals([verdicts(result), result.ending], [["failed", "ok"], undefined]);
    assertEquals(isWhole(result), false);
    assertEquals(result.messages.slice(-3), [
      "b",
      "b 3",
      { bookmarks: { a: { at: 1 } }, currently_syncing: null },
    ]);
    assertEquals(result.outcomes[0]!.records, 2);
    assertEquals(result.disposed, ["a", "b"]);
    const told = result.lines.filter((line) => !line.startsWith("INFO"));
    assertEquals(told, [`CRITICAL ${(error as Error).message}`]);
  }
});

Deno.test("sync() limits patience after a fault that should have passed, and after no other", {
  permissions: "none",
}, async () => {
  for (const [code, limited] of [[403, 0], [501, 0], [500, 1], [504, 1]] as const) {
    const result = await run([{ name: "a", error: requestError(status(code)) }, { name: "b" }]);
    assertEquals([code, result.limited], [code, limited]);
  }
});

Deno.test("sync() names the stream of a bug, shows the stack, and goes on", {
  permissions: "none",
}, async () => {
  const result = await run([{ name: "a", error: new TypeError("not a function") }, { name: "b" }]);
  assertEquals(verdicts(result), ["failed", "ok"]);
  const told = result.lines.filter((line) => line.startsWith("CRITICAL"));
  assertEquals(told.slice(0, 2), [
    "CRITICAL This is a bug in tap-zendesk-chat, met in stream a, please report it with the lines below",
    "CRITICAL TypeError: not a function",
  ]);
  assert(told.some((line) => line.startsWith("CRITICAL     at ")), "no stack");
});

Deno.test("sync() ends with what would fail every stream, and leaves no stream named", {
  permissions: "none",
}, async () => {
  const failures = [
    new InputError("Cannot use"),
    ...[401, 410, 423].map((code) => requestError(status(code))),
    requestError({ kind: "certificate", detail: "" }, 1),
    requestError({ kind: "permission", host: "" }, 1),
    requestError({ kind: "network", detail: "", connected: false }),
  ];
  for (const error of failures) {
    const result = await run([
      { name: "a" },
      { name: "b", items: [page({ id: 1 }), checkpoint({ at: 1 })], error },
      { name: "c" },
    ]);
    assertStrictEquals(result.ending?.cause, error);
    assertEquals(verdicts(result), ["ok", "failed", "not reached"]);
    assertEquals(result.messages.at(-1), {
      bookmarks: { b: { at: 1 } },
      currently_syncing: null,
    });
    // Whoever started the run tells of it.
    assertEquals(result.lines.filter((line) => line.startsWith("CRITICAL")), []);
  }
});

Deno.test("sync() says where it was stopped, whatever else happens meanwhile", {
  permissions: "none",
}, async () => {
  for (const error of [undefined, new TapError("Cannot read b: odd"), requestError(status(401))]) {
    const stop = new AbortController();
    const reason = new StopError("SIGTERM");
    const result = await run([
      { name: "a" },
      { name: "b", items: [page({ id: 1 }), checkpoint({ at: 1 })], error },
      { name: "c" },
    ], {
      signal: stop.signal,
      // The SCHEMA of b is in the third.
      onWrite: (number) => number === 3 && stop.abort(reason),
    });
    assertStrictEquals(result.ending?.cause, reason);
    assertEquals(verdicts(result), ["ok", "stopped", "not reached"]);
    assertEquals((result.messages.at(-1) as JsonObject).currently_syncing, "b");
  }
});

Deno.test("sync() ends when nobody reads it", { permissions: "none" }, async () => {
  const gone = new TapError("gone");
  const result = await run([{ name: "a", items: [page({ id: 1 })] }, { name: "b" }], {
    onWrite(number) {
      if (number === 2) throw gone;
    },
  });
  assertStrictEquals(result.ending?.cause, gone);
  assertEquals(verdicts(result), ["stopped", "not reached"]);
  assertEquals(result.messages.length, 2);
});

Deno.test("sync() tells of a last write that fails", { permissions: "none" }, async () => {
  const full = new TapError("full");
  const result = await run([{ name: "a" }], {
    onWrite(number) {
      if (number === 2) throw full;
    },
  });
  assertStrictEquals(result.ending?.cause, full);
  assertEquals([verdicts(result), isWhole(result)], [["ok"], false]);
});

Deno.test("sync() leaves out rows that cannot be written, and moves the bookmark all the same", {
  permissions: "none",
}, async () => {
  const odd: Json[] = [null, "row", [], {}, { id: null }, { id: "x" }];
  const result = await run([
    { name: "a", items: [page({ id: 1 }, ...odd, { id: 2 }), checkpoint({ at: 2 })] },
    { name: "b" },
  ]);
  assertEquals(verdicts(result), ["incomplete", "ok"]);
  assertEquals([result.outcomes[0]!.records, isWhole(result)], [2, false]);
  assertEquals(result.messages.slice(2, 5), ["a 1", "a 2", {
    bookmarks: { a: { at: 2 } },
    currently_syncing: "a",
  }]);
  const told = result.lines.filter((line) => !line.startsWith("INFO"));
  assertEquals(told, [
    'ERROR Stream "a": left out 6 rows that cannot be written: a row that is null; a row that is a ' +
    'string; a row that is an array; a row whose key property "id" is nothing; id null: "id" is null, ' +
    'expected integer; id "x": "id" is a string, expected integer; correct the types in the catalog ' +
    "or allow null there, and if the catalog is as discovered report this line",
  ]);
});
