/** The two targets that write files, one a stream; they add to what is there and merge nothing. */

import { parse } from "@std/csv/parse";
import type { JsonObject } from "../../lib/json.ts";
import type { Schema } from "../../lib/singer/schema.ts";
import { everythingFromText } from "./column_text.ts";
import { type ExactObject, parseExact } from "./exact_json.ts";
import { namesIn } from "./file_lookup.ts";
import { typesOf } from "./stored_value.ts";
import type { Place, Target } from "./target.ts";

/** target-jsonl: the records as they come. */
export const jsonlTarget: Target = {
  name: "target-jsonl",
  requirements: "jsonl",
  executable: "target-jsonl",
  config: ({ folder }) => ({ destination_path: folder, do_timestamp_file: false }),
  storage: { appends: true },
  async rows(place, { tap_stream_id }) {
    const texts = await textsOf(place, (name) => name === `${tap_stream_id}.jsonl`);
    return texts.flatMap((text) => text.split("\n"))
      .filter((line) => line !== "")
      .map((line) => parseExact(line) as ExactObject);
  },
};

const SEPARATOR = "__";

/**
 * Meltano's target for CSV. A name with the time keeps one run from replacing the file of another, and
 * flattening once makes what is deeper JSON; without it, it would be Python's notation.
 */
export const csvTarget: Target = {
  name: "meltanolabs-target-csv",
  requirements: "csv",
  executable: "target-csv",
  config: ({ folder }) => ({
    output_path: folder,
    file_naming_scheme: "{stream_name}-{timestamp}.csv",
    timestamp_format: "%Y-%m-%dT%H%M%S.%f",
    flattening_enabled: true,
    flattening_max_depth: 1,
    flattening_separator: SEPARATOR,
  }),
  storage: { appends: true, emptyTextIsNull: true, flattens: true },
  // It stops at a column that its header has not, so an object that may have more is kept in one.
  editCatalog({ streams }) {
    for (const { schema } of streams) {
      const { session, settings } = schema.properties as Record<string, JsonObject>;
      delete session?.properties;
      delete settings?.properties;
    }
  },
  async rows(place, { tap_stream_id, schema }) {
    const texts = await textsOf(place, (name) => name.startsWith(`${tap_stream_id}-`));
    return texts.flatMap((text) => parse(text, { skipFirstRow: true }))
      .map((row) => unflatten(schema, row));
  },
};

/** The texts of the files with such names, oldest first. */
async function textsOf(
  { folder }: Place,
  isWanted: (name: string) => boolean,
): Promise<string[]> {
  const names = (await namesIn(folder)).filter(isWanted);
  return await Promise.all(names.map((name) => Deno.readTextFile(`${folder}/${name}`)));
}

/** Puts columns such as `visitor__email` back under `visitor`, and reads all by their types. */
function unflatten(schema: Schema, columns: Record<string, string>): ExactObject {
  const flat: ExactObject = {};
  const nested: Record<string, ExactObject> = {};
  for (const [column, text] of Object.entries(columns)) {
    const [name, member] = column.split(SEPARATOR) as [string, string?];
    if (member === undefined) flat[name] = text;
    else (nested[name] ??= {})[member] = text;
  }
  const row = everythingFromText(schema, flat);
  for (const [name, members] of Object.entries(nested)) {
    const node = schema.properties?.[name] ?? {};
    if (!typesOf(node).includes("object")) throw new Error(`${name} is no object, but flattened`);
    const object = everythingFromText(node, members);
    row[name] = Object.values(object).every((value) => value === null) ? null : object;
  }
  return row;
}
