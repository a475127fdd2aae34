/**
 * Streams of what is nested in another stream's rows: a table of its own for each list, without a
 * request more. Rows are copies, because the parent's row is pruned and fitted in its place.
 */

import { parseExactly } from "../exact_number.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Schema } from "../singer/schema.ts";
import type { ChildStream } from "./stream.ts";

/** What tells one such stream from another. */
export interface ChildStreamOptions {
  tapStreamId: string;
  parent: string;
  /** The member of the parent's row that holds the list. */
  member: string;
  /** The only way of reading chats that has the list; any way when absent. */
  onlyBy?: ChildStream["onlyBy"];
  keyProperties: readonly string[];
  bookmarkKeys: readonly string[];
  schema: Schema;
  /** What a row has beside the members of its element. */
  link(parentRow: JsonObject, position: number): JsonObject;
}

/** A stream of the elements of a list. Null elements hold nothing and are no rows. */
export function childStream({ member, link, ...facts }: ChildStreamOptions): ChildStream {
  return {
    ...facts,
    replicationMethod: "INCREMENTAL",
    replicationKeys: () => [],
    selectedByDefault: false,
    discovery: "listed",
    rowsIn(parentRow) {
      const list = isJsonObject(parentRow) ? parentRow[member] : undefined;
      if (!Array.isArray(list)) return [];
      return list.flatMap((element, position) => {
        if (element === null) return [];
        if (!isJsonObject(element)) return [element];
        return [{ ...copyElement(element), ...link(parentRow as JsonObject, position) }];
      });
    },
  };
}

function copyElement(element: JsonObject): JsonObject {
  try {
    return copyMembers(element);
  } catch (error) {
    // Nested too deep to be walked through, as no real answer is: by its text it takes any depth.
    if (!(error instanceof RangeError)) throw error;
    return parseExactly(JSON.stringify(element)) as JsonObject;
  }
}

function copyMembers(object: JsonObject): JsonObject {
  const copy = { ...object };
  for (const name in copy) {
    const value = copy[name];
    if (typeof value === "object" && value !== null) copy[name] = copyJson(value);
  }
  return copy;
}

function copyJson(value: Json): Json {
  if (Array.isArray(value)) return value.map(copyJson);
  return isJsonObject(value) ? copyMembers(value) : value;
}
