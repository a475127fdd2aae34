/**
 * The state file: one state, or one a line as targets append them, of which the last whole one counts.
 * What a killed target or a full disk leaves at its end is passed over: the state before that is older,
 * so rows are read again, and none is lost. What is no state is refused, for a run that took it for an
 * empty one would read everything again.
 */

import { InputError } from "../errors.ts";
import { parseExactly } from "../exact_number.ts";
import { decodeText, misread, readInput, type ReadText } from "../files.ts";
import { describeType, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { describeJsonError, explainJsonError } from "../json_position.ts";
import { nearest } from "../nearest.ts";

/** Returns a file's lines, the last one first; throws what the runtime throws. */
export type ReadLines = (path: string) => Iterable<Uint8Array>;

/** How a state file is read: by its lines, and as a whole where one state takes several of them. */
export interface StateReaders {
  readLines: ReadLines;
  readText: ReadText;
}

const SINGER_KEYS = ["bookmarks", "currently_syncing"];

/** What every state has at least one of. */
const STATE_KEYS = [...SINGER_KEYS, "chats_last_full_sync"];

/** What Meltano puts around a state: below the second key there is the first one again. */
const WRAPPINGS = ["singer_state", "completed"];

/**
 * The state that a file holds, and what is odd about the file. An empty file is an empty state.
 *
 * @throws {InputError} when it cannot be read, or what it holds is no state.
 */
export function readStateFile(
  file: string,
  readers: StateReaders,
): { state: JsonObject; warnings: string[] } {
  const found = readInput("state", file, () => lastWhole(file, readers));
  if (found === undefined) return { state: {}, warnings: [] };
  return {
    state: requireState(unwrap(found.value), file),
    warnings: found.isBehindTorn ? [warnOfTorn(file)] : [],
  };
}

interface Found {
  value: Json;
  /** Whether something torn was passed over on the way to it. */
  isBehindTorn: boolean;
}

/** What counts in a file; undefined when it is empty. */
function lastWhole(file: string, { readLines, readText }: StateReaders): Found | undefined {
  let passed = 0;
  for (const bytes of readLines(file)) {
    const line = decodeLine(bytes);
    if (line === "") continue;
    const value = line === undefined ? undefined : parseLine(line);
    // Behind a torn line nothing but a state will do, for a torn catalog has whole lines too.
    if (value !== undefined && (passed === 0 || isState(unwrap(value)))) {
      return { value, isBehindTorn: passed > 0 };
    }
    const appended = line === undefined ? undefined : stateBehindTorn(line);
    if (appended !== undefined) return { value: appended, isBehindTorn: true };
    if (passed++ === 0 && line !== undefined && !breaksOff(line)) {
      const whole = parseLine(readText(file));
      if (whole !== undefined) return { value: whole, isBehindTorn: false };
    }
  }
  if (passed === 0) return undefined;
  const text = readText(file);
  const lines = passed === 1 ? "" : "none of its lines is a whole state, and ";
  throw misread("state", file, `${lines}it is not JSON, ${describeJsonError(text)}`);
}

/** A line's text without space around it; undefined when it is not UTF-8, as where it is torn. */
function decodeLine(bytes: Uint8Array): string | undefined {
  try {
    return decodeText(bytes).trim();
  } catch {
    return undefined;
  }
}

function parseLine(text: string): Json | undefined {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

/** The state at a line's end that was appended to a torn one. */
function stateBehindTorn(line: string): JsonObject | undefined {
  // A torn line is the beginning of an object, or what a file system puts where nothing was written.
  if (!/^[{\0]/.test(line)) return undefined;
  for (let at = line.indexOf('{"', 1); at >= 0; at = line.indexOf('{"', at + 1)) {
    const value = parseLine(line.slice(at));
    if (value !== undefined && isState(unwrap(value))) return value as JsonObject;
  }
  return undefined;
}

function breaksOff(line: string): boolean {
  return explainJsonError(line).offset === line.length;
}

/** The value without what Singer messages and Meltano put around a state. */
function unwrap(value: Json): Json {
  if (!isJsonObject(value)) return value;
  if (value.type === "STATE" && "value" in value) return unwrap(value.value ?? null);
  const wrapping = WRAPPINGS.find((key) => key in value);
  return wrapping === undefined ? value : unwrap(value[wrapping] ?? null);
}

function isState(value: Json): value is JsonObject {
  return isJsonObject(value) &&
    (Object.keys(value).length === 0 || STATE_KEYS.some((key) => key in value));
}

function requireState(value: Json, file: string): JsonObject {
  if (isState(value)) return value;
  throw new InputError(
    `Cannot use state file ${JSON.stringify(file)}: it holds ${
      describe(value)
    }, expected a state ` +
      'as a target prints it, such as {"bookmarks": {}}; check the path after -s',
  );
}

/** What is there in place of a state, by its shape and the names of its keys alone. */
function describe(value: Json): string {
  if (!isJsonObject(value)) return describeType(value);
  if (Array.isArray(value.streams)) return "a catalog, which goes with --catalog";
  if ("access_token" in value || "start_date" in value) return "a config, which goes with -c";
  if (typeof value.type === "string" && "stream" in value) {
    return "a message for the target, and not what the target prints";
  }
  for (const key of Object.keys(value)) {
    const meant = nearest(key, SINGER_KEYS);
    if (meant !== undefined) return `${JSON.stringify(key)} (did you mean "${meant}"?)`;
  }
  return `an object without ${STATE_KEYS.map((key) => `"${key}"`).join(", ")}`;
}

function warnOfTorn(file: string): string {
  return `State file ${JSON.stringify(file)} has a torn line at its end, as a killed target or a ` +
    "full disk leaves it: the last whole state counts, what came after it is read again";
}
