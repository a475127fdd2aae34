/** A target that upserts by key: what it holds is what all nights together brought. */

import { assert } from "@std/assert";
import type { JsonObject } from "../../lib/json.ts";
import type { Message } from "../program/singer_output.ts";

/** Tables by stream, rows by key, the latest version of each. */
export class Target {
  readonly #keys = new Map<string, readonly string[]>();
  readonly #tables = new Map<string, Map<string, JsonObject>>();

  /** Takes the messages of a run; a record without a SCHEMA before it or without its key throws. */
  take(messages: readonly Message[]): void {
    for (const message of messages) {
      if (message.type === "SCHEMA") this.#keys.set(message.stream, message.key_properties);
      if (message.type !== "RECORD") continue;
      const { stream, record } = message;
      const keys = this.#keys.get(stream);
      assert(keys !== undefined, `a record of ${stream} before its SCHEMA`);
      assert(
        keys.every((key) => record[key] !== undefined),
        `a record of ${stream} without its key`,
      );
      let table = this.#tables.get(stream);
      if (table === undefined) this.#tables.set(stream, table = new Map());
      table.set(keys.map((key) => `${record[key]}`).join(" "), record);
    }
  }

  /** The rows of a stream, in the order of their keys. */
  rows(stream: string): JsonObject[] {
    return [...this.#tables.get(stream) ?? []]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, row]) => row);
  }

  /** The keys of a stream, in order; those of more than one property have spaces between. */
  keys(stream: string): string[] {
    return [...this.#tables.get(stream)?.keys() ?? []].sort();
  }
}
