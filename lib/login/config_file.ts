/**
 * The config file that login reads and writes. It holds a token, so nobody else may read it, and
 * it appears whole or not at all: a file beside it is written and takes its place.
 */

import { TapError } from "../errors.ts";
import { readJsonFile, readTextFile, reasonOf } from "../files.ts";
import type { JsonObject } from "../json.ts";

const OWNER_ONLY = 0o600;

const PROOF_BYTES = 4096;

/**
 * What an existing config file holds; undefined when there is none.
 *
 * @throws {InputError} when it cannot be read or holds no JSON object.
 */
export function readConfigFile(file: string): JsonObject | undefined {
  try {
    Deno.statSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
  }
  return readJsonFile("config", file, readTextFile);
}

/**
 * Finds out whether a config file can be written, before anyone goes to the trouble of a login.
 *
 * @throws {TapError} when its folder does not take a file.
 */
export async function proveWritable(file: string): Promise<void> {
  const target = await realPath(file) ?? file;
  // As much as a config file takes: a full disk still has room for an empty one.
  const text = " ".repeat(PROOF_BYTES);
  await atomically(target, (path) => Deno.writeTextFile(path, text), (path) => Deno.remove(path));
}

/**
 * Writes a config file, readable by its owner only. A link stays one: what it leads to is replaced.
 *
 * @throws {TapError} when it cannot be written, or when `replace` is false and it exists.
 */
export async function writeConfigFile(
  file: string,
  values: JsonObject,
  { replace }: { replace: boolean },
): Promise<void> {
  const text = JSON.stringify(values, null, 2) + "\n";
  const target = await realPath(file);
  if (target !== undefined && !replace) {
    throw new TapError(
      `Cannot write config file ${JSON.stringify(file)}: it has appeared since login began; run ` +
        "login again, or name another file with --config",
    );
  }
  await atomically(
    target ?? file,
    (path) => Deno.writeTextFile(path, text, { createNew: true, mode: OWNER_ONLY }),
    (path) => Deno.rename(path, target ?? file),
  );
}

async function realPath(file: string): Promise<string | undefined> {
  try {
    return await Deno.realPath(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Makes a file beside `file` and hands its path on; what fails leaves nothing behind. */
async function atomically(
  file: string,
  make: (path: string) => Promise<void>,
  place: (path: string) => Promise<void>,
): Promise<void> {
  const beside = `${file}.${crypto.randomUUID()}.tmp`;
  try {
    await make(beside);
    await place(beside);
  } catch (error) {
    await Deno.remove(beside).catch(() => {});
    if (!(error instanceof Error)) throw error;
    throw new TapError(`Cannot write config file ${JSON.stringify(file)}: ${explain(error)}`);
  }
}

function explain(error: Error): string {
  if (error instanceof Deno.errors.NotFound) return "its folder does not exist, make it first";
  if (error instanceof Deno.errors.NotADirectory) return "its folder is a file";
  if (error instanceof Deno.errors.PermissionDenied) {
    return "permission denied, name a file in a folder of yours with --config";
  }
  return `${reasonOf(error)}; make room there, or name a file elsewhere with --config`;
}
