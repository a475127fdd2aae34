/**
 * Waits on this machine for the browser to come back. The browser is answered last of all, so that
 * its page says how the login ended and not merely that a code has arrived.
 */

import type { Clock } from "../clock.ts";
import { TapError } from "../errors.ts";
import { type Callback, CALLBACK_PATH, readCallback } from "./callback.ts";
import { ELSEWHERE_PAGE, failurePage, type Page, pageResponse, strayPage } from "./page.ts";

const PATIENCE_MS = 10 * 60_000;

/** What the browser brought. */
export type Answer = Extract<Callback, { kind: "code" | "refused" }>;

/** A redirect URL that is listened to until it is disposed of. */
export interface CallbackListener extends AsyncDisposable {
  readonly redirectUri: string;
  /**
   * Waits ten minutes for the browser.
   *
   * @throws {TapError} when nobody comes.
   */
  answer(clock: Clock, signal: AbortSignal): Promise<Answer>;
  /** Answers the browser, which has been kept waiting. */
  show(page: Page): void;
}

/** How to listen. */
export interface ListenOptions {
  /** 0 takes a free one. */
  port: number;
  state: string;
  /** Told of requests that were refused. */
  onStray(problem: string): void;
}

/**
 * Listens at `http://localhost:PORT/callback`.
 *
 * @throws {TapError} when the port cannot be had.
 */
export async function listenForCallback(
  { port, state, onStray }: ListenOptions,
): Promise<CallbackListener> {
  const arrived = Promise.withResolvers<Answer>();
  const shown = Promise.withResolvers<Page>();
  const delivered: Promise<void>[] = [];

  async function pageFor(request: Request): Promise<Page> {
    const callback = readCallback(new URL(request.url), state);
    if (callback.kind === "elsewhere" || request.method !== "GET") return ELSEWHERE_PAGE;
    if (callback.kind === "stray") {
      onStray(callback.problem);
      return strayPage(callback.problem);
    }
    arrived.resolve(callback);
    return await shown.promise;
  }

  const servers = await listen(port, async (request, { completed }) => {
    delivered.push(completed);
    return pageResponse(await pageFor(request));
  });
  const redirectUri = `http://localhost:${servers[0]!.addr.port}${CALLBACK_PATH}`;

  return {
    redirectUri,

    async answer(clock, signal) {
      const answered = new AbortController();
      const patience = clock.sleep(PATIENCE_MS, AbortSignal.any([signal, answered.signal]));
      const timeUp = patience.then(() => Promise.reject(nobodyCame(redirectUri)));
      try {
        return await Promise.race([arrived.promise, timeUp]);
      } finally {
        answered.abort();
      }
    },

    show: shown.resolve,

    async [Symbol.asyncDispose]() {
      shown.resolve(failurePage("The login ended before this answer was used: see the terminal."));
      await Promise.allSettled(delivered);
      await Promise.all(servers.map((server) => server.shutdown()));
    },
  };
}

type Server = Deno.HttpServer<Deno.NetAddr>;

/** Listens on both addresses that a browser may take `localhost` for. */
async function listen(port: number, handler: Deno.ServeHandler<Deno.NetAddr>): Promise<Server[]> {
  const onListen = () => {};
  const servers: Server[] = [];
  try {
    const first = Deno.serve({ hostname: "127.0.0.1", port, onListen }, handler);
    servers.push(first);
    servers.push(Deno.serve({ hostname: "::1", port: first.addr.port, onListen }, handler));
  } catch (error) {
    // Without IPv6 there is nothing to listen on, and the browser knows that too.
    if (servers.length > 0 && !(error instanceof Deno.errors.AddrInUse)) return servers;
    await Promise.all(servers.map((server) => server.shutdown()));
    throw new TapError(
      `Cannot listen on port ${port} for the browser: ${explain(error)}; register a redirect URL ` +
        "with another port and name it with --port",
    );
  }
  return servers;
}

function explain(error: unknown): string {
  if (error instanceof Deno.errors.AddrInUse) return "another program uses it";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return error instanceof Error ? error.message : String(error);
}

function nobodyCame(redirectUri: string): TapError {
  return new TapError(
    "Cannot get a token: nobody came back from the browser within ten minutes; if the browser " +
      `showed an error, check the subdomain, the client ID, and that ${redirectUri} is registered ` +
      "as a redirect URL, then run login again",
  );
}
