/**
 * From what came of an attempt to a `Failure`. Network failures are told apart by the runtime's
 * text, which differs between its versions and names the URL, so it is cut down to the reason.
 */

import { errorWords, excerpt } from "./hints.ts";
import type { BodyFault, Failure } from "./retry.ts";

/** A host that is not trusted, or no way to find out, whatever is tried again. */
const CERTIFICATE_REGEXP = /invalid peer certificate|CA file|certificate store/;

/** What `fetch` threw before there was an answer. */
export function networkFailure(error: unknown, url: string | URL): Failure {
  if (error instanceof Deno.errors.NotCapable) {
    return { kind: "permission", host: new URL(url).host };
  }
  // The reason is the cause from Deno 2.9 on, and the message itself before.
  const { message, cause } = error as Error;
  const text = cause instanceof Error ? cause.message : message;
  const detail = excerpt(
    text.replace(/^error sending request .*?\): (client error \(\w+\): )?/, ""),
  );
  if (CERTIFICATE_REGEXP.test(detail)) return { kind: "certificate", detail };
  return { kind: "network", detail, connected: !text.includes("client error (Connect)") };
}

/** An answer outside 2xx; `body` is its text, without anything that must not be quoted. */
export function statusFailure(
  response: Response,
  body: string,
  url: string | URL,
): Failure & { kind: "status" } {
  const { status, statusText, headers } = response;
  const retryAfter = headers.get("retry-after");
  const location = status < 400 ? headers.get("location") : null;
  const redirectOrigin = location === null ? undefined : URL.parse(location, url)?.origin;
  const words = errorWords(body);
  return {
    kind: "status",
    status,
    statusText,
    ...(retryAfter !== null && { retryAfter }),
    ...(redirectOrigin !== undefined && { redirectOrigin }),
    ...(words !== undefined && { words }),
  };
}

/** What is wrong with a body that does not parse. */
export function bodyFault(text: string): BodyFault {
  const start = text.trimStart();
  if (start === "") return "empty";
  return start.startsWith("<") ? "HTML" : "not JSON";
}
