/**
 * Failures that are not bugs. The message says all there is to say (what was being done, what was
 * found, what to do) and is shown without a stack; whatever is not a `TapError` is a bug.
 */

/** Anything foreseen that ends the run; `exitCode` is what the process exits with. */
export class TapError extends Error {
  override name = "TapError";
  readonly exitCode: number = 1;
  /** Whether what failed here would fail for every stream, so that a run had better end. */
  readonly concernsRun: boolean = false;
}

/**
 * What the log says of a failure: one line, or several with a stack for what was not foreseen, which
 * may have happened in a stream.
 */
export function failureLines(error: unknown, tapStreamId?: string): string[] {
  if (error instanceof TapError) return [error.message];
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  const where = tapStreamId === undefined ? "" : `, met in stream ${tapStreamId}`;
  return [
    `This is a bug in tap-zendesk-chat${where}, please report it with the lines below`,
    ...text.split("\n"),
  ];
}

/** The command line makes no sense. */
export class UsageError extends TapError {
  override name = "UsageError";
  override readonly exitCode: number = 2;
}

/** A config, state or catalog file that cannot be used; the message names file and key. */
export class InputError extends TapError {
  override name = "InputError";
  override readonly concernsRun = true;
}

/** The signals that ask a run to stop, and its exit codes then, as a shell reports them. */
export const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** The run was asked to stop; the reason of the aborted signal. */
export class StopError extends TapError {
  override name = "StopError";
  override readonly exitCode: number;

  constructor(signal: keyof typeof SIGNAL_EXIT_CODES) {
    super(`Stopped by ${signal}`);
    this.exitCode = SIGNAL_EXIT_CODES[signal];
  }
}
