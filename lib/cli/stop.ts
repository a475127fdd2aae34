/**
 * Signals. The first one asks the run to finish what it is writing; a reader that is stuck keeps it
 * from that, so it gets a deadline; a second one is an order.
 */

import { SIGNAL_EXIT_CODES, StopError } from "../errors.ts";

/** How long a run that was asked to stop may take to write its last STATE. */
const DEADLINE_MS = 5_000;

/** Where signals come from and how the deadline is waited for. */
export interface StopEffects {
  listen?(signal: keyof typeof SIGNAL_EXIT_CODES, handler: () => void): void;
  startTimer?(handler: () => void, ms: number): void;
}

/** A signal that aborts with a `StopError` on the first SIGINT or SIGTERM. */
export function stopOnSignals(
  exit: (exitCode: number) => void,
  { listen = Deno.addSignalListener, startTimer = setTimeout }: StopEffects = {},
): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Windows knows no SIGTERM.
    if (signal === "SIGTERM" && Deno.build.os === "windows") continue;
    listen(signal, () => {
      if (controller.signal.aborted) return exit(SIGNAL_EXIT_CODES[signal]);
      controller.abort(new StopError(signal));
      startTimer(() => exit(SIGNAL_EXIT_CODES[signal]), DEADLINE_MS);
    });
  }
  return controller.signal;
}
