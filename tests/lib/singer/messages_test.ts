import { assert, assertEquals, assertRejects } from "@std/assert";
import { MessageWriter, recordEnvelope } from "../../../lib/singer/messages.ts";

function messagesIn(bytes: Uint8Array): unknown[] {
  return new TextDecoder().decode(bytes).trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** A writer and what each of its writes held. */
function memoryWriter(): { writer: MessageWriter; writes: string[] } {
  const writes: string[] = [];
  const writer = new MessageWriter((bytes) => {
    writes.push(new TextDecoder().decode(bytes));
    return Promise.resolve();
  });
  return { writer, writes };
}

const ENVELOPE = recordEnvelope("chats", Date.parse("2026-01-15T12:00:00.120Z"));

Deno.test("MessageWriter writes each message as one line of compact JSON in UTF-8", {
  permissions: "none",
}, async () => {
  const { writer, writes } = memoryWriter();

  writer.state({ bookmarks: {}, currently_syncing: "chats" });
  writer.schema("chats", { type: "object", properties: { id: { type: "string" } } }, ["id"]);
  writer.schema("agents", { type: "object" }, ["id"], ["id"]);
  writer.record(ENVELOPE, '{"id":"é🙂\\n","tags":["a",null],"count":1.5}');
  writer.state({ bookmarks: { chats: {} }, currently_syncing: null });
  await writer.flush();

  assertEquals(writes, [
    '{"type":"STATE","value":{"bookmarks":{},"currently_syncing":"chats"}}\n' +
    '{"type":"SCHEMA","stream":"chats","schema":{"type":"object","properties":{"id":' +
    '{"type":"string"}}},"key_properties":["id"]}\n' +
    '{"type":"SCHEMA","stream":"agents","schema":{"type":"object"},"key_properties":["id"],' +
    '"bookmark_properties":["id"]}\n' +
    '{"type":"RECORD","stream":"chats","record":{"id":"é🙂\\n","tags":["a",null],"count":1.5},' +
    '"time_extracted":"2026-01-15T12:00:00.120000Z"}\n' +
    '{"type":"STATE","value":{"bookmarks":{"chats":{}},"currently_syncing":null}}\n',
  ]);
});

Deno.test("MessageWriter writes versions where singer-python has them", {
  permissions: "none",
}, async () => {
  const { writer, writes } = memoryWriter();
  writer.record(recordEnvelope("agents", 0, 1_768_478_400_000), '{"id":1}');
  writer.activateVersion("agents", 1_768_478_400_000);
  await writer.flush();
  assertEquals(writes, [
    '{"type":"RECORD","stream":"agents","record":{"id":1},"version":1768478400000,' +
    '"time_extracted":"1970-01-01T00:00:00.000000Z"}\n' +
    '{"type":"ACTIVATE_VERSION","stream":"agents","version":1768478400000}\n',
  ]);
});

Deno.test("MessageWriter writes pure ASCII on Windows, escapes in place of all else", {
  permissions: "none",
}, async () => {
  const texts = ["windows", "linux", "darwin"] as const;
  const written = await Promise.all(texts.map(async (platform) => {
    let bytes = new Uint8Array();
    const writer = new MessageWriter((chunk) => {
      bytes = new Uint8Array([...bytes, ...chunk]);
      return Promise.resolve();
    }, { platform });
    writer.schema("chats", { type: "object", properties: { "größe": { type: "number" } } }, ["id"]);
    writer.record(recordEnvelope("chats", 0), '{"id":"é🙂\\n\\"","€":["\x7f"]}');
    writer.state({ bookmarks: { "—": { "ключ": "値" } } });
    await writer.flush();
    return { bytes, messages: messagesIn(bytes) };
  }));

  const [windows, ...others] = written;
  assert(windows!.bytes.every((byte) => byte < 0x80));
  assert(others.every(({ bytes }) => bytes.some((byte) => byte >= 0x80)));
  for (const { messages } of others) assertEquals(windows!.messages, messages);
  assertEquals(
    new TextDecoder().decode(windows!.bytes).split("\n")[1],
    '{"type":"RECORD","stream":"chats","record":{"id":"\\u00e9\\ud83d\\ude42\\n\\"",' +
      '"\\u20ac":["\\u007f"]},"time_extracted":"1970-01-01T00:00:00.000000Z"}',
  );
});

Deno.test("recordEnvelope() quotes a stream's name", { permissions: "none" }, () => {
  const { head, tail } = recordEnvelope('a"b', 0);
  assertEquals([head, tail].map((part) => new TextDecoder().decode(part)), [
    '{"type":"RECORD","stream":"a\\"b","record":',
    ',"time_extracted":"1970-01-01T00:00:00.000000Z"}\n',
  ]);
});

Deno.test("MessageWriter writes equal consecutive STATEs once", {
  permissions: "none",
}, async () => {
  const { writer, writes } = memoryWriter();

  writer.state({ bookmarks: {} });
  writer.state({ bookmarks: {} });
  await writer.flush();
  writer.state({ bookmarks: {} });
  await writer.flush();
  writer.state({ bookmarks: { a: {} } });
  writer.state({ bookmarks: {} });
  await writer.flush();

  const [empty, other] = [
    '{"type":"STATE","value":{"bookmarks":{}}}\n',
    '{"type":"STATE","value":{"bookmarks":{"a":{}}}}\n',
  ];
  assertEquals(writes, [empty, other + empty]);
});

Deno.test("MessageWriter repeats a STATE behind a RECORD or a SCHEMA", {
  permissions: "none",
}, async () => {
  const { writer, writes } = memoryWriter();

  writer.state({ bookmarks: {} });
  writer.record(ENVELOPE, '{"id":"1"}');
  writer.state({ bookmarks: {} });
  writer.schema("chats", {}, ["id"]);
  writer.state({ bookmarks: {} });
  await writer.flush();

  const types = writes.join("").trimEnd().split("\n").map((line) => JSON.parse(line).type);
  assertEquals(types, ["STATE", "RECORD", "STATE", "SCHEMA", "STATE"]);
});

Deno.test("MessageWriter gathers messages until it is told to write, and says when that pays", {
  permissions: "none",
}, async () => {
  const { writer, writes } = memoryWriter();
  const text = "x".repeat(1_000);

  let records = 0;
  for (; !writer.isFull; records++) writer.record(ENVELOPE, JSON.stringify({ text }));
  assertEquals(writes, []);
  await writer.flush();

  assertEquals(writes.length, 1);
  assertEquals(writes[0]!.trimEnd().split("\n").length, records);
  assert(writes[0]!.length >= 64 * 1024, `a write of ${writes[0]!.length} bytes`);
  assertEquals(writer.isFull, false);
  await writer.flush();
  assertEquals(writes.length, 1);
});

Deno.test("MessageWriter writes nothing more once a write has failed", {
  permissions: "none",
}, async () => {
  let writes = 0;
  const writer = new MessageWriter(() => {
    writes++;
    return Promise.reject(new Error("disk full"));
  });

  writer.record(ENVELOPE, '{"id":"1"}');
  await assertRejects(() => writer.flush(), Error, "disk full");
  writer.state({ bookmarks: {} });
  await writer.flush();

  assertEquals(writes, 1);
});
