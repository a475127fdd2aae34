/** target-duckdb, with the one version of DuckDB that it works with. */

import { type ExactObject, parseExact } from "./exact_json.ts";
import { outputOf } from "./command.ts";
import { structuresFromText } from "./column_text.ts";
import { projectPath } from "../program/tap_process.ts";
import type { Place, Target } from "./target.ts";

const READER = projectPath("tests/targets/read_duckdb.py");

/** The target, set to confirm what it has stored while it runs. */
export const duckdbTarget: Target = {
  name: "target-duckdb",
  requirements: "duckdb",
  executable: "target-duckdb",
  config: (place) => ({
    path: fileOf(place),
    default_target_schema: place.schema,
    // 5,000 in earnest: here each run has to come to several batches.
    batch_size_rows: 500,
    flush_all_streams: true,
  }),
  storage: { emptyTextIsNull: true },
  async rows(place, { tap_stream_id, schema }) {
    const table = [fileOf(place), place.schema, tap_stream_id];
    const lines = await outputOf([`${place.bin}/python`, READER, ...table]);
    return lines.split("\n").filter((line) => line !== "")
      .map((line) => structuresFromText(schema, parseExact(line) as ExactObject));
  },
};

function fileOf({ folder }: Place): string {
  return `${folder}/warehouse.duckdb`;
}
