/**
 * What every target goes through. A case fills a warehouse of its own from an account of its own, and
 * ends by comparing the two.
 */

import type { AccountData, FakeChatApi } from "../fakes/chat_api/mod.ts";
import { sampleAccount } from "../fakes/sample_account/mod.ts";
import type { JsonObject } from "../../lib/json.ts";
import { type AccountRows, accountRows, type Way } from "./account_rows.ts";
import type { ExactObject } from "./exact_json.ts";
import type { Extent } from "./extent.ts";
import { Finding } from "./finding.ts";
import type { Interruption } from "./interrupter.ts";
import { oddAccount, oddRows } from "./odd_values.ts";
import type { Target } from "./target.ts";
import type { Warehouse } from "./warehouse.ts";

/** One case. */
export interface Case {
  name: string;
  /** The ways of reading chats for which it is tried; both when absent. */
  ways?: readonly Way[];
  /** The account to begin with. */
  account(): AccountData;
  /** @throws {Finding} when something is not as it should be. */
  run(warehouse: Warehouse, api: FakeChatApi, way: Way): Promise<void>;
}

const DAY_MS = 86_400_000;
const FIRST_NIGHT = Date.parse("2026-03-01T02:00:00Z");
const SECOND_NIGHT = FIRST_NIGHT + 3 * DAY_MS;

function configOf(way: Way) {
  return { chats_api: way, start_date: "2025-01-01" };
}

/** The sample account on the first night. */
export function sampleOf({ days }: Extent): AccountData {
  return sampleAccount(FIRST_NIGHT, days);
}

/** The cases that a target goes through, in the order in which the table has them. */
export function casesFor(target: Target, extent: Extent): Case[] {
  const account = () => sampleOf(extent);
  return [
    {
      name: "first run",
      account,
      async run(warehouse, api, way) {
        await warehouse.load(configOf(way));
        await warehouse.check(accountRows(api, way));
      },
    },
    {
      name: "second run",
      account,
      async run(warehouse, api, way) {
        await warehouse.load(configOf(way));
        const before = accountRows(api, way);
        letThreeDaysPass(api, extent);
        const after = accountRows(api, way);
        await warehouse.load(configOf(way));
        await warehouse.check(way === "search" ? withoutUnseenEdits(before, after) : after);
      },
    },
    {
      name: "odd values",
      account: oddAccount,
      async run(warehouse, _api, way) {
        await warehouse.load(configOf(way));
        await warehouse.check(oddRows(way, target.storesOtherwise));
      },
    },
    {
      name: "rows gone",
      ways: ["incremental"],
      account,
      async run(warehouse, api, way) {
        const config = { ...configOf(way), emit_activate_version_messages: true };
        await warehouse.load(config);
        const before = accountRows(api, way);
        removeRows(api);
        await warehouse.load(config);
        await warehouse.check(target.dropsGoneRows ? accountRows(api, way) : before);
      },
    },
    { name: "tap stopped", account, run: stopped("tap", "SIGTERM", extent) },
    { name: "tap killed", account, run: stopped("tap", "SIGKILL", extent) },
    { name: "target killed", account, run: stopped("target", "SIGKILL", extent) },
  ];
}

/** A run that is stopped, resumed and stopped further on, and one that comes to its end. */
function stopped(
  who: Interruption["who"],
  signal: Interruption["signal"],
  { stops }: Extent,
): Case["run"] {
  return async (warehouse, api, way) => {
    for (const afterMessages of stops) {
      const stop = { who, signal, afterMessages };
      const { tap, target } = await warehouse.loadInterrupted(configOf(way), stop);
      if (signal === "SIGTERM" && (tap.code !== 143 || target.code !== 0)) {
        throw new Finding(`the tap ended with ${tap.code}, the target with ${target.code}`);
      }
    }
    await warehouse.load(configOf(way));
    await warehouse.check(accountRows(api, way));
  };
}

/** New chats and events, edits of old chats, and changes in the lists. */
function letThreeDaysPass(api: FakeChatApi, { days }: Extent): void {
  const { chats, ...lists } = sampleAccount(SECOND_NIGHT, days + 3);
  for (const chat of chats as JsonObject[]) api.chats.put(chat);
  Object.assign(api.account, lists);
  Object.assign(api.account.agents[0]!, { display_name: "Priya K.", login_count: 1_000_001 });
  Object.assign(api.account.account, { status: "trial" });
  api.account.departments.push({ id: 7282699999999, name: "Repairs", enabled: false });
}

/** Takes a row from each list that is read whole. */
function removeRows({ account }: FakeChatApi): void {
  const { agents, bans, departments, goals, shortcuts, triggers, roles, skills } = account;
  const lists = [agents, bans.visitor, bans.ip_address, departments, goals, shortcuts, triggers];
  for (const list of [...lists, roles, skills]) list.shift();
}

/**
 * What search makes of a second run: it finds chats by when they ended (or were left), from the newest
 * one that it has seen on, so an edit of an older one stays unseen.
 */
function withoutUnseenEdits(before: AccountRows, after: AccountRows): AccountRows {
  const seen = new Map(before.get("chats")!.map((chat) => [chat.id, chat]));
  const newest = new Map<unknown, string>();
  for (const chat of seen.values()) {
    const time = timeOf(chat);
    if (time > (newest.get(chat.type) ?? "")) newest.set(chat.type, time);
  }
  const chats = after.get("chats")!.map((chat) =>
    timeOf(chat) >= newest.get(chat.type)! ? chat : seen.get(chat.id)!
  );
  return new Map(after).set("chats", chats);
}

/** The time by which search finds a chat. */
function timeOf(chat: ExactObject): string {
  return `${chat.type === "chat" ? chat.end_timestamp : chat.timestamp}`;
}
