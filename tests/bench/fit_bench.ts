/**
 * What fitting costs beside the JSON work that no tap can avoid: the share of the speed of bare
 * parsing and serialising that remains when every chat is also fitted to its schema. Budget: 70 %.
 * The shares come first, as medians of rounds that hold both, and then the table of `deno bench`.
 *
 *     deno bench tests/bench/fit_bench.ts
 */

import type { JsonObject } from "../../lib/json.ts";
import { FitReport } from "../../lib/singer/fit_report.ts";
import type { Schema } from "../../lib/singer/schema.ts";
import { selectionTree } from "../../lib/singer/selection.ts";
import { printLine } from "../../lib/stdout.ts";
import { compileRecordFitter } from "../../lib/singer/transform.ts";
import schema from "../../schemas/chats.json" with { type: "json" };
import { median } from "./measure.ts";

const CHATS = 500;
const ROUNDS = 200;

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

/** Milliseconds that these chats take from text to text. */
function measure(texts: string[], fit: (record: JsonObject) => JsonObject): number {
  const started = performance.now();
  let length = 0;
  for (const text of texts) length += JSON.stringify(fit(JSON.parse(text))).length;
  if (length === 0) throw new Error("Nothing was written");
  return performance.now() - started;
}

for (const size of [2_000, 20_000]) {
  const texts = Array.from(
    { length: Math.ceil(CHATS * 2_000 / size) },
    (_, index) => JSON.stringify(chat(index, size)),
  );
  const fit = compileRecordFitter({
    tapStreamId: "chats",
    schema: schema as Schema,
    selection: selectionTree([]),
    keyProperties: ["id"],
    report: new FitReport("chats"),
  });
  const bareMs = () => measure(texts, (record) => record);
  const fittedMs = () => measure(texts, fit);
  const group = `${size / 1000} KB chats`;
  // Both in every round, so that a noisy neighbour slows both.
  const rounds = Array.from({ length: ROUNDS }, () => ({ bare: bareMs(), fitted: fittedMs() }))
    .slice(ROUNDS / 4);
  const bare = median(rounds.map((round) => round.bare)) / texts.length;
  const share = median(rounds.map((round) => round.bare / round.fitted));
  const [micros, percent] = [(bare * 1000).toFixed(1), (share * 100).toFixed(0)];
  await printLine(`${group}: ${percent} % of bare JSON (${micros} µs a chat)`);
  Deno.bench({
    name: `bare, ${texts.length} chats`,
    group,
    baseline: true,
    fn: () => void bareMs(),
  });
  Deno.bench({ name: `fitted, ${texts.length} chats`, group, fn: () => void fittedMs() });
}
