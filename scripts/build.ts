/**
 * `deno task build`: the executable for this platform, in `dist/`. `DENORT_BIN` may name the
 * runtime stub to put it in; otherwise Deno downloads its own.
 */

import { NAME } from "../lib/version.ts";
import { compile } from "./compile.ts";
import { executableName } from "./release_plan.ts";
import { runScript } from "./run_script.ts";

const { target } = Deno.build;
await runScript(() => compile(`dist/${executableName(NAME, target)}`, target));
