/**
 * Any JSON against any schema: what comes out validates against the schema, or the run stops with a
 * `FitError`. Seeded and bounded; a failure prints the schema and the record.
 */

import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { assert, assertEquals } from "@std/assert";
import { parseExactly } from "../../../lib/exact_number.ts";
import type { Json } from "../../../lib/json.ts";
import { FitError, FitReport } from "../../../lib/singer/fit_report.ts";
import type { Schema } from "../../../lib/singer/schema.ts";
import { schemaMessageSchema } from "../../../lib/singer/schema_message.ts";
import { selectionTree } from "../../../lib/singer/selection.ts";
import { compileRecordFitter } from "../../../lib/singer/transform.ts";

const SCHEMAS = 200;
const RECORDS_A_SCHEMA = 20;
const NAMES = ["a", "b", "c", "x1", "__proto__", "constructor"];
const TYPES = ["string", "integer", "number", "boolean", "object", "array", "null"];
// As texts, so that what a parser makes of them is part of the test.
const SCALARS = [
  "null",
  "true",
  "false",
  "0",
  "1",
  "-1.5",
  "5",
  "12345678901234567890",
  "1e300",
  "1e400",
  '""',
  '"a"',
  '"1,234"',
  '" 7 "',
  '"1e400"',
  '"nan"',
  '"TRUE"',
  '"2017-01-01T00:00:00Z"',
  '"2017-02-30T00:00:00Z"',
  '"2017-04-24T12:45:32+00:00Z"',
  '"1/2/2017"',
  '"\\ud800"',
];

/** Numbers below `limit`, the same ones for the same seed. */
type Random = (limit: number) => number;

function seededRandom(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[random(values.length)]!;
}

function randomSchema(random: Random, depth: number): Schema {
  if (random(20) === 0) return {};
  if (random(8) === 0) {
    return { anyOf: Array.from({ length: 1 + random(3) }, () => randomSchema(random, depth - 1)) };
  }
  const types = Array.from({ length: 1 + random(3) }, () => pick(random, TYPES));
  const schema: Schema = { type: random(4) === 0 ? types[0]! : [...new Set(types)] };
  if (random(3) === 0) schema.format = pick(random, ["date-time", "singer.decimal"]);
  if (depth <= 0) return schema;
  if (random(4) !== 0) schema.properties = randomProperties(random, depth - 1);
  if (random(6) === 0) schema.patternProperties = { "^z": randomSchema(random, depth - 1) };
  if (random(4) !== 0) schema.items = randomSchema(random, depth - 1);
  return schema;
}

function randomProperties(random: Random, depth: number): Record<string, Schema> {
  return Object.fromEntries(
    NAMES.filter(() => random(2) === 0).map((name) => [name, randomSchema(random, depth)]),
  );
}

/** JSON text of any shape. */
function randomJson(random: Random, depth: number): string {
  const kind = depth <= 0 ? 0 : random(4);
  if (kind < 2) return pick(random, SCALARS);
  if (kind === 2) {
    return `[${Array.from({ length: random(4) }, () => randomJson(random, depth - 1)).join()}]`;
  }
  const members = [...NAMES, "z1", "unknown"].filter(() => random(2) === 0)
    .map((name) => `${JSON.stringify(name)}:${randomJson(random, depth - 1)}`);
  return `{${members.join()}}`;
}

function createValidator(): Ajv {
  const ajv = new Ajv({ strict: false, ownProperties: true });
  addFormats.default(ajv);
  ajv.addFormat("singer.decimal", /^-?\d+(\.\d+)?(E[+-]\d+)?$/);
  return ajv;
}

/** The record as it is written, with its log; undefined when the run stops at it. */
function fitText(
  schema: Schema,
  text: string,
): { written: string; losses: string[] } | undefined {
  const report = new FitReport("s");
  const fitRecord = compileRecordFitter({
    schema,
    selection: selectionTree([]),
    keyProperties: [],
    report,
  });
  try {
    const written = fitRecord(parseExactly(text));
    const losses: string[] = [];
    report.write({
      warning: (message) => void losses.push(message),
      info() {},
      error() {},
    });
    return { written, losses };
  } catch (error) {
    if (error instanceof FitError) return undefined;
    throw new Error(`Crashed on ${text} against ${JSON.stringify(schema)}`, { cause: error });
  }
}

/** Fits the text and checks what is written; returns whether anything was. */
function check(ajv: Ajv, schema: Schema, text: string): boolean {
  const fitted = fitText(schema, text);
  if (fitted === undefined) return false;
  const { written } = fitted;
  const context = `${text} became ${written} against ${JSON.stringify(schema)}`;
  assert(ajv.validate(schema as object, JSON.parse(written) as Json), context);
  assertEquals(fitText(schema, written)?.losses, [], `${context}, which does not fit it`);
  return true;
}

Deno.test("compileRecordFitter() makes any record valid against any schema, or stops", () => {
  const random = seededRandom(20170101);
  let written = 0;
  for (let index = 0; index < SCHEMAS; index++) {
    const ajv = createValidator();
    const schema: Schema = { type: "object", properties: randomProperties(random, 3) };
    for (let record = 0; record < RECORDS_A_SCHEMA; record++) {
      const members = NAMES.map((name) => `${JSON.stringify(name)}:${randomJson(random, 3)}`);
      if (check(ajv, schema, `{${members.join()}}`)) written++;
    }
  }
  // Otherwise the test would only show that everything is refused.
  assert(written > SCHEMAS * RECORDS_A_SCHEMA / 10, `only ${written} records were written`);
  assertEquals(Object.keys(Object.prototype), []);
});

Deno.test("compileRecordFitter() makes any record valid against the tap's schemas", () => {
  const random = seededRandom(42);
  const folder = new URL("../../../schemas/", import.meta.url);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  for (const file of files) {
    const schema: Schema = JSON.parse(Deno.readTextFileSync(new URL(file, folder)));
    const ajv = createValidator();
    const sent = schemaMessageSchema(schema);
    for (let record = 0; record < 40; record++) {
      const text = randomRecord(random, schema);
      const fitted = fitText(schema, text);
      if (fitted === undefined) continue;
      assert(
        ajv.validate(sent as object, JSON.parse(fitted.written)),
        `${file}: ${text} became ${fitted.written}: ${ajv.errorsText()}`,
      );
    }
  }
  assert(files.length > 0);
});

/** A record with the names of the schema and values that may or may not fit. */
function randomRecord(random: Random, schema: Schema): string {
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const { properties, items } = member;
    const value = random(3) === 0
      ? randomJson(random, 2)
      : properties
      ? randomRecord(random, member)
      : items?.properties
      ? `[${randomRecord(random, items)},${randomJson(random, 1)}]`
      : randomJson(random, 1);
    return `${JSON.stringify(name)}:${value}`;
  });
  return `{${members.join()}}`;
}
