/**
 * Standard error: log lines, and on a terminal a status line below them that is rewritten in place.
 * What cannot be written is let go, for a log that nobody reads must not end the run.
 *
 * The status is in ASCII, in which a character is a column: a line that wraps cannot be rewritten.
 */

import { escapeUnits } from "../escape.ts";

/** Goes to the line's beginning and clears it. */
const CLEAR_LINE = "\r\x1b[K";

/** Where lines and the status line go. */
export interface Stderr {
  /** Writes one finished line, its line feed included. */
  line(line: string): void;
  /** Replaces the status line; an empty text takes it away. */
  status(text: string): void;
}

/** The real standard error, or whatever takes its bytes; `columns` is the terminal's width. */
export function createStderr(
  { writeSync = (bytes: Uint8Array) => Deno.stderr.writeSync(bytes), columns = terminalColumns } =
    {},
): Stderr {
  const encoder = new TextEncoder();
  let shown = "";

  function write(text: string): void {
    const bytes = encoder.encode(text);
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(bytes.subarray(written));
    } catch {
      // Nobody reads the log, and there is nowhere left to say so.
    }
  }

  return {
    line: (line) => write(shown === "" ? line : CLEAR_LINE + line + shown),
    status(text) {
      const clear = shown === "" ? "" : CLEAR_LINE;
      shown = toAscii(text).slice(0, Math.max(0, columns() - 1));
      if (clear + shown !== "") write(clear + shown);
    },
  };
}

/** A text with escapes for all that a terminal may show in other than one column. */
function toAscii(text: string): string {
  return escapeUnits(text, /[^ -~]/g);
}

/** The terminal's width; some terminals say 0 when they do not know. */
function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}
