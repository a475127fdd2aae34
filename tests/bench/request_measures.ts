/**
 * How many requests a sync takes, which is all that a user of the API's rate limit feels. The floor is
 * arithmetic: pages of 40 ids, and bulk reads as large as the API allows, or whole export pages.
 */

import { type FakeChatApi, generatedChats, startFakeChatApi } from "../fakes/chat_api/mod.ts";
import type { Measure } from "./measures.ts";
import { configArgs, selectArgs, TAP, type Way, WAYS } from "./tap_args.ts";
import { measureUsage } from "./usage.ts";

/** Ids on a page of a search. */
const PAGE_IDS = 40;

/** What the API says to more ids in a bulk read than it likes, and what each may cost. */
const CAPS = [
  { cap: "200 ids allowed", api: { mostIds: 200 }, ids: 200, most: [330, 900] },
  {
    cap: "40 ids, more refused",
    api: { mostIds: 40, beyondMostIds: "refuse" },
    ids: 40,
    most: [520, 1_360],
  },
  {
    cap: "40 ids, more cut off",
    api: { mostIds: 40, beyondMostIds: "cut" },
    ids: 40,
    most: [520, 1_360],
  },
] as const;

const ACCOUNTS = [
  {
    what: "10,000 chats in ten years",
    chats: { count: 10_000, from: "2016-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" },
  },
  {
    what: "25,000 chats in one afternoon",
    chats: { count: 25_000, from: "2026-01-05T12:00:00Z", to: "2026-01-05T18:00:00Z" },
  },
] as const;

/** Requests by search under every cap of the API's, by export, and where there is nothing to read. */
export async function* measureRequests(folder: string): AsyncGenerator<Measure> {
  for (const { cap, api: behaviour, ids, most } of CAPS) {
    for (const [index, { what, chats }] of ACCOUNTS.entries()) {
      await using api = await startFakeChatApi({
        ...behaviour,
        account: { chats: generatedChats({ ...chats, bytes: 1_500 }) },
      });
      yield {
        what: `${what} by search, ${cap}`,
        unit: "requests",
        floor: chats.count / PAGE_IDS + chats.count / ids,
        tap: await countRequests(folder, api, "search", { start_date: chats.from }),
        budget: { of: "tap", most: most[index]! },
      };
    }
  }
  for (const { what, chats } of ACCOUNTS) {
    await using api = await startFakeChatApi({
      account: { chats: generatedChats({ ...chats, bytes: 1_500 }) },
    });
    yield {
      what: `${what} by export`,
      unit: "requests",
      floor: chats.count / 1_000,
      tap: await countRequests(folder, api, "incremental", { start_date: chats.from }),
    };
  }
  yield* measureIdle(folder);
}

/** A first sync of an account without chats, and a second one of an account in which nothing happened. */
async function* measureIdle(folder: string): AsyncGenerator<Measure> {
  await using empty = await startFakeChatApi();
  yield {
    what: "empty account since 2010 by search",
    unit: "requests",
    tap: await countRequests(folder, empty, "search"),
    budget: { of: "tap", most: 4 },
  };
  await using idle = await startFakeChatApi({
    account: { chats: generatedChats({ count: 2_500 }) },
  });
  for (const way of WAYS) {
    const state = await syncOnce(folder, idle, way);
    yield {
      what: `idle night by ${way}`,
      unit: "requests",
      tap: await countRequests(folder, idle, way, { state: ["-s", state] }),
      ...(way === "incremental" && { budget: { of: "tap", most: 2 } }),
    };
  }
}

/** What a sync of chats asks of the API. */
async function countRequests(
  folder: string,
  api: FakeChatApi,
  way: Way,
  { start_date, state = [] }: { start_date?: string; state?: readonly string[] } = {},
): Promise<number> {
  const before = api.requests.length;
  await measureUsage([...TAP, ...await syncArgs(folder, api, way, start_date), ...state]);
  return api.requests.length - before;
}

/** Syncs chats and keeps the state; returns its file. */
async function syncOnce(folder: string, api: FakeChatApi, way: Way): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [...TAP, ...await syncArgs(folder, api, way)],
    stderr: "null",
  }).output();
  const last = new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1)!;
  const file = `${folder}/state.json`;
  await Deno.writeTextFile(file, JSON.stringify(JSON.parse(last).value));
  return file;
}

async function syncArgs(
  folder: string,
  api: FakeChatApi,
  way: Way,
  start_date = "2010-01-01",
): Promise<string[]> {
  const config = await configArgs(folder, api, way, { start_date });
  return [...config, ...selectArgs("chats")];
}
