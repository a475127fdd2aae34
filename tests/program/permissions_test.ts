/** What the tap can reach: what its permissions deny, and whom its requests and its token go to. */

import { assert, assertEquals } from "@std/assert";
import { chat, startFakeChatApi, TOKEN } from "../fakes/chat_api/mod.ts";
import { STREAMS } from "../../streams/mod.ts";
import { catalogWith } from "./catalogs.ts";
import { configFor, createRunFolder } from "./run_folder.ts";
import { checkOutput, logLines, messagesIn, recordsOf } from "./singer_output.ts";
import { forMany, projectPath, runTap, sourceProgram } from "./tap_process.ts";

const SYNC = ["-c", "config.json", "-p", "catalog.json"];

/** 45 chats, which is two pages of a search, and something in every export. */
const ACCOUNT = {
  chats: Array.from({ length: 45 }, (_, index) => chat(`c${index}`, "2026-01-05T10:00:00Z")),
  agent_events: [{ id: "e", timestamp: "2026-01-05T10:00:00Z" }],
};

async function output(
  [command, ...args]: string[],
  cwd: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PROBED: "yes" };
  const { code, stdout, stderr } = await new Deno.Command(command!, { args, cwd, env }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("the tap's permissions deny programs, libraries, the system and other hosts", async () => {
  await using folder = await createRunFolder();

  const probe = await output(sourceProgram("tests/program/permission_probe.ts"), folder.path);

  assertEquals(JSON.parse(probe.stdout), {
    "run a program": "NotCapable",
    "load a library": "NotCapable",
    "ask for the host's name": "NotCapable",
    "ask for the user's id": "NotCapable",
    "reach another host": "NotCapable",
    "reach another address": "NotCapable",
    "reach the API's host on another port": "NotCapable",
    "reach the API's host without TLS": "NotCapable",
    "reach a host named like the API's": "NotCapable",
    "listen to the network": "NotCapable",
    "read a variable of the environment": "undefined",
    "list the environment": "undefined",
  });
  assertEquals([probe.code, probe.stderr], [0, ""]);
});

Deno.test("tap gives up the permission to write whatever it is asked for", async () => {
  await using api = await startFakeChatApi();
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("chats"),
  });
  const tap = sourceProgram("main.ts", "--preload", projectPath("tests/program/write_probe.ts"));
  const commands = [
    SYNC,
    ["-c", "config.json", "-d"],
    ["-c", "config.json", "--test"],
    ["-d"],
    [
      "--version",
    ],
    ["--about"],
    ["-c", "no.json"],
  ];

  const ends = await forMany(commands, async (args) => {
    const { stderr } = await output([...tap, ...args], folder.path);
    return stderr.trimEnd().split("\n").at(-1);
  });

  assertEquals(ends, commands.map(() => "Writing at the end: NotCapable"));
  assertEquals(
    (await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name)).toSorted(),
    ["catalog.json", "config.json"],
  );
});

Deno.test("tap follows no redirect, and the token stays with the host it is for", async () => {
  await forMany([301, 302, 303, 307, 308], async (status) => {
    await using other = await startFakeChatApi({ allowUnexpected: true });
    await using api = await startFakeChatApi({
      faults: [{
        on: "/chats/search",
        status,
        headers: { location: `${other.url}/chats/search?q=x` },
        times: Infinity,
      }],
    });
    await using folder = await createRunFolder({
      "config.json": configFor(api),
      "catalog.json": catalogWith("chats"),
    });

    const result = await runTap(SYNC, { cwd: folder.path });

    checkOutput(result);
    const [line, ...more] = logLines(result.stderr, "CRITICAL");
    assertEquals([result.code, more, api.requests.length, other.requests], [1, [], 1, []]);
    const { origin } = new URL(other.url);
    assert(
      line!.startsWith(
        `CRITICAL Cannot read chats: GET ${api.url}/chats/search answered ${status} `,
      ) && line!.includes(`a redirect to ${origin}, which is not followed`),
      line,
    );
  });
});

for (const chats_api of ["search", "incremental"]) {
  Deno.test(`tap takes no link to another host when it reads chats by ${chats_api}`, async () => {
    await using other = await startFakeChatApi({ allowUnexpected: true });
    await using api = await startFakeChatApi({ account: ACCOUNT, linkRoot: other.url });
    await using folder = await createRunFolder({
      "config.json": configFor(api, { chats_api }),
      "catalog.json": catalogWith(...STREAMS.map(({ tapStreamId }) => tapStreamId)),
    });

    const discovery = await runTap(["-c", "config.json", "-d"], { cwd: folder.path });
    const result = await runTap(SYNC, { cwd: folder.path });

    checkOutput(discovery);
    checkOutput(result);
    assertEquals([discovery.code, result.code, other.requests], [0, 0, []]);
    const messages = messagesIn(result.stdout);
    assertEquals(
      new Set(recordsOf(messages, "chats").map(({ id }) => id)),
      new Set(ACCOUNT.chats.map(({ id }) => id)),
    );
    assertEquals(recordsOf(messages, "agent_events").length, 1);
    assertEquals(
      new Set(api.requests.map(({ headers }) => headers.authorization)),
      new Set([`Bearer ${TOKEN}`]),
    );
  });
}

Deno.test("tap warns of a config file that others can read", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using api = await startFakeChatApi();
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("goals"),
  });
  const warnings = async () => {
    const result = await runTap(SYNC, { cwd: folder.path });
    checkOutput(result);
    return logLines(result.stderr, "WARNING");
  };

  assertEquals(await warnings(), []);
  await Deno.chmod(`${folder.path}/config.json`, 0o644);
  const [warning, ...more] = await warnings();
  assertEquals(more, []);
  assert(warning!.includes('"config.json"') && warning!.includes("chmod 600"), warning);
});
