import { assertEquals, assertThrows } from "@std/assert";
import { parseExactly } from "../../../lib/exact_number.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import { FitError, FitReport } from "../../../lib/singer/fit_report.ts";
import type { Schema } from "../../../lib/singer/schema.ts";
import { type MetadataItem, selectionTree } from "../../../lib/singer/selection.ts";
import { compileRecordFitter } from "../../../lib/singer/transform.ts";

/** What fitting one record came to, as the record is written and as the log tells it. */
function fit(
  { schema, record, metadata = [], keyProperties = [], openObjects = [] }: {
    schema: Schema;
    record: Json;
    metadata?: MetadataItem[];
    keyProperties?: string[];
    openObjects?: string[];
  },
): { written: Json; log: string[] } {
  const report = new FitReport("s");
  const fitRecord = compileRecordFitter({
    schema,
    selection: selectionTree(metadata),
    keyProperties,
    openObjects,
    report,
  });
  const written = parseExactly(fitRecord(record));
  return { written, log: logged(report) };
}

function logged(report: FitReport): string[] {
  const lines: string[] = [];
  report.write({
    info: (message) => void lines.push(`INFO ${message}`),
    warning: (message) => void lines.push(`WARNING ${message}`),
    error: (message) => void lines.push(`ERROR ${message}`),
  });
  return lines;
}

/** How the line on dropped fields ends. */
const HOW_TO_HAVE_ONE = "; to have one, add it to the schema in the catalog";

/** The words by which the log tells why null takes a value's place. */
const REASONS = { misfit: "fit none of its types", "too large": "became null, too large" };

/**
 * What one value becomes: JSON text, the reason when null takes its place, `error` when the row is
 * left out.
 */
function fitValue(schema: Schema, value: string): string {
  try {
    const { written, log } = fit({
      schema: { type: "object", properties: { v: schema } },
      record: { v: parseExactly(value) },
    });
    const fitted = JSON.stringify((written as JsonObject).v);
    const reason = Object.entries(REASONS)
      .find(([, words]) => log.some((line) => line.includes(`of "v" ${words}`)));
    return reason?.[0] ?? fitted;
  } catch (error) {
    if (error instanceof FitError) return "error";
    throw error;
  }
}

/** Input and output as JSON text, and what the Python tap makes of it where that is meant to differ. */
type Vector = [input: string, output: string, differs?: string];

const DATE_TIME: Schema = { type: ["null", "string"], format: "date-time" };

const VECTORS: [schema: Schema, vectors: Vector[]][] = [
  [{ type: ["null", "string"] }, [
    [`null`, `null`],
    [`""`, `""`],
    [`"a"`, `"a"`],
    [`1`, `"1"`],
    [`1.0`, `"1"`, `Python "1.0": JavaScript has one kind of number`],
    [`true`, `"true"`, `Python "True": JSON text, not repr`],
    [`[1,"a"]`, `"[1,\\"a\\"]"`, `Python "[1, 'a']": JSON text, not repr`],
    [`{"a":null}`, `"{\\"a\\":null}"`, `Python "{'a': None}": JSON text, not repr`],
    [`1e16`, `"10000000000000000"`, `Python "1e+16": JavaScript's number text`],
    [`1e-7`, `"1e-7"`, `Python "1e-07": JavaScript's number text`],
    [`1e400`, `too large`, `Python "inf"`],
    [`12345678901234567890`, `"12345678901234567890"`],
    [`0.12345678901234567890`, `"0.12345678901234567890"`, `Python "0.12345678901234568"`],
  ]],
  [{ type: "string" }, [[`null`, `error`], [`"a"`, `"a"`]]],
  [{ type: ["null"] }, [
    [`""`, `null`],
    [`"a"`, `misfit`, `Python stops`],
  ]],
  [{ type: ["null", "integer"] }, [
    [`null`, `null`],
    [`""`, `null`],
    [`"1,234"`, `1234`],
    [`" 1 "`, `1`],
    [`"+5"`, `5`],
    [`"1_000"`, `1000`],
    [`1.9`, `1`],
    [`-1.9`, `-1`],
    [`-0.5`, `0`],
    [`true`, `1`],
    [`9007199254740993`, `9007199254740993`],
    [`-9007199254740993`, `-9007199254740993`],
    [`9223372036854775807`, `9223372036854775807`],
    [`-9223372036854775808`, `-9223372036854775808`],
    [`9223372036854775807.0`, `9223372036854775807`],
    [`9.223372036854775807e18`, `9223372036854775807`],
    [`4.611686018427388e18`, `4611686018427388000`, `Python 4611686018427387904: by the double`],
    [`1e18`, `1000000000000000000`],
    [`1.50000000000000000e1`, `15`],
    [`9007199254740993.75`, `9007199254740993`, `Python 9007199254740994: by the double`],
    [`"9,007,199,254,740,993"`, `9007199254740993`],
    [`9223372036854775808`, `too large`, `Python 9223372036854775808: no column of 64 bits`],
    [`-9223372036854775809`, `too large`, `Python -9223372036854775809: no column of 64 bits`],
    [`1e20`, `too large`, `Python 100000000000000000000: no column of 64 bits`],
    [`1e22`, `too large`, `Python 10000000000000000000000: no column of 64 bits`],
    [`"9223372036854775808"`, `misfit`, `Python 9223372036854775808: no column of 64 bits`],
    [`0e999`, `0`],
    [`"1.0"`, `misfit`, `Python stops`],
    [`"abc"`, `misfit`, `Python stops`],
    [`"1__0"`, `misfit`, `Python stops`],
    [`"0x10"`, `misfit`, `Python stops`],
    [`[]`, `misfit`, `Python stops`],
    [`1e400`, `too large`, `Python stops`],
  ]],
  [{ type: "integer" }, [[`"1"`, `1`], [`""`, `error`], [`"abc"`, `error`], [`null`, `error`]]],
  [{ type: ["null", "number"] }, [
    [`1`, `1`],
    [`"1,234.5"`, `1234.5`],
    [`"1e5"`, `100000`],
    [`".5"`, `0.5`],
    [`"5."`, `5`],
    [`true`, `1`],
    [`""`, `null`],
    [`"abc"`, `misfit`, `Python stops`],
    [`"."`, `misfit`, `Python stops`],
    [`{}`, `misfit`, `Python stops`],
    [`"NaN"`, `misfit`, `Python writes NaN, which is no JSON`],
    [`"inf"`, `misfit`, `Python writes Infinity, which is no JSON`],
    [`"1e400"`, `misfit`, `Python writes Infinity, which is no JSON`],
    [`1e400`, `too large`, `Python writes Infinity, which is no JSON`],
    [`-1e400`, `too large`, `Python writes -Infinity, which is no JSON`],
    [`0.12345678901234567890`, `0.12345678901234567890`, `Python 0.12345678901234568`],
    [`12345678901234567890123`, `12345678901234567890123`, `Python 1.2345678901234568e+22`],
    [`"12,345,678,901,234,567.5"`, `12345678901234567.5`, `Python 1.2345678901234568e+16`],
    [`"-.12345678901234567890"`, `-0.12345678901234567890`, `Python -0.12345678901234568`],
  ]],
  [{ type: ["null", "boolean"] }, [
    [`true`, `true`],
    [`"FALSE"`, `false`],
    [`"true"`, `true`],
    [`0`, `false`],
    [`1`, `true`],
    [`null`, `null`, `Python false: null stays null`],
    [`""`, `null`, `Python false: no boolean is made from just anything`],
    [`"no"`, `misfit`, `Python true: no boolean is made from just anything`],
    [`2`, `misfit`, `Python true: no boolean is made from just anything`],
    [`-1`, `misfit`, `Python true: no boolean is made from just anything`],
    [`0.5`, `misfit`, `Python true: no boolean is made from just anything`],
    [`1.0000000000000000`, `true`],
    [`[]`, `misfit`, `Python false: no boolean is made from just anything`],
  ]],
  [{ type: "boolean" }, [
    [`null`, `false`],
    [`""`, `false`],
    [`true`, `true`],
    [`"no"`, `error`, `Python true: no boolean is made from just anything`],
  ]],
  [{ type: ["boolean", "integer"] }, [[`null`, `false`], [`""`, `false`]]],
  [{ type: ["boolean", "string"] }, [[`null`, `false`], [`""`, `""`, `Python false`]]],
  [{ type: ["null", "boolean", "integer"] }, [
    [`true`, `true`],
    [`5`, `5`, `Python true: numbers stay numbers`],
    [`1`, `1`, `Python true: numbers stay numbers`],
    [`0`, `0`, `Python false: numbers stay numbers`],
  ]],
  [{ type: ["integer", "string"] }, [[`"1"`, `1`], [`"a"`, `"a"`]]],
  [{ type: ["integer", "number"] }, [[`1.5`, `1`]]],
  [{ type: ["number", "integer"] }, [[`1.5`, `1.5`]]],
  [{ type: ["null", "integer", "string"] }, [[`""`, `""`], [`"5"`, `5`], [`null`, `null`]]],
  [{ type: ["null", "string", "integer"] }, [[`5`, `"5"`]]],
  [{ type: ["null", "array"] }, [
    [`null`, `null`, `Python stops: without items anything goes here`],
    [`[1,{"a":[]}]`, `[1,{"a":[]}]`, `Python stops: without items anything goes here`],
    [`""`, `null`, `Python stops: without items anything goes here`],
  ]],
  [{ type: "array", items: { type: "string" } }, [
    [`["a",1]`, `["a","1"]`],
    [`[null,1]`, `error`],
    [`["a",[true]]`, `["a","[true]"]`, `Python "[True]": JSON text, not repr`],
    [`{}`, `error`],
  ]],
  [{ type: "array", items: { type: ["null", "integer"] } }, [
    [`["1",null,"",2]`, `[1,null,null,2]`],
    [`["a",1]`, `[null,1]`, `Python stops: an item that does not fit becomes null`],
  ]],
  [{ type: "array", items: { type: ["null", "integer", "string"] } }, [
    [
      `["007",7,"7",null,"",1.0]`,
      `["007",7,"7",null,"",1]`,
      `Python [7,7,7,null,"",1]: texts stay texts`,
    ],
  ]],
  [{ type: "array", items: { type: ["null", "integer", "string"], format: "date-time" } }, [
    [`["7",7,"2017-01-01"]`, `[7,7,"2017-01-01T00:00:00.000000Z"]`],
  ]],
  [{ type: ["null", "object"] }, [
    [
      `{"a":[12345678901234567890,1.10,1e3,-0,0.1]}`,
      `{"a":[12345678901234567890,1.10,1e3,-0,0.1]}`,
    ],
    [`{"a":{"b":[1,null]}}`, `{"a":{"b":[1,null]}}`],
    [`""`, `null`],
    [`[]`, `misfit`, `Python stops`],
  ]],
  [{ type: "object", properties: { b: { type: "integer" } } }, [
    [`{"a":1}`, `{}`],
    [`{"b":"1"}`, `{"b":1}`],
    [`{"b":"x"}`, `error`],
    [`"x"`, `error`],
  ]],
  [{ type: "object", additionalProperties: true, properties: { b: {} } }, [[`{"a":1}`, `{}`]]],
  [DATE_TIME, [
    [`"2017-01-01"`, `"2017-01-01T00:00:00.000000Z"`],
    [`"2017-01-01T00:00:00.123456789Z"`, `"2017-01-01T00:00:00.123456Z"`],
    [`"2017-01-01T10:00:00+02:00"`, `"2017-01-01T08:00:00.000000Z"`],
    [`""`, `null`],
    [`null`, `null`],
    [`1512345678`, `misfit`, `Python stops`],
    [`"cat"`, `misfit`, `Python stops`],
    [`"10:00"`, `misfit`, `Python completes it from today's date`],
    [`{}`, `misfit`, `Python stops`],
    [
      `"2017-01-01T10:00:00+00:00Z"`,
      `"2017-01-01T10:00:00.000000Z"`,
      `Python stops: malformed, but clear`,
    ],
  ]],
  [{ type: "string", format: "date-time" }, [[`"cat"`, `error`], [`""`, `error`]]],
  [{ type: ["null", "integer", "string"], format: "date-time" }, [
    [`5`, `5`],
    [`"2017-01-01"`, `"2017-01-01T00:00:00.000000Z"`],
  ]],
  [{ type: ["null", "string"], format: "date" }, [[`"2017-01-01"`, `"2017-01-01"`]]],
  [{ type: ["null", "string"], format: "singer.decimal" }, [
    [`"5.10"`, `"5.10"`],
    [`1.1`, `"1.1"`],
    [`1.10000000000000000000`, `"1.10000000000000000000"`, `Python "1.1"`],
    [`0.0000001`, `"1E-7"`],
    [`"000.50"`, `"0.50"`],
    [`"-1_000"`, `"-1000"`],
    [`"12e3"`, `"1.2E+4"`],
    [`" 1.5e-3 "`, `"0.0015"`],
    [`"0.00"`, `"0.00"`],
    [`"0e-7"`, `"0E-7"`],
    [`""`, `null`],
    [`true`, `misfit`, `Python stops`],
    [`"1,000"`, `misfit`, `Python stops`],
    [`"NaN"`, `misfit`, `Python keeps "NaN", which is no decimal`],
  ]],
  [{ anyOf: [{ type: "string" }, { type: "integer" }] }, [[`1`, `"1"`], [`null`, `error`]]],
  [{ anyOf: [{ type: "integer" }, { type: "string" }] }, [[`1`, `1`], [`"a"`, `"a"`]]],
  [{ anyOf: [{ type: ["null", "integer"] }, { type: "string" }] }, [[`""`, `null`]]],
  [{ anyOf: [{ type: "array", items: { type: "integer" } }, { type: ["null", "string"] }] }, [
    [`["1"]`, `[1]`],
    [`["a"]`, `"[\\"a\\"]"`],
    [`null`, `null`],
  ]],
  [
    {
      anyOf: [
        { type: ["null", "object"], properties: { to: { type: "string" } } },
        { type: ["null", "array"], items: { type: ["null", "integer", "string"] } },
      ],
    },
    [
      [`{"to":1,"x":2}`, `{"to":"1"}`],
      [`["5",5,null,"a"]`, `["5",5,null,"a"]`, `Python [5,5,null,"a"]: texts stay texts`],
      [`true`, `misfit`, `Python stops`],
    ],
  ],
  [{ type: ["object", "string"], properties: { a: { type: ["null", "integer"] } } }, [
    [`{"a":"1"}`, `{"a":1}`],
    [`{"a":"x"}`, `"{\\"a\\":\\"x\\"}"`],
  ]],
  [{ type: ["null", "string", "object"] }, [[`{"a":1}`, `"{\\"a\\":1}"`]]],
  [{ type: "object", patternProperties: { k: { type: "string" } } }, [
    [`{"k1":1,"zk1":2}`, `{"k1":"1"}`],
  ]],
  [{}, [[`{"a":[null]}`, `{"a":[null]}`], [`null`, `null`]]],
  [{ type: ["null", "colour"] }, [
    [`""`, `null`],
    [`"red"`, `misfit`, `Python stops`],
  ]],
];

Deno.test({
  name: "compileRecordFitter() agrees with singer-python but for the differences listed",
  permissions: "none",
  fn() {
    const found = VECTORS.map(([schema, vectors]) =>
      vectors.map(([input, _, ...differs]) => [input, fitValue(schema, input), ...differs])
    );
    assertEquals(found, VECTORS.map(([, vectors]) => vectors));
  },
});

const SELECTION_SCHEMA: Schema = {
  type: "object",
  properties: {
    a: { type: "integer" },
    b: { type: "integer" },
    c: { type: "integer" },
    d: { type: "integer" },
    e: { type: "object", properties: { f: { type: "integer" }, x: { type: "integer" } } },
    g: { type: "array", items: { type: "object", properties: { h: {}, i: {} } } },
    open: { type: "object" },
    z: { type: "integer" },
  },
};

Deno.test({
  name: "compileRecordFitter() filters fields by metadata as singer-python does",
  permissions: "none",
  fn() {
    const result = fit({
      schema: SELECTION_SCHEMA,
      record: {
        a: 1,
        b: 2,
        c: 3,
        d: 4,
        e: { f: 5, x: 6 },
        g: [{ h: 7, i: 8 }, { h: 9 }],
        open: { ip: "192.0.2.1", city: "Rome" },
        z: 10,
      },
      metadata: [
        { breadcrumb: [], metadata: { selected: true } },
        { breadcrumb: ["properties", "a"], metadata: { selected: false } },
        { breadcrumb: ["properties", "b"], metadata: { inclusion: "automatic", selected: false } },
        { breadcrumb: ["properties", "c"], metadata: { inclusion: "unsupported" } },
        { breadcrumb: ["properties", "d"], metadata: { inclusion: "available" } },
        { breadcrumb: ["properties", "e", "properties", "f"], metadata: { selected: false } },
        {
          breadcrumb: ["properties", "g", "items", "properties", "h"],
          metadata: { selected: false },
        },
        { breadcrumb: ["properties", "open", "properties", "ip"], metadata: { selected: false } },
        { breadcrumb: ["properties", "z"], metadata: { selected: "false" } },
      ],
    });
    assertEquals(result, {
      written: { b: 2, d: 4, e: { x: 6 }, g: [{ i: 8 }, {}], open: { city: "Rome" }, z: 10 },
      log: [],
    });
  },
});

Deno.test({
  name: "compileRecordFitter() keeps all that is below an automatic field",
  permissions: "none",
  fn() {
    const { written } = fit({
      schema: SELECTION_SCHEMA,
      record: { e: { f: 5, x: 6 } },
      metadata: [
        { breadcrumb: ["properties", "e"], metadata: { inclusion: "automatic" } },
        { breadcrumb: ["properties", "e", "properties", "f"], metadata: { selected: false } },
      ],
    });
    assertEquals(written, { e: { f: 5, x: 6 } });
  },
});

Deno.test({
  name: "compileRecordFitter() fits the named members of an open object, passes others, drops none",
  permissions: "none",
  fn() {
    const session: Schema = {
      type: ["null", "object"],
      properties: { id: { type: ["null", "string"] }, start_date: DATE_TIME },
    };
    const { written, log } = fit({
      schema: { type: "object", properties: { session, visitor: session } },
      record: {
        session: { id: 7, start_date: "2017-04-24T12:45:32+00:00Z", device: { tags: [null, 1] } },
        visitor: { id: 8, device: 1 },
      },
      openObjects: ["session"],
    });
    assertEquals(written, {
      session: { id: "7", start_date: "2017-04-24T12:45:32.000000Z", device: { tags: [null, 1] } },
      visitor: { id: "8" },
    });
    assertEquals(log, [
      'INFO Stream "s": dropped fields that are not in its schema: visitor.device' +
      HOW_TO_HAVE_ONE,
    ]);
  },
});

Deno.test({
  name: "compileRecordFitter() copies an open object whole where the catalog names no members",
  permissions: "none",
  fn() {
    const session = {
      id: 7,
      start_date: "2017-04-24T12:45:32+00:00Z",
      device: { tags: [null, 1] },
    };
    const { written, log } = fit({
      schema: { type: "object", properties: { session: { type: ["null", "object"] } } },
      record: { session: structuredClone(session) },
      openObjects: ["session"],
    });
    assertEquals({ written, log }, { written: { session }, log: [] });
  },
});

Deno.test({
  name: "compileRecordFitter() keeps key properties that the catalog deselects",
  permissions: "none",
  fn() {
    const { written } = fit({
      schema: { type: "object", properties: { id: { type: "integer" } } },
      record: { id: 1 },
      metadata: [{ breadcrumb: ["properties", "id"], metadata: { selected: false } }],
      keyProperties: ["id"],
    });
    assertEquals(written, { id: 1 });
  },
});

Deno.test({
  name: "compileRecordFitter() refuses what is no object and has no key, a key made null included",
  permissions: "none",
  fn() {
    const schema: Schema = { type: "object", properties: { id: { type: ["null", "integer"] } } };
    const rows = [{}, { id: null }, { id: "" }, { id: "secret" }, null, "secret", [{ id: 1 }]];
    const messages = rows.map((record) =>
      assertThrows(() => fit({ schema, record, keyProperties: ["id"] }), FitError).message
    );
    assertEquals(messages, [
      'a row whose key property "id" is nothing',
      'a row whose key property "id" is null',
      'a row whose key property "id" is null',
      'a row whose key property "id" is null',
      "a row that is null",
      "a row that is a string",
      "a row that is an array",
    ]);
  },
});

Deno.test({
  name: "compileRecordFitter() names key and path of what it cannot write, never the value",
  permissions: "none",
  fn() {
    const schema: Schema = {
      type: "object",
      properties: {
        id: { type: "string" },
        visits: { type: ["integer", "boolean"] },
        pages: {
          type: "array",
          items: { type: "object", properties: { tags: { type: "array", items: {} } } },
        },
        flags: { type: "array", items: { type: "boolean" } },
      },
    };
    const cases: [JsonObject, string][] = [
      [{ visits: "secret" }, `"visits" is a string, expected integer or boolean`],
      [{ pages: [{ tags: 5 }] }, `"pages[].tags" is a number, expected array`],
      [{ flags: [true, 17] }, `"flags[1]" is a number, expected boolean`],
    ];
    for (const [record, problem] of cases) {
      const { message } = assertThrows(
        () => fit({ schema, record: { ...record, id: "7" }, keyProperties: ["id"] }),
        FitError,
      );
      assertEquals(message, `id "7": ${problem}`);
    }
  },
});

Deno.test({
  name: "FitReport counts the rows left out in one line and names the first of them",
  permissions: "none",
  fn() {
    const end =
      "; correct the types in the catalog or allow null there, and if the catalog is as " +
      "discovered report this line";
    const report = new FitReport("s");
    assertEquals(logged(report), []);

    report.rowLeftOut(new FitError("a row that is null"));
    assertEquals(logged(report), [
      `ERROR Stream "s": left out 1 row that cannot be written: a row that is null${end}`,
    ]);

    for (let id = 2; id <= 12; id++) report.rowLeftOut(new FitError(`row ${id}`));
    const named = [2, 3, 4, 5, 6, 7, 8, 9, 10].map((id) => `; row ${id}`).join("");
    assertEquals(logged(report), [
      `ERROR Stream "s": left out 12 rows that cannot be written: a row that is null${named}; …${end}`,
    ]);
    assertEquals(report.rowsLeftOut, 12);
  },
});

Deno.test({
  name: "FitReport warns once for each path, with a count, whatever the number of records",
  permissions: "none",
  fn() {
    const item: Schema = {
      type: "object",
      properties: { at: DATE_TIME, id: { type: "integer" } },
    };
    const { log } = fit({
      schema: {
        type: "object",
        properties: {
          size: { type: ["null", "integer"] },
          cost: { type: ["null", "number"] },
          share: { type: "integer" },
          note: { type: ["null", "string"] },
          items: { type: "array", items: item },
          open: { type: "object", patternProperties: { "^n": { type: ["null", "number"] } } },
        },
      },
      record: parseExactly(`{
        "size": 9223372036854775808,
        "cost": 1e400,
        "share": 717.9,
        "note": "a\\u0000\\ud83d",
        "items": [{ "at": "x", "id": 1.5 }, { "at": "y", "id": 9007199254740993.5 }],
        "open": { "n1": "x", "n2": "y" }
      }`),
    });
    const misfit = "fit none of its types and became null: correct its type in the catalog, or " +
      "report this line if the catalog is as discovered";
    const tooLarge =
      "became null, too large for any column: beyond 64 bits, or beyond every double";
    const fraction = 'lost the fraction: to keep it, make the type "number" in the catalog';
    assertEquals(log, [
      `WARNING Stream "s": 1 value of "size" ${tooLarge}`,
      `WARNING Stream "s": 1 value of "cost" ${tooLarge}`,
      `WARNING Stream "s": 1 value of "share" ${fraction}`,
      `WARNING Stream "s": 2 values of "items[].id" ${fraction}`,
      `WARNING Stream "s": 2 values of "items[].at" ${misfit}`,
      `WARNING Stream "s": 2 values of "open./^n/" ${misfit}`,
      'WARNING Stream "s": 1 value of "note" had NUL or half a surrogate pair, at which databases ' +
      "stop: U+FFFD took its place",
    ]);
  },
});

Deno.test({
  name: "FitReport names so many paths, and counts what comes under others",
  permissions: "none",
  fn() {
    const record = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`${index}`.padStart(120, "x"), "\0"]),
    );
    const { log } = fit({
      schema: { type: "object", properties: { open: { type: "object" } } },
      record: { open: record },
    });
    assertEquals(log.length, 51);
    assertEquals(log[50]!.split(" had ")[0], 'WARNING Stream "s": 10 values of other paths');
    assertEquals(
      log[0]!.split(" had ")[0],
      `WARNING Stream "s": 1 value of "open.${"x".repeat(95)}"`,
    );
  },
});

Deno.test({
  name: "FitReport names unknown fields once each",
  permissions: "none",
  fn() {
    const { written, log } = fit({
      schema: {
        type: "object",
        properties: { list: { type: "array", items: { type: "object", properties: { a: {} } } } },
      },
      record: { list: [{ a: 1, b: 2 }, { b: 3, c: 4 }], d: null },
    });
    assertEquals(written, { list: [{ a: 1 }, {}] });
    assertEquals(log, [
      'INFO Stream "s": dropped fields that are not in its schema: list[].b, list[].c, d' +
      HOW_TO_HAVE_ONE,
    ]);
  },
});

Deno.test({
  name: "FitReport stays small when every record brings other unknown fields",
  permissions: "none",
  fn() {
    const record = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`${"x".repeat(200)}${index}`, 1]),
    );
    const { log } = fit({ schema: { type: "object", properties: { a: {} } }, record });
    const names = Array.from({ length: 20 }, () => "x".repeat(100)).join(", ");
    assertEquals(log, [
      `INFO Stream "s": dropped fields that are not in its schema: ${names} and 980 values of others` +
      HOW_TO_HAVE_ONE,
    ]);
  },
});

Deno.test({
  name: "compileRecordFitter() takes names of built-in members for what they are: names",
  permissions: "none",
  fn() {
    const text = `{"__proto__":{"polluted":1},"constructor":"c","toString":[1],"hasOwnProperty":2}`;
    const properties = JSON.parse(
      `{"__proto__":{"type":"object"},"hasOwnProperty":{"type":"string"}}`,
    );
    const { written, log } = fit({
      schema: { type: "object", properties },
      record: JSON.parse(text),
    });
    assertEquals(JSON.stringify(written), `{"__proto__":{"polluted":1},"hasOwnProperty":"2"}`);
    assertEquals(log, [
      'INFO Stream "s": dropped fields that are not in its schema: constructor, toString' +
      HOW_TO_HAVE_ONE,
    ]);
    assertEquals(({} as JsonObject).polluted, undefined);
  },
});

Deno.test({
  name: "compileRecordFitter() changes the record in place",
  permissions: "none",
  fn() {
    const record: JsonObject = { v: "1", x: 2 };
    const fitRecord = compileRecordFitter({
      schema: { type: "object", properties: { v: { type: "integer" } } },
      selection: selectionTree([]),
      keyProperties: [],
      report: new FitReport("s"),
    });
    assertEquals(fitRecord(record), `{"v":1}`);
    assertEquals(record, { v: 1, x: undefined });
  },
});
