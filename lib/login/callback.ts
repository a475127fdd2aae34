/**
 * What the browser brings back to the redirect URL. A request without this login's `state` may come
 * from anyone, so it can neither bring a code nor end the login.
 */

/** The path of the redirect URL. */
export const CALLBACK_PATH = "/callback";

/** What a request to this machine turned out to be. */
export type Callback =
  /** Not for the redirect URL, such as a browser's wish for an icon. */
  | { kind: "elsewhere" }
  /** Not an answer to this login; `problem` says what is wrong with it. */
  | { kind: "stray"; problem: string }
  | { kind: "code"; code: string }
  /** The OAuth server's refusal, in its own words. */
  | { kind: "refused"; error: string; description: string };

/** Reads one request, by its URL. */
export function readCallback(url: URL, state: string): Callback {
  if (url.pathname !== CALLBACK_PATH) return { kind: "elsewhere" };
  const { searchParams } = url;
  const code = searchParams.get("code");
  const error = searchParams.get("error");
  if (searchParams.get("state") !== state) {
    const problem = searchParams.has("state") ? "its state is wrong" : "it has no state";
    return { kind: "stray", problem: error === null ? problem : `${problem} (error ${error})` };
  }
  if (error !== null) {
    return { kind: "refused", error, description: searchParams.get("error_description") ?? "" };
  }
  return code === null ? { kind: "stray", problem: "it has no code" } : { kind: "code", code };
}
