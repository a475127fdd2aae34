/** `--test` as a person reads it before the first sync. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  chat,
  type FakeChatApi,
  type FakeChatApiOptions,
  offlineMessage,
  startFakeChatApi,
} from "../fakes/chat_api/mod.ts";
import { configFor, createRunFolder } from "./run_folder.ts";
import { checkOutput } from "./singer_output.ts";
import { forMany, runTap } from "./tap_process.ts";

const PRIYA = {
  id: 1,
  display_name: "Priya",
  email: "priya@acme.example",
  roles: { administrator: true, owner: false },
};

/** 250 chats and 3 offline messages, a minute apart. */
const CHATS = Array.from({ length: 253 }, (_, index) => {
  const time = new Date(Date.UTC(2026, 0, 5) + index * 60_000).toISOString();
  return index < 250 ? chat(`c${index}`, time) : offlineMessage(`m${index}`, time);
});

interface Tested {
  code: number;
  /** The lines before those of the streams. */
  lines: string[];
  api: FakeChatApi;
}

async function test(options: FakeChatApiOptions = {}, config = {}): Promise<Tested> {
  await using api = await startFakeChatApi({
    account: { agents: [PRIYA], chats: CHATS },
    ...options,
  });
  await using folder = await createRunFolder({ "config.json": configFor(api, config) });
  const result = await runTap(["-c", "config.json", "--test"], { cwd: folder.path });
  checkOutput(result);
  const lines = result.stdout.split("\n");
  return {
    code: result.code,
    lines: lines.slice(0, lines.findIndex((line) => line.startsWith("account: "))),
    api,
  };
}

Deno.test("tap --test says what host, clock and token are, and what a first sync would be", async () => {
  const { code, lines } = await test();

  assertEquals(code, 0);
  assertMatch(lines[0]!, /^host: 127\.0\.0\.1:\d+ answers in \d+ ms$/);
  assertEquals(lines.slice(1), [
    "clock: that of the API",
    "token: works, that of Priya <priya@acme.example>, administrator",
    "first sync: 250 chats and 3 offline messages since 2026-01-01",
    // One window of each kind; seven pages and one; two bulk reads and one.
    "first sync by search: about 13 requests, a minute or less",
    "first sync by incremental export: about 2 requests, a minute or less",
    "the API shows: 40 hits on a page of a search, 200 of 200 ids in one bulk read, 253 of 1000 " +
    "rows on a page of the export",
  ]);
});

Deno.test("tap --test counts no further than end_date", async () => {
  const { code, lines } = await test({}, { end_date: "2026-01-05T00:09:30Z" });

  assertEquals(code, 0);
  assertEquals(
    lines[3],
    "first sync: 10 chats and 0 offline messages since 2026-01-01 until 2026-01-05",
  );
});

Deno.test("tap --test says what the API shows where it gives less", async () => {
  const { code, lines } = await test({
    mostIds: 60,
    faults: [{ on: "/incremental/chats", status: 403, times: Infinity }],
  });

  assertEquals(code, 0);
  assertEquals(lines.slice(-2), [
    "first sync by incremental export: the API refuses it",
    "the API shows: 40 hits on a page of a search, 50 of 50 ids in one bulk read",
  ]);
  const cut = await test({ mostIds: 60, beyondMostIds: "cut" });
  assert(cut.lines.at(-1)!.includes("60 of 200 ids in one bulk read"), cut.lines.at(-1));
});

Deno.test("tap --test tells an empty account, a wrong clock and a silent API", async () => {
  const empty = await test({
    account: { agents: [{ ...PRIYA, roles: { administrator: false } }] },
  });
  assertEquals([empty.code, ...empty.lines.slice(2)], [
    0,
    "token: works, that of Priya <priya@acme.example>, agent",
    "first sync: 0 chats and 0 offline messages since 2026-01-01",
    "first sync by search: about 2 requests, a minute or less",
    "first sync by incremental export: about 1 request, a minute or less",
    "the API shows: 0 of 1000 rows on a page of the export",
  ]);

  const early = await test({
    faults: [{
      on: "/agents/me",
      headers: { date: new Date(Date.now() + 3_600_000).toUTCString() },
    }],
  });
  assertMatch(early.lines[1]!, /^clock: 3(600|599) s behind the API's, which bookmarks follow$/);

  const unclear = await test({ faults: [{ on: "/agents/me", status: 501 }] });
  assertEquals(unclear.code, 0);
  assertMatch(unclear.lines[2]!, /^token: the API does not tell: Cannot read agents: .* 501 /);

  const refused = await test({}, { access_token: "another-token" });
  assertEquals(refused.code, 1);
  assertMatch(refused.lines[2]!, /^token: failed: Cannot read agents: .* 401 .*expired/);
  assertEquals(refused.lines.length, 3);
});

/** The root of an API that is not there: a port that nobody uses, and that is never given away. */
const DESERTED = "http://127.0.0.1:3";

Deno.test("tap --test is told within a few attempts that nobody answers, and why", async () => {
  await using folder = await createRunFolder({
    "config.json": { access_token: "some-token", start_date: "2026-01-01", base_url: DESERTED },
  });
  const cases: [env: Record<string, string>, ...words: RegExp[]][] = [
    [{}, /after 3 attempts: .*refused/, /; nobody answers there/],
    [
      { DENO_CERT: "/no/such.pem" },
      /after 1 attempt: .*CA file/,
      /; DENO_CERT has to name a PEM file/,
    ],
    [
      { DENO_TLS_CA_STORE: "elsewhere" },
      /after 1 attempt: .*certificate store/,
      /DENO_TLS_CA_STORE system or mozilla/,
    ],
  ];

  const results = await forMany(
    cases,
    ([env]) =>
      runTap(["-c", "config.json", "--test", "--select", "chats"], { cwd: folder.path, env }),
  );

  for (const [index, result] of results.entries()) {
    checkOutput(result);
    assertEquals(result.code, 1);
    const [host, clock, token, chats] = result.stdout.split("\n");
    assertEquals([host, clock], [
      `host: failed: ${new URL(DESERTED).host} has not answered`,
      "clock: the API has not told its time",
    ]);
    const [, ...words] = cases[index]!;
    for (const line of [token!, chats!]) {
      assertMatch(line, /^(token|chats): failed: /);
      for (const word of words) assertMatch(line, word);
    }
  }
});
