/**
 * One HTTP exchange: a request is sent and its answer read to the end, both within the time allowed.
 * Nothing else fetches. Redirects are not followed, so the token or secret that a request carries goes
 * to the address it was meant for and nowhere else.
 */

import type { Clock } from "../clock.ts";
import { networkFailure } from "./failure.ts";
import type { Failure } from "./retry.ts";

/** What goes with a URL: a GET, or the POST of a form. */
export interface Message {
  headers: Record<string, string>;
  form?: Record<string, string>;
  /** Ends this one, in the place of the signal that ends all. */
  signal?: AbortSignal;
}

/** An answer read to its end, whatever its status. */
export interface Answer {
  kind: "answer";
  response: Response;
  text: string;
}

/** Sends a request; rejects only with the reason of the signal. */
export type Exchange = (url: string, message: Message) => Promise<Answer | Failure>;

/** What exchanges are made with. */
export interface ExchangeOptions {
  /** For one exchange, the answer's body included. */
  timeoutMs: number;
  clock: Pick<Clock, "after">;
  /** Ends whatever is under way. */
  signal: AbortSignal;
  fetch?: typeof fetch;
}

/** What sends requests for one run. */
export function createExchange(
  { timeoutMs, clock, signal: ending, fetch = globalThis.fetch }: ExchangeOptions,
): Exchange {
  return async (url, { headers, form, signal = ending }) => {
    signal.throwIfAborted();
    // By hand, and undone below: combined and timeout signals of the platform outlive the request.
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    signal.addEventListener("abort", stop);
    using _timer = clock.after(timeoutMs, stop);
    let response: Response | undefined;
    try {
      response = await fetch(url, {
        headers,
        redirect: "manual",
        signal: attempt.signal,
        ...(form && { method: "POST", body: new URLSearchParams(form) }),
      });
      return { kind: "answer", response, text: await response.text() };
    } catch (error) {
      signal.throwIfAborted();
      // The status of a refusal counts for more than a body that only explains it.
      if (response !== undefined && !response.ok) return { kind: "answer", response, text: "" };
      if (attempt.signal.aborted) return { kind: "timeout", timeoutMs };
      if (response === undefined) return networkFailure(error, url);
      const { status, statusText } = response;
      return { kind: "body", status, statusText, fault: "broken off" };
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
}
