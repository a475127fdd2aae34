import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { proveWritable, readConfigFile, writeConfigFile } from "../../../lib/login/config_file.ts";
import { InputError, TapError } from "../../../lib/errors.ts";

const isWindows = Deno.build.os === "windows";

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "tap-zendesk-chat-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function filesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

async function modeOf(file: string): Promise<number> {
  return (await Deno.stat(file)).mode! & 0o777;
}

Deno.test("writeConfigFile() writes a file that only its owner can read", {
  ignore: isWindows,
}, () =>
  withFolder(async (folder) => {
    const file = `${folder}/config.json`;
    await writeConfigFile(file, { access_token: "new" }, { replace: false });
    assertEquals(await modeOf(file), 0o600);
    await Deno.chmod(file, 0o666);
    await writeConfigFile(file, { access_token: "newer" }, { replace: true });
    assertEquals(await modeOf(file), 0o600);
    assertEquals(readConfigFile(file), { access_token: "newer" });
    assertEquals(await filesIn(folder), ["config.json"]);
  }));

Deno.test(
  "writeConfigFile() replaces what a link leads to",
  { ignore: isWindows },
  () =>
    withFolder(async (folder) => {
      await Deno.mkdir(`${folder}/real`);
      await Deno.writeTextFile(`${folder}/real/config.json`, "{}");
      await Deno.symlink("real/config.json", `${folder}/config.json`);
      await writeConfigFile(`${folder}/config.json`, { a: 1 }, { replace: true });
      assertEquals((await Deno.lstat(`${folder}/config.json`)).isSymlink, true);
      assertEquals(readConfigFile(`${folder}/real/config.json`), { a: 1 });
      assertEquals(await filesIn(`${folder}/real`), ["config.json"]);
    }),
);

Deno.test("writeConfigFile() never replaces a file that it was not told of", () =>
  withFolder(async (folder) => {
    const file = `${folder}/config.json`;
    await Deno.writeTextFile(file, "theirs");
    const error = await assertRejects(
      () => writeConfigFile(file, {}, { replace: false }),
      TapError,
    );
    assertEquals(
      error.message,
      `Cannot write config file "${file}": it has appeared since login began; run login again, ` +
        "or name another file with --config",
    );
    assertEquals(await Deno.readTextFile(file), "theirs");
  }));

Deno.test(
  "writeConfigFile() leaves nothing behind when it fails",
  { ignore: isWindows },
  () =>
    withFolder(async (folder) => {
      const file = `${folder}/config.json`;
      await Deno.mkdir(file);
      await assertRejects(() => writeConfigFile(file, {}, { replace: true }), TapError);
      assertEquals(await filesIn(folder), ["config.json"]);
    }),
);

Deno.test("proveWritable() leaves no trace and names a folder that is missing", () =>
  withFolder(async (folder) => {
    await proveWritable(`${folder}/config.json`);
    assertEquals(await filesIn(folder), []);
    const file = `${folder}/none/config.json`;
    const error = await assertRejects(() => proveWritable(file), TapError);
    assertEquals(
      error.message,
      `Cannot write config file "${file}": its folder does not exist, make it first`,
    );
  }));

Deno.test("readConfigFile() tells a missing file from one that is no config", () =>
  withFolder(async (folder) => {
    assertEquals(readConfigFile(`${folder}/config.json`), undefined);
    await Deno.writeTextFile(`${folder}/list.json`, '["s3cret"]');
    const error = assertThrows(() => readConfigFile(`${folder}/list.json`), InputError);
    assertEquals(
      error.message,
      `Cannot read config file "${folder}/list.json": found an array, expected a JSON object`,
    );
  }));
