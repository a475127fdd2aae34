/**
 * Where config values come from: files, and the environment, which wins over them wherever the word
 * `ENV` stands among the `-c` flags.
 */

import { readJsonFile, type ReadText } from "../files.ts";
import type { JsonObject } from "../json.ts";
import { LOG_VARIABLES } from "../log.ts";
import { environmentVariable, SETTINGS, VARIABLE_PREFIX } from "./settings.ts";

/** Values and the file they are from; the file `ENV` is the environment. */
export interface ConfigSource {
  file: string;
  values: JsonObject;
}

/** The word that names the environment among config files. */
export const ENVIRONMENT = "ENV";

/**
 * Reads what `-c` names, in the order in which later values win.
 *
 * @throws {InputError} when a file cannot be read or holds no JSON object.
 */
export function readConfigSources(
  configs: readonly string[],
  { readText, env }: { readText: ReadText; env: () => Record<string, string> },
): ConfigSource[] {
  const sources: ConfigSource[] = configs.filter((file) => file !== ENVIRONMENT)
    .map((file) => ({ file, values: readJsonFile("config", file, readText) }));
  if (configs.includes(ENVIRONMENT)) {
    sources.push({ file: ENVIRONMENT, values: settingsIn(env()) });
  }
  return sources;
}

/** The variables that may be settings, by the names of these. */
function settingsIn(variables: Record<string, string>): JsonObject {
  const others: string[] = Object.values(LOG_VARIABLES);
  const own = Object.entries(variables).filter(([name]) =>
    // Behind a second underscore Meltano keeps what is its own business.
    name.startsWith(VARIABLE_PREFIX) && !name.startsWith(`${VARIABLE_PREFIX}_`) &&
    !others.includes(name)
  );
  return Object.fromEntries(
    own.map(([name, value]) => [name.slice(VARIABLE_PREFIX.length).toLowerCase(), value]),
  );
}

/** The sources as a message names them. */
export function describeSources(sources: readonly ConfigSource[]): string {
  return sources.map(({ file }) =>
    file === ENVIRONMENT ? "the environment" : `config file ${JSON.stringify(file)}`
  ).join(" and ");
}

/** A key as a message names it: by its variable when only the environment can hold it. */
export function describeKey(name: string, sources: readonly ConfigSource[]): string {
  return sources.every(({ file }) => file === ENVIRONMENT)
    ? environmentVariable(name)
    : JSON.stringify(name);
}

/** The keys that are no settings. */
export function unknownKeys({ values }: ConfigSource): string[] {
  return Object.keys(values).filter((key) => !Object.hasOwn(SETTINGS, key));
}
