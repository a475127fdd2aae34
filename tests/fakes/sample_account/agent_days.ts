/** How the agents of Harbour Bikes spend a day: spans of presence, and the events between them. */

import type { JsonObject } from "../../../lib/json.ts";
import { SECOND, toMicros, toMicroText, toSecondText } from "../chat_api/instant.ts";
import { AGENTS, DEPARTMENTS } from "./lists.ts";
import { drawFor } from "./random.ts";

const DAY = 86_400 * SECOND;
const HOUR = 3600 * SECOND;

/** Spans that are over by now: a morning, a break and an afternoon for each agent on duty. */
export function agentTimeline(day: number, nowMs: number): JsonObject[] {
  return AGENTS.flatMap(({ id }, index) => {
    const draw = drawFor(day * 10 + index);
    if (draw.happens(0.4)) return [];
    let start = day * DAY + 8 * HOUR + draw.whole(0, HOUR - 1);
    return (["online", "away", "online"] as const).map((status) => {
      const length = status === "away"
        ? draw.whole(HOUR / 4, HOUR)
        : draw.whole(2 * HOUR, 4 * HOUR);
      const row = {
        agent_id: id,
        start_time: toMicroText(start),
        duration: length / SECOND,
        status,
        engagement_count: status === "online" ? draw.whole(0, 4) : 0,
      };
      start += length;
      return row;
    }).filter((row) => toMicros(row.start_time) + row.duration * SECOND <= nowMs * 1000);
  });
}

/** A change of status at the beginning of each span, and the number of chats it came to. */
export function agentEvents(timeline: readonly JsonObject[]): JsonObject[] {
  return timeline.flatMap(({ agent_id, start_time, status, engagement_count }) => {
    const event = { account_id: 2315985, agent_id, timestamp: start_time };
    const id = `${agent_id}-${toMicros(start_time)}`;
    const previous = status === "online" ? "invisible" : "online";
    return [
      { id: `${id}-s`, ...event, field_name: "status", previous_value: previous, value: status },
      {
        id: `${id}-e`,
        ...event,
        field_name: "engagements",
        previous_value: 0,
        value: engagement_count,
      },
    ];
  });
}

/** A department that closes for the day, once in ten days. */
export function departmentEvents(days: readonly number[], nowMs: number): JsonObject[] {
  return days
    .filter((day) => day % 10 === 0 && day * DAY + 9 * HOUR <= nowMs * 1000)
    .map((day) => ({
      id: `department-event-${day}`,
      department_id: DEPARTMENTS[day % 3]?.id,
      field_name: "status",
      previous_value: { status: "online", agents: 2 },
      value: { status: "offline", agents: 0 },
      timestamp: toSecondText(day * DAY + 9 * HOUR),
    }));
}
