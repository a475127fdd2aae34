import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  ExactNumber,
  fromBigInt,
  numberFrom,
  parseExactly,
  toBigInt,
} from "../../lib/exact_number.ts";

const LONG = "12345678901234567890";

Deno.test("parseExactly() keeps each number's own words once one would lose digits", {
  permissions: "none",
}, () => {
  const texts = [
    `[${LONG},1.10,1e3,-0,1E-7,0.1]`,
    "9007199254740993",
    `{"a":-9007199254740993}`,
    `{"a": 9007199254740993 }`,
    "[1,\n9007199254740993]",
    "[9007199254740993.5e2]",
    "[0.12345678901234567890]",
    `{"${LONG}":[{"deep":[${LONG}]}],"b":"${LONG}"}`,
  ];
  assertEquals(texts.map((text) => JSON.stringify(parseExactly(text))), [
    ...texts.slice(0, 3),
    `{"a":9007199254740993}`,
    "[1,9007199254740993]",
    ...texts.slice(5),
  ]);
});

Deno.test(
  "parseExactly() is JSON.parse where a double says it all",
  { permissions: "none" },
  () => {
    const texts = [
      "[9007199254740991,-9007199254740991,1685613600123456]",
      "[136.03566670417786,0.3333333333333333,1.0,1e3]",
      `["${LONG}","a ${LONG}","Chrome/443.0.0.32.107.1234567890123456"]`,
      `{"__proto__":{"a":1}}`,
      "[]",
      "null",
    ];
    for (const text of texts) assertEquals(parseExactly(text), JSON.parse(text), text);
  },
);

Deno.test(
  "parseExactly() leaves what is beyond every double infinite",
  { permissions: "none" },
  () => {
    assertEquals(parseExactly(`[1e400,-1e400,${"9".repeat(400)},${LONG}]`), [
      Infinity,
      -Infinity,
      Infinity,
      new ExactNumber(LONG),
    ]);
  },
);

Deno.test("parseExactly() takes any depth, and keeps digits as deep as a stack reaches", {
  permissions: "none",
}, () => {
  const nested = (depth: number) => "[".repeat(depth) + LONG + "]".repeat(depth);
  assertEquals(JSON.stringify(parseExactly(nested(500))), nested(500));
  assertEquals(Array.isArray(parseExactly(nested(200_000))), true);
});

Deno.test("parseExactly() refuses what is no JSON", { permissions: "none" }, () => {
  assertThrows(() => parseExactly(`[${LONG}`), SyntaxError);
  assertThrows(() => parseExactly("[1"), SyntaxError);
});

Deno.test("integers of any size become JSON numbers and come back", { permissions: "none" }, () => {
  for (const integer of [0n, 7n, -7n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 63n), 10n ** 22n]) {
    assertStrictEquals(toBigInt(fromBigInt(integer)), integer);
  }
  assertEquals(JSON.stringify(fromBigInt(2n ** 53n + 1n)), "9007199254740993");
});

Deno.test("toBigInt() takes whole numbers however they are written, and nothing else", {
  permissions: "none",
}, () => {
  assertStrictEquals(toBigInt(1e17), 100000000000000000n);
  assertStrictEquals(toBigInt(new ExactNumber("1.0")), 1n);
  assertStrictEquals(toBigInt(new ExactNumber("-0")), 0n);
  for (const value of [1.5, new ExactNumber("1.5"), Infinity, "1", true, null, undefined, [1]]) {
    assertStrictEquals(toBigInt(value), undefined);
  }
});

Deno.test("numberFrom() keeps digits that a double would lose", { permissions: "none" }, () => {
  assertEquals(numberFrom("1.5"), 1.5);
  assertEquals(numberFrom(LONG), new ExactNumber(LONG));
  assertEquals(numberFrom("1e400"), undefined);
});
