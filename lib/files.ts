/**
 * Reads the JSON files that the command line names. No message quotes what a file holds: it may be
 * the token.
 */

import { InputError } from "./errors.ts";
import { parseExactly } from "./exact_number.ts";
import { describeType, isJsonObject, type Json, type JsonObject } from "./json.ts";
import { describeJsonError } from "./json_position.ts";

/** What a file is read for. */
export type InputKind = "config" | "state" | "catalog";

/** Returns a file's text; throws what the runtime throws, and a TypeError if it is not UTF-8. */
export type ReadText = (path: string) => string;

const FLAGS: Record<InputKind, string> = { config: "-c", state: "-s", catalog: "--catalog" };

/** The text of a file. Throws what the runtime throws, and a TypeError when it is not UTF-8. */
export function readTextFile(path: string): string {
  return decodeText(Deno.readFileSync(path));
}

/** The text of a file's bytes. Throws a TypeError when they are not UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/**
 * The object that a file holds. A byte order mark is skipped.
 *
 * @throws {InputError} when the file cannot be read or holds no JSON object.
 */
export function readJsonFile(kind: InputKind, path: string, readText: ReadText): JsonObject {
  const text = readInput(kind, path, readText).replace(/^\ufeff/, "");
  if (text.trim() === "") {
    throw misread(kind, path, `it is empty, expected ${expectedContent(kind)}`);
  }
  const value = parseJson(kind, path, text);
  if (!isJsonObject(value)) {
    throw misread(kind, path, `found ${describeType(value)}, expected ${expectedContent(kind)}`);
  }
  return value;
}

/**
 * What is read of a file, however that is done.
 *
 * @throws {InputError} when it cannot be read.
 */
export function readInput<T>(kind: InputKind, path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof InputError) throw error;
    throw misread(kind, path, explainReadError(kind, path, error));
  }
}

function explainReadError(kind: InputKind, path: string, error: Error): string {
  if (error instanceof Deno.errors.NotFound) {
    const found = `no such file, check the path after ${FLAGS[kind]}`;
    const first = `for a first run make an empty one: touch ${JSON.stringify(path)}`;
    return kind === "state" ? `${found}; ${first}` : found;
  }
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory, expected a JSON file";
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "permission denied, let the user who runs the tap read it";
  }
  if (error instanceof TypeError) return "it is not UTF-8 text, save it as UTF-8";
  return reasonOf(error);
}

/** What the runtime says went wrong with a file, without the call and the path at its end. */
export function reasonOf({ message }: Error): string {
  return message.replace(/: \w+ '.*$/, "");
}

function parseJson(kind: InputKind, path: string, text: string): Json {
  try {
    return parseExactly(text);
  } catch {
    throw misread(kind, path, `it is not JSON, ${describeJsonError(text)}`);
  }
}

function expectedContent(kind: InputKind): string {
  return kind === "catalog" ? "a JSON object as --discover prints it" : "a JSON object";
}

/** That a file cannot be read; `finding` says why. */
export function misread(kind: InputKind, path: string, finding: string): InputError {
  return new InputError(`Cannot read ${kind} file ${JSON.stringify(path)}: ${finding}`);
}
