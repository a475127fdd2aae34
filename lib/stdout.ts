/** Standard output, written asynchronously: a signal is still handled while a pipe is full. */

import { TapError } from "./errors.ts";

/** Nobody reads standard output any more: a pipe's reader may go whenever it has enough. */
export class ReaderGoneError extends TapError {
  override name = "ReaderGoneError";
  override readonly exitCode = 141;
}

/**
 * Writes all of the bytes.
 *
 * @throws {ReaderGoneError} when the reader has closed the pipe.
 * @throws {TapError} when nothing more can be written, as on a full disk.
 */
export async function writeStdout(
  bytes: Uint8Array,
  stdout: Pick<typeof Deno.stdout, "write"> = Deno.stdout,
): Promise<void> {
  try {
    for (let written = 0; written < bytes.length;) {
      written += await stdout.write(bytes.subarray(written));
    }
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) {
      throw new ReaderGoneError("Cannot write to standard output: its reader has closed it");
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new TapError(
      `Cannot write to standard output: ${reason}; make room or repair what it leads to, then run ` +
        `again with the last state that was kept`,
    );
  }
}

/** Writes a text and a line feed; throws as `writeStdout` does, unless it goes elsewhere. */
export async function printLine(
  text: string,
  write: (bytes: Uint8Array) => Promise<void> = writeStdout,
): Promise<void> {
  await write(new TextEncoder().encode(text + "\n"));
}

/** Whether a person reads standard output, and no program. */
export function stdoutIsTerminal(): boolean {
  return Deno.stdout.isTerminal();
}
