/** The failure that streams meet: a request that was given up, in words and as facts to decide by. */

import { counted } from "../counted.ts";
import { TapError } from "../errors.ts";
import { detail, hint, outcome } from "./hints.ts";
import { concernsRun, type Failure, isPassing } from "./retry.ts";

/** A request that was given up; the message says which, what came, and what to do. */
export class RequestError extends TapError {
  override name = "RequestError";
  /** The status of the last answer; `undefined` if there was none. */
  readonly status: number | undefined;
  /** Whether it is of the kind that passes by itself. */
  readonly isPassing: boolean;
  override readonly concernsRun: boolean;

  /** Words the failure of the request's last attempt; the URL is shown without its query. */
  constructor(
    endpoint: string,
    url: string | URL,
    readonly failure: Failure,
    readonly attempts: number,
  ) {
    const { origin, pathname } = new URL(url);
    const found = detail(failure);
    const advice = hint(failure);
    super(
      `Cannot read ${endpoint}: GET ${origin}${pathname} ${outcome(failure)} ` +
        `after ${counted(attempts, "attempt")}` +
        (found === undefined ? "" : `: ${found}`) +
        (advice === undefined ? "" : `; ${advice}`),
    );
    this.status = "status" in failure ? failure.status : undefined;
    this.isPassing = isPassing(failure);
    this.concernsRun = concernsRun(failure, attempts, origin);
  }
}
