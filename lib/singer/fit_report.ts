/**
 * What fitting changed, dropped or left out in one stream, for the log at the stream's end. The API can
 * bring ever new names of fields, so only the first ones are kept and the rest is counted.
 */

import { counted } from "../counted.ts";
import type { Log } from "../log.ts";
import { joinPath } from "./schema.ts";

const MAX_UNKNOWN_FIELDS = 20;

/** Paths of values that a finding names; further ones are counted. */
const MAX_PATHS = 50;

const MAX_NAME_LENGTH = 100;

/** Rows left out that are named; the others are counted. */
const MAX_NAMED_ROWS = 10;

/** A row cannot be written; the message says which and why, never what it holds. */
export class FitError extends Error {
  override name = "FitError";
}

/** What can befall a value, and the words for it after how many values of which path. */
const FINDINGS = {
  "misfit": "fit none of its types and became null: correct its type in the catalog, or report " +
    "this line if the catalog is as discovered",
  "too large": "became null, too large for any column: beyond 64 bits, or beyond every double",
  "fraction": 'lost the fraction: to keep it, make the type "number" in the catalog',
  "unstorable": "had NUL or half a surrogate pair, at which databases stop: U+FFFD took its place",
};

/** Where what comes under paths beyond the named ones is counted. */
const OTHER_PATHS = "";

/** One of them. */
export type Finding = keyof typeof FINDINGS;

/** Counts by path, dotted as in `history[].msg_id`. */
export class FitReport {
  readonly #tapStreamId: string;
  readonly #found = new Map<Finding, Map<string, number>>();
  /** Names of unknown fields by the path of the object that they were found in. */
  readonly #unknown = new Map<string, Set<string>>();
  #unknownCount = 0;
  #unnamedValues = 0;
  readonly #namedRows: string[] = [];
  #leftOut = 0;

  constructor(tapStreamId: string) {
    this.#tapStreamId = tapStreamId;
  }

  /** Something befell a value at `path`. */
  found(finding: Finding, path: string): void {
    const counts = this.#found.get(finding) ?? new Map<string, number>();
    this.#found.set(finding, counts);
    const named = counts.has(path) || counts.size < MAX_PATHS ? path : OTHER_PATHS;
    counts.set(named, (counts.get(named) ?? 0) + 1);
  }

  /** A member of the object at `path` is not in the schema. */
  unknownField(path: string, name: string): void {
    const names = this.#unknown.get(path);
    if (names?.has(name)) return;
    if (this.#unknownCount === MAX_UNKNOWN_FIELDS) {
      this.#unnamedValues++;
      return;
    }
    this.#unknownCount++;
    if (names) names.add(name);
    else this.#unknown.set(path, new Set([name]));
  }

  /** A row cannot be written, for the reason given. */
  rowLeftOut({ message }: FitError): void {
    this.#leftOut++;
    if (this.#namedRows.length < MAX_NAMED_ROWS) this.#namedRows.push(message);
  }

  /** Rows that could not be written. */
  get rowsLeftOut(): number {
    return this.#leftOut;
  }

  /**
   * Writes what was found: one ERROR for rows left out, a WARNING for each path, and one INFO line for
   * unknown fields.
   */
  write(log: Pick<Log, "info" | "warning" | "error">): void {
    const stream = `Stream ${JSON.stringify(this.#tapStreamId)}`;
    for (const [finding, counts] of this.#found) {
      for (const [path, count] of counts) {
        log.warning(`${stream}: ${counted(count, "value")} of ${quote(path)} ${FINDINGS[finding]}`);
      }
    }
    if (this.#unknownCount > 0) log.info(`${stream}: ${this.#unknownFields()}`);
    if (this.#leftOut > 0) log.error(`${stream}: ${this.#rowsLeftOut()}`);
  }

  #rowsLeftOut(): string {
    const rows = counted(this.#leftOut, "row");
    const more = this.#leftOut > this.#namedRows.length ? "; …" : "";
    return `left out ${rows} that cannot be written: ${
      this.#namedRows.join("; ")
    }${more}; correct ` +
      "the types in the catalog or allow null there, and if the catalog is as discovered report this " +
      "line";
  }

  #unknownFields(): string {
    const names = [...this.#unknown].flatMap(([path, members]) =>
      [...members].map((name) => joinPath(path, name.slice(0, MAX_NAME_LENGTH)))
    );
    const rest = this.#unnamedValues === 0
      ? ""
      : ` and ${counted(this.#unnamedValues, "value")} of others`;
    return `dropped fields that are not in its schema: ${names.join(", ")}${rest}; to have one, ` +
      "add it to the schema in the catalog";
  }
}

function quote(path: string): string {
  return path === OTHER_PATHS ? "other paths" : `"${path.slice(0, MAX_NAME_LENGTH)}"`;
}
