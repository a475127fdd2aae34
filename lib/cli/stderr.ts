/**
 * Standard error: log lines, and on a terminal a status line below them that is rewritten in place.
 * What cannot be written is let go, for a log that nobody reads must not end the run.
 *
 * The status is in ASCII, in which a character is a column: a line that wraps cannot be rewritten.
 */

import { escapeUnits } from "../escape.ts";

/** Goes to the line's beginning and clears it. */
const CLEAR_LINE = "\r\x1b[K";

/** How long a line may wait for others of its kind. */
const WAIT_MS = 250;

/** Characters of lines that are worth a write. */
const WORTH_A_WRITE = 4_096;

/** Where lines and the status line go. */
export interface Stderr {
  /** Writes one finished line, its line feed included. */
  line(line: string): void;
  /** The same for one that nobody waits for: several are written at once, in their place among others. */
  lineSoon(line: string): void;
  /** Replaces the status line; an empty text takes it away. */
  status(text: string): void;
  /** Writes what is still waiting. */
  flush(): void;
}

/** What standard error is made from; the real one where nothing is said. */
export interface StderrOptions {
  /** Takes bytes, and says how many it took. */
  writeSync?(bytes: Uint8Array): number;
  /** The terminal's width. */
  columns?(): number;
  /** Calls back after so many milliseconds, unless the program ends before. */
  startTimer?(callback: () => void, ms: number): void;
}

/** Makes standard error. */
export function createStderr(
  {
    writeSync = (bytes) => Deno.stderr.writeSync(bytes),
    columns = terminalColumns,
    startTimer = startIdleTimer,
  }: StderrOptions = {},
): Stderr {
  const encoder = new TextEncoder();
  let shown = "";
  let waiting = "";

  function write(text: string): void {
    const bytes = encoder.encode(text);
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(bytes.subarray(written));
    } catch {
      // Nobody reads the log, and there is nowhere left to say so.
    }
  }

  function flush(): void {
    if (waiting === "") return;
    const lines = waiting;
    waiting = "";
    write(shown === "" ? lines : CLEAR_LINE + lines + shown);
  }

  return {
    line(line) {
      waiting += line;
      flush();
    },
    lineSoon(line) {
      if (waiting === "") startTimer(flush, WAIT_MS);
      waiting += line;
      if (waiting.length >= WORTH_A_WRITE) flush();
    },
    flush,
    status(text) {
      flush();
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

/** A timer that keeps no program from its end. */
function startIdleTimer(callback: () => void, ms: number): void {
  Deno.unrefTimer(setTimeout(callback, ms));
}
