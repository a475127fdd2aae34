/**
 * Every line of shell in the documents that can be run here is run, in the order in which it stands, with
 * the program itself and a target. `docker run` is stood in for by what the container would start.
 */

import { assertEquals } from "@std/assert";
import { chat, startFakeChatApi } from "../fakes/chat_api/mod.ts";
import { configFor, createRunFolder } from "./run_folder.ts";
import { addExecutables } from "./shell_sync.ts";
import { projectPath } from "./tap_process.ts";

/** What a block has that cannot be run here, and why. */
const NOT_HERE: readonly [pattern: RegExp, why: string][] = [
  [/\bnpx\b/, "builds, or is a run of its own"],
  [/\blogin\b/, "asks a person; tests/program/login_test.ts answers"],
  [/\bcurl\b|\bdocker (?:build|pull)\b|\bpip\b|\buvx?\b|\bpipx\b/, "needs a network"],
  [/\bmeltano\b|PIPELINEWISE_HOME|ACCESS_TOKEN=…/, "needs that tool; tests/packages/ has it"],
  [/\bsha256sum\b|\bxattr\b|\bgh\b/, "needs a release"],
  [/\/opt\/chats/, "is about the machine; tests/program/shell_test.ts runs the script"],
];

/** It begins with the Python tap's files, as tests/python_tap/upgrade_test.ts does. */
const SWAP = "docs/upgrade_from_python.md";

const DOCUMENTS = [
  "README.md",
  ...Array.from(Deno.readDirSync(projectPath("docs")), ({ name }) => `docs/${name}`)
    .filter((path) => path.endsWith(".md") && path !== SWAP).toSorted(),
];

function shellBlocks(path: string): string[] {
  const text = Deno.readTextFileSync(projectPath(path));
  return Array.from(text.matchAll(/^```sh\n(.*?)^```$/gms), ([, block]) => block!)
    .filter((block) => !NOT_HERE.some(([pattern]) => pattern.test(block)));
}

/** What a container would start: the tap, with the arguments behind the image's name. */
const DOCKER = `#!/bin/bash
while [ "$1" != tap-zendesk-chat ]; do
  (($# > 0)) || exit 2
  [ "$1" = -e ] && [[ "$2" = *=* ]] && export "$2"
  shift
done
exec "$@"
`;

for (const path of DOCUMENTS) {
  const blocks = shellBlocks(path);
  if (blocks.length === 0) continue;
  Deno.test(`${path} has ${blocks.length} blocks of shell that run as they stand`, {
    ignore: Deno.build.os !== "linux",
  }, async () => {
    await using api = await startFakeChatApi({
      account: { agents: [{ id: 1 }], chats: [chat("a", "2026-01-05T10:00:00Z")] },
    });
    const config = configFor(api);
    await using folder = await createRunFolder({ "config.json": config });
    await addExecutables(folder.path, { "bin/docker": DOCKER });
    const variables = Object.entries(config)
      .map(([name, value]) => [`TAP_ZENDESK_CHAT_${name.toUpperCase()}`, `${value}`]);
    // What the documents take for made: README's catalog, and its file of states.
    const before = path === "README.md" ? [] : shellBlocks("README.md");

    for (const block of [...before, ...blocks]) {
      const { code, stderr } = await new Deno.Command("/bin/bash", {
        args: ["-euo", "pipefail", "-c", block],
        cwd: folder.path,
        env: { PATH: `${folder.path}/bin:/usr/bin:/bin`, ...Object.fromEntries(variables) },
        clearEnv: true,
        stdin: "null",
        stdout: "null",
      }).output();
      assertEquals({ block, code }, { block, code: 0 }, new TextDecoder().decode(stderr));
    }
  });
}
