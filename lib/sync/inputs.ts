/** The files that a command names: read, checked, and ready to be used. */

import { type Config, resolveConfig } from "../config/config.ts";
import {
  type ConfigSource,
  describeKey,
  describeSources,
  ENVIRONMENT,
  readConfigSources,
} from "../config/config_source.ts";
import { SETTING_ROWS, type SettingName } from "../config/settings.ts";
import { readJsonFile, readTextFile } from "../files.ts";
import type { JsonObject } from "../json.ts";
import { linesFromEnd } from "../lines_from_end.ts";
import { type Log, LOG_VARIABLES, SHORTEST_MASKED } from "../log.ts";
import { checkState, EMPTY_STATE } from "../singer/state.ts";
import { readStateFile } from "../singer/state_file.ts";
import { type KnownBookmark, warnOfUnknownBookmarks } from "../singer/unknown_bookmarks.ts";

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
  const sources = readConfigSources(configs, {
    readText: readTextFile,
    env: () => Deno.env.toObject(),
  });
  const secrets = sources.flatMap(secretsIn);
  for (const { value } of secrets) log.conceal(value);
  const { config, warnings } = resolveConfig(sources, { now });
  const readable = sources.filter(({ file }) => isForAll(file) && !isRunnersOwn(file));
  return {
    config,
    warnings: [
      ...warnings,
      ...secrets.filter(({ value }) => value.length < SHORTEST_MASKED).map(warnOfShort),
      ...secrets.filter(({ source }) => readable.includes(source)).map(warnOfReaders),
    ],
  };
}

/** A value that nobody but the API is to see, and where it is from. */
interface Secret {
  name: SettingName;
  value: string;
  source: ConfigSource;
}

function secretsIn(source: ConfigSource): Secret[] {
  return SETTING_ROWS.flatMap(([name, { secret }]) => {
    const given = source.values[name];
    // The scheme is no secret, and masked it would be missing where an error says to leave it out.
    const value = typeof given === "string" ? given.trim().replace(/^bearer\s+/i, "") : "";
    return secret && value !== "" ? [{ name, value, source }] : [];
  });
}

function warnOfShort({ name, source }: Secret): string {
  return `${describeKey(name, [source])} in ${describeSources([source])} is shorter than ` +
    `${SHORTEST_MASKED} characters: it is not masked in the log, make sure that it is the whole of it`;
}

/** Whether everyone on the machine may read a file. */
function isForAll(file: string): boolean {
  if (file === ENVIRONMENT) return false;
  const { mode } = Deno.statSync(file);
  return mode !== null && (mode & 0o004) !== 0;
}

/** Whether a runner writes a file anew for each run, so that advice about it is for nobody. */
function isRunnersOwn(file: string): boolean {
  return (Deno.env.get(LOG_VARIABLES.config) ?? "") !== "" ||
    /(?:^|[\\/])\.meltano[\\/]run[\\/]/.test(Deno.realPathSync(file));
}

function warnOfReaders({ name, source: { file } }: Secret): string {
  return `Config file ${JSON.stringify(file)} holds ${JSON.stringify(name)} and can be read by ` +
    "everyone on this machine: chmod 600 it";
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
  const found = readStateFile(file, { readLines: linesFromEnd, readText: readTextFile });
  const state = checkState(found.state, file);
  return { state, warnings: [...found.warnings, ...warnOfUnknownBookmarks(state, file, known)] };
}

/**
 * What a catalog file holds.
 *
 * @throws {InputError} when it cannot be read or holds no object.
 */
export function readCatalog(file: string): JsonObject {
  return readJsonFile("catalog", file, readTextFile);
}
