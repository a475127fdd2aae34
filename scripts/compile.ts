/**
 * One `deno compile` of the program: what a build and a release have in common. `--bundle` would
 * save 2 % of the size, but it is experimental and fetches a bundler that the lock file does not
 * know. No code cache: it would be a file in the temporary folder, and start-up is no faster for it.
 */

import { format as formatBytes } from "@std/fmt/bytes";
import { TapError } from "../lib/errors.ts";
import { printLine } from "../lib/stdout.ts";
import { NAME, VERSION } from "../lib/version.ts";
import { unusedLibraryFolders } from "./unused_library.ts";
import { V8_FLAGS } from "./v8_flags.ts";

const FLAGS = ["-q", "-P=tap", "--no-prompt", V8_FLAGS, "--exclude-unused-npm", "--no-code-cache"];

/**
 * Writes the executable `output` for `target`, a platform as `deno compile --target` names it, and
 * starts it once where it can.
 *
 * @throws {TapError} if it cannot be built or does not say its name and version.
 */
export async function compile(output: string, target: string): Promise<void> {
  const unused = (await unusedLibraryFolders()).map((folder) => `--exclude=${folder}`);
  const args = ["compile", ...FLAGS, ...unused, "--target", target, "--output", output, "main.ts"];
  const { success } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
  if (!success) {
    throw new TapError(`Cannot build for ${target}: deno compile failed, its reason is above`);
  }
  if (target === Deno.build.target) await checkVersion(output);
  const { size } = await Deno.stat(output);
  await printLine(`${output}: ${formatBytes(size)}`);
}

async function checkVersion(executable: string): Promise<void> {
  const { stdout } = await new Deno.Command(executable, { args: ["--version"] }).output();
  const answer = new TextDecoder().decode(stdout).trim();
  const expected = `${NAME} ${VERSION}`;
  if (answer !== expected) {
    throw new TapError(
      `Cannot use ${executable}: its --version answers "${answer}", expected "${expected}". ` +
        "A stub named by DENORT_BIN must fit the Deno that builds",
    );
  }
}
