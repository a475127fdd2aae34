/**
 * The state file as people use it: `-s states.jsonl | target >> states.jsonl`, with what killed targets
 * and mistakes leave in it.
 */

import { assert, assertEquals } from "@std/assert";
import { STREAMS } from "../../streams/mod.ts";
import { chat, startFakeChatApi } from "../fakes/chat_api/mod.ts";
import { smallAccount } from "./accounts.ts";
import { catalogWith } from "./catalogs.ts";
import { configFor, createRunFolder } from "./run_folder.ts";
import { checkOutput, lastState, logLines, messagesIn, recordsOf } from "./singer_output.ts";
import { forMany, runTap } from "./tap_process.ts";

const SYNC = "-c config.json --catalog catalog.json".split(" ");

Deno.test("tap goes on from the last whole state of a file, and says what it passed over", async () => {
  await using api = await startFakeChatApi({
    account: { agents: [1, 2, 3, 4].map((id) => ({ id })) },
  });
  const stateAt = (id: number) => ({ bookmarks: { agents: { offset: { id } } } });
  const line = (id: number) => JSON.stringify(stateAt(id));
  const files: [content: string, first: number, warned: boolean][] = [
    [`${line(2)}\n${line(4)}\n`, 4, false],
    [`${line(2)}\n${line(4)}`, 4, false],
    [`${line(2)}\n{"bookmarks": {"agents"`, 2, true],
    [`${line(2)}\n{"bookmarks": {"agents"${line(4)}\n`, 4, true],
    [JSON.stringify(stateAt(3), null, 2), 3, false],
    [JSON.stringify({ type: "STATE", value: stateAt(3) }), 3, false],
    [JSON.stringify({ singer_state: stateAt(3) }), 3, false],
    [JSON.stringify({ completed: { singer_state: stateAt(3) } }), 3, false],
  ];
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("agents"),
    ...Object.fromEntries(files.map(([content], index) => [`states${index}.jsonl`, content])),
  });

  const results = await forMany(
    files.map((_, index) => `states${index}.jsonl`),
    (file) => runTap([...SYNC, "-s", file], { cwd: folder.path }),
  );

  for (const [index, result] of results.entries()) {
    const [content, first, warned] = files[index]!;
    checkOutput(result);
    const [record] = recordsOf(messagesIn(result.stdout), "agents");
    const torn = logLines(result.stderr, "WARNING").filter((text) => text.includes("torn line"));
    assertEquals(
      { content, code: result.code, first: record?.id, torn: torn.length },
      { content, code: 0, first, torn: warned ? 1 : 0 },
    );
  }
});

Deno.test("tap names what nobody knows in a state, and carries it along", async () => {
  await using api = await startFakeChatApi({ account: { agents: [{ id: 1 }] } });
  const bookmarks = {
    agent: { offset: { id: 1 } },
    chats: { "chat.end_timestmp": "2026-01-01T00:00:00.000000Z" },
  };
  await using folder = await createRunFolder({
    "config.json": configFor(api),
    "catalog.json": catalogWith("agents"),
    "state.json": { bookmarks },
  });

  const result = await runTap([...SYNC, "-s", "state.json"], { cwd: folder.path });

  checkOutput(result);
  const odd = logLines(result.stderr, "WARNING").filter((line) => line.includes("state.json"));
  assertEquals(odd.length, 2);
  assert(odd[0]!.includes('"bookmarks.agent"') && odd[0]!.includes('"agents"'), odd[0]);
  assert(odd[1]!.includes("chat.end_timestmp") && odd[1]!.includes('"chat.end_timestamp"'), odd[1]);
  assertEquals(lastState(messagesIn(result.stdout))!.bookmarks, {
    ...bookmarks,
    agents: { offset: { id: null } },
  });
});

for (const chatsApi of ["search", "incremental"]) {
  Deno.test(`tap knows every key of the states that it writes, chats by ${chatsApi}`, async () => {
    await using api = await startFakeChatApi({ account: smallAccount() });
    api.chats.put(chat("late", new Date(Date.now() - 60_000).toISOString()));
    await using folder = await createRunFolder({
      "config.json": configFor(api, { chats_api: chatsApi, chats_full_sync_days: 1 }),
      "catalog.json": catalogWith(...STREAMS.map(({ tapStreamId }) => tapStreamId)),
    });
    const first = await runTap(SYNC, { cwd: folder.path });
    const states = messagesIn(first.stdout).filter(({ type }) => type === "STATE");
    // Each of them in one, for some keys are only there while a run is under way.
    await folder.write({ "states.jsonl": states.map((state) => JSON.stringify(state)).join("\n") });

    const second = await runTap([...SYNC, "-s", "states.jsonl"], { cwd: folder.path });

    assertEquals(
      logLines(second.stderr, "WARNING").filter((line) => line.includes("states.jsonl")),
      [],
    );
  });
}

Deno.test("tap says of each stream from where it is read and up to where", async () => {
  const midnight = (day: string) => `${day}T00:00:00.000000Z`;
  const bookmarks = {
    agents: { offset: { id: 2 } },
    chats: {
      "chat.end_timestamp": midnight("2026-01-02"),
      update_timestamp: midnight("2026-01-03"),
    },
    agent_timeline: { start_time: midnight("2026-01-04") },
  };
  await using api = await startFakeChatApi({ account: smallAccount() });
  await using folder = await createRunFolder({
    "config.json": configFor(api, { start_date: "2026-01-01" }),
    "export.json": { chats_api: "incremental" },
    "again.json": { chats_full_sync_days: 1 },
    "catalog.json": catalogWith(
      "agents",
      "bans",
      "chats",
      "goals",
      "agent_timeline",
      "conversions",
    ),
    "state.json": { bookmarks },
  });
  const runs: [args: string, expected: Record<string, string>][] = [
    ["-s state.json", {
      agents: "from id 2, where a run was interrupted, to its end",
      bans: "the whole of it",
      chats:
        `chats from the bookmark ${midnight("2026-01-02")} and offline messages from start_date ` +
        `${midnight("2026-01-01")} up to NOW`,
      goals: "the whole of it",
      agent_timeline: `from the bookmark ${midnight("2026-01-04")} up to NOW`,
      conversions: `from start_date ${midnight("2026-01-01")} up to NOW`,
    }],
    ["-s state.json -c export.json", {
      chats: `from the bookmark ${midnight("2026-01-03")} up to NOW`,
    }],
    ["-s state.json -c again.json", {
      chats:
        `chats from the bookmark ${midnight("2026-01-02")} and offline messages from start_date ` +
        `${midnight("2026-01-01")} up to NOW, then all again for the full re-sync begun NOW`,
    }],
    // Without a bookmark that is the same thing.
    ["-c again.json", {
      chats:
        `chats from start_date ${midnight("2026-01-01")} and offline messages from start_date ` +
        `${midnight("2026-01-01")} up to NOW`,
    }],
  ];

  const results = await forMany(runs, async ([args, expected]) => {
    const { stderr } = await runTap([...SYNC, ...args.split(" ")], { cwd: folder.path });
    const said = Object.fromEntries(
      Array.from(
        stderr.matchAll(/^INFO Starting sync for stream: (\w+), (.*)$/gm),
        ([, stream, words]) => [
          stream!,
          words!.replaceAll(
            /\S+Z/g,
            (time) => Date.now() - Date.parse(time) < 3_600_000 ? "NOW" : time,
          ),
        ],
      ),
    );
    return Object.fromEntries(Object.keys(expected).map((stream) => [stream, said[stream]]));
  });

  assertEquals(results, runs.map(([, expected]) => expected));
});
