/** The comparison that all targets are judged by has to see what is wrong, and nothing else. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { EntryFile } from "../program/catalogs.ts";
import { type ExactObject, parseExact } from "./exact_json.ts";
import { type Storage, tableDifferences } from "./table_differences.ts";

const STREAM: EntryFile = {
  tap_stream_id: "chats",
  schema: {
    type: "object",
    properties: {
      id: { type: "string" },
      at: { type: ["null", "string"], format: "date-time" },
      count: { type: ["null", "integer"] },
      comment: { type: ["null", "string"] },
      visitor: { type: ["null", "object"], properties: { email: { type: ["null", "string"] } } },
      pages: { type: ["null", "array"], items: { type: ["null", "object"] } },
    },
  },
  metadata: [{ breadcrumb: [], metadata: { "table-key-properties": ["id"] } }],
};

function compare(sent: string[], stored: string[], storage: Storage = {}): string[] {
  const rows = (texts: string[]) => new Map([["chats", texts.map(parseExact) as ExactObject[]]]);
  return tableDifferences([STREAM], rows(sent), rows(stored), storage);
}

const SENT = '{"id":"1","at":"2026-01-05T10:00:00Z","count":9007199254740993,"unknown":1,' +
  '"visitor":{"email":"","age":4},"pages":[{"b":0.10,"a":[1e2]}]}';

Deno.test("tableDifferences() takes the same value in another form", () => {
  const stored = '{"id":"1","at":"2026-01-05 11:00:00+01:00","count":9007199254740993.0,' +
    '"comment":null,"visitor":{"email":""},"pages":[{"a":[100],"b":0.1}],"_sdc_batched_at":"now"}';

  assertEquals(compare([SENT], [stored]), []);
});

Deno.test("tableDifferences() sees rows that are missing, twice or too many", () => {
  const [one, two] = ['{"id":"1"}', '{"id":"2"}'];

  assertEquals(compare([one, two], [one]), ['chats "2" is missing']);
  assertEquals(compare([one], [one, two]), ['chats "2" should not be there']);
  assertEquals(compare([one], [one, one]), ['chats "1" is there 2 times']);
  assertEquals(compare([one], [one, one], { appends: true }), []);
  assertEquals(compare([one], []), ['chats "1" is missing']);
});

Deno.test("tableDifferences() names the value of a row that differs", () => {
  const stored = SENT.replace('"unknown":1,', "").replace(',"age":4', "");
  const cases: [was: string, is: string, difference: string][] = [
    ["993", "992", "count should be 9007199254740993e0 and is 9007199254740992"],
    ["10:00:00Z", "10:00:00.000001Z", 'at should be "2026-01-05T10:00:00.000000Z" and is "2026-'],
    ['"email":""', '"email":null', 'visitor.email should be "" and is null'],
    ["[1e2]", "[1e2,null]", "pages[0].a should be [100] and is [100,null]"],
    ["0.10", '"0.1"', 'pages[0].b should be 0.1 and is "0.1"'],
    ['"count"', '"comment":1,"count"', "comment should be null and is 1"],
    ['"email"', '"age":4,"email"', "visitor.age should be null and is 4"],
  ];
  assertEquals(compare([SENT], [stored]), []);

  for (const [was, is, difference] of cases) {
    const [found = "nothing", ...more] = compare([SENT], [stored.replace(was, is)]);
    assertStringIncludes(found, `chats "1": ${difference}`);
    assertEquals(more, []);
  }
});

Deno.test("tableDifferences() lets a target without empty texts store null", () => {
  const stored = '{"id":"1","visitor":{"email":""}}';

  assertEquals(
    compare(['{"id":"1","comment":"","visitor":{"email":""}}'], [stored], {
      emptyTextIsNull: true,
    }),
    [],
  );
  assertEquals(
    compare(['{"id":"1","visitor":{"email":""}}'], ['{"id":"1","visitor":null}'], {
      emptyTextIsNull: true,
      flattens: true,
    }),
    [],
  );
});
