import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { unzipSync } from "fflate";
import { VERSION } from "../../lib/version.ts";
import {
  isTarget,
  REPOSITORY,
  TARGETS,
  wheelName,
  wheelStem,
  wheelTag,
} from "../../scripts/release_plan.ts";
import { wheelArchive } from "../../scripts/wheel_archive.ts";
import { wheelEntries } from "../../scripts/wheel_plan.ts";

const ROOT = new URL("../../", import.meta.url);
const STEM = wheelStem(VERSION);
const SOURCES = {
  executable: crypto.getRandomValues(new Uint8Array(10_000)),
  readme: "# Title\n\n[docs](docs/a.md#b), [site](https://a.example), [here](#title), ünïcode\n",
  license: "Do as you like.\n",
};

/** The permissions of each entry, by the archive's central directory. */
function modesIn(archive: Uint8Array): Record<string, string> {
  const view = new DataView(archive.buffer);
  const modes: Record<string, string> = {};
  const end = archive.length - 22;
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
    // The upper byte of the version says what system the attributes are of: 3 is Unix.
    assertEquals(view.getUint8(at + 5), 3);
    modes[name] = (view.getUint32(at + 38, true) >>> 16).toString(8);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return modes;
}

function textIn(archive: Uint8Array, path: string): string {
  return new TextDecoder().decode(unzipSync(archive)[`${STEM}.dist-info/${path}`]);
}

async function sha256(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return btoa(String.fromCharCode(...digest)).replaceAll("+", "-").replaceAll("/", "_")
    .replace(/=+$/, "");
}

Deno.test("wheelName() gives each platform the tag that pip knows it by", {
  permissions: "none",
}, () => {
  assertEquals(TARGETS.map((target) => wheelName("1.2.3", target)), [
    "tap_zendesk_chat_deno-1.2.3-py3-none-manylinux_2_27_x86_64.whl",
    "tap_zendesk_chat_deno-1.2.3-py3-none-manylinux_2_27_aarch64.whl",
    "tap_zendesk_chat_deno-1.2.3-py3-none-macosx_10_12_x86_64.whl",
    "tap_zendesk_chat_deno-1.2.3-py3-none-macosx_11_0_arm64.whl",
    "tap_zendesk_chat_deno-1.2.3-py3-none-win_amd64.whl",
  ]);
});

Deno.test("wheelName() refuses versions that Python writes in another way", {
  permissions: "none",
}, () => {
  for (const version of ["1.0.0-rc.1", "1.0", "v1.0.0", "1.0.0+build", ""]) {
    assertThrows(
      () => wheelName(version, "x86_64-pc-windows-msvc"),
      Error,
      `Cannot make a wheel of version "${version}": expected a form like 1.2.3`,
    );
  }
});

for (const target of TARGETS) {
  Deno.test(`a wheel for ${target} holds the executable and what is said of it`, async () => {
    const archive = await wheelArchive(wheelEntries(target, SOURCES));
    const files = unzipSync(archive);
    const script = target.includes("windows") ? "tap-zendesk-chat.exe" : "tap-zendesk-chat";

    assertEquals(modesIn(archive), {
      [`${STEM}.data/scripts/${script}`]: "100755",
      [`${STEM}.dist-info/licenses/LICENSE`]: "100644",
      [`${STEM}.dist-info/METADATA`]: "100644",
      [`${STEM}.dist-info/WHEEL`]: "100644",
      [`${STEM}.dist-info/RECORD`]: "100644",
    });
    assertEquals(files[`${STEM}.data/scripts/${script}`], SOURCES.executable);
    assertEquals(textIn(archive, "licenses/LICENSE"), SOURCES.license);
    assertEquals(textIn(archive, "WHEEL").split("\n").slice(-3), [
      "Root-Is-Purelib: false",
      `Tag: ${wheelTag(target)}`,
      "",
    ]);
  });
}

Deno.test("RECORD lists every file with its digest and size, and itself without", async () => {
  const archive = await wheelArchive(wheelEntries("aarch64-apple-darwin", SOURCES));
  const expected = await Promise.all(
    Object.entries(unzipSync(archive)).map(async ([path, content]) =>
      path.endsWith("/RECORD")
        ? `${path},,`
        : `${path},sha256=${await sha256(new Uint8Array(content))},${content.length}`
    ),
  );

  assertEquals(textIn(archive, "RECORD"), `${expected.join("\n")}\n`);
});

Deno.test("METADATA has the version and a description whose links lead to the repository", async () => {
  const archive = await wheelArchive(wheelEntries("aarch64-apple-darwin", SOURCES));
  const [fields, description] = textIn(archive, "METADATA").split(/\n\n(.*)/s);

  assertEquals(fields!.split("\n").slice(0, 3), [
    "Metadata-Version: 2.4",
    "Name: tap-zendesk-chat-deno",
    `Version: ${VERSION}`,
  ]);
  const links = Array.from(fields!.matchAll(/^Project-URL: \w+, (.*)$/gm), ([, link]) => link!);
  assertEquals(links.filter((link) => !link.startsWith(REPOSITORY)), []);
  assertEquals(
    description,
    `# Title\n\n[docs](${REPOSITORY}/blob/v${VERSION}/docs/a.md#b), ` +
      "[site](https://a.example), [here](#title), ünïcode\n",
  );
});

/** Runs `deno task wheel` in a folder with a build, of an executable that is none. */
async function packIn(folder: string, timeZone: string) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--config", new URL("deno.json", ROOT).pathname],
      ...["--allow-read", "--allow-write=dist", new URL("scripts/wheel.ts", ROOT).pathname],
    ],
    cwd: folder,
    env: { TZ: timeZone, NO_COLOR: "1" },
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("two builds of a wheel are the same to the byte, whenever and wherever", {
  ignore: !isTarget(Deno.build.target) || Deno.build.os === "windows",
}, async () => {
  const wheels: Uint8Array[] = [];
  const target = Deno.build.target;
  assert(isTarget(target));
  for (const [timeZone, year] of [["America/Los_Angeles", 2001], ["Asia/Tokyo", 2020]] as const) {
    const folder = await Deno.makeTempDir();
    await Deno.mkdir(`${folder}/dist`);
    await Deno.writeTextFile(`${folder}/README.md`, SOURCES.readme);
    await Deno.writeTextFile(`${folder}/LICENSE`, SOURCES.license);
    const executable = `${folder}/dist/tap-zendesk-chat`;
    await Deno.writeFile(executable, SOURCES.executable, { mode: year === 2001 ? 0o600 : 0o777 });
    await Deno.utime(executable, new Date(year, 1), new Date(year, 1));

    assertEquals(await packIn(folder, timeZone), { code: 0, stderr: "" });
    wheels.push(await Deno.readFile(`${folder}/dist/${wheelName(VERSION, target)}`));
    await Deno.remove(folder, { recursive: true });
  }

  assertEquals(wheels[0], wheels[1]);
  const other = { ...SOURCES, license: "Ask first.\n" };
  assertNotEquals(await wheelArchive(wheelEntries(target, other)), wheels[0]);
  assertEquals(await wheelArchive(wheelEntries(target, SOURCES)), wheels[0]);
});

Deno.test("wheel asks for a build where there is none", {
  ignore: !isTarget(Deno.build.target) || Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir();
  const { code, stderr } = await packIn(folder, "UTC");
  await Deno.remove(folder);

  assertEquals(code, 1);
  assert(
    stderr.includes(
      'Cannot pack dist/tap-zendesk-chat: there is none. Run "deno task build" first',
    ),
    stderr,
  );
});
