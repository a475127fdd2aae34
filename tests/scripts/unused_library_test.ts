import { assert, assertEquals } from "@std/assert";
import { unusedLibraryFolders } from "../../scripts/unused_library.ts";

Deno.test("unusedLibraryFolders() names what nobody imports and nothing else", async () => {
  const unused = await unusedLibraryFolders();
  const names = unused.map((path) => path.split("/").at(-1));

  for (const name of ["http", "front_matter", "media_types"]) {
    assert(names.includes(name), `not ${name}`);
  }
  const used = [
    "assert",
    "async",
    "collections",
    "csv",
    "fmt",
    "internal",
    "streams",
    "text",
    "yaml",
  ];
  assertEquals(used.filter((name) => names.includes(name)), []);
  assertEquals(await Array.fromAsync(unused, isFolder), unused.map(() => true));
});

async function isFolder(path: string): Promise<boolean> {
  return (await Deno.stat(path)).isDirectory;
}
