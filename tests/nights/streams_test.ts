/**
 * Three nights in a row on which one stream or all of them meet something bad, and a good one after
 * them. Each night the account grows in every stream, so that whatever could be read and was not shows
 * at once.
 */

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { Json, JsonObject } from "../../lib/json.ts";
import { isChild } from "../../lib/stream/stream.ts";
import { STREAMS } from "../../streams/mod.ts";
import { type FakeChatApi, type Fault, offlineMessage } from "../fakes/chat_api/mod.ts";
import { keysHeld, secondText, smallAccount } from "../program/accounts.ts";
import { FIRST_NIGHT_MS, type Night, type Nights, startNights, STOPPED } from "./nights.ts";

const ALL = STREAMS.map(({ tapStreamId }) => tapStreamId);

/** The streams that are asked for; children come with them. */
const SOURCES = STREAMS.filter((stream) => !isChild(stream))
  .map(({ tapStreamId }) => tapStreamId);

/** The streams of the Python tap, synced when there is no catalog. */
const DEFAULTS = STREAMS.filter(({ selectedByDefault }) => selectedByDefault)
  .map(({ tapStreamId }) => tapStreamId);

const DAY_MS = 24 * 60 * 60_000;

/** One more row in each stream that can have one, changed the day before the night with this number. */
function grow({ account, chats }: FakeChatApi, night: number): void {
  const id = 100 + night;
  const time = secondText(FIRST_NIGHT_MS + (night - 1.5) * DAY_MS);
  account.agents.push({ id });
  account.bans.visitor.push({ id });
  account.bans.ip_address.push({ id: id + 50 });
  for (const list of ["departments", "goals", "triggers", "roles", "skills"] as const) {
    account[list].push({ id, name: `Number ${id}` });
  }
  account.shortcuts.push({ name: `s${id}` });
  account.agent_timeline.push({ agent_id: id, start_time: time });
  for (const list of ["agent_events", "conversions", "department_events"] as const) {
    account[list].push({ id: `e${id}`, timestamp: time });
  }
  chats.put(offlineMessage(`m${id}`, time));
}

/** The keys of streams that the target lacks, as `stream key`. */
function lacking({ api, target }: Nights, streams: readonly string[]): string[] {
  const there = new Set(streams.flatMap((stream) => {
    return target.keys(stream).map((key) => `${stream} ${key.replace(".000000Z", "Z")}`);
  }));
  return [...keysHeld(api, streams)].filter((key) => !there.has(key));
}

/** What the closing table says, by stream. */
function verdicts(log: readonly string[]): Record<string, string> {
  const heading = log.findIndex((line) => /^INFO stream +result +records /.test(line));
  assert(heading >= 0, `no table in\n${log.join("\n")}`);
  const columns = log.slice(heading + 1)
    .filter((line) => line.startsWith("INFO "))
    .map((line) => line.slice("INFO ".length).split(/ {2,}/));
  return Object.fromEntries(columns.map(([stream, verdict]) => [stream!, verdict!]));
}

const everyStream = (verdict: string) => Object.fromEntries(ALL.map((name) => [name, verdict]));

function lines(log: readonly string[], ...levels: string[]): string[] {
  return log.filter((line) => levels.includes(line.split(" ", 1)[0]!));
}

/** A stream that is bad for three nights: what the API does, and what is to come of it. */
interface Misfortune {
  name: string;
  stream: string;
  night: Night;
  verdict: "failed" | "incomplete" | "ok";
  /** Begins the one line of the log that tells of it. */
  line: string;
}

const refused = (stream: string, status: number): Misfortune => ({
  name: `${stream} answers ${status}`,
  stream,
  night: { faults: [{ on: `/${stream}`, status, times: Infinity }] },
  verdict: "failed",
  line: `CRITICAL Cannot read ${stream}: GET `,
});

const oddRow = (stream: string, row: Json, alter: Fault["alter"]): Misfortune => ({
  name: `${stream} has a row ${JSON.stringify(row)}`,
  stream,
  night: { faults: [{ on: `/${stream}`, alter: alter!, times: Infinity }] },
  verdict: "incomplete",
  line: `ERROR Stream "${stream}": left out 1 row that cannot be written: `,
});

const ODD_ROWS: Json[] = [null, "row", [], {}, { id: null, name: null }, { id: {}, name: null }];

const LISTS = ["departments", "goals", "shortcuts", "triggers", "roles", "skills"];

const MISFORTUNES: Misfortune[] = [
  ...["triggers", "bans", "agents", "account"].flatMap((stream) =>
    [403, 422, 501].map((status) => refused(stream, status))
  ),
  ...[408, 500, 503, 504].map((status) => refused("triggers", status)),
  refused("bans", 502),
  {
    name: "bans are cut off",
    stream: "bans",
    night: { faults: [{ on: "/bans", ending: "close", bytes: 9, times: Infinity }] },
    verdict: "failed",
    line: "CRITICAL Cannot read bans: GET ",
  },
  {
    name: "agents are a page for people",
    stream: "agents",
    night: { faults: [{ on: "/agents", status: 200, body: "<html>", times: Infinity }] },
    verdict: "failed",
    line: "CRITICAL Cannot read agents: GET ",
  },
  ...LISTS.flatMap((stream) =>
    (stream === "triggers" ? ODD_ROWS : [null, {}]).map((row) =>
      oddRow(stream, row, (body: Json[]) => [body[0]!, row, ...body.slice(1)])
    )
  ),
  ...ODD_ROWS.flatMap((row) => [
    oddRow("agents", row, (body: Json[]) => body.length === 0 ? body : [row, ...body]),
    oddRow("bans", row, (body) => ({
      ...body,
      visitor: body.visitor.length === 0 ? [] : [...body.visitor, row],
    })),
  ]),
  oddRow("account", {}, () => ({})),
];

for (const { name, stream, night, verdict, line } of MISFORTUNES) {
  Deno.test(`nights on which ${name}: the others are read, and it too once it is well`, async () => {
    await using nights = await startNights({ account: smallAccount(), streams: ALL });
    const others = ALL.filter((other) => other !== stream);
    for (let number = 1; number <= 3; number++) {
      grow(nights.api, number);

      const { code, log } = await nights.sync(night);

      assertEquals(code, 1);
      assertEquals(verdicts(log), { ...everyStream("ok"), [stream]: verdict });
      const told = lines(log, "CRITICAL", "ERROR");
      assertEquals(told.map((text) => text.slice(0, line.length)), [line]);
      assertEquals(nights.state.currently_syncing, null);
      assertEquals(lacking(nights, others), []);
      // Rows that can be written are, beside one that cannot; an account has no other row.
      if (verdict === "incomplete" && stream !== "account") {
        assertEquals(lacking(nights, [stream]), []);
      }
    }
    const { code, log } = await nights.sync();

    assertEquals([code, verdicts(log), lacking(nights, ALL)], [0, everyStream("ok"), []]);
    assertLessOrEqual(JSON.stringify(nights.state).length, 60_000);
  });
}

Deno.test("nights after a run of old that ended in triggers: chats are read again", async () => {
  const state = { bookmarks: {}, currently_syncing: "triggers" };
  await using nights = await startNights({ account: smallAccount(), streams: ALL, state });
  const { code, log, messages } = await nights.sync(refused("triggers", 403).night);

  assertEquals(code, 1);
  assertEquals(messages[0], { type: "STATE", value: state });
  assertEquals(verdicts(log), { ...everyStream("ok"), triggers: "failed" });
  assertEquals(lacking(nights, ALL.filter((stream) => stream !== "triggers")), []);
  assertEquals(nights.state.currently_syncing, null);
});

Deno.test("nights on which the whole API is down end in minutes, and the good one brings all", async () => {
  const down: Night = { faults: [{ status: 503, times: Infinity }] };
  await using nights = await startNights({ account: smallAccount(), streams: ALL });
  for (let number = 1; number <= 3; number++) {
    grow(nights.api, number);

    const { code, log, requests } = await nights.sync(down);

    assertEquals([code, verdicts(log)], [1, everyStream("failed")]);
    assertEquals(lines(log, "CRITICAL").length, SOURCES.length);
    // Ten attempts until one stream has shown that it does not pass, then three for each.
    assertEquals(requests, 10 + 3 * (SOURCES.length - 1));
    assertEquals(nights.state.currently_syncing, null);
  }
  const { code } = await nights.sync();
  assertEquals([code, lacking(nights, ALL)], [0, []]);
});

Deno.test("a night without a catalog on which the whole API is down ends in minutes, too", async () => {
  await using nights = await startNights({ account: smallAccount() });
  const { code, requests } = await nights.sync({ faults: [{ status: 503, times: Infinity }] });
  assertEquals([code, requests], [1, 10 + 3 * DEFAULTS.length]);
});

Deno.test("nights on which the API is back after one stream: the next have all their attempts", async () => {
  await using nights = await startNights({ account: smallAccount(), streams: ALL });
  const { code, log } = await nights.sync({
    faults: [
      { on: "/account", status: 503, times: 10 },
      { on: "/agents", status: 502, times: 2 },
      { on: "/bans", status: 502, times: 9 },
    ],
  });

  assertEquals([code, verdicts(log)], [1, { ...everyStream("ok"), account: "failed" }]);
  assertEquals(lacking(nights, ALL.filter((stream) => stream !== "account")), []);
});

Deno.test("nights on which every request is refused as of some stream: one line, and the rest of the table", async () => {
  const ending: Fault[] = [
    { status: 401 },
    { status: 410 },
    { status: 423 },
    { status: 302, headers: { location: "https://elsewhere.example/" } },
  ];
  for (const fault of ending) {
    await using nights = await startNights({ account: smallAccount(), streams: ALL });
    const { code, log } = await nights.sync({
      faults: [{
        ...fault,
        on: ({ path }) => path !== "/account" && path !== "/agents",
        times: Infinity,
      }],
    });

    assertEquals(code, 1);
    const expected = { ...everyStream("not reached"), account: "ok", agents: "ok", bans: "failed" };
    assertEquals(verdicts(log), expected);
    assertEquals(lines(log, "CRITICAL").map((line) => line.slice(0, 26)), [
      "CRITICAL Cannot read bans:",
    ]);
    assertEquals(nights.state.currently_syncing, null);
    await nights.sync();
    assertEquals(lacking(nights, ALL), []);
  }
});

Deno.test("nights that are cut off anywhere: the state says where, and the next begins there", async () => {
  for (const [index, stream] of SOURCES.entries()) {
    await using nights = await startNights({ account: smallAccount(), streams: ALL });
    const path = STREAM_PATHS[stream] ?? `/${stream}`;
    const cut = await nights.sync({ stopAt: (asked) => asked === path });

    assertEquals(cut.code, STOPPED);
    const expected = STREAMS.map((other) => {
      const name = isChild(other) ? other.parent : other.tapStreamId;
      const at = SOURCES.indexOf(name);
      return [other.tapStreamId, at < index ? "ok" : at > index ? "not reached" : "stopped"];
    });
    assertEquals(verdicts(cut.log), Object.fromEntries(expected));
    assertEquals(nights.state.currently_syncing, stream);

    const { code, log } = await nights.sync();
    assertEquals([code, nights.state.currently_syncing], [0, null]);
    assertEquals(Object.keys(verdicts(log))[0], stream);
    assertEquals(lacking(nights, ALL), []);
  }
});

/** Paths that are not a stream's name. */
const STREAM_PATHS: Record<string, string> = {
  chats: "/chats/search",
  routing_settings: "/routing_settings/account",
  ...Object.fromEntries(
    ["agent_timeline", "agent_events", "conversions", "department_events"]
      .map((stream) => [stream, `/incremental/${stream}`]),
  ),
};

Deno.test("nights on which agents come whole whatever is asked for: each once, and no error", async () => {
  const whole: Fault["alter"] = () => nights.api.account.agents;
  await using nights = await startNights({
    account: smallAccount(),
    streams: ["agents", "chats"],
    config: { agents_page_limit: 2 },
  });
  for (let number = 1; number <= 3; number++) {
    grow(nights.api, number);
    const { code, log, messages } = await nights.sync({
      faults: [{ on: "/agents", alter: whole, times: Infinity }],
    });

    assertEquals([code, lines(log, "CRITICAL", "ERROR", "WARNING")], [0, []]);
    const ids = messages.flatMap((message) =>
      message.type === "RECORD" && message.stream === "agents" ? [message.record.id] : []
    );
    assertEquals(ids, nights.api.account.agents.map(({ id }) => id));
  }
  assertEquals(lacking(nights, ["agents", "chats"]), []);
});

Deno.test("an ordinary night asks once for a list, and once more for one that has pages", async () => {
  const streams = ["account", "agents", "bans", ...LISTS, "routing_settings"];
  await using nights = await startNights({ account: smallAccount(), streams });
  await nights.sync();
  const { requests } = await nights.sync();
  assertEquals(requests, streams.length + 2);
});

/** What comes of an optional resource that is not simply there. */
const ODD_ANSWERS: [name: string, fault: Omit<Fault, "on" | "times">, level: string][] = [
  ...[403, 404].map((status): [string, Fault, string] => [`${status}`, { status }, "INFO"]),
  ...[400, 402, 405, 410, 422, 423, 429, 451, 500, 501, 503]
    .map((status): [string, Fault, string] => [`${status}`, { status }, "WARNING"]),
  ["another shape", { status: 200, body: 7 }, "WARNING"],
  ["a page for people", { status: 200, body: "<html>" }, "WARNING"],
  ["a hang-up", { ending: "close" }, "WARNING"],
  ["a body cut off", { ending: "close", bytes: 1 }, "WARNING"],
  ["a redirect", { status: 302, headers: { location: "https://elsewhere.example/" } }, "WARNING"],
];

const OPTIONAL = STREAMS.filter(({ discovery }) => discovery === "optional")
  .map(({ tapStreamId }) => tapStreamId);

for (const [name, fault, level] of ODD_ANSWERS) {
  Deno.test(`discovery lists the others when an optional endpoint answers ${name}`, async () => {
    await using nights = await startNights({ account: smallAccount() });
    for (const stream of OPTIONAL) {
      const path = STREAM_PATHS[stream] ?? `/${stream}`;
      const night = { faults: [{ ...fault, on: path, times: Infinity }] };

      const { code, found, log } = await nights.discover(night);

      assertEquals([code, found], [0, ALL.filter((other) => other !== stream)]);
      const told = log.filter((line) => !line.includes("Waiting"));
      const beginning = `${level} Left out stream ${stream}: `;
      assertEquals(told.map((line) => line.slice(0, beginning.length)), [beginning]);
    }
  });
}

Deno.test("discovery tells of a token that is refused, whatever else is", async () => {
  await using nights = await startNights({ account: smallAccount() });
  const { code, found, log } = await nights.discover({
    faults: [{ status: 401, times: Infinity }],
  });

  assertEquals([code, found], [1, []]);
  assertEquals(lines(log, "CRITICAL").map((line) => line.slice(0, 27)), [
    "CRITICAL Cannot read chats:",
  ]);
});

Deno.test("nights without a catalog: an account that is refused is left out, one that fails is not", async () => {
  const faulty = (status: number): Night => ({
    faults: [{ on: "/account", status, times: Infinity }],
  });
  await using nights = await startNights({ account: smallAccount() });
  const others = DEFAULTS.filter((stream) => stream !== "account");
  const answers: [status: number, code: number][] = [[403, 0], [404, 0], [400, 1], [500, 1]];
  for (const [index, [status, code]] of Array(3).fill(answers).flat().entries()) {
    grow(nights.api, index + 1);
    const run = await nights.sync(faulty(status));

    assertEquals(run.code, code);
    const ok = Object.fromEntries(others.map((name) => [name, "ok"]));
    assertEquals(verdicts(run.log), code === 0 ? ok : { account: "failed", ...ok });
    assertEquals(lacking(nights, others), []);
  }
  const { code } = await nights.sync();
  assertEquals([code, lacking(nights, DEFAULTS)], [0, []]);
});

Deno.test("nights without a catalog: what ends a run at its first request leaves a state and a table", async () => {
  const state = { bookmarks: { agents: { offset: { id: null } } }, currently_syncing: null };
  const endings: [night: Night, code: number, verdict: string, syncing: string | null][] = [
    [{ faults: [{ status: 401, times: Infinity }] }, 1, "failed", null],
    [{ stopAt: (path) => path === "/account" }, STOPPED, "stopped", "account"],
  ];
  for (const [night, code, verdict, syncing] of endings) {
    await using nights = await startNights({ account: smallAccount(), state });
    const run = await nights.sync(night);

    const notReached = Object.fromEntries(DEFAULTS.map((stream) => [stream, "not reached"]));
    assertEquals([run.code, verdicts(run.log)], [code, { ...notReached, account: verdict }]);
    assertEquals(run.messages.at(-1), {
      type: "STATE",
      value: { ...state, currently_syncing: syncing },
    });
    await nights.sync();
    assertEquals(lacking(nights, DEFAULTS), []);
  }
});

Deno.test("nights without a catalog: chats that are refused keep no other stream back", async () => {
  await using nights = await startNights({ account: smallAccount() });
  const { code, log } = await nights.sync({ refuse: { chats: 403 } });

  assertEquals(code, 1);
  const ok: JsonObject = Object.fromEntries(DEFAULTS.map((name) => [name, "ok"]));
  assertEquals(verdicts(log), { ...ok, chats: "failed" });
  assertEquals(lacking(nights, DEFAULTS.filter((stream) => stream !== "chats")), []);
});

Deno.test("nights on which the network is gone end after one ladder, and say so once", async () => {
  const nights = await startNights({ account: smallAccount(), streams: ALL });
  await nights.sync();
  const { bookmarks } = nights.state;
  await nights.api[Symbol.asyncDispose]();

  const { code, log } = await nights.sync();

  assertEquals(code, 1);
  assertEquals(verdicts(log), { ...everyStream("not reached"), account: "failed" });
  const told = lines(log, "CRITICAL").map((line) =>
    line.split(";")[0]!.replace(/GET \S+/, "GET …")
  );
  assertEquals(told.map((line) => line.slice(0, line.indexOf("attempts"))), [
    "CRITICAL Cannot read account: GET … failed after 10 ",
  ]);
  assertEquals(nights.state, { bookmarks, currently_syncing: null });
  await nights[Symbol.asyncDispose]();
});

Deno.test("discovery finds every stream whatever the machine's clock says", async () => {
  await using nights = await startNights({ account: smallAccount() });
  const seconds = [61, 320, 3_600, -61, -320, -3_600];
  for (const chats_api of ["search", "incremental"]) {
    for (const clockAheadMs of seconds.map((ahead) => ahead * 1_000)) {
      const { code, found } = await nights.discover({ clockAheadMs, config: { chats_api } });
      assertEquals([code, found], [0, ALL], `${chats_api}, ${clockAheadMs} ms ahead`);
    }
  }
});
