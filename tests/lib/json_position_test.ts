import { assertEquals } from "@std/assert";
import { findJsonError, positionAt } from "../../lib/json_position.ts";

const CASES: [text: string, offset: number | undefined][] = [
  ['{"a": [1, -2.5e+3, true, null, "x\\u00e9\\n", {}], "b": []}', undefined],
  ["  7 \n", undefined],
  ["", 0],
  ["{", 1],
  ['{"a": 1', 7],
  ['{"a": "x', 8],
  ['{"a": 1,}', 8],
  ["{'a': 1}", 1],
  ["{a: 1}", 1],
  ['{"a" 1}', 5],
  ['{"a": 1 "b": 2}', 8],
  ['{"a": True}', 6],
  ['{"a": NaN}', 6],
  ['{"a": 012}', 7],
  ['{"a": .5}', 6],
  ['{"a": 1} // comment', 9],
  ['{"a": "C:\\dir"}', 9],
  ['{"a": "x\ny"}', 8],
  ["[1, 2,]", 6],
  ["[1 2]", 3],
  ["{}{}", 2],
];

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

Deno.test("findJsonError() finds where the text stops being JSON", { permissions: "none" }, () => {
  assertEquals(CASES.map(([text]) => [text, findJsonError(text)]), CASES);
});

Deno.test("findJsonError() agrees with JSON.parse on every one-character change", {
  permissions: "none",
}, () => {
  const text = '{"a": [1.5e3, -0, "b\\u0041\\n"], "c": {"d": null, "e": true}}';
  for (let at = 0; at <= text.length; at++) {
    for (const change of ["", " ", "\n", '"', "\\", ",", ":", "{", "]", "0", "e", "-", "\ufeff"]) {
      for (const changed of [text.slice(0, at) + change + text.slice(at + 1), text.slice(0, at)]) {
        assertEquals([changed, findJsonError(changed) === undefined], [changed, parses(changed)]);
      }
    }
  }
});

Deno.test("findJsonError() is not exhausted by long strings and deep nesting", {
  permissions: "none",
}, () => {
  const long = `"${"a".repeat(5_000_000)}"`;
  assertEquals(findJsonError(`${long} x`), long.length + 1);
  assertEquals(findJsonError("[".repeat(100_000)), 1001);
});

Deno.test("positionAt() counts lines and columns from 1", { permissions: "none" }, () => {
  assertEquals(positionAt("", 0), { line: 1, column: 1 });
  assertEquals(positionAt("ab\nc", 2), { line: 1, column: 3 });
  assertEquals(positionAt("ab\r\nc", 4), { line: 2, column: 1 });
  assertEquals(positionAt("ab\nc", 4), { line: 2, column: 2 });
});
