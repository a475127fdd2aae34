/**
 * Failures that are not bugs. The message says all there is to say (what was being done, what was
 * found, what to do) and is shown without a stack; whatever is not a `TapError` is a bug.
 */

/** Anything foreseen that ends the run; `exitCode` is what the process exits with. */
export class TapError extends Error {
  override name = "TapError";
  readonly exitCode: number = 1;
}

/** The command line makes no sense. */
export class UsageError extends TapError {
  override name = "UsageError";
  override readonly exitCode: number = 2;
}

/** A config, state or catalog file that cannot be used; the message names file and key. */
export class InputError extends TapError {
  override name = "InputError";
}
