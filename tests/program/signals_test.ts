/**
 * How a run ends before its time: by signals, by a reader that goes away or gets stuck, by a full
 * disk. Windows knows neither these signals nor /dev/full.
 */

import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import {
  type FakeChatApi,
  type FakeChatApiOptions,
  generatedChats,
  startFakeChatApi,
} from "../fakes/chat_api/mod.ts";
import { catalogWith } from "./catalogs.ts";
import { configFor, createRunFolder } from "./run_folder.ts";
import { checkOutput, lastState, logLines, messagesIn, recordsOf } from "./singer_output.ts";
import { type RunningTap, startTap, type TapOptions } from "./tap_process.ts";

const onUnix = { ignore: Deno.build.os === "windows" };

/** Exit codes as a shell has them. */
const CODES = { SIGTERM: 143, SIGINT: 130 } as const;

/** Six megabytes of messages: more than what lies between a tap and its reader can hold. */
const ACCOUNT = { agents: [{ id: 1 }], chats: generatedChats({ count: 3_000 }) };

interface Sync extends AsyncDisposable {
  api: FakeChatApi;
  tap: RunningTap;
}

/** Starts to read agents, then chats by incremental export. */
async function startSync(
  options: FakeChatApiOptions = {},
  { args = [], ...tapOptions }: Partial<TapOptions> & { args?: string[] } = {},
): Promise<Sync> {
  const api = await startFakeChatApi({ account: ACCOUNT, ...options });
  const folder = await createRunFolder({
    "config.json": configFor(api, { chats_api: "incremental" }),
    "catalog.json": catalogWith("agents", "chats"),
  });
  const files = ["-c", "config.json", "--catalog", "catalog.json"];
  const tap = startTap([...files, ...args], { cwd: folder.path, ...tapOptions });
  return {
    api,
    tap,
    async [Symbol.asyncDispose]() {
      await tap[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

/** Waits until the API has had a request for this path. */
async function requested(api: FakeChatApi, path: string): Promise<void> {
  while (!api.requests.some((request) => request.path === path)) await delay(10);
}

/** Where a run may be when the signal comes: what the API does, and how to know that it is there. */
const MOMENTS: [where: string, FakeChatApiOptions, ready: (sync: Sync) => Promise<unknown>][] = [
  [
    "waits as Retry-After tells it",
    { faults: [{ on: "/incremental/chats", status: 429, headers: { "retry-after": "600" } }] },
    ({ tap }) => tap.logged(/Waiting 600\.0 s/),
  ],
  [
    "waits for an answer",
    { faults: [{ on: "/incremental/chats", ending: "hang" }] },
    ({ api }) => requested(api, "/incremental/chats"),
  ],
  [
    "waits for the rest of a body",
    { faults: [{ on: "/incremental/chats", ending: "hang", bytes: 100_000 }] },
    ({ api }) => requested(api, "/incremental/chats"),
  ],
];

for (const [where, options, ready] of MOMENTS) {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    Deno.test(`tap ends at once on ${signal} while it ${where}`, onUnix, async () => {
      await using sync = await startSync(options);
      await ready(sync);
      sync.tap.signal(signal);
      const result = await sync.tap.finish();

      // At its deadline it would end without the STATE and the line.
      checkOutput(result);
      assertEquals(
        [result.code, messagesIn(result.stdout).at(-1)],
        [CODES[signal], {
          type: "STATE",
          value: { bookmarks: { agents: { offset: { id: null } } }, currently_syncing: "chats" },
        }],
      );
      const [line, ...more] = logLines(result.stderr, "WARNING", "ERROR", "CRITICAL")
        .filter((line) => !line.includes("Waiting"));
      assertEquals(more, []);
      assert(line!.startsWith(`WARNING Stopped by ${signal}`), line);
    });
  }
}

Deno.test("tap ends on SIGTERM with whole lines and a STATE", onUnix, async () => {
  await using sync = await startSync();
  while (!(await sync.tap.readLine()).startsWith('{"type":"RECORD","stream":"chats"')) continue;
  sync.tap.signal("SIGTERM");
  const result = await sync.tap.finish();

  checkOutput(result);
  const messages = messagesIn(result.stdout);
  assertEquals([result.code, messages.at(-1)!.type], [143, "STATE"]);
  assertEquals(lastState(messages)!.currently_syncing, "chats");
  assert(recordsOf(messages, "chats").length < 3_000, "it went on to the end");
});

Deno.test("tap prints nothing when SIGTERM ends a discovery", onUnix, async () => {
  await using sync = await startSync({ faults: [{ on: "/roles", ending: "hang" }] }, {
    args: ["--discover"],
  });
  await requested(sync.api, "/roles");
  sync.tap.signal("SIGTERM");
  const result = await sync.tap.finish();

  checkOutput(result);
  assertEquals([result.code, result.stdout], [143, ""]);
});

Deno.test("tap gives a stuck reader five seconds after SIGTERM", onUnix, async () => {
  await using sync = await startSync();
  await sync.tap.logged(/"endpoint": "chats"/);
  const startMs = performance.now();
  sync.tap.signal("SIGTERM");

  assertEquals(await sync.tap.exited(), 143);
  const seconds = (performance.now() - startMs) / 1000;
  assert(seconds > 4.5, `it took ${seconds} s`);
});

Deno.test("tap ends at once on a second signal", onUnix, async () => {
  await using sync = await startSync();
  await sync.tap.logged(/"endpoint": "chats"/);
  sync.tap.signal("SIGINT");
  await delay(1_000);
  sync.tap.signal("SIGTERM");

  // The deadline of the first would bring that one's code.
  assertEquals(await sync.tap.exited(), 143);
});

Deno.test("tap ends with 141 and without complaint when its reader goes away", onUnix, async () => {
  await using sync = await startSync();
  await sync.tap.readLine();
  await sync.tap.closeStdout();
  const { code, stderr } = await sync.tap.finish();

  assertEquals([code, logLines(stderr, "WARNING", "ERROR", "CRITICAL")], [141, []]);
});

Deno.test("tap ends with 141 when nobody reads its catalog", onUnix, async () => {
  const { promise: gone, resolve: leave } = Promise.withResolvers<void>();
  await using sync = await startSync({ onRequest: () => gone }, { args: ["--discover"] });
  await sync.tap.closeStdout();
  leave();
  const { code, stderr } = await sync.tap.finish();

  assertEquals([code, logLines(stderr, "WARNING", "ERROR", "CRITICAL")], [141, []]);
});

for (
  const [what, args] of [["records", []], ["catalog", ["-d"]], ["version", ["--version"]]] as const
) {
  Deno.test(`tap says in one line that there is no room for its ${what}`, {
    ignore: Deno.build.os !== "linux",
  }, async () => {
    await using sync = await startSync({}, { args: [...args], stdoutTo: "/dev/full" });
    const result = await sync.tap.finish();

    checkOutput(result);
    const lines = logLines(result.stderr, "WARNING", "ERROR", "CRITICAL");
    assertEquals([result.code, lines.length], [1, 1]);
    assert(
      lines[0]!.startsWith("CRITICAL Cannot write to standard output: No space left"),
      lines[0],
    );
  });
}
