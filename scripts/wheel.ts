/**
 * `deno task wheel`: packs what `deno task build` made as a wheel for this platform, into `dist/`. A
 * release packs its own.
 */

import { TapError } from "../lib/errors.ts";
import { NAME } from "../lib/version.ts";
import { packWheel } from "./pack_wheel.ts";
import { executableName, isTarget, TARGETS } from "./release_plan.ts";
import { runScript } from "./run_script.ts";

const { target } = Deno.build;
const executable = `dist/${executableName(NAME, target)}`;

await runScript(async () => {
  if (!isTarget(target)) {
    throw new TapError(
      `Cannot pack a wheel for ${target}: there are wheels for ${TARGETS.join(", ")}`,
    );
  }
  try {
    await packWheel(executable, target, "dist");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new TapError(`Cannot pack ${executable}: there is none. Run "deno task build" first`);
  }
});
