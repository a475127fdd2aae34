/**
 * The config file to be, all but what lets a run in. Whatever could spoil the login at its end, a file that
 * may not be changed or a setting that is wrong, comes up here at its beginning.
 */

import type { Clock } from "../clock.ts";
import { type Config, resolveConfig } from "../config/config.ts";
import type { JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import { type AnswerSource, obtain, requireConsent } from "./answers.ts";
import { proveWritable, readConfigFile } from "./config_file.ts";

const DEFAULT_FILE = "config.json";
/** Stands in for the token while the other settings are checked. */
const PENDING = "pending-token";

/** What lets a run in: a token, or an API client that gets tokens. */
export type Credentials =
  | { access_token: string }
  | { client_id: string; client_secret: string; token_url?: string };

/** A config that lacks its credentials. */
export interface Draft {
  file: string;
  /** Whether the file exists, and there is consent to change it. */
  replace: boolean;
  subdomain: string;
  /** Its settings as a sync understands them. */
  config: Pick<Config, "apiRoot" | "userAgent">;
  /** The config file with these credentials, and more, in it. */
  complete(credentials: Credentials, more?: JsonObject): JsonObject;
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
  await proveWritable(file);
  if (stored !== undefined) await requireConsent(file, source);

  const subdomain = await obtain("subdomain", source, textOf(stored?.subdomain));
  const startDate = await obtain("start-date", source, textOf(stored?.start_date));
  const baseUrl = flags.values["base-url"];
  const complete = (credentials: Credentials, more: JsonObject = {}): JsonObject => {
    const { access_token: _, ...kept } = stored ?? {};
    return {
      // In its old place, so that no more of the file changes than has to.
      ...("access_token" in credentials ? stored : kept),
      ...credentials,
      start_date: startDate,
      subdomain,
      ...(baseUrl !== undefined && { base_url: baseUrl }),
      ...more,
    };
  };
  const values = complete({ access_token: PENDING });
  const { config, warnings } = resolveConfig([{ file, values }], { now: clock.now() });
  for (const warning of warnings) log.warning(warning);
  return { file, replace: stored !== undefined, subdomain, config, complete };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
