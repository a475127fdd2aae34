/** A target's tables against what they should hold: row for row, value for value. */

import type { EntryFile } from "../program/catalogs.ts";
import type { Schema } from "../../lib/singer/schema.ts";
import type { AccountRows } from "./account_rows.ts";
import { type Exact, type ExactObject, isExactObject, writeExact } from "./exact_json.ts";
import { differenceOf, expectedValue, storedValue } from "./stored_value.ts";

/** How a target's rows differ from those sent, beyond what the schema says. */
export interface Storage {
  /** Each run adds its rows: the last one of a key counts. */
  appends?: boolean;
  /** An empty text in a column is stored as null. */
  emptyTextIsNull?: boolean;
  /** Members of objects have columns of their own, and an object is null when all of them are. */
  flattens?: boolean;
}

/** What a target adds to rows of its own accord. */
const OWN_COLUMN_REGEXP = /^_sdc_/;

/** Everything that is not as it should be, one line each; none when the tables are right. */
export function tableDifferences(
  streams: readonly EntryFile[],
  expected: AccountRows,
  stored: ReadonlyMap<string, readonly ExactObject[]>,
  storage: Storage,
): string[] {
  return streams.flatMap((entry) => {
    const name = entry.tap_stream_id;
    const schema = entry.schema as Schema;
    const keys = keyProperties(entry);
    const wanted = byKey(
      expected.get(name) ?? [],
      keys,
      (row) => expectedRow(schema, row, name, storage),
    );
    const found = byKey(stored.get(name) ?? [], keys, (row) => storedRow(schema, row));
    return [...differences(name, wanted, found, storage)];
  });
}

type Row = Exact;

function* differences(
  name: string,
  wanted: ReadonlyMap<string, Row[]>,
  found: ReadonlyMap<string, Row[]>,
  { appends = false }: Storage,
): Generator<string> {
  for (const [key, [row]] of wanted) {
    const rows = found.get(key);
    if (rows === undefined) yield `${name} ${key} is missing`;
    else if (rows.length > 1 && !appends) yield `${name} ${key} is there ${rows.length} times`;
    else {
      const difference = differenceOf(row!, rows.at(-1)!, "");
      if (difference !== undefined) yield `${name} ${key}: ${difference.slice(1)}`;
    }
  }
  for (const key of found.keys()) {
    if (!wanted.has(key)) yield `${name} ${key} should not be there`;
  }
}

function byKey(
  rows: readonly ExactObject[],
  keys: readonly string[],
  toRow: (row: ExactObject) => Row,
): Map<string, Row[]> {
  return Map.groupBy(
    rows.map(toRow),
    (row) => keys.map((key) => writeExact((row as ExactObject)[key] ?? null)).join(" "),
  );
}

function expectedRow(schema: Schema, row: ExactObject, stream: string, storage: Storage): Row {
  return asColumns(schema, expectedValue(schema, row, stream) as ExactObject, storage);
}

function asColumns(schema: Schema, members: ExactObject, storage: Storage): ExactObject {
  const columns: ExactObject = {};
  for (const [name, value] of Object.entries(members)) {
    const node = schema.properties?.[name];
    if (value === "" && storage.emptyTextIsNull) columns[name] = null;
    else if (isExactObject(value) && node?.properties !== undefined && storage.flattens) {
      const inner = asColumns(node, value, { ...storage, flattens: false });
      columns[name] = Object.values(inner).every((member) => member === null) ? null : inner;
    } else columns[name] = value;
  }
  return columns;
}

function storedRow(schema: Schema, row: ExactObject): Row {
  const own = Object.entries(row).filter(([name]) => !OWN_COLUMN_REGEXP.test(name));
  return storedValue(schema, Object.fromEntries(own));
}

function keyProperties({ metadata }: EntryFile): string[] {
  return metadata[0]!.metadata["table-key-properties"] as string[];
}
