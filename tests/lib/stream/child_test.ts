import { assert, assertEquals } from "@std/assert";
import { parseExactly } from "../../../lib/exact_number.ts";
import type { Json } from "../../../lib/json.ts";
import { childStream } from "../../../lib/stream/child.ts";

const { rowsIn } = childStream({
  tapStreamId: "chat_history",
  parent: "chats",
  member: "history",
  keyProperties: ["chat_id", "position"],
  bookmarkKeys: [],
  schema: {},
  link: ({ id = null }, position) => ({ chat_id: id, position }),
});

Deno.test("childStream() makes a row of each element, linked to the row that it is part of", {
  permissions: "none",
}, () => {
  const history = [{ type: "chat.msg", msg: "Hi" }, null, { type: "chat.rating", chat_id: "x" }];
  assertEquals(rowsIn({ id: "c1", history }), [
    { type: "chat.msg", msg: "Hi", chat_id: "c1", position: 0 },
    { type: "chat.rating", chat_id: "c1", position: 2 },
  ]);
});

Deno.test("childStream() finds no rows where there is no list", { permissions: "none" }, () => {
  const rows: Json[] = [
    { id: "c1" },
    { id: "c1", history: null },
    { id: "c1", history: {} },
    null,
    "c",
  ];
  assertEquals(rows.flatMap(rowsIn), []);
});

Deno.test(
  "childStream() leaves odd elements to whoever writes rows",
  { permissions: "none" },
  () => {
    assertEquals(rowsIn({ history: ["hello", { msg: "Hi" }] }), [
      "hello",
      { msg: "Hi", chat_id: null, position: 1 },
    ]);
  },
);

Deno.test("childStream() copies, so that the parent's row may be changed", {
  permissions: "none",
}, () => {
  const tags = ["a"];
  const conversion = { attribution: { agent_id: 7 } };
  const parent = { id: "c1", history: [{ tags, conversion }] };
  const [row] = rowsIn(parent);
  tags.push("b");
  conversion.attribution.agent_id = 8;
  parent.history[0] = { tags: [], conversion };
  assertEquals(row, {
    tags: ["a"],
    conversion: { attribution: { agent_id: 7 } },
    chat_id: "c1",
    position: 0,
  });
});

Deno.test("childStream() copies every digit, and elements of any depth", {
  permissions: "none",
}, () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  for (const value of ["12345678901234567890", deep]) {
    const text = `{"odd":[${value}]}`;
    const [row] = rowsIn({ history: [parseExactly(text)] });
    assert(JSON.stringify(row).startsWith(text.slice(0, -1)), `of ${value.length} characters`);
  }
});
