/** The table of streams: the eight of the Python tap in its order, then the rest. */

import type { AnyStream } from "../lib/stream/stream.ts";
import { account } from "./account.ts";
import { agentEvents } from "./agent_events.ts";
import { agentTimeline } from "./agent_timeline.ts";
import { agents } from "./agents.ts";
import { bans } from "./bans.ts";
import { chatEngagements } from "./chat_engagements.ts";
import { chatHistory } from "./chat_history.ts";
import { chats } from "./chats.ts";
import { conversions } from "./conversions.ts";
import { departmentEvents } from "./department_events.ts";
import { departments } from "./departments.ts";
import { goals } from "./goals.ts";
import { roles } from "./roles.ts";
import { routingSettings } from "./routing_settings.ts";
import { shortcuts } from "./shortcuts.ts";
import { skills } from "./skills.ts";
import { triggers } from "./triggers.ts";

/** Every stream, in the order of discovery. */
export const STREAMS: readonly AnyStream[] = [
  account,
  agents,
  bans,
  chats,
  departments,
  goals,
  shortcuts,
  triggers,
  chatHistory,
  chatEngagements,
  roles,
  skills,
  routingSettings,
  agentTimeline,
  agentEvents,
  conversions,
  departmentEvents,
];
