/**
 * The config file to be, all but its token. Whatever could spoil the login at its end, a file that
 * may not be changed or a setting that is wrong, comes up here at its beginning.
 */

import type { Clock } from "../clock.ts";
import type { JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import { type Config, resolveConfig } from "../config/config.ts";
import { type AnswerSource, obtain, requireConsent } from "./answers.ts";
import { proveWritable, readConfigFile } from "./config_file.ts";

const DEFAULT_FILE = "config.json";

/** A config that lacks its token. */
export interface Draft {
  file: string;
  /** Whether the file exists, and there is consent to change it. */
  replace: boolean;
  subdomain: string;
  /** The config file with this token in it. */
  withToken(accessToken: string): JsonObject;
  /** The same as a sync understands it. */
  resolve(accessToken: string): Config;
}

/**
 * Asks for the settings; those of an existing file are kept, and offered where they are asked for.
 *
 * @throws {TapError} when the file cannot be used, read or written.
 */
export async function draftConfig(
  source: AnswerSource,
  { clock, log }: { clock: Clock; log: Log },
): Promise<Draft> {
  const { flags } = source;
  const file = flags.values.config ?? DEFAULT_FILE;
  const stored = readConfigFile(file);
  if (stored !== undefined) await requireConsent(file, source);
  await proveWritable(file);

  const subdomain = await obtain("subdomain", source, textOf(stored?.subdomain));
  const startDate = await obtain("start-date", source, textOf(stored?.start_date));
  const baseUrl = flags.values["base-url"];
  const withToken = (accessToken: string): JsonObject => ({
    ...stored,
    access_token: accessToken,
    start_date: startDate,
    subdomain,
    ...(baseUrl !== undefined && { base_url: baseUrl }),
  });
  const resolve = (accessToken: string) =>
    resolveConfig([{ file, values: withToken(accessToken) }], { now: clock.now() });

  for (const warning of resolve("pending").warnings) log.warning(warning);
  return {
    file,
    replace: stored !== undefined,
    subdomain,
    withToken,
    resolve: (accessToken) => resolve(accessToken).config,
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
