/**
 * Any number of believable chats, evenly spread over a time. A chat's text is glued from one
 * template when it is asked for: the benches measure the client, not this.
 */

import type { JsonObject } from "../../../lib/json.ts";
import type { ChatCollection, ChatEntry } from "./chat_store.ts";
import { SECOND, toMicros, toSecondText } from "./instant.ts";

/** Which chats to make. */
export interface GeneratedChatsOptions {
  count: number;
  /** Characters of one chat in the export; 2,000 when absent, 1,500 at least. */
  bytes?: number;
  /** End of the first chat and limit for the last, as UTC date-times; 2026-01-01 and 2026-07-01. */
  from?: string;
  to?: string;
  /** Every so many is an offline message; none when absent. */
  offlineEvery?: number;
}

/** The same chats for the same options, without holding them. */
export function generatedChats(options: GeneratedChatsOptions): ChatCollection {
  const { count, bytes = 2000, offlineEvery = Infinity } = options;
  const from = toMicros(options.from ?? "2026-01-01T00:00:00Z");
  const step = (toMicros(options.to ?? "2026-07-01T00:00:00Z") - from) / count;
  const templates = {
    chat: templateOf(chatTemplate(bytes)),
    offline_msg: templateOf(offlineTemplate(bytes)),
  };
  return {
    *entries() {
      for (let index = 0; index < count; index++) {
        const second = Math.floor((from + index * step) / SECOND) * SECOND;
        const isChat = (index + 1) % offlineEvery !== 0;
        yield {
          id: `${toSecondText(second).slice(2, 7).replace("-", "")}.2315985.${serial(index)}`,
          type: isChat ? "chat" : "offline_msg",
          timestamp: isChat ? second - DURATION * SECOND : second,
          end_timestamp: isChat ? second : NaN,
          update_timestamp: second,
        };
      }
    },
    text: (entry, exported) =>
      fill(templates[entry.type as keyof typeof templates][exported ? "exported" : "plain"], entry),
  };
}

/** Seconds that each chat takes. */
const DURATION = 600;

function serial(index: number): string {
  return `Kx${index.toString(36).padStart(8, "0")}`;
}

type Template = Record<"plain" | "exported", string[]>;

/** What stands for the id and times of a chat in its template: as long as they are. */
const ID = "yymm.2315985.Kx--------";
const START = "start--------------";
const END = "end----------------";

/** JSON cut at its placeholders, which become pieces of their own. */
function templateOf(row: JsonObject): Template {
  const { update_timestamp: _, deleted: __, ...plain } = row;
  const cut = (value: JsonObject) =>
    JSON.stringify(value).split(new RegExp(`(${ID}|${START}|${END})`));
  return { plain: cut(plain), exported: cut(row) };
}

function fill(template: readonly string[], entry: ChatEntry): string {
  const start = toSecondText(entry.timestamp).slice(0, 19);
  const end = toSecondText(entry.update_timestamp).slice(0, 19);
  let text = "";
  for (const piece of template) {
    if (piece === ID) text += entry.id;
    else if (piece === START) text += start;
    else text += piece === END ? end : piece;
  }
  return text;
}

const VISITOR = {
  id: "2315985.VgC4hZpQ1tTkRb",
  name: "Robin Hale",
  email: "robin@example.com",
  phone: "",
  notes: "",
};
const SESSION = {
  id: "260105.2315985.6pxFiV23lCdzwq49f",
  browser: "Firefox",
  platform: "Linux",
  user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  ip: "192.0.2.17",
  city: "Bristol",
  region: "England",
  country_code: "GB",
  country_name: "United Kingdom",
  start_date: `${START}Z`,
  end_date: `${END}Z`,
};
const CHANNEL = "#supportchat:2315985-VgC4hZpQ1tTkRb";

function offlineTemplate(bytes: number): JsonObject {
  const row = {
    id: ID,
    type: "offline_msg",
    timestamp: `${START}Z`,
    message: "",
    unread: true,
    visitor: VISITOR,
    session: SESSION,
    department_id: null,
    department_name: null,
    zendesk_ticket_id: null,
    tags: [],
    webpath: [],
    update_timestamp: `${END}Z`,
    deleted: false,
  };
  return { ...row, message: "m".repeat(Math.max(0, bytes - JSON.stringify(row).length)) };
}

function chatTemplate(bytes: number): JsonObject {
  const history: JsonObject[] = [];
  const row: JsonObject = {
    id: ID,
    type: "chat",
    timestamp: `${START}Z`,
    end_timestamp: `${END}Z`,
    duration: DURATION,
    started_by: "visitor",
    agent_ids: ["4120927"],
    agent_names: ["Priya"],
    department_id: 7282640316815,
    department_name: "Sales",
    visitor: VISITOR,
    session: SESSION,
    webpath: [{
      from: "",
      to: "https://harbourbikes.example/",
      title: "Harbour Bikes",
      timestamp: `${START}Z`,
    }],
    history,
    conversions: [],
    count: { visitor: 4, agent: 4, total: 8 },
    response_time: { first: 12, avg: 21.333333333333332, max: 48 },
    rating: "good",
    comment: null,
    tags: ["sales"],
    unread: false,
    missed: false,
    triggered: false,
    triggered_response: null,
    referrer_search_engine: "",
    referrer_search_terms: "",
    zendesk_ticket_id: null,
    update_timestamp: `${END}Z`,
    deleted: false,
  };
  const room = () => Math.max(0, bytes - JSON.stringify(row).length);
  while (room() > 250) history.push(messageTemplate(history.length));
  const last = history.at(-1);
  if (last !== undefined) last.msg += " ".repeat(room());
  return row;
}

function messageTemplate(turn: number): JsonObject {
  const fromVisitor = turn % 2 === 0;
  return {
    type: "chat.msg",
    timestamp: `${START}.${String(turn % 1000).padStart(3, "0")}000Z`,
    name: fromVisitor ? "Robin Hale" : "Priya",
    nick: fromVisitor ? "visitor" : "agent:4120927",
    channel: CHANNEL,
    msg: fromVisitor ? "Is the blue one in stock?" : "It is, in two sizes.",
    options: "",
  };
}
