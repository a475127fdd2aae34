/** The files that a command names: read, checked, and ready to be used. */

import type { JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import { type CatalogEntry, checkCatalog, type KnownStream } from "../singer/catalog.ts";
import { checkState, EMPTY_STATE } from "../singer/state.ts";
import { readStateFile } from "../singer/state_file.ts";
import { type KnownBookmark, warnOfUnknownBookmarks } from "../singer/unknown_bookmarks.ts";
import { type Config, resolveConfig } from "../config/config.ts";
import { ENVIRONMENT, readConfigSources } from "../config/config_source.ts";
import { SETTING_ROWS } from "../config/settings.ts";
import { decodeText, readJsonFile } from "../files.ts";
import { linesFromEnd } from "../lines_from_end.ts";

/**
 * The config and what is odd about it; from here on its secrets are masked in the log. `now` is in epoch
 * milliseconds.
 *
 * @throws {InputError} when it cannot be read or used.
 */
export function loadConfig(
  configs: readonly string[],
  { log, now }: { log: Log; now: number },
): { config: Config; warnings: string[] } {
  const sources = readConfigSources(configs, { readText, env: (name) => Deno.env.get(name) });
  for (const { values } of sources) {
    for (const [name, { secret }] of SETTING_ROWS) {
      const value = values[name];
      if (secret && typeof value === "string") log.conceal(value.trim());
    }
  }
  const { config, warnings } = resolveConfig(sources, { now });
  return { config, warnings: [...warnings, ...configs.flatMap(warnOfReaders)] };
}

/**
 * The state in a file, and what is odd about it; the empty one when no file is named.
 *
 * @throws {InputError} when it cannot be read or is no state.
 */
export function loadState(
  file: string | undefined,
  known: readonly KnownBookmark[],
): { state: JsonObject; warnings: string[] } {
  if (file === undefined) return { state: EMPTY_STATE, warnings: [] };
  const found = readStateFile(file, { readLines: linesFromEnd, readText });
  const state = checkState(found.state, file);
  return { state, warnings: [...found.warnings, ...warnOfUnknownBookmarks(state, file, known)] };
}

/**
 * The streams in a catalog file, in its order.
 *
 * @throws {InputError} when it cannot be read, or a selected stream cannot be read as it says.
 */
export function loadCatalog(file: string, known: readonly KnownStream[]): CatalogEntry[] {
  return checkCatalog(readJsonFile("catalog", file, readText), file, known);
}

function readText(path: string): string {
  return decodeText(Deno.readFileSync(path));
}

/** A config file holds the token, so it should be its owner's alone. */
function warnOfReaders(file: string): string[] {
  if (file === ENVIRONMENT) return [];
  const { mode } = Deno.statSync(file);
  if (mode === null || (mode & 0o004) === 0) return [];
  return [
    `Config file ${JSON.stringify(file)} can be read by everyone on this machine: chmod 600 it`,
  ];
}
