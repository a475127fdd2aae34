/**
 * Python environments with exactly the packages of a hashed list. Targets exclude each other's
 * requirements, so each has one of its own; they stay in `.targets/`, out of version control, until the
 * list changes. What builds packages is in a hashed list too, so nothing comes in that was not named.
 */

import { CommandError, outputOf } from "./command.ts";
import { isFile, namesIn } from "./file_lookup.ts";
import { projectPath } from "../program/tap_process.ts";

/** The Python for which the lists are made. */
const PYTHON = "3.12";
const FOLDER = projectPath(".targets");
const BUILDERS = projectPath("tests/targets/requirements/build.txt");

/** Thrown when packages cannot be had because nothing answers. */
export class IndexOutOfReach extends Error {
  override name = "IndexOutOfReach";
}

const OUT_OF_REACH_REGEXP = /after connection broken by|from versions: none|Could not fetch URL/;

/**
 * Makes the environment of a list of requirements, unless it is there; the folder of its programs.
 *
 * @throws {IndexOutOfReach} if the index of packages does not answer.
 */
export async function pythonEnvironment(requirements: string): Promise<string> {
  const name = requirements.replace(/^.*\/|\.txt$/g, "");
  const folder = `${FOLDER}/${name}-${await digestOf([requirements, BUILDERS])}`;
  const bin = `${folder}/bin`;
  const complete = `${folder}/complete`;
  if (await isFile(complete)) return bin;
  await outputOf([await findPython(), "-m", "venv", "--clear", folder]);
  await install(bin, BUILDERS);
  await install(bin, requirements, "--no-build-isolation", "--use-pep517");
  await Deno.writeTextFile(complete, "");
  return bin;
}

async function install(bin: string, requirements: string, ...flags: string[]): Promise<void> {
  const common = ["install", "--quiet", "--no-input", "--disable-pip-version-check"];
  const list = ["--require-hashes", "--no-deps", "--requirement", requirements];
  try {
    await outputOf([`${bin}/python`, "-m", "pip", ...common, ...flags, ...list]);
  } catch (error) {
    if (!(error instanceof CommandError) || !OUT_OF_REACH_REGEXP.test(error.log)) throw error;
    throw new IndexOutOfReach(`no package of ${requirements} could be had`, { cause: error });
  }
}

/** A Python of the right version: on PATH, or among those of pyenv. */
async function findPython(): Promise<string> {
  const candidates = [`python${PYTHON}`, "python3", ...await pyenvPythons()];
  for (const candidate of candidates) {
    if (await versionOf(candidate) === PYTHON) return candidate;
  }
  throw new Error(`Looked for Python ${PYTHON} as ${candidates.join(", ")}: install it`);
}

async function pyenvPythons(): Promise<string[]> {
  const versions = `${Deno.env.get("PYENV_ROOT") ?? `${Deno.env.get("HOME")}/.pyenv`}/versions`;
  return (await namesIn(versions))
    .filter((name) => name.startsWith(`${PYTHON}.`))
    .map((name) => `${versions}/${name}/bin/python`);
}

async function versionOf(python: string): Promise<string | undefined> {
  try {
    const script = "import sys; print('%d.%d' % sys.version_info[:2])";
    return (await outputOf([python, "-c", script])).trim();
  } catch (error) {
    // Not there, or the shim of a version manager that has none selected.
    if (error instanceof Deno.errors.NotFound || error instanceof CommandError) return undefined;
    throw error;
  }
}

async function digestOf(files: readonly string[]): Promise<string> {
  const texts = await Promise.all(files.map((file) => Deno.readTextFile(file)));
  const bytes = new TextEncoder().encode([PYTHON, ...texts].join("\n"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 12);
}
