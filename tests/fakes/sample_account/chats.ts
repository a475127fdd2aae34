/**
 * The chats of one day at Harbour Bikes, oddities of real accounts included: session dates with
 * both an offset and `Z`, a webpath item that is a list, chats edited days after they ended.
 */

import type { JsonObject } from "../../../lib/json.ts";
import { SECOND, toMicros, toSecondText } from "../chat_api/instant.ts";
import { conversionOf, historyOf, sessionOf, TALKS, visitorOf, webpathOf } from "./chat_parts.ts";
import { AGENTS, DEPARTMENTS } from "./lists.ts";
import { type Draw, drawFor } from "./random.ts";

const DAY = 86_400 * SECOND;
const HOUR = 3600 * SECOND;

/** Chats and messages of a day (counted from 1970) that have ended by now; none but messages on Sundays. */
export function chatsOfDay(day: number, nowMs: number): JsonObject[] {
  const draw = drawFor(day);
  const isSunday = (day + 4) % 7 === 0;
  const chats = isSunday ? 0 : draw.whole(3, 5);
  const messages = isSunday ? 2 : draw.whole(0, 1);
  return [
    ...Array.from({ length: chats }, (_, index) => chatRow(day, index, nowMs)),
    ...Array.from({ length: messages }, (_, index) => messageRow(day, 10 + index)),
  ].filter((row) => toMicros(row.end_timestamp ?? row.timestamp) <= nowMs * 1000);
}

/** The conversions of chats, as the export of their own has them. */
export function conversionsOf(chats: readonly JsonObject[]): JsonObject[] {
  return chats.flatMap(({ id, conversions }) =>
    ((conversions ?? []) as JsonObject[]).map((conversion) => {
      const { agent_id, department_id, chat_timestamp } = conversion.attribution as JsonObject;
      return {
        ...conversion,
        attribution: { agent_id, department_id, chat_id: id, chat_timestamp },
      };
    })
  );
}

function chatRow(day: number, ordinal: number, nowMs: number): JsonObject {
  const draw = drawFor(day * 100 + ordinal);
  const start = day * DAY + 8 * HOUR + draw.whole(0, 11 * 3600) * SECOND;
  const duration = draw.whole(120, 1500);
  const end = start + duration * SECOND;
  const edited = end + draw.whole(1, 72) * HOUR;
  const isEdited = draw.happens(0.2) && edited <= nowMs * 1000;
  const isMissed = draw.happens(0.06);
  const agent = draw.one(AGENTS);
  const department = DEPARTMENTS[agent.department];
  const rating = draw.happens(0.4) ? draw.one(["good", "good", "good", "bad"]) : null;
  const visitor = visitorOf(draw);
  const id = chatId(start, draw);
  const agentMembers = isMissed ? [] : [agent];
  const shared = {
    count: isMissed ? { visitor: 1, agent: 0, total: 1 } : { visitor: 2, agent: 1, total: 3 },
    response_time: isMissed
      ? { first: null, avg: null, max: null }
      : { first: 12, avg: draw.whole(15, 60) + 1 / 3, max: 95 },
    rating,
    comment: rating === "bad" ? "Nobody knew the answer…" : null,
  };
  return {
    id,
    type: "chat",
    timestamp: toSecondText(start),
    end_timestamp: toSecondText(end),
    duration,
    started_by: draw.one(["visitor", "visitor", "trigger", "agent"]),
    agent_ids: agentMembers.map((agent) => `${agent.id}`),
    agent_names: agentMembers.map((agent) => agent.name),
    department_id: department.id,
    department_name: department.name,
    visitor,
    session: sessionOf(draw, start, toSecondText(end)),
    webpath: webpathOf(draw, start),
    history: historyOf(draw, start, end, visitor.name, agentMembers[0]?.name, rating),
    conversions: conversionOf(draw, id, start, end, agent),
    engagements: agentMembers.map((agent) => ({
      id: `${id}-0`,
      agent_id: `${agent.id}`,
      agent_name: agent.name,
      agent_full_name: agent.name,
      department_id: department.id,
      assigned: true,
      accepted: true,
      started_by: "assigned",
      timestamp: toSecondText(start + 12 * SECOND),
      duration: duration - 12.5,
      skills_requested: [],
      skills_fulfilled: true,
      ...shared,
    })),
    ...shared,
    tags: isEdited
      ? [department.name.toLowerCase(), "followed_up"]
      : [department.name.toLowerCase()],
    unread: isMissed,
    missed: isMissed,
    triggered: draw.happens(0.2),
    triggered_response: null,
    referrer_search_engine: "",
    referrer_search_terms: "",
    zendesk_ticket_id: isEdited ? draw.whole(10_000, 90_000) : null,
    update_timestamp: toSecondText(isEdited ? edited : end),
    deleted: false,
    ...(isMissed && { abandon_time: 41.5 }),
    dropped: isMissed,
    proactive: false,
    skills_requested: [],
    skills_fulfilled: !isMissed,
  };
}

function messageRow(day: number, ordinal: number): JsonObject {
  const draw = drawFor(day * 100 + ordinal);
  const left = day * DAY + draw.whole(20 * 3600, 24 * 3600 - 1) * SECOND;
  const malformed = `${toSecondText(left).slice(0, 19)}+00:00Z`;
  return {
    id: chatId(left, draw),
    type: "offline_msg",
    timestamp: toSecondText(left),
    message: draw.one(TALKS)[0],
    unread: draw.happens(0.5),
    visitor: visitorOf(draw),
    session: sessionOf(draw, left, draw.happens(0.1) ? malformed : toSecondText(left)),
    department_id: null,
    department_name: null,
    zendesk_ticket_id: null,
    tags: [],
    webpath: [],
    update_timestamp: toSecondText(left),
    deleted: false,
  };
}

function chatId(start: number, draw: Draw): string {
  const suffix = draw.fraction().toString(36).slice(2, 12).padEnd(10, "0");
  return `${toSecondText(start).slice(2, 7).replace("-", "")}.2315985.S${suffix}`;
}
