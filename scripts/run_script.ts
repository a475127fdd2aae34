/** How a script ends: what was foreseen is one line on stderr and exit code 1, not a stack. */

import { TapError } from "../lib/errors.ts";

/** Runs a script to its end. */
export async function runScript(script: () => Promise<void>): Promise<void> {
  try {
    await script();
  } catch (error) {
    if (!(error instanceof TapError)) throw error;
    await Deno.stderr.write(new TextEncoder().encode(`error: ${error.message}\n`));
    Deno.exit(error.exitCode);
  }
}
