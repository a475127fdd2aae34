/** What a chat consists of: visitor, session, pages, conversation, success. */

import type { JsonObject } from "../../../lib/json.ts";
import { SECOND, toMicroText, toSecondText } from "../chat_api/instant.ts";
import { AGENTS, DEPARTMENTS, GOALS } from "./lists.ts";
import type { Draw } from "./random.ts";

/** What is said: question, answer and thanks. */
export const TALKS = [
  ["Is the Pier 7 in stock in blue?", "It is, in M and L.", "Lovely, thank you 🙂"],
  ["My brakes squeal when it rains.", "Bring it in, we look at it for free.", "Great!"],
  ["Can I rent two bikes for Saturday?", "Yes. Helmets as well?", "Please, two. 🚲🚲"],
  ["Do you ship to Łódź?", "We do, in about five days.", "Dziękuję!"],
  ["The gears skip – third one down.", "That sounds like the cable.", "ok"],
  ["¿Hablan español?", "Un poco. ¿En qué puedo ayudar?", "Busco un casco."],
] as const;

const VISITORS = [
  { name: "Robin Hale", email: "robin@example.com", phone: "+44 117 496 0101" },
  { name: "Zoë Lindqvist", email: "zoe@example.org", phone: "" },
  { name: "田中 健", email: "", phone: "" },
  { name: "Visitor 90412", email: "", phone: "" },
  { name: "Łukasz O'Neil", email: "lukasz@example.net", phone: "" },
] as const;

const PLACES = [
  {
    ip: "192.0.2.17",
    city: "Bristol",
    region: "England",
    country_code: "GB",
    country_name: "United Kingdom",
  },
  { ip: "198.51.100.23", city: "Łódź", region: "", country_code: "PL", country_name: "Poland" },
  {
    ip: "2001:db8::7",
    city: "Sevilla",
    region: "Andalucía",
    country_code: "ES",
    country_name: "Spain",
  },
] as const;

/** Who writes. */
export function visitorOf(draw: Draw): { id: string; name: string } & JsonObject {
  const person = draw.one(VISITORS);
  return { id: `2315985.V${VISITORS.indexOf(person)}hZpQ1tTkRb`, ...person, notes: "" };
}

/** Where they write from; the end is given as text because some are malformed. */
export function sessionOf(draw: Draw, start: number, endDate: string): JsonObject {
  return {
    id: `${toSecondText(start).slice(2, 10).replaceAll("-", "")}.2315985.${draw.whole(1e8, 9e8)}`,
    browser: draw.one(["Firefox", "Safari", "Chrome"]),
    platform: draw.one(["Windows", "Mac OS", "Android"]),
    user_agent: "Mozilla/5.0",
    ...draw.one(PLACES),
    start_date: toSecondText(start - 90 * SECOND),
    end_date: endDate,
  };
}

/** The pages they saw, now and then one of them as a list. */
export function webpathOf(draw: Draw, start: number): JsonObject["webpath"] {
  const timestamp = toSecondText(start - 60 * SECOND);
  const home = { from: "", to: "https://harbourbikes.example/", title: "Harbour Bikes", timestamp };
  const shop = {
    ...home,
    from: home.to,
    to: `${home.to}shop?utm=ö`,
    title: "Shop – Harbour Bikes",
  };
  return draw.happens(0.02) ? [home, [shop.to, 3]] : [home, shop].slice(0, draw.whole(0, 2));
}

/** What was said, from the first join to the last leave; nobody but the visitor if no agent came. */
export function historyOf(
  draw: Draw,
  start: number,
  end: number,
  visitor: string,
  agent: string | undefined,
  rating: string | null,
): JsonObject[] {
  const [question, answer, thanks] = draw.one(TALKS);
  const channel = `#supportchat:2315985-${draw.whole(1e8, 9e8)}`;
  const at = (share: number) =>
    toMicroText(start + Math.floor((end - start) * share / 1000) * 1000);
  const msg = (share: number, name: string, text: string) => ({
    type: "chat.msg",
    name,
    nick: name === visitor ? "visitor" : "agent",
    sender_type: name === visitor ? "Visitor" : "Agent",
    channel,
    msg: text,
    msg_id: `${Math.floor((start + share * SECOND) / 1000)}`,
    options: "",
    timestamp: at(share),
  });
  const join = { type: "chat.memberjoin", channel, department_id: null, department_name: null };
  const talk = agent === undefined ? [] : [
    { ...join, name: agent, nick: "agent", timestamp: at(0.1) },
    msg(0.2, agent, answer),
    msg(0.6, visitor, thanks),
    {
      type: "chat.tag",
      name: agent,
      nick: "agent",
      tags: [],
      new_tags: ["bike"],
      timestamp: at(0.7),
    },
  ];
  const rated = rating === null ? [] : [
    {
      type: "chat.rating",
      name: visitor,
      nick: "visitor",
      rating: null,
      new_rating: rating,
      timestamp: at(0.9),
    },
  ];
  const history = [
    { ...join, name: visitor, nick: "visitor", timestamp: at(0) },
    msg(0.05, visitor, question),
    ...talk,
    ...rated,
    {
      type: "chat.memberleave",
      name: visitor,
      nick: "visitor",
      reason: "disconnect_user",
      channel,
      timestamp: at(1),
    },
  ];
  return history.map((event, index) => ({ ...event, index }));
}

/** What it came to, for one chat in eight. */
export function conversionOf(
  draw: Draw,
  chatId: string,
  start: number,
  end: number,
  agent: typeof AGENTS[number],
): JsonObject[] {
  if (!draw.happens(0.12)) return [];
  const goal = GOALS[agent.department === 2 ? 1 : 0];
  const department = DEPARTMENTS[agent.department];
  return [{
    id: `${chatId}-g`,
    goal_id: goal.id,
    goal_name: goal.name,
    timestamp: toSecondText(end - 30 * SECOND),
    attribution: {
      agent_id: agent.id,
      agent_name: agent.name,
      department_id: department.id,
      department_name: department.name,
      chat_timestamp: toSecondText(start),
    },
  }];
}
