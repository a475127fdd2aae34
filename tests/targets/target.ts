/** What a target is to the runner: how its users set it up and start it, and how its tables are read. */

import type { CatalogFile, EntryFile } from "../program/catalogs.ts";
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
  /** Edits the catalog as docs/targets.md tells its users to. */
  editCatalog?(catalog: CatalogFile): void;
  /** What it makes of some of the odd values, as JSON texts; docs/targets.md says so too. */
  storesOtherwise?: Readonly<Record<string, string>>;
  /** Whether it drops rows of which ACTIVATE_VERSION says that they are gone. */
  dropsGoneRows?: boolean;
  /** The rows of one stream's table; none if there is no table. */
  rows(place: Place, stream: EntryFile): Promise<ExactObject[]>;
}
