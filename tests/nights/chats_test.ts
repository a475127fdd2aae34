/**
 * Three nights in a row of each kind of misfortune that chats may meet, in both ways of reading, judged
 * by what a target holds at the end. Each night there are new chats and an edit, so that whatever was
 * passed over shows.
 */

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { Json, JsonObject } from "../../lib/json.ts";
import { chat, type Fault, offlineMessage } from "../fakes/chat_api/mod.ts";
import { parseQuery } from "../fakes/stub_search.ts";
import { secondText } from "../program/accounts.ts";
import { FIRST_NIGHT_MS, type Night, type Nights, startNights } from "./nights.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** 900 chats and messages of the four weeks before the first night. */
const ACCOUNT = {
  chats: Array.from({ length: 900 }, (_, index) => {
    const time = secondText(FIRST_NIGHT_MS - 28 * DAY_MS + index * 44 * MINUTE_MS);
    return index % 3 === 2 ? offlineMessage(`m${index}`, time) : chat(`c${index}`, time);
  }),
};

// deno-lint-ignore no-explicit-any
type Body = any;

const always = { times: Infinity };

/** 30 new chats and messages in the day before the night with this number, and two minutes before it. */
function grow({ api }: Nights, night: number): void {
  const nowMs = FIRST_NIGHT_MS + (night - 1) * DAY_MS;
  for (let index = 0; index < 30; index++) {
    const time = secondText(nowMs - (index === 0 ? 2 : 40 * index) * MINUTE_MS);
    const id = `${night}-${index}`;
    api.chats.put(index % 3 === 2 ? offlineMessage(`m${id}`, time) : chat(`c${id}`, time));
  }
}

/** A chat gets another comment in the evening before the night with this number. */
function edit({ api }: Nights, night: number, id: string): void {
  const update_timestamp = secondText(FIRST_NIGHT_MS + (night - 1.2) * DAY_MS);
  api.chats.put({ ...api.chats.get(id), update_timestamp, comment: `edited before ${night}` });
}

/** Chats that the target lacks, or has in an old version if edits count. */
function lacking({ api, target }: Nights, { edits = false } = {}): string[] {
  const held = new Map(target.rows("chats").map((row) => [row.id, row.comment ?? null]));
  return api.chats.sortedBy("timestamp").map(({ id }) => id).filter((id) => {
    if (!held.has(id)) return true;
    return edits && held.get(id) !== (api.chats.get(id)!.comment ?? null);
  });
}

function bookmark({ state }: Nights): JsonObject {
  return (state.bookmarks as Record<string, JsonObject>).chats!;
}

function warnings(log: readonly string[]): string[] {
  return log.filter((line) => /^(WARNING|ERROR|CRITICAL) /.test(line));
}

function isSearch(path: string): boolean {
  return path === "/chats/search";
}

/** Nights of a misfortune, and good ones after them, on which everything has to come. */
async function passNights(
  night: Night,
  { chats_api = "search", bad = 3, good = 2, code = 0 }: {
    chats_api?: string;
    bad?: number;
    good?: number;
    code?: number;
  },
): Promise<{ nights: Nights; requests: number[] }> {
  const nights = await startNights({
    account: structuredClone(ACCOUNT),
    streams: ["chats"],
    config: { chats_api },
  });
  const requests: number[] = [];
  await nights.sync();
  assertEquals(lacking(nights), []);
  for (let number = 2; number < 2 + bad; number++) {
    grow(nights, number);
    const run = await nights.sync(night);
    assertEquals(run.code, code, run.log.join("\n"));
    assertEquals(nights.state.currently_syncing, null);
    assertLessOrEqual(JSON.stringify(nights.state).length, 60_000);
    requests.push(run.requests);
  }
  for (let number = 2 + bad; number < 2 + bad + good; number++) {
    grow(nights, number);
    const run = await nights.sync();
    assertEquals(run.code, 0, run.log.join("\n"));
  }
  assertEquals(lacking(nights, { edits: chats_api === "incremental" }), []);
  return { nights, requests };
}

const listsNone: Fault = {
  on: ({ path }) => isSearch(path),
  ...always,
  alter: (body) => ({ ...body, results: [], next_url: null }),
};

const lacksDocuments = (share: number, odd: Json = null): Fault => {
  let index = 0;
  return {
    on: "/chats",
    ...always,
    alter: ({ docs, ...body }: Body) => ({
      ...body,
      docs: Object.fromEntries(
        Object.entries(docs as JsonObject).map(([id, doc]) => {
          return [id, index++ % 10 < share * 10 ? odd : doc];
        }),
      ),
    }),
  };
};

const refusesWide = (days: number, fault: Omit<Fault, "on" | "times">): Fault => ({
  ...fault,
  ...always,
  on({ path, params }) {
    if (!isSearch(path) || params.page !== undefined) return false;
    const { from, to } = parseQuery(params.q!);
    return to - from > days * 86_400;
  },
});

const SEARCH_NIGHTS: [name: string, night: Night, code?: number][] = [
  ["searches count and list nothing", { faults: [listsNone] }],
  ["searches list half of what they count", {
    faults: [{
      ...listsNone,
      alter: (body) => ({ ...body, results: body.results.slice(0, 20) }),
    }],
  }],
  ["bulk reads lack 40 % of documents", { faults: [lacksDocuments(0.4)] }],
  ["bulk reads lack all documents", { faults: [lacksDocuments(1)] }],
  ["documents are empty", { faults: [lacksDocuments(0.4, {})] }],
  ["windows over a quarter of a day are refused", {
    faults: [refusesWide(0.25, { status: 422 })],
  }],
  ["windows over a quarter of a day take too long", {
    faults: [refusesWide(0.25, { status: 504 })],
  }],
  ["searches are refused", { faults: [{ on: "/chats/search", ...always, status: 403 }] }, 1],
  ["the clock is 61 s ahead", { clockAheadMs: 61_000 }],
  ["the clock is 320 s ahead", { clockAheadMs: 320_000 }],
  ["the clock is an hour ahead", { clockAheadMs: HOUR_MS }],
  ["the clock is an hour behind", { clockAheadMs: -HOUR_MS }],
];

for (const [name, night, code = 0] of SEARCH_NIGHTS) {
  for (const bad of [1, 3]) {
    Deno.test(`chats by search, ${bad} nights on which ${name}: all come`, async () => {
      await using nights = (await passNights(night, { bad, code })).nights;
      if (code === 0) assertEquals(bookmark(nights).gaps ?? [], []);
    });
  }
}

const exported = (alter: (body: Body) => Body): Night => ({
  faults: [{ on: "/incremental/chats", ...always, alter }],
});

const EXPORT_NIGHTS: [name: string, night: Night, code?: number][] = [
  ["pages have 1 row", { behaviour: { exportPageRows: 1 } }],
  ["pages have 100 rows", { behaviour: { exportPageRows: 100 } }],
  ["pages have 999 rows", { behaviour: { exportPageRows: 999 } }],
  ["a row is null", exported((body) => ({ ...body, chats: [null, ...body.chats] })), 1],
  ["a row is empty", exported((body) => ({ ...body, chats: [{}, ...body.chats] })), 1],
  [
    "rows are ids",
    exported((body) => ({
      ...body,
      chats: body.chats.map(({ id }: Body) => ({ id })),
    })),
    1,
  ],
  ["end_time is null", exported((body) => ({ ...body, end_time: null }))],
  ["the clock is 61 s ahead", { clockAheadMs: 61_000 }],
  ["the clock is an hour ahead", { clockAheadMs: HOUR_MS }],
  ["the clock is an hour behind", { clockAheadMs: -HOUR_MS }],
];

for (const [name, night, code = 0] of EXPORT_NIGHTS) {
  Deno.test(`chats by export, three nights on which ${name}: all come`, async () => {
    await using _ = (await passNights(night, { chats_api: "incremental", code })).nights;
  });
}

Deno.test("chats by export are caught up in one night, however short the pages are", async () => {
  for (const exportPageRows of [100, 500, 999]) {
    await using nights = await startNights({
      account: structuredClone(ACCOUNT),
      streams: ["chats"],
      config: { chats_api: "incremental" },
    });
    const { code } = await nights.sync({ behaviour: { exportPageRows } });
    assertEquals([code, lacking(nights)], [0, []]);
  }
});

Deno.test("chats with one odd document are read every night, in both ways", async () => {
  for (const odd of [null, {}, { id: null }, { comment: "no id" }] as Json[]) {
    await using nights = await startNights({
      account: structuredClone(ACCOUNT),
      streams: ["chats"],
    });
    const night: Night = {
      faults: [{
        on: "/chats",
        ...always,
        alter: ({ docs, ...body }: Body) => ({
          ...body,
          docs: "c300" in docs ? { ...docs, c300: odd } : docs,
        }),
      }],
    };
    for (let number = 1; number <= 3; number++) {
      grow(nights, number);
      const { code } = await nights.sync(night);
      const isThere = typeof odd === "object" && odd !== null && "comment" in odd;
      assertEquals([code, lacking(nights)], [0, isThere ? [] : ["c300"]]);
    }
    await nights.sync();
    assertEquals([lacking(nights), bookmark(nights).gaps ?? []], [[], []]);
  }
});

Deno.test("chats that never come are given up after five runs, with a warning and exit code 0", async () => {
  await using nights = await startNights({
    account: { chats: [chat("a", secondText(FIRST_NIGHT_MS - DAY_MS))] },
    streams: ["chats"],
  });
  const seen: [tries: Json, gaveUp: boolean][] = [];
  for (let number = 1; number <= 6; number++) {
    // Passes the bookmark beyond the one that is lacking.
    nights.api.chats.put(chat(`b${number}`, secondText(FIRST_NIGHT_MS + (number - 1.1) * DAY_MS)));
    const { code, log } = await nights.sync({
      faults: [{
        on: "/chats",
        ...always,
        alter: ({ docs, ...body }: Body) => ({ ...body, docs: { ...docs, a: null } }),
      }],
    });
    assertEquals(code, 0);
    const [gap] = bookmark(nights).gaps as JsonObject[];
    seen.push([
      gap?.tries ?? null,
      log.some((line) => /^WARNING Gave up 1 chat, .*: a; unless/.test(line)),
    ]);
  }
  assertEquals(seen, [[0, false], [1, false], [2, false], [3, false], [4, false], [null, true]]);
});

Deno.test("a window that stays short is given up after five runs, with a warning and exit code 0", async () => {
  await using nights = await startNights({
    account: { chats: [chat("a", secondText(FIRST_NIGHT_MS - DAY_MS))] },
    streams: ["chats"],
  });
  const one = {
    kind: "chat",
    from: "2026-05-01T00:00:00.000000Z",
    to: "2026-05-02T00:00:00.000000Z",
  };
  await nights.sync();
  const { chats, ...others } = nights.state.bookmarks as Record<string, JsonObject>;
  nights.state.bookmarks = { ...others, chats: { ...chats, gaps: [{ ...one, tries: 0 }] } };
  const night: Night = {
    faults: [{
      on: ({ path, params }) => isSearch(path) && params.q!.includes("2026-05-02T00:00:00]"),
      ...always,
      alter: (body) => ({ ...body, count: 7 }),
    }],
  };
  const seen: [gaps: Json, gaveUp: boolean][] = [];
  for (let number = 1; number <= 5; number++) {
    const { code, log } = await nights.sync(night);
    assertEquals(code, 0);
    const gaveUp = log.some((line) =>
      /^WARNING Gave up what is lacking of the search for /.test(line)
    );
    seen.push([bookmark(nights).gaps!, gaveUp]);
  }
  const tried = (tries: number): [Json, boolean] => [[{ ...one, tries }], false];
  assertEquals(seen, [tried(1), tried(2), tried(3), tried(4), [[], true]]);
});

Deno.test("chats that are lacking are asked for first by the export too", async () => {
  await using nights = await startNights({
    account: structuredClone(ACCOUNT),
    streams: ["chats"],
    state: { bookmarks: {}, chats_last_full_sync: secondText(FIRST_NIGHT_MS - DAY_MS) },
  });
  await nights.sync({ faults: [listsNone] });
  const { messages, code } = await nights.sync({ config: { chats_api: "incremental" } });

  assertEquals([code, bookmark(nights).gaps, lacking(nights)], [0, [], []]);
  assert(messages.length > 900);
});

Deno.test("chats edited before the switch from search to the export are seen", async () => {
  for (const chats_full_sync_days of [0, 30]) {
    await using nights = await startNights({
      account: structuredClone(ACCOUNT),
      streams: ["chats"],
      config: { chats_full_sync_days },
    });
    await nights.sync();
    edit(nights, 2, "c300");
    await nights.sync();
    assertEquals(lacking(nights, { edits: true }), ["c300"]);
    edit(nights, 3, "c0");
    for (const night of [1, 2]) {
      const { code } = await nights.sync({ config: { chats_api: "incremental" } });
      assertEquals([code, lacking(nights, { edits: true })], [0, []], `night ${night}`);
    }
  }
});

Deno.test("the page addresses of a Python state end in the first STATE that names chats", async () => {
  const next_url = "https://www.zopim.com/api/v2/chats/search?q=x&page=7";
  for (const chats_api of ["search", "incremental"]) {
    await using nights = await startNights({
      account: structuredClone(ACCOUNT),
      streams: ["chats"],
      config: { chats_api },
      state: {
        bookmarks: {
          chats: { offset: { "chat.next_url": next_url, "offline_msg.next_url": next_url, id: 5 } },
        },
      },
    });
    const { messages } = await nights.sync();

    const offset = { "chat.next_url": null, "offline_msg.next_url": null, id: 5 };
    assertEquals(messages[0], {
      type: "STATE",
      value: { bookmarks: { chats: { offset } }, currently_syncing: "chats" },
    });
    assertEquals([bookmark(nights).offset, lacking(nights)], [offset, []]);
  }
});

Deno.test("a clock that is wrong is one warning, and every bookmark is the API's time", async () => {
  for (const chats_api of ["search", "incremental"]) {
    for (const clockAheadMs of [320_000, HOUR_MS, -HOUR_MS]) {
      await using nights = await startNights({
        account: structuredClone(ACCOUNT),
        streams: ["chats"],
        config: { chats_api },
      });
      grow(nights, 1);
      const { code, log } = await nights.sync({ clockAheadMs });

      assertEquals([code, warnings(log).length], [0, 1], log.join("\n"));
      assert(warnings(log)[0]!.startsWith("WARNING This machine's clock is "));
      const settled = secondText(FIRST_NIGHT_MS - 5 * MINUTE_MS).replace("Z", ".000000Z");
      for (const key of ["chat.end_timestamp", "update_timestamp"]) {
        const value = bookmark(nights)[key];
        assert(value === undefined || `${value}` <= settled, `${key} is ${value}`);
      }
    }
  }
});

Deno.test("chats without offline messages cost few requests with windows of a day since 2014", async () => {
  await using nights = await startNights({
    account: { chats: [chat("a", secondText(FIRST_NIGHT_MS - HOUR_MS))] },
    streams: ["chats"],
    config: { start_date: "2014-01-01", chat_search_interval_days: 1 },
  });
  const requests: number[] = [];
  for (let number = 1; number <= 3; number++) {
    requests.push((await nights.sync()).requests);
    nights.api.chats.put(
      chat(`b${number}`, secondText(FIRST_NIGHT_MS + number * DAY_MS - HOUR_MS)),
    );
  }
  assertLessOrEqual(requests[0]!, 80);
  assertLessOrEqual(requests[1]!, 12);
  assertLessOrEqual(requests[2]!, 12);
});

Deno.test("a full re-sync of many nights keeps no new chat waiting, and ends", async () => {
  await using nights = await startNights({
    account: structuredClone(ACCOUNT),
    streams: ["chats"],
    config: { chats_full_sync_days: 7, chat_search_interval_days: 3 },
  });
  await nights.sync();
  assertEquals(bookmark(nights).full_sync, null);
  const first = nights.state.chats_last_full_sync;
  for (let number = 2; number <= 7; number++) {
    grow(nights, number);
    await nights.sync();
    assertEquals([lacking(nights), nights.state.chats_last_full_sync], [[], first]);
  }
  // Due at last, and cut off in the middle, night after night.
  let begun: Json = null;
  for (let number = 8; number <= 10; number++) {
    grow(nights, number);
    if (number === 8) edit(nights, number, "c3");
    let asked = 0;
    const { code } = await nights.sync({ stopAt: (path) => isSearch(path) && ++asked > 5 });
    assertEquals([code, lacking(nights)], [143, []]);
    const fullSync = bookmark(nights).full_sync as JsonObject;
    begun ??= fullSync.started!;
    assertEquals([fullSync.started, nights.state.chats_last_full_sync], [begun, first]);
  }
  await nights.sync();
  assertEquals([bookmark(nights).full_sync, nights.state.chats_last_full_sync], [null, begun]);
  assertEquals(lacking(nights, { edits: true }), []);
});

Deno.test("a re-sync every day is every night's, though cron is some minutes early", async () => {
  await using nights = await startNights({
    account: structuredClone(ACCOUNT),
    streams: ["chats"],
    config: { chats_full_sync_days: 1 },
  });
  // The second night's run begins as if half an hour early.
  await nights.sync();
  nights.state = {
    ...nights.state,
    chats_last_full_sync: secondText(FIRST_NIGHT_MS + HOUR_MS / 2).replace("Z", ".000000Z"),
  };
  edit(nights, 2, "c3");
  await nights.sync();
  assertEquals(lacking(nights, { edits: true }), []);
});

Deno.test("the state stays small when everything is lacking, and nothing is lost", async () => {
  await using nights = await startNights({
    account: {
      chats: Array.from({ length: 3_000 }, (_, index) => {
        const time = secondText(FIRST_NIGHT_MS - 300 * DAY_MS + index * 2 * HOUR_MS);
        return index % 2 === 0 ? chat(`c${index}`, time) : offlineMessage(`m${index}`, time);
      }),
    },
    streams: ["chats"],
    config: { chat_search_interval_days: 5, start_date: "2025-01-01" },
  });
  for (const fault of [lacksDocuments(1), lacksDocuments(0.5), listsNone]) {
    const { code } = await nights.sync({ faults: [fault] });
    assertEquals(code, 0);
    assertLessOrEqual(JSON.stringify(nights.state).length, 60_000);
    const gaps = bookmark(nights).gaps as JsonObject[];
    const ids = gaps.flatMap((gap) => (gap.ids as Json[] | undefined) ?? []);
    assertLessOrEqual(ids.length, 1_000);
    assertLessOrEqual(gaps.filter(({ kind }) => kind !== undefined).length, 50);
  }
  await nights.sync();
  assertEquals(lacking(nights), []);
});

Deno.test("an ordinary night costs two searches and what is new, or one page and one more", async () => {
  for (const [chats_api, idle, busy] of [["search", 4, 5], ["incremental", 1, 2]] as const) {
    await using nights = await startNights({
      account: structuredClone(ACCOUNT),
      streams: ["chats"],
      config: { chats_api },
    });
    await nights.sync();
    const requests: number[] = [];
    requests.push((await nights.sync()).requests);
    grow(nights, 3);
    requests.push((await nights.sync()).requests);
    assertLessOrEqual(requests[0]!, idle);
    assertLessOrEqual(requests[1]!, busy);
  }
});

Deno.test("an idle night of the exports writes nothing where they have ids", async () => {
  const streams = ["chats", "conversions", "department_events"];
  const time = secondText(FIRST_NIGHT_MS - DAY_MS);
  await using nights = await startNights({
    account: {
      chats: [chat("a", time)],
      conversions: [{ id: "c", timestamp: time }],
      department_events: [{ id: "d", timestamp: time }],
    },
    streams,
    config: { chats_api: "incremental" },
  });
  await nights.sync();
  for (const startIdExclusive of [false, true]) {
    const { messages, requests } = await nights.sync({ behaviour: { startIdExclusive } });
    assertEquals(messages.filter(({ type }) => type === "RECORD"), []);
    assertEquals(requests, streams.length);
  }
});
