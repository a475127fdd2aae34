/**
 * What fitting changed, dropped or left out in one stream, for the log at the stream's end. Paths come from
 * the schema and are therefore few; names of unknown fields come from the API, so only the first
 * ones are kept and the rest is counted.
 */

import type { Log } from "../log.ts";

const MAX_UNKNOWN_FIELDS = 20;
const MAX_NAME_LENGTH = 100;

/** Rows left out that are named; the others are counted. */
const MAX_NAMED_ROWS = 10;

/** A row cannot be written; the message says which and why, never what it holds. */
export class FitError extends Error {
  override name = "FitError";
}

/** Counts by path, dotted as in `history[].msg_id`. */
export class FitReport {
  readonly #tapStreamId: string;
  readonly #nulled = new Map<string, number>();
  readonly #unsafe = new Map<string, number>();
  /** Names of unknown fields by the path of the object that they were found in. */
  readonly #unknown = new Map<string, Set<string>>();
  #unknownCount = 0;
  #unnamedValues = 0;
  readonly #namedRows: string[] = [];
  #leftOut = 0;

  constructor(tapStreamId: string) {
    this.#tapStreamId = tapStreamId;
  }

  /** A value fits no type and is written as null. */
  nulled(path: string): void {
    increment(this.#nulled, path);
  }

  /** An integer is beyond 2^53, where not every integer has a double. */
  unsafeInteger(path: string): void {
    increment(this.#unsafe, path);
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
    for (const [path, count] of this.#nulled) {
      log.warning(
        `${stream}: ${values(count)} of "${path}" fit none of its types and became null: correct ` +
          `its type in the catalog, or report this line if the catalog is as discovered`,
      );
    }
    for (const [path, count] of this.#unsafe) {
      log.warning(`${stream}: ${values(count)} of "${path}" beyond 2^53: last digits are lost`);
    }
    if (this.#unknownCount > 0) log.info(`${stream}: ${this.#unknownFields()}`);
    if (this.#leftOut > 0) log.error(`${stream}: ${this.#rowsLeftOut()}`);
  }

  #rowsLeftOut(): string {
    const rows = this.#leftOut === 1 ? "1 row" : `${this.#leftOut} rows`;
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
    const rest = this.#unnamedValues === 0 ? "" : ` and ${values(this.#unnamedValues)} of others`;
    return `dropped fields that are not in its schema: ${names.join(", ")}${rest}`;
  }
}

/** The path of an object's member. */
export function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function increment(counts: Map<string, number>, path: string): void {
  counts.set(path, (counts.get(path) ?? 0) + 1);
}

function values(count: number): string {
  return count === 1 ? "1 value" : `${count} values`;
}
