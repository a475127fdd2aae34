/** What a target is to the runner: how its users set it up and start it, and how its tables are read. */

import type { EntryFile } from "../program/catalogs.ts";
import type { ExactObject } from "./exact_json.ts";
import type { Storage } from "./table_differences.ts";

/** Where the rows of one case go: no two cases share it. */
export interface Place {
  /** A folder, for config files and for what is stored in files. */
  folder: string;
  /** A name, for a schema in a database. */
  schema: string;
  /** The folder of the target's programs. */
  bin: string;
}

/** One target. */
export interface Target {
  /** As on Python's package index. */
  name: string;
  /** Its list of requirements, a name in `requirements/`. */
  requirements: string;
  /** What `pip` installs it as. */
  executable: string;
  config(place: Place): Record<string, unknown>;
  /** Variables of its process. */
  env?: Record<string, string>;
  storage: Storage;
  /** The rows of one stream's table; none if there is no table. */
  rows(place: Place, stream: EntryFile): Promise<ExactObject[]>;
}
