/**
 * The one table of settings: config files and the environment are checked against it, and `--about`
 * and the README's table are printed from it.
 */

import { isBearerToken } from "../bearer_token.ts";
import { parseMicros } from "../date_time.ts";
import type { Json } from "../json.ts";
import { NAME, VERSION } from "../version.ts";
import { BASE_URL_RULE, parseBaseUrl, parseSubdomain } from "./api_root.ts";

type Scalar = string | number | boolean;

/** One setting; `T` is what its value is once parsed. */
export interface Setting<T extends Scalar = Scalar> {
  kind: "string" | "date" | "integer" | "boolean" | "choice" | "url";
  required: boolean;
  /** What takes its place when it is not there: all of these together. */
  unless?: readonly ("client_id" | "client_secret")[];
  /** Whether the value stays out of every message. */
  secret: boolean;
  default?: T;
  /** What people read in place of the default, in Markdown. */
  defaultNote?: string;
  choices?: readonly string[];
  minimum?: number;
  maximum?: number;
  /** For users, in Markdown, without a full stop. */
  description: string;
  /** What an error says was expected. */
  rule: string;
  /** The value of what a config holds, strings trimmed; undefined when it breaks the rule. */
  parse(value: Json): T | undefined;
}

const CLIENT_REGEXP = /^\P{Cc}+$/u;
const HEADER_REGEXP = /^[ -~\u00a0-\u00ff]+$/;

const DATE_RULE = "YYYY-MM-DD, an RFC 3339 date-time such as 2020-01-31T00:00:00Z, or MM/DD/YYYY";

const OPTIONAL = { required: false, secret: false } as const;
const LONGEST_DAYS = 36500;

/** Every setting, in the order in which they are listed and checked. */
export const SETTINGS = {
  access_token: {
    kind: "string",
    required: false,
    unless: ["client_id", "client_secret"],
    secret: true,
    description: "OAuth token of a Zendesk Chat API client (a Zendesk Support token does not work)",
    rule: 'the bare token in ASCII, without "Bearer", spaces and control characters',
    parse: (value: Json) => isBearerToken(value) ? value : undefined,
  } satisfies Setting<string>,
  client_id: {
    ...OPTIONAL,
    kind: "string",
    description: "A confidential API client, with which each run gets tokens of its own: one at " +
      "its start, or with `access_token` when that is refused, and a new one when one expires",
    rule: "the client ID of an API client",
    parse: (value: Json) => text(value, CLIENT_REGEXP),
  } satisfies Setting<string>,
  client_secret: {
    ...OPTIONAL,
    kind: "string",
    secret: true,
    description: "The secret of that client",
    rule: "the client secret of an API client",
    parse: (value: Json) => text(value, CLIENT_REGEXP),
  } satisfies Setting<string>,
  token_url: {
    ...OPTIONAL,
    kind: "url",
    defaultNote: "`https://SUBDOMAIN.zendesk.com/oauth2/chat/token`",
    description: "Where that client gets its tokens",
    rule: BASE_URL_RULE,
    parse: (value: Json) => typeof value === "string" ? parseBaseUrl(value) : undefined,
  } satisfies Setting<string>,
  start_date: {
    kind: "date",
    required: true,
    secret: false,
    description: "Where the first sync begins: `YYYY-MM-DD`, RFC 3339 (without a zone: UTC), " +
      "`MM/DD/YYYY`, or another whole date",
    rule: DATE_RULE,
    parse: parseDate,
  } satisfies Setting<number>,
  end_date: {
    ...OPTIONAL,
    kind: "date",
    description:
      "Where streams that go by date stop, short of this instant, for a bounded backfill " +
      "with a state of its own",
    rule: DATE_RULE,
    parse: parseDate,
  } satisfies Setting<number>,
  subdomain: {
    ...OPTIONAL,
    kind: "string",
    description: "The `acme` of `acme.zendesk.com`; without it the tap asks `www.zopim.com`, " +
      "which Zendesk retired in 2025",
    rule: 'the "acme" of acme.zendesk.com',
    parse: (value: Json) => typeof value === "string" ? parseSubdomain(value) : undefined,
  } satisfies Setting<string>,
  base_url: {
    ...OPTIONAL,
    kind: "url",
    description: "API root that overrides the one made from `subdomain`",
    rule: BASE_URL_RULE,
    parse: (value: Json) => typeof value === "string" ? parseBaseUrl(value) : undefined,
  } satisfies Setting<string>,
  chats_api: {
    ...OPTIONAL,
    kind: "choice",
    default: "search",
    choices: ["search", "incremental"],
    description: "How chats are read: `search`, or the `incremental` export",
    rule: "search or incremental",
    parse: (value: Json) => value === "search" || value === "incremental" ? value : undefined,
  } satisfies Setting<"search" | "incremental">,
  chats_full_sync_days: orFalse(integer(0, LONGEST_DAYS, {
    description: "With `search`: read all chats again every so many days; 0 and `false` are never",
  })),
  chat_search_interval_days: integer(1, LONGEST_DAYS, {
    defaultNote: "adaptive",
    description: "With `search`: the widest window of one search, in days",
  }),
  emit_activate_version_messages: {
    ...OPTIONAL,
    kind: "boolean",
    default: false,
    description:
      "Let the target drop what is gone from the streams that are read whole each time: " +
      "ACTIVATE_VERSION after each of them",
    rule: "true or false",
    parse: parseBoolean,
  } satisfies Setting<boolean>,
  agents_page_limit: integer(1, 1000, { default: 100, description: "Agents in one request" }),
  bans_page_limit: integer(1, 1000, { default: 100, description: "Bans in one request" }),
  requests_per_minute: integer(0, 100_000, {
    default: 200,
    description: "Most requests in any 60 seconds; 0 is no limit, the default when `base_url` is " +
      "a loopback address",
  }),
  request_timeout_seconds: integer(1, 86_400, {
    default: 300,
    description: "Longest time for one attempt of a request, body included",
  }),
  user_agent: {
    ...OPTIONAL,
    kind: "string",
    default: `${NAME}/${VERSION}`,
    defaultNote: `\`${NAME}/VERSION\``,
    description: "`User-Agent` header of every request",
    rule: "text that a header can carry: Latin-1 without control characters",
    parse: (value: Json) => text(value, HEADER_REGEXP),
  } satisfies Setting<string>,
};

/** The name of a setting, as config files have it. */
export type SettingName = keyof typeof SETTINGS;

type Row<Name extends SettingName> = (typeof SETTINGS)[Name];

/** Parsed values; an optional one that is absent is undefined. */
export type SettingValues = {
  [Name in SettingName]:
    | NonNullable<ReturnType<Row<Name>["parse"]>>
    | (Row<Name>["required"] extends true ? never : undefined);
};

/** Every setting with its name, in the table's order. */
export const SETTING_ROWS = Object.entries(SETTINGS) as [SettingName, Setting][];

/** Every setting's name, in the table's order. */
export const SETTING_NAMES: readonly SettingName[] = SETTING_ROWS.map(([name]) => name);

/** How the variable of every setting begins. */
export const VARIABLE_PREFIX = "TAP_ZENDESK_CHAT_";

/** The environment variable of a setting, or of a key that is none, as Meltano names it. */
export function environmentVariable(name: string): string {
  return VARIABLE_PREFIX + name.toUpperCase();
}

function text(value: Json, regexp: RegExp): string | undefined {
  return typeof value === "string" && regexp.test(value) ? value : undefined;
}

function parseDate(value: Json): number | undefined {
  return typeof value === "string" ? parseMicros(value) : undefined;
}

/** A boolean, also as text, for Meltano passes settings without a declared kind as text. */
function parseBoolean(value: Json): boolean | undefined {
  if (typeof value === "boolean") return value;
  const text = typeof value === "string" ? value.toLowerCase() : undefined;
  return text === "true" ? true : text === "false" ? false : undefined;
}

/** A whole number, also as text, for Meltano passes settings without a declared kind as text. */
function integer<About extends Pick<Setting<number>, "default" | "defaultNote" | "description">>(
  minimum: number,
  maximum: number,
  about: About,
): Setting<number> & About {
  return {
    ...OPTIONAL,
    ...about,
    kind: "integer",
    minimum,
    maximum,
    rule: `a whole number from ${minimum} to ${maximum}`,
    parse(value) {
      const number = typeof value === "string" && /^\+?\d+$/.test(value) ? Number(value) : value;
      if (typeof number !== "number" || !Number.isInteger(number)) return undefined;
      return number >= minimum && number <= maximum ? number : undefined;
    },
  };
}

/** A number for which `false` is another word for 0. */
function orFalse<Row extends Setting<number>>(row: Row): Row {
  return {
    ...row,
    rule: `${row.rule}, or false`,
    parse: (value) => parseBoolean(value) === false ? 0 : row.parse(value),
  };
}
