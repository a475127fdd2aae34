/**
 * Standard error: log lines, and on a terminal a status line below them that is rewritten in place.
 * What cannot be written is let go, for a log that nobody reads must not end the run.
 */

import { escapeControl } from "../log.ts";

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
      shown = fit(text, columns() - 1);
      if (clear + shown !== "") write(clear + shown);
    },
  };
}

/**
 * As much of a text as so many columns surely hold, for a line that wraps cannot be rewritten.
 * Beyond the alphabets of Europe and the Near East any character may be two columns wide.
 */
function fit(text: string, columns: number): string {
  let fitting = "";
  let width = 0;
  for (const character of escapeControl(text)) {
    width += character < "\u1100" ? 1 : 2;
    if (width > columns) break;
    fitting += character;
  }
  return fitting;
}

/** The terminal's width; some terminals say 0 when they do not know. */
function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}
