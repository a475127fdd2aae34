/**
 * `deno task release [TAG]`: all that a release publishes, in an empty `dist/release/`: an
 * executable and a wheel for each target, `install.sh`, the bill of materials, `SHA256SUMS` of all
 * these, and the notes. It stops at the first target that cannot be built, before there is a
 * checksum: a release is whole or is none.
 */

import { VERSION } from "../lib/version.ts";
import { compile } from "./compile.ts";
import { packWheel } from "./pack_wheel.ts";
import { checkRelease, checksums, releasedName, releaseNotes, TARGETS } from "./release_plan.ts";
import { runScript } from "./run_script.ts";
import { billOfMaterials, embeddedPackages } from "./sbom.ts";

const FOLDER = "dist/release";
const BILL = "sbom.cdx.json";

await runScript(async () => {
  const [tag] = Deno.args;
  checkRelease(VERSION, {
    tag,
    denortBin: Deno.env.get("DENORT_BIN"),
    repository: Deno.env.get("RELEASE_REPOSITORY"),
  });
  const notes = releaseNotes(await Deno.readTextFile("CHANGELOG.md"), VERSION);

  await emptyFolder(FOLDER);
  const digests = new Map<string, string>();
  for (const target of TARGETS) {
    const executable = releasedName(VERSION, target);
    await compile(`${FOLDER}/${executable}`, target);
    const wheel = await packWheel(`${FOLDER}/${executable}`, target, FOLDER);
    for (const file of [executable, wheel]) digests.set(file, await sha256(`${FOLDER}/${file}`));
  }
  await Deno.copyFile("scripts/install.sh", `${FOLDER}/install.sh`);
  await Deno.writeTextFile(`${FOLDER}/${BILL}`, await describeMaterials());
  for (const file of ["install.sh", BILL]) digests.set(file, await sha256(`${FOLDER}/${file}`));
  await Deno.writeTextFile(`${FOLDER}/SHA256SUMS`, checksums(digests));
  await Deno.writeTextFile(`${FOLDER}/NOTES.md`, notes);
});

async function describeMaterials(): Promise<string> {
  const args = ["info", "--json", "main.ts"];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  const graph = JSON.parse(new TextDecoder().decode(stdout));
  const lock = JSON.parse(await Deno.readTextFile("deno.lock"));
  return billOfMaterials(embeddedPackages(graph, lock), Deno.version.deno);
}

async function emptyFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true });
  await Deno.remove(path, { recursive: true });
  await Deno.mkdir(path);
}

async function sha256(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return new Uint8Array(digest).toHex();
}
