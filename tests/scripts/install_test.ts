import { assert, assertEquals, assertMatch } from "@std/assert";
import { executableName, REPOSITORY, TARGETS } from "../../scripts/release_plan.ts";

const INSTALLER = new URL("../../scripts/install.sh", import.meta.url).pathname;
const STARTS = "#!/bin/sh\necho tap-zendesk-chat 1.2.3\n";
const FAILS = "#!/bin/sh\nexit 127\n";

/** A release on loopback. */
interface Release extends AsyncDisposable {
  address: string;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

/** Serves the executables of version 1.2.3, all with this text, with the digests of another one if given. */
async function serveRelease(
  executable: string,
  { digestOf = executable, targets = TARGETS as readonly string[], path = "/latest/download" } = {},
): Promise<Release> {
  const digest = await sha256(digestOf);
  const names = targets.map((target) => executableName(`tap-zendesk-chat-1.2.3-${target}`, target));
  const files = new Map(names.map((name) => [`${path}/${name}`, executable]));
  files.set(`${path}/SHA256SUMS`, names.map((name) => `${digest}  ${name}\n`).join(""));
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const text = files.get(new URL(request.url).pathname);
    return text === undefined ? new Response(null, { status: 404 }) : new Response(text);
  });
  return {
    address: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Runs the installer in a home of its own, on a machine that calls itself so. */
async function install(
  release: Release,
  { machine = "Linux x86_64", env = {} as Record<string, string> } = {},
): Promise<{ code: number; stdout: string; stderr: string; installed: string | undefined }> {
  const home = await Deno.makeTempDir();
  try {
    const [system, processor] = machine.split(" ");
    await Deno.writeTextFile(
      `${home}/uname`,
      `#!/bin/sh\n[ "$1" = -s ] && echo ${system} || echo ${processor}\n`,
      { mode: 0o755 },
    );
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: [INSTALLER],
      env: {
        HOME: home,
        PATH: `${home}:${Deno.env.get("PATH")}`,
        TMPDIR: home,
        TAP_RELEASES: release.address,
        ...env,
      },
    }).output();
    const left = (await Array.fromAsync(Deno.readDir(home))).map(({ name }) => name);
    assertEquals(left.filter((name) => name !== "uname" && name !== ".local"), []);
    return {
      code,
      stdout: new TextDecoder().decode(stdout).replaceAll(home, "HOME"),
      stderr: new TextDecoder().decode(stderr),
      installed: await readExecutable(`${home}/.local/bin/tap-zendesk-chat`),
    };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/** The text of an executable; undefined where there is none. */
async function readExecutable(path: string): Promise<string | undefined> {
  try {
    assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o755);
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A test of the installer, where there is a shell to run it. */
function installTest(name: string, fn: () => Promise<void>): void {
  Deno.test(`install.sh ${name}`, { ignore: Deno.build.os === "windows" }, fn);
}

installTest("installs the latest release and says where", async () => {
  await using release = await serveRelease(STARTS);

  assertEquals(await install(release), {
    code: 0,
    stdout: "tap-zendesk-chat 1.2.3 is in HOME/.local/bin\n" +
      "HOME/.local/bin is not on the PATH: add it, or call it as " +
      "HOME/.local/bin/tap-zendesk-chat\n",
    stderr: "",
    installed: STARTS,
  });
});

installTest("installs the version that is asked for", async () => {
  await using release = await serveRelease(STARTS, { path: "/download/v1.2.3" });

  const { code, installed } = await install(release, { env: { TAP_VERSION: "1.2.3" } });
  assertEquals({ code, installed }, { code: 0, installed: STARTS });
});

for (
  const [machine, target] of [
    ["Linux x86_64", "x86_64-unknown-linux-gnu"],
    ["Linux aarch64", "aarch64-unknown-linux-gnu"],
    ["Darwin x86_64", "x86_64-apple-darwin"],
    ["Darwin arm64", "aarch64-apple-darwin"],
  ]
) {
  installTest(`takes ${target} on ${machine}`, async () => {
    assert(TARGETS.some((known) => known === target));
    await using own = await serveRelease(STARTS, { targets: [target!] });
    await using others = await serveRelease(STARTS, {
      targets: TARGETS.filter((other) => other !== target),
    });

    assertEquals((await install(own, { machine: machine! })).installed, STARTS);
    const { code, stderr } = await install(others, { machine: machine! });
    assertEquals(code, 1);
    assertMatch(stderr, new RegExp(`SHA256SUMS lists no executable for ${target}\n$`));
  });
}

installTest("says on which machines there is nothing to install", async () => {
  await using release = await serveRelease(STARTS);

  const { code, stderr, installed } = await install(release, { machine: "FreeBSD amd64" });
  assertEquals({ code, stderr, installed }, {
    code: 1,
    stderr: "Cannot install tap-zendesk-chat: there is no executable for FreeBSD amd64\n",
    installed: undefined,
  });
});

installTest("keeps nothing that is not what SHA256SUMS lists", async () => {
  await using release = await serveRelease(STARTS, { digestOf: `${STARTS}\n` });

  const { code, stderr, installed } = await install(release);
  assertEquals([code, installed], [1, undefined]);
  assertMatch(stderr, /-x86_64-unknown-linux-gnu is not the file that SHA256SUMS lists/);
});

installTest("keeps nothing that does not start", async () => {
  await using release = await serveRelease(FAILS);

  const { code, stderr, installed } = await install(release);
  assertEquals([code, installed], [1, undefined]);
  assertMatch(stderr, /does not start here; on Linux it needs glibc 2\.27 or newer/);
});

installTest("says what could not be downloaded", async () => {
  await using release = await serveRelease(STARTS);

  const { code, stderr } = await install(release, { env: { TAP_VERSION: "9.9.9" } });
  assertEquals(code, 1);
  assertMatch(stderr, /\/download\/v9\.9\.9\/SHA256SUMS could not be downloaded\n$/);
});

installTest("does nothing when it is cut off", async () => {
  const script = await Deno.readTextFile(INSTALLER);
  const half = script.slice(0, script.indexOf("mkdir -p"));
  const child = new Deno.Command("sh", { stdin: "piped", stdout: "piped", stderr: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(half));
  await writer.close();

  const { stdout } = await child.output();
  assertEquals(stdout.length, 0);
});

Deno.test("install.sh fetches from the project's own releases", async () => {
  const script = await Deno.readTextFile(INSTALLER);
  const addresses = [...script.matchAll(/https:\/\/github\.com\/[\w-]+\/[\w-]+/g)];

  assertEquals(new Set(addresses.map(([address]) => address)), new Set([REPOSITORY]));
});
