/**
 * `deno task wheel`: packs what `deno task build` made as a wheel for this platform, into `dist/`. A
 * release packs its own.
 */

import { NAME } from "../lib/version.ts";
import { packWheel } from "./pack_wheel.ts";
import { executableName, isTarget, TARGETS } from "./release_plan.ts";

const { target } = Deno.build;
if (!isTarget(target)) {
  throw new Error(`Cannot pack a wheel for ${target}: there are wheels for ${TARGETS.join(", ")}`);
}
const executable = `dist/${executableName(NAME, target)}`;
try {
  await packWheel(executable, target, "dist");
} catch (error) {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
  throw new Error(`Cannot pack ${executable}: there is none. Run "deno task build" first`);
}
