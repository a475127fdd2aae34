/**
 * Which API root the tap may be pointed at. Reachable hosts are those of the permission set in
 * `deno.json`, so that a build for another gateway is an edit of that list and nothing else.
 */

import manifest from "../../deno.json" with { type: "json" };

const REACHABLE: readonly string[] = manifest.permissions.tap.net;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const SUBDOMAIN_REGEXP = new RegExp(
  String.raw`^(?:(?:https://)?(${LABEL})\.zendesk\.com(?:/.*)?|(${LABEL}))$`,
  "i",
);
const HOST_REGEXP = /^(?:[a-z0-9.-]+|\[[0-9a-f:]+\])$/;
const LOOPBACK_REGEXP = /^(?:127(?:\.\d+){3}|\[::1\]|localhost)$/;

/** Where chats lived before accounts had a subdomain. */
export const LEGACY_API_ROOT = "https://www.zopim.com/api/v2";

/** The rule for `base_url`, in the words of an error message. */
export const BASE_URL_RULE = `an https URL on ${REACHABLE.join(", ")}, or http on a loopback ` +
  "address, without user name, query and fragment; other gateways need a build with wider " +
  "permissions (see README)";

/** The `acme` of `acme`, `acme.zendesk.com` and `https://acme.zendesk.com/…`. */
export function parseSubdomain(text: string): string | undefined {
  const match = SUBDOMAIN_REGEXP.exec(text);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/** The API root below an account's own host. */
export function subdomainApiRoot(subdomain: string): string {
  return `https://${subdomain}.zendesk.com/api/v2/chat`;
}

/**
 * Where an account's API clients get their tokens. Chat has an OAuth server of its own: the path without
 * `chat` is that of Zendesk Support, whose tokens Chat refuses.
 */
export function subdomainTokenUrl(subdomain: string): string {
  return `https://${subdomain}.zendesk.com/oauth2/chat/token`;
}

/** An API root without its trailing slash; undefined when the tap must not or cannot reach it. */
export function parseBaseUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !HOST_REGEXP.test(url.hostname) || !isReachable(url)) return undefined;
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) return undefined;
  if (url.username !== "" || url.password !== "" || /[?#]/.test(text)) return undefined;
  return url.origin + url.pathname.replace(/\/+$/, "");
}

/** Whether the URL leads to this machine. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK_REGEXP.test(url.hostname);
}

function isReachable(url: URL): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return REACHABLE.some((entry) => {
    const [, host = "", onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    const sameHost = host.startsWith("*.")
      ? url.hostname.endsWith(host.slice(1))
      : url.hostname === host;
    return sameHost && (onlyPort === undefined || onlyPort === port);
  });
}
