/**
 * What login is told, by flag or by answer: one table, so that both meet the same rule, and so that
 * whoever cannot be asked learns which flag to add.
 */

import { BASE_URL_RULE, parseBaseUrl, parseSubdomain } from "../config/api_root.ts";
import { SETTINGS } from "../config/settings.ts";

/** One value that login works with. */
export interface LoginValue {
  /** How a person is asked for it; what is never asked for has a default or is optional. */
  question?: string;
  /** Whether it stays out of sight while it is typed. */
  secret?: true;
  /** What was expected, in the words of an error message. */
  rule: string;
  /** The value of a trimmed text; undefined when it breaks the rule. */
  parse(text: string): string | undefined;
}

const GRANTS = ["authorization_code", "client_credentials"];

/** Every value, by the name of its flag. */
export const LOGIN_VALUES = {
  config: { rule: "the path of a file", parse: anyText },
  subdomain: {
    question: 'Subdomain, the "acme" of acme.zendesk.com',
    rule: SETTINGS.subdomain.rule,
    parse: parseSubdomain,
  },
  "start-date": {
    question: "Start date, where the first sync begins (YYYY-MM-DD)",
    rule: SETTINGS.start_date.rule,
    parse: (text) => SETTINGS.start_date.parse(text) === undefined ? undefined : text,
  },
  grant: {
    rule: GRANTS.join(" or "),
    parse: (text) => GRANTS.includes(text) ? text : undefined,
  },
  port: {
    question: "Port on this machine for the redirect URL",
    rule: "a whole number from 1 to 65535, or 0 for any free port",
    parse: (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? text : undefined,
  },
  "client-id": {
    question: "Client ID",
    rule: "the client ID of the API client",
    parse: anyText,
  },
  "client-secret": {
    question: "Client secret",
    secret: true,
    rule: "the client secret of the API client",
    parse: anyText,
  },
  token: {
    question: "Access token",
    secret: true,
    rule: SETTINGS.access_token.rule,
    parse: (text) => SETTINGS.access_token.parse(text),
  },
  scope: { rule: "scopes separated by spaces", parse: anyText },
  "authorization-url": { rule: BASE_URL_RULE, parse: parseBaseUrl },
  "token-url": { rule: BASE_URL_RULE, parse: parseBaseUrl },
  "base-url": { rule: BASE_URL_RULE, parse: parseBaseUrl },
} satisfies Record<string, LoginValue>;

/** The name of a value, which is its flag without the dashes. */
export type LoginValueName = keyof typeof LOGIN_VALUES;

/** Every value's name. */
export const LOGIN_VALUE_NAMES = Object.keys(LOGIN_VALUES) as LoginValueName[];

function anyText(text: string): string | undefined {
  return text === "" ? undefined : text;
}
