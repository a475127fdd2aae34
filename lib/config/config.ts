/**
 * From what `-c` names to one resolved value: later sources win key by key, and whoever reads a
 * `Config` meets no default and no text form.
 */

import { InputError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { isLoopback, LEGACY_API_ROOT, subdomainApiRoot, subdomainTokenUrl } from "./api_root.ts";
import { type ConfigSource, describeKey, describeSources, unknownKeys } from "./config_source.ts";
import { configWarnings } from "./config_warnings.ts";
import { type Findings, findValues, showValue } from "./finding.ts";
import {
  SETTING_NAMES,
  SETTING_ROWS,
  type SettingName,
  SETTINGS,
  type SettingValues,
} from "./settings.ts";

/** What a run is told, every default filled in. */
export interface Config {
  /** Undefined only where there is a client. */
  readonly accessToken: string | undefined;
  /** The API client that gets tokens for the run. */
  readonly client:
    | { readonly id: string; readonly secret: string; readonly tokenUrl: string }
    | undefined;
  /** Epoch microseconds. */
  readonly startDateMicros: number;
  /** Streams that go by date stop before it. Epoch microseconds; `Infinity` for no end. */
  readonly endDateMicros: number;
  /** Without a trailing slash. */
  readonly apiRoot: string;
  readonly chatsApi: "search" | "incremental";
  /** Undefined when chats are never read again as a whole. */
  readonly chatsFullSyncDays: number | undefined;
  /** Undefined when nothing but the count of hits limits a search window. */
  readonly chatSearchIntervalDays: number | undefined;
  readonly emitActivateVersionMessages: boolean;
  readonly agentsPageLimit: number;
  readonly bansPageLimit: number;
  /** 0 is no limit. */
  readonly requestsPerMinute: number;
  readonly requestTimeoutSeconds: number;
  readonly userAgent: string;
}

/**
 * The config that the sources make together; null and empty values count as absent. `now` is in
 * epoch milliseconds.
 *
 * @throws {InputError} when a required value is missing or a value breaks its rule.
 */
export function resolveConfig(
  sources: readonly ConfigSource[],
  { now }: { now: number },
): { config: Config; warnings: string[] } {
  const findings = findValues(sources);
  requireValues(findings, sources);
  const values = parseValues(findings);
  requireOrder(values, findings);
  const client = resolveClient(values, sources);
  const warnings = configWarnings(values, { sources, findings, now });
  return { config: { ...fillIn(values), client }, warnings };
}

function requireValues(findings: Findings, sources: readonly ConfigSource[]): void {
  const isAbsent = (name: SettingName) => !findings.has(name);
  const missing = SETTING_ROWS.flatMap(([name, { required, unless }]): SettingName[] => {
    if (!isAbsent(name)) return [];
    if (unless === undefined) return required ? [name] : [];
    const lacking = unless.filter(isAbsent);
    // Where half of what would take its place is there, the other half is what is missing.
    return lacking.length === unless.length ? [name] : lacking;
  }).map((name) => describeKey(name, sources) + explainAbsence(name, sources));
  if (missing.length === 0) return;
  throw new InputError(
    `Cannot use ${describeSources(sources)}: required ` +
      (missing.length === 1 ? "setting is missing" : "settings are missing") +
      `, add ${missing.join(" and ")}`,
  );
}

/** What stands where the setting was looked for, in brackets; nothing when there is nothing. */
function explainAbsence(name: SettingName, sources: readonly ConfigSource[]): string {
  for (const source of sources) {
    if (source.values[name] === null) return " (it is null)";
    if (source.values[name] !== undefined) return " (it is empty)";
    const meant = unknownKeys(source).find((key) => nearest(key, SETTING_NAMES) === name);
    if (meant !== undefined) return ` (found ${describeKey(meant, [source])})`;
  }
  return "";
}

function parseValues(findings: Findings): SettingValues {
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const [name, { parse, rule, secret }] of SETTING_ROWS) {
    const finding = findings.get(name);
    if (finding === undefined) continue;
    values[name] = parse(finding.value);
    if (values[name] !== undefined) continue;
    throw new InputError(
      `Cannot use ${describeSources([finding.source])}: ${describeKey(name, [finding.source])} ` +
        `is not valid: current value is ${showValue(finding.value, secret)}, expected ${rule}`,
    );
  }
  return values as SettingValues;
}

function requireOrder({ start_date, end_date }: SettingValues, findings: Findings): void {
  if (end_date === undefined || end_date >= start_date) return;
  const { source, value } = findings.get("end_date")!;
  throw new InputError(
    `Cannot use ${describeSources([source])}: ${describeKey("end_date", [source])} is not valid: ` +
      `current value is ${
        showValue(value, false)
      }, expected an instant that is not before "start_date"`,
  );
}

/** The API client, which has to know where its account gives out tokens. */
function resolveClient(
  { client_id: id, client_secret: secret, subdomain, token_url }: SettingValues,
  sources: readonly ConfigSource[],
): Config["client"] {
  if (id === undefined || secret === undefined) return undefined;
  if (token_url !== undefined) return { id, secret, tokenUrl: token_url };
  if (subdomain !== undefined) return { id, secret, tokenUrl: subdomainTokenUrl(subdomain) };
  throw new InputError(
    `Cannot use ${describeSources(sources)}: ${
      describeKey("client_id", sources)
    } gets its tokens ` +
      `from the account's own host, add ${describeKey("subdomain", sources)} or ` +
      describeKey("token_url", sources),
  );
}

function fillIn(values: SettingValues): Omit<Config, "client"> {
  const apiRoot = values.base_url ??
    (values.subdomain === undefined ? LEGACY_API_ROOT : subdomainApiRoot(values.subdomain));
  return {
    accessToken: values.access_token,
    startDateMicros: values.start_date,
    endDateMicros: values.end_date ?? Infinity,
    apiRoot,
    chatsApi: values.chats_api ?? SETTINGS.chats_api.default,
    chatsFullSyncDays: values.chats_full_sync_days || undefined,
    chatSearchIntervalDays: values.chat_search_interval_days,
    emitActivateVersionMessages: values.emit_activate_version_messages ??
      SETTINGS.emit_activate_version_messages.default,
    agentsPageLimit: values.agents_page_limit ?? SETTINGS.agents_page_limit.default,
    bansPageLimit: values.bans_page_limit ?? SETTINGS.bans_page_limit.default,
    requestsPerMinute: values.requests_per_minute ??
      (isLoopback(new URL(apiRoot)) ? 0 : SETTINGS.requests_per_minute.default),
    requestTimeoutSeconds: values.request_timeout_seconds ??
      SETTINGS.request_timeout_seconds.default,
    userAgent: values.user_agent ?? SETTINGS.user_agent.default,
  };
}
