/**
 * State: what the run was given, with only this run's changes on top. Nothing is ever dropped from
 * it, so keys of other streams, of other ways of reading and of the Python tap survive.
 */

import { parseMicros } from "../date_time.ts";
import { InputError } from "../errors.ts";
import { isNumber, toBigInt } from "../exact_number.ts";
import { describeType, isJsonObject, type Json, type JsonObject } from "../json.ts";

/** Characters of a wrong value that an error shows. */
const LONGEST_SHOWN = 60;

/** The empty state: what a run without `--state` begins with. */
export const EMPTY_STATE: JsonObject = { bookmarks: {} };

/**
 * A state as it is read from a file, `bookmarks` always present.
 *
 * @throws {InputError} when its outer shape is not that of a state.
 */
export function checkState(value: Json, file: string): JsonObject {
  if (!isJsonObject(value)) {
    throw new InputError(
      `Cannot use state file ${JSON.stringify(file)}: expected a JSON object, found ` +
        describeType(value),
    );
  }
  const root = new BookmarkReader(value, "", file);
  root.text("currently_syncing");
  for (const tapStreamId of Object.keys(root.nested("bookmarks").value)) {
    root.nested("bookmarks").nested(tapStreamId);
  }
  return { ...value, bookmarks: value.bookmarks ?? {} };
}

/** One level of a state, read with checks that name file and key. */
export class BookmarkReader {
  readonly value: JsonObject;
  readonly #path: string;
  readonly #file: string;

  constructor(value: JsonObject, path: string, file: string) {
    this.value = value;
    this.#path = path;
    this.#file = file;
  }

  /** The object below `key`; an empty one when it is absent or null. */
  nested(key: string): BookmarkReader {
    const value = this.value[key] ?? {};
    if (!isJsonObject(value)) throw this.#misfit(key, "an object");
    return new BookmarkReader(value, this.#pathOf(key), this.#file);
  }

  /** The same place with another value. */
  withValue(value: JsonObject): BookmarkReader {
    return new BookmarkReader(value, this.#path, this.#file);
  }

  /** The date-time below `key`, in epoch microseconds. */
  instant(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const micros = parseMicros(text);
    if (micros === undefined) {
      const expected = "a date-time such as 2024-01-31T00:00:00Z";
      throw this.#misfit(key, expected, 'or remove it to begin at "start_date"');
    }
    return micros;
  }

  /** The whole number below `key`. */
  integer(key: string): number | undefined {
    const value = this.#present(key);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
      throw this.#misfit(key, "a whole number");
    }
    return value;
  }

  /** The id below `key`: a whole number of any size. */
  id(key: string): bigint | undefined {
    const value = this.#present(key);
    if (value === undefined) return undefined;
    const id = toBigInt(value);
    if (id === undefined || id < 0n) throw this.#misfit(key, "a whole number");
    return id;
  }

  /** The text below `key`. */
  text(key: string): string | undefined {
    const value = this.#present(key);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw this.#misfit(key, "a text");
    return value === "" ? undefined : value;
  }

  /** One of several texts below `key`. */
  oneOf<T extends string>(key: string, choices: readonly T[]): T {
    const text = this.text(key);
    const choice = choices.find((one) => one === text);
    if (choice === undefined) throw this.#misfit(key, `one of ${choices.join(", ")}`);
    return choice;
  }

  /** The texts in the array below `key`. */
  texts(key: string): string[] {
    return this.#array(key).map((value) => {
      if (typeof value !== "string" || value === "") throw this.#misfit(key, "an array of texts");
      return value;
    });
  }

  /** The objects in the array below `key`. */
  list(key: string): BookmarkReader[] {
    return this.#array(key).map((value, index) => {
      if (!isJsonObject(value)) throw this.#misfit(key, "an array of objects");
      return new BookmarkReader(value, `${this.#pathOf(key)}[${index}]`, this.#file);
    });
  }

  #array(key: string): Json[] {
    const value = this.#present(key) ?? [];
    if (!Array.isArray(value)) throw this.#misfit(key, "an array");
    return value;
  }

  /** The Python tap leaves an empty object where it looked for a bookmark and found none. */
  #present(key: string): Json | undefined {
    const value = this.value[key];
    if (value === null) return undefined;
    return isJsonObject(value) && Object.keys(value).length === 0 ? undefined : value;
  }

  #pathOf(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`;
  }

  #misfit(key: string, expected: string, otherWay = "or remove it"): InputError {
    return new InputError(
      `Cannot use state file ${JSON.stringify(this.#file)}: ${
        JSON.stringify(this.#pathOf(key))
      } is ` +
        `${show(this.value[key])}, expected ${expected}; correct it, ${otherWay}`,
    );
  }
}

/** The state with another stream, or none, marked as the one under way. */
export function withCurrentlySyncing(state: JsonObject, tapStreamId: string | null): JsonObject {
  return { ...state, currently_syncing: tapStreamId };
}

/** The state after a checkpoint of a stream: `bookmark` below the stream's own key, `top` beside. */
export function advanceState(
  state: JsonObject,
  tapStreamId: string,
  bookmark: JsonObject,
  top: JsonObject = {},
): JsonObject {
  return merge(state, { ...top, bookmarks: { [tapStreamId]: bookmark } });
}

/** A stream's own bookmark in a state. */
export function bookmarkIn({ bookmarks }: JsonObject, tapStreamId: string): JsonObject {
  const bookmark = isJsonObject(bookmarks) ? bookmarks[tapStreamId] : undefined;
  return isJsonObject(bookmark) ? bookmark : {};
}

function merge(base: JsonObject, changes: JsonObject): JsonObject {
  const merged = { ...base };
  for (const [key, change] of Object.entries(changes)) {
    const old = merged[key];
    merged[key] = isJsonObject(change) ? merge(isJsonObject(old) ? old : {}, change) : change;
  }
  return merged;
}

function show(value: Json | undefined): string {
  if (isNumber(value)) return `${value}`;
  if (typeof value !== "string") return describeType(value);
  return JSON.stringify(value.length > LONGEST_SHOWN ? value.slice(0, LONGEST_SHOWN) + "…" : value);
}
