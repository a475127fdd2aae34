/**
 * What of the standard library an executable can do without. On npm the whole library is one
 * package, and `deno compile` embeds a package whole: 1.4 MB, of which the tap imports a fifth.
 */

import manifest from "../deno.json" with { type: "json" };

/** A module of the library as `deno.json` maps it: version and folder. */
const MODULE_REGEXP = /^npm:deno-std@([^/]+)\/([^/]+)\//;

/** What modules in other folders import. */
const SHARED_FOLDER = "internal";

/** The folders, in Deno's cache, that hold no module which `deno.json` maps. */
export async function unusedLibraryFolders(): Promise<string[]> {
  const used = new Set([SHARED_FOLDER]);
  const versions = new Set<string>();
  for (const target of Object.values(manifest.imports)) {
    const [, version, folder] = MODULE_REGEXP.exec(target) ?? [];
    if (version === undefined || folder === undefined) continue;
    versions.add(version);
    used.add(folder);
  }
  const cache = await npmCache();
  const unused: string[] = [];
  for await (const registry of Deno.readDir(cache)) {
    for (const version of versions) {
      const library = `${cache}/${registry.name}/deno-std/${version}`;
      const folders = await foldersIn(library);
      unused.push(...folders.filter((name) => !used.has(name)).map((name) => `${library}/${name}`));
    }
  }
  return unused;
}

async function npmCache(): Promise<string> {
  const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(info.stdout)).npmCache;
}

/** The names of a folder's folders; none where there is no such folder. */
async function foldersIn(path: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(path));
    return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
