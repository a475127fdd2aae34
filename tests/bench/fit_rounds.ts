/**
 * What fitting costs beside the JSON work that no tap can avoid: the same chats from text to text,
 * with and without being fitted to their schema.
 */

import { parseExactly } from "../../lib/exact_number.ts";
import type { JsonObject } from "../../lib/json.ts";
import { FitReport } from "../../lib/singer/fit_report.ts";
import type { Schema } from "../../lib/singer/schema.ts";
import { selectionTree } from "../../lib/singer/selection.ts";
import { compileRecordFitter } from "../../lib/singer/transform.ts";
import schema from "../../schemas/chats.json" with { type: "json" };
import { type Measure, median } from "./measures.ts";

/** Characters of a chat in one of the two sizes that are measured. */
export const CHAT_SIZES = [2_000, 20_000] as const;

const CHATS = 500;
const ROUNDS = 200;

/** Two ways from the texts of some chats to texts. */
export interface FitRounds {
  chats: number;
  /** Parses and serialises; returns the milliseconds it took. */
  bare(): number;
  /** The same, each chat being fitted in between. */
  fitted(): number;
}

/** The two ways for chats of about `size` characters. */
export function fitRounds(size: number): FitRounds {
  const texts = Array.from(
    { length: Math.ceil(CHATS * 2_000 / size) },
    (_, index) => JSON.stringify(chat(index, size)),
  );
  const fit = compileRecordFitter({
    schema: schema as Schema,
    selection: selectionTree([]),
    keyProperties: ["id"],
    report: new FitReport("chats"),
  });
  return {
    chats: texts.length,
    bare: () => time(texts, (text) => JSON.stringify(JSON.parse(text))),
    fitted: () => time(texts, (text) => fit(parseExactly(text))),
  };
}

/** The share of bare speed that remains when chats are fitted, as the median of rounds that hold both. */
export function measureFit(size: number): Measure {
  const { chats, bare, fitted } = fitRounds(size);
  // Both in every round, so that a noisy neighbour slows both.
  const rounds = Array.from({ length: ROUNDS }, () => ({ bare: bare(), fitted: fitted() }))
    .slice(ROUNDS / 4);
  const perSecond = (ms: number) => chats / ms * 1000;
  return {
    what: `fit and serialise, ${size / 1000} KB chats`,
    unit: "chats/s",
    floor: perSecond(median(rounds.map((round) => round.bare))),
    tap: perSecond(median(rounds.map((round) => round.fitted))),
    ratio: median(rounds.map((round) => round.bare / round.fitted)),
    ...(size === CHAT_SIZES[0] && { budget: { of: "ratio", least: 0.7 } }),
  };
}

function time(texts: readonly string[], convert: (text: string) => string): number {
  const startedMs = performance.now();
  let length = 0;
  for (const text of texts) length += convert(text).length;
  if (length === 0) throw new Error("Nothing was written");
  return performance.now() - startedMs;
}

/**
 * A chat with as many messages as make it about `size` characters long. Its times have no fraction,
 * unlike those of the fake API's generated chats: every one of them has to be rewritten.
 */
function chat(index: number, size: number): JsonObject {
  const timestamp = (second: number) =>
    new Date(Date.UTC(2024, 0, 1, 0, index % 60, second % 60)).toISOString().slice(0, 19) + "Z";
  const history: JsonObject[] = [];
  const record: JsonObject = {
    id: `2401.2314815.Q${index}`,
    type: "chat",
    timestamp: timestamp(0),
    end_timestamp: timestamp(59),
    duration: 717,
    started_by: "visitor",
    agent_ids: ["4120927"],
    agent_names: ["Ada"],
    department_id: null,
    department_name: null,
    visitor: { id: `2314815.${index}`, name: "Visitor 42", email: "", phone: "", notes: "" },
    session: {
      id: `240101.2314815.${index}`,
      browser: "Firefox",
      platform: "Linux",
      ip: "192.0.2.1",
      city: "Bangkok",
      country_code: "TH",
      country_name: "Thailand",
      start_date: timestamp(0),
      end_date: timestamp(59),
    },
    webpath: [{ from: "", to: "https://example.com/", title: "Home", timestamp: timestamp(0) }],
    history,
    conversions: [],
    count: { visitor: 8, agent: 11, total: 19 },
    response_time: { first: 10, avg: 136.03566670417786, max: 347 },
    rating: "good",
    comment: null,
    tags: ["goodbye_survey", "billing"],
    unread: false,
    missed: false,
    triggered: false,
    triggered_response: null,
    referrer_search_engine: "",
    referrer_search_terms: "",
    zendesk_ticket_id: null,
  };
  for (let turn = 0; JSON.stringify(record).length < size; turn++) {
    history.push({
      type: "chat.msg",
      timestamp: timestamp(turn),
      name: turn % 2 === 0 ? "Visitor 42" : "Ada",
      nick: turn % 2 === 0 ? "visitor" : "agent:4120927",
      channel: "#supportchat:2314815-gCgO",
      msg: "I have looked into it and found what was wrong with your order.",
      msg_id: String(1704067200000 + turn),
      options: "",
      department_id: null,
      department_name: null,
    });
  }
  return record;
}
