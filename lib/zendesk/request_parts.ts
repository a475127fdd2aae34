/** What a request is made of: its URL and its headers. */

import { InputError } from "../errors.ts";

/** Query parameters. */
export type Params = Readonly<Record<string, string | number>>;

/** The URL as text: `fetch` parses it anyway, and once is enough for what is done so often. */
export function requestUrl(apiRoot: string, path: string, query: Params | string): string {
  const search = typeof query === "string" ? query : queryString(query);
  // Joined rather than added: a long URL that is a rope is slow to parse.
  return [apiRoot, "/", path, search === "" ? "" : "?", search].join("");
}

function queryString(params: Params): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${encodeURIComponent(`${value}`.toWellFormed())}`)
    .join("&");
}

/** The headers that go with a token; throws an `InputError` where one cannot be sent. */
export type RequestHeaders = (accessToken: string) => Record<string, string>;

/** What makes the headers of a run's requests, nearly all of which have one token. */
export function requestHeaders(userAgent: string): RequestHeaders {
  let latest: { accessToken: string; headers: Record<string, string> } | undefined;
  return (accessToken) => {
    if (latest?.accessToken !== accessToken) {
      latest = { accessToken, headers: checkedHeaders(accessToken, userAgent) };
    }
    return latest.headers;
  };
}

/** Headers tried apart from a request, because `fetch` quotes a bad value. */
function checkedHeaders(accessToken: string, userAgent: string): Record<string, string> {
  const headers = {
    "authorization": `Bearer ${accessToken}`,
    "accept": "application/json",
    "user-agent": userAgent,
  };
  try {
    new Headers(headers);
    return headers;
  } catch {
    throw new InputError(
      'Cannot use "access_token" or "user_agent": one of them has a character that no HTTP ' +
        "header can carry, such as a line break",
    );
  }
}
