/**
 * Which token goes with a request: one that was given, or those that an API client gets for the run,
 * the first when it is needed and a new one whenever the API refuses the one before. All requests under
 * way share a token and its renewal, and nothing keeps it beyond the run.
 */

import type { Log } from "../log.ts";

/** Where the client of the API has its token from. */
export interface AccessTokens {
  /**
   * The token to send.
   *
   * @throws {TokenError} when none can be had.
   */
  current(): Promise<string>;
  /** The API has taken this token, whatever it answered. */
  accepted(token: string): void;
  /**
   * The API has refused this token. Whether there is another to try: not when the refused one was
   * new, for the next would be no better.
   *
   * @throws {TokenError} when none can be had.
   */
  renew(refused: string): Promise<boolean>;
  /** Whether tokens come from an API client, and not from a person. */
  readonly areRenewable: boolean;
}

/** The one token that was given. */
export function givenToken(accessToken: string): AccessTokens {
  return {
    current: () => Promise.resolve(accessToken),
    accepted() {},
    renew: () => Promise.resolve(false),
    areRenewable: false,
  };
}

/** What a run's own tokens come from. */
export interface OwnTokensOptions {
  /** The token to begin with; the first is asked for when absent. */
  given: string | undefined;
  /** Asks for a new one; throws a `TokenError`. */
  request(): Promise<string>;
  log: Log;
}

/** Tokens that an API client gets for the run. */
export function ownTokens({ given, request, log }: OwnTokensOptions): AccessTokens {
  let token = given;
  // One that a person has given may be old, so that its refusal says nothing of the next.
  let isProven = true;
  let renewal: Promise<string> | undefined;

  async function replace(): Promise<string> {
    const fresh = await request();
    log.conceal(fresh);
    [token, isProven, renewal] = [fresh, false, undefined];
    return fresh;
  }

  // One that failed stays, so that it is said once and not asked for again.
  const renewed = () => renewal ??= replace();

  return {
    current: () => renewal ?? (token === undefined ? renewed() : Promise.resolve(token)),
    accepted(used) {
      if (used === token) isProven = true;
    },
    async renew(refused) {
      if (refused === token) {
        if (!isProven) return false;
        if (renewal === undefined) {
          log.info("The API refuses the access token, as when it has expired: getting a new one");
        }
        await renewed();
      }
      return true;
    },
    areRenewable: true,
  };
}
