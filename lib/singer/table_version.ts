/**
 * The version of a full table, by which a target tells what is gone: each row of a read carries it, and
 * once the table is read whole an ACTIVATE_VERSION drops every row that has another. A read that was
 * interrupted goes on with its version, which the state keeps meanwhile. Where a row was left out, or
 * rows before came without a version, nothing is dropped this time: they would look as if gone.
 */

import type { JsonObject } from "../json.ts";

/** The key of the version in a stream's bookmark. */
export const VERSION_KEY = "version";

/** What a version is made from. */
export interface TableVersionOptions {
  /** Whether there are to be versions. */
  isAsked: boolean;
  /** The version in the state. */
  stored: number | undefined;
  /** Whether the read goes on where another was interrupted. */
  isContinued: boolean;
  /** When the read begins, in epoch milliseconds. */
  nowMs: number;
}

/** The version of one read. */
export class TableVersion {
  /** What its records carry; undefined when there are to be no versions. */
  readonly ofRecords: number | undefined;
  readonly #isNamed: boolean;
  /** What the state keeps, and what is activated at the end. */
  #pending: number | undefined;

  constructor({ isAsked, stored, isContinued, nowMs }: TableVersionOptions) {
    const pending = isContinued ? stored : nowMs;
    this.ofRecords = isAsked ? pending ?? nowMs : undefined;
    this.#pending = isAsked ? pending : undefined;
    this.#isNamed = isAsked || stored !== undefined;
  }

  /** A row was left out. */
  spoil(): void {
    this.#pending = undefined;
  }

  /** The table has been read whole: the version to activate, if there is one. */
  complete(): number | undefined {
    const version = this.#pending;
    this.#pending = undefined;
    return version;
  }

  /** Members for the stream's bookmark. */
  get bookmark(): JsonObject {
    return this.#isNamed ? { [VERSION_KEY]: this.#pending ?? null } : {};
  }
}
