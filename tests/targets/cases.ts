/**
 * What every target goes through. A case fills a warehouse of its own from an account of its own, and
 * ends by comparing the two.
 */

import type { FakeChatApi } from "../fakes/chat_api/mod.ts";
import type { AccountData } from "../fakes/chat_api/mod.ts";
import { sampleAccount } from "../fakes/sample_account/mod.ts";
import { type AccountRows, accountRows, type Way } from "./account_rows.ts";
import type { ExactObject } from "./exact_json.ts";
import type { Interruption } from "./interrupter.ts";
import { Finding, type Warehouse } from "./warehouse.ts";

/** One case. */
export interface Case {
  name: string;
  /** The account to begin with. */
  account(): AccountData;
  /** @throws {Finding} when something is not as it should be. */
  run(warehouse: Warehouse, api: FakeChatApi, way: Way): Promise<void>;
}

const DAY_MS = 86_400_000;
const FIRST_NIGHT = Date.parse("2026-03-01T02:00:00Z");
const SECOND_NIGHT = FIRST_NIGHT + 3 * DAY_MS;
const DAYS = 60;

/** Where runs are stopped, in messages: among the chats, then further on. */
const STOPS = [120, 400];

function configOf(way: Way) {
  return { chats_api: way, start_date: "2025-12-01" };
}

const sample = () => sampleAccount(FIRST_NIGHT, DAYS);

/** The cases, in the order in which the table has them. */
export const CASES: readonly Case[] = [
  {
    name: "first run",
    account: sample,
    async run(warehouse, api, way) {
      await warehouse.load(configOf(way));
      await warehouse.check(accountRows(api, way));
    },
  },
  {
    name: "second run",
    account: sample,
    async run(warehouse, api, way) {
      await warehouse.load(configOf(way));
      const before = accountRows(api, way);
      letThreeDaysPass(api);
      const after = accountRows(api, way);
      await warehouse.load(configOf(way));
      await warehouse.check(way === "search" ? withoutUnseenEdits(before, after) : after);
    },
  },
  stops("tap stopped", "tap", "SIGTERM"),
  stops("tap killed", "tap", "SIGKILL"),
  stops("target killed", "target", "SIGKILL"),
];

function stops(name: string, who: Interruption["who"], signal: Interruption["signal"]): Case {
  return {
    name,
    account: sample,
    async run(warehouse, api, way) {
      for (const afterMessages of STOPS) {
        const stop = { who, signal, afterMessages };
        const { tap, target } = await warehouse.loadInterrupted(configOf(way), stop);
        if (signal === "SIGTERM" && (tap.code !== 143 || target.code !== 0)) {
          throw new Finding(`the tap ended with ${tap.code}, the target with ${target.code}`);
        }
      }
      await warehouse.load(configOf(way));
      await warehouse.check(accountRows(api, way));
    },
  };
}

/** New chats and events, edits of old chats, and changes in the lists. */
function letThreeDaysPass(api: FakeChatApi): void {
  const { chats, ...lists } = sampleAccount(SECOND_NIGHT, DAYS + 3);
  for (const chat of chats as Iterable<ExactObject & { id: string }>) api.chats.put(chat as never);
  Object.assign(api.account, lists);
  Object.assign(api.account.agents[0]!, { display_name: "Priya K.", login_count: 1_000_001 });
  Object.assign(api.account.account, { status: "trial" });
  api.account.departments.push({ id: 7282699999999, name: "Repairs", enabled: false });
}

/**
 * What search makes of a second run: it finds chats by when they ended (or were left), from the newest
 * one that it has seen on, so an edit of an older one stays unseen.
 */
function withoutUnseenEdits(before: AccountRows, after: AccountRows): AccountRows {
  const seen = new Map(before.get("chats")!.map((chat) => [chat.id, chat]));
  const newest = (type: string) =>
    before.get("chats")!.filter((chat) => chat.type === type).map(timeOf).sort().at(-1)!;
  const from: Record<string, string> = {
    chat: newest("chat"),
    offline_msg: newest("offline_msg"),
  };
  const chats = after.get("chats")!.map((chat) =>
    timeOf(chat) >= from[`${chat.type}`]! ? chat : seen.get(chat.id)!
  );
  return new Map(after).set("chats", chats);
}

/** The time by which search finds a chat. */
function timeOf(chat: ExactObject): string {
  return `${chat.type === "chat" ? chat.end_timestamp : chat.timestamp}`;
}
