/** One wheel of one executable: what a build and a release have in common. */

import { format as formatBytes } from "@std/fmt/bytes";
import { printLine } from "../lib/stdout.ts";
import { VERSION } from "../lib/version.ts";
import { type Target, wheelName } from "./release_plan.ts";
import { wheelArchive } from "./wheel_archive.ts";
import { wheelEntries } from "./wheel_plan.ts";

/** Writes the wheel of `executable`, which is for `target`, into `folder`; the name of its file. */
export async function packWheel(
  executable: string,
  target: Target,
  folder: string,
): Promise<string> {
  const file = wheelName(VERSION, target);
  const archive = await wheelArchive(wheelEntries(target, {
    executable: await Deno.readFile(executable),
    readme: await Deno.readTextFile("README.md"),
    license: await Deno.readTextFile("LICENSE"),
  }));
  await Deno.writeFile(`${folder}/${file}`, archive);
  await printLine(`${folder}/${file}: ${formatBytes(archive.length)}`);
  return file;
}
