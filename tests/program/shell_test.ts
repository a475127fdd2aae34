/**
 * README's line and `docs/sync.sh` with a real shell, kept at through what happens at night: a bad
 * config, a dead target, a full disk, and the killing of each process. Whatever it is, no state is lost
 * and every row arrives.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chat, type FakeChatApiOptions } from "../fakes/chat_api/mod.ts";
import { createShellSync, type Part, type ShellSync, until, type Way } from "./shell_sync.ts";
import { forMany, projectPath } from "./tap_process.ts";

const onLinux = { ignore: Deno.build.os !== "linux" };

const CHATS = ["a", "b", "c"].map((id, index) => chat(id, `2026-01-0${index + 5}T10:00:00Z`));
const ALL = ["agents 1", "agents 2", "chats a", "chats b", "chats c"];

/** The line with which README syncs. */
const LINE = Deno.readTextFileSync(projectPath("README.md"))
  .match(/^touch states\.jsonl\n(tap-zendesk-chat .* >> states\.jsonl)$/m)![1]!;

const SCRIPT = Deno.readTextFileSync(projectPath("docs/sync.sh"));

const WAYS: Way[] = [
  {
    name: "README's line",
    command: (folder) => ({ args: ["-c", `PATH=${folder}/bin:/usr/bin:/bin\n${LINE}`] }),
  },
  {
    name: "docs/sync.sh",
    command(folder) {
      const own = {
        folder,
        tap: `${folder}/bin/tap-zendesk-chat`,
        target: `(${folder}/bin/target-jsonl)`,
      };
      const script = Object.entries(own).reduce((text, [name, value]) => {
        const line = new RegExp(`^${name}=.*$`, "m");
        assertMatch(text, line);
        return text.replace(line, `${name}=${value}`);
      }, SCRIPT);
      return { args: [`${folder}/sync.sh`], files: { "sync.sh": script } };
    },
  },
];
const [, script] = WAYS as [Way, Way];

/** A folder with an empty file of states, as it is before the first sync. */
async function begin(way: Way, options: FakeChatApiOptions = {}): Promise<ShellSync> {
  const sync = await createShellSync(way, { account: { chats: CHATS }, ...options });
  await sync.write("states.jsonl", "");
  return sync;
}

/** The last whole state, as the next run will find it. */
async function bookmarksOf(sync: ShellSync): Promise<Record<string, unknown>> {
  const lines = (await sync.read("states.jsonl")).split("\n").filter((line) => {
    try {
      return JSON.parse(line);
    } catch {
      return false;
    }
  });
  return lines.length === 0 ? {} : JSON.parse(lines.at(-1)!).bookmarks;
}

/** Syncs until the target has everything, which two runs must bring about, and holds the states to it. */
async function completes(sync: ShellSync, what: string): Promise<void> {
  let run = await sync.run();
  assertEquals(run.code, 0, `${what}: ${run.stderr}`);
  assertEquals([...await sync.rows()].toSorted(), ALL, what);
  // What the last run has stored is known to the next one, torn lines or not.
  const rows = await sync.read("rows.jsonl");
  run = await sync.run();
  assertEquals(run.code, 0, `${what}: ${run.stderr}`);
  const more = (await sync.read("rows.jsonl")).slice(rows.length).trimEnd().split("\n");
  // The newest chat, at the edge of the bookmark, may come again.
  assertEquals(more.filter((row) => /"[ab]"/.test(row)), [], what);
}

for (const way of WAYS) {
  Deno.test(`${way.name} syncs, and goes on from where it was`, onLinux, async () => {
    await using sync = await begin(way);

    assertEquals((await sync.run()).code, 0);
    await completes(sync, "a second run");
  });

  Deno.test(
    `${way.name} keeps the state through a config that cannot be read`,
    onLinux,
    async () => {
      await using sync = await begin(way);
      await sync.run();
      const [states, config] = [await sync.read("states.jsonl"), await sync.read("config.json")];

      await sync.write("config.json", config.replace(/}$/, ",}"));
      const { code, stderr } = await sync.run();

      assert(stderr.includes("a comma too many"), stderr);
      if (way === script) assertEquals(code, 1);
      assertEquals(await sync.read("states.jsonl"), states);
      await sync.write("config.json", config);
      await completes(sync, "once the config is mended");
    },
  );

  Deno.test(`${way.name} keeps the state when the target dies`, onLinux, async () => {
    await using sync = await begin(way);
    await sync.run();
    const states = await sync.read("states.jsonl");

    await sync.write("target.mode", "dies");
    assertEquals((await sync.run()).code, 3);

    assertEquals(await sync.read("states.jsonl"), states);
    await sync.write("target.mode", "");
    await completes(sync, "once the target lives");
  });

  Deno.test(`${way.name} keeps the state when the disk is full`, onLinux, async () => {
    await using sync = await begin(way);
    await sync.run();
    const old = JSON.stringify({ bookmarks: {} }) + "\n";
    const states = await sync.read("states.jsonl");
    const last = states.trimEnd().split("\n").at(-1)! + "\n";
    // Room for half a state in the eight blocks that the target may write.
    const room = 8 * 1024 - last.length - 60;
    const filler = old.repeat(Math.floor(room / old.length));
    await sync.write("states.jsonl", filler + last);
    const before = await bookmarksOf(sync);

    await sync.write("target.limit", "8");
    const { code } = await sync.run();

    assert(code !== 0);
    const torn = await sync.read("states.jsonl");
    assert(torn.startsWith(filler + last) && torn.length > filler.length + last.length);
    assertEquals(await bookmarksOf(sync), before);
    await Deno.remove(`${sync.path}/target.limit`);
    await completes(sync, "once there is room");
  });

  for (const part of ["tap", "target", "shell", "group"] as const) {
    Deno.test(`${way.name} loses nothing when its ${part} is killed`, onLinux, async () => {
      await forMany(MOMENTS, async ([moment, tries]) => {
        if (!tries.parts.includes(part)) return;
        const gate = Promise.withResolvers<void>();
        await using sync = await begin(way, {
          onRequest: async ({ path }) => path === tries.waitsAt ? await gate.promise : undefined,
        });
        if (tries.mode !== undefined) await sync.write("target.mode", tries.mode);

        const running = sync.start();
        try {
          await until(moment, () => tries.reached(sync));
          await running.kill(part);
        } finally {
          gate.resolve();
        }
        const { code, stderr } = await running.finish();
        if (way === script) await sync.unlocked();

        const what = `${part} killed while ${moment}`;
        if (way === script && (part === "tap" || part === "target")) {
          assertEquals(code, 137, `${what}: ${stderr}`);
          assertMatch(stderr, /sync\.sh: the tap ended with \d+, the target with \d+\n/);
        }
        await sync.write("target.mode", "");
        await completes(sync, what);
      });
    });
  }
}

/** When a process is killed, and how to know that the moment has come. */
interface Moment {
  /** The endpoint at which the tap is kept waiting. */
  waitsAt: string;
  mode?: string;
  parts: readonly Part[];
  reached(sync: ShellSync): boolean | Promise<boolean>;
}

const EACH: readonly Part[] = ["tap", "target", "shell", "group"];
const asked = (path: string) => ({ api }: ShellSync) =>
  api.requests.some((request) => request.path === path);

const MOMENTS: [moment: string, Moment][] = [
  ["nothing is read yet", { waitsAt: "/agents", parts: EACH, reached: asked("/agents") }],
  ["half of it is stored", {
    waitsAt: "/incremental/chats",
    parts: EACH,
    reached: async (sync) =>
      asked("/incremental/chats")(sync) && "agents" in await bookmarksOf(sync),
  }],
  ["a state is half written", {
    waitsAt: "/nowhere",
    mode: "half",
    // Whatever else is killed, this target waits for ever.
    parts: ["target", "group"],
    reached: async (sync) => /[^\n]$/.test(await sync.read("states.jsonl")),
  }],
];

Deno.test(
  "docs/sync.sh leaves a sync alone that is still running, and says so",
  onLinux,
  async () => {
    const gate = Promise.withResolvers<void>();
    await using sync = await begin(script, {
      onRequest: async ({ path }) => path === "/agents" ? await gate.promise : undefined,
    });
    const first = sync.start();
    try {
      await until("the first one", () => asked("/agents")(sync));
      const second = await sync.run();
      assertEquals(second.code, 75);
      assertMatch(second.stderr, /another sync holds \S+\/lock, so this one has done nothing\n$/);

      // Without its shell the first one still is under way.
      await first.kill("shell");
      assertEquals((await sync.run()).code, 75);
    } finally {
      gate.resolve();
    }
    await first.finish();
    await completes(sync, "after the first");
  },
);

Deno.test("docs/sync.sh refuses to begin anew where the states are gone", onLinux, async () => {
  await using sync = await begin(script);
  await Deno.remove(`${sync.path}/states.jsonl`);

  const { code, stderr } = await sync.run();

  assertEquals([code, sync.api.requests], [1, []]);
  assert(stderr.includes(`touch ${sync.path}/states.jsonl`), stderr);
});

Deno.test("docs/sync.sh passes on what the tap and the target end with", onLinux, async () => {
  await using sync = await begin(script);
  const cases: [what: string, file: string, code: number][] = [
    ["a target that is not there", "bin/target-jsonl", 127],
    ["a tap that is not there", "bin/tap-zendesk-chat", 127],
  ];
  for (const [what, file, code] of cases) {
    await Deno.rename(`${sync.path}/${file}`, `${sync.path}/${file}.away`);
    const run = await sync.run();
    await Deno.rename(`${sync.path}/${file}.away`, `${sync.path}/${file}`);
    assertEquals([what, run.code], [what, code]);
  }
  sync.api.refuse.chats = 403;
  const { code, stderr } = await sync.run();
  assertEquals(code, 1);
  assertMatch(stderr, /^\d{4}-\d\d-\d\dT\S+Z CRITICAL /m);
});
