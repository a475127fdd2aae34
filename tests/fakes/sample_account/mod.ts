/**
 * Harbour Bikes, an account to look at: about a year of chats, some four a day, and all that belongs
 * to them. Whatever falls on a day depends on that day alone, so a later call holds the same chats
 * (but for the days that are over a year past), later edits, and what came since.
 */

import type { AccountData } from "../chat_api/mod.ts";
import { agentEvents, agentTimeline, departmentEvents } from "./agent_days.ts";
import { chatsOfDay, conversionsOf } from "./chats.ts";
import { LISTS } from "./lists.ts";

const DAY_MS = 86_400_000;

/**
 * The account as it is at `nowMs` (epoch milliseconds), with the days before that are asked for; every
 * call makes rows of its own.
 */
export function sampleAccount(nowMs: number, dayCount = 366): AccountData {
  const today = Math.floor(nowMs / DAY_MS);
  const days = Array.from({ length: dayCount }, (_, index) => today - dayCount + 1 + index);
  const chats = days.flatMap((day) => chatsOfDay(day, nowMs));
  const agent_timeline = days.flatMap((day) => agentTimeline(day, nowMs));
  return {
    ...structuredClone(LISTS),
    chats,
    conversions: conversionsOf(chats),
    agent_timeline,
    agent_events: agentEvents(agent_timeline),
    department_events: departmentEvents(days, nowMs),
  };
}
