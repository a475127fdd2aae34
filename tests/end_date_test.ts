/**
 * Bounded runs: three of them, each with a start, an end and a state of its own, read what one unbounded
 * run reads, and none of them passes its end. Rows lie on the bounds and on either side of them.
 */

import { assert, assertEquals } from "@std/assert";
import type { Json, JsonObject } from "../lib/json.ts";
import { parseMicros } from "../lib/date_time.ts";
import { type AccountData, chat, offlineMessage, startFakeChatApi } from "./fakes/chat_api/mod.ts";
import { exportRows, keysHeld, keysRead, secondText, smallAccount } from "./program/accounts.ts";
import { lastState, type Message } from "./program/singer_output.ts";
import { syncInProcess } from "./program/sync_in_process.ts";

const NOW = Date.parse("2026-06-15T12:00:00Z");
const SECOND = 1_000;
const EXPORTS = ["agent_timeline", "agent_events", "conversions", "department_events"];
const STREAMS = ["chats", ...EXPORTS];
const BOUNDS = [
  "2026-01-01",
  "2026-02-10T09:00:00Z",
  "2026-04-01T00:00:00.500Z",
  undefined,
] as const;

/** Members of rows that say when they are. */
const TIMES: Record<string, Record<string, string>> = {
  search: { chats: "end_timestamp" },
  incremental: { chats: "update_timestamp" },
};

/** Rows around each bound: a second before it, at it, a second after it, and far from all of them. */
function account(): Partial<AccountData> {
  const instants = BOUNDS.flatMap((bound) => {
    if (bound === undefined) return [];
    const ms = Math.floor(Date.parse(bound) / SECOND) * SECOND;
    return [
      ms,
      ms + SECOND,
      ms + 40 * 86_400 * SECOND,
      ...bound === BOUNDS[0] ? [] : [ms - SECOND],
    ];
  });
  const chats = instants.flatMap((ms, index) => [
    chat(`c${index}`, secondText(ms), { history: [{ msg: "Hi" }] }),
    offlineMessage(`m${index}`, secondText(ms)),
  ]);
  return { chats, ...exportRows(instants.length, (index) => instants.toSorted()[index]!) };
}

/** The greatest time in a stream's own part of a state, in epoch microseconds. */
function greatestTime(state: JsonObject | undefined): number {
  const texts: string[] = [];
  const visit = (value: Json | undefined) => {
    if (typeof value === "string") texts.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(state);
  return Math.max(0, ...texts.map((text) => parseMicros(text) ?? 0));
}

function timesIn(messages: readonly Message[], way: string): number[] {
  return messages.flatMap((message) => {
    if (message.type !== "RECORD" || message.stream === "chat_history") return [];
    const { record, stream } = message;
    const member = TIMES[way]![stream] ??
      (stream === "agent_timeline" ? "start_time" : "timestamp");
    return [parseMicros(`${record[member] ?? record.timestamp}`)!];
  });
}

for (const way of ["search", "incremental"]) {
  Deno.test(`three bounded runs read what one unbounded run reads: ${way}`, async () => {
    await using api = await startFakeChatApi({ account: account() });
    const streams = [...STREAMS, "chat_history"];
    const config = { chats_api: way, chats_full_sync_days: 7 };
    const read = new Set<string>();
    for (const [index, end] of BOUNDS.slice(1).entries()) {
      const bounds = { start_date: BOUNDS[index]!, ...(end !== undefined && { end_date: end }) };
      const run = await syncInProcess(api, {
        streams,
        config: { ...config, ...bounds },
        nowMs: NOW,
      });
      assertEquals([run.error, run.log.filter((line) => line.startsWith("WARNING"))], [
        undefined,
        [],
      ]);
      keysRead(run.messages).forEach((key) => read.add(key));
      if (end === undefined) continue;
      const endMicros = parseMicros(end)!;
      for (const message of run.messages) {
        if (message.type === "STATE") assert(greatestTime(message.value) <= endMicros);
      }
      const times = timesIn(run.messages, way);
      assert(times.length > 0 && Math.max(...times) < endMicros);
    }
    const unbounded = await syncInProcess(api, { streams, config, nowMs: NOW });
    assertEquals(read, new Set(keysRead(unbounded.messages)));
    assertEquals(read, keysHeld(api, streams));
  });

  Deno.test(`a bounded run can be taken up again, with a later end or none: ${way}`, async () => {
    await using api = await startFakeChatApi({ account: account() });
    const read = new Set<string>();
    let state: JsonObject = {};
    for (const end of [BOUNDS[1], BOUNDS[1], BOUNDS[2], undefined]) {
      const config = { chats_api: way, ...(end !== undefined && { end_date: end }) };
      const run = await syncInProcess(api, { streams: STREAMS, config, state, nowMs: NOW });
      assertEquals(run.error, undefined);
      keysRead(run.messages).forEach((key) => read.add(key));
      state = lastState(run.messages)!;
    }
    assertEquals(read, keysHeld(api, STREAMS));
  });

  Deno.test(`a run that has passed its end reads nothing, and its bookmarks stay: ${way}`, async () => {
    await using api = await startFakeChatApi({ account: smallAccount() });
    const first = await syncInProcess(api, {
      streams: STREAMS,
      config: { chats_api: way },
      nowMs: NOW,
    });
    const state = lastState(first.messages)!;
    const bounded = await syncInProcess(api, {
      streams: STREAMS,
      config: { chats_api: way, end_date: "2026-01-10" },
      state,
      nowMs: NOW,
    });
    assertEquals([bounded.error, bounded.requests], [undefined, 0]);
    assertEquals([keysRead(bounded.messages), lastState(bounded.messages)], [[], state]);
    const said = bounded.log.filter((line) => line.includes("Read nothing of"));
    assertEquals(said.length, way === "search" ? 2 + EXPORTS.length : STREAMS.length);
  });
}

Deno.test("an end in the future changes nothing", async () => {
  await using api = await startFakeChatApi({ account: smallAccount() });
  for (const chats_api of ["search", "incremental"]) {
    const run = (config: Record<string, Json>) =>
      syncInProcess(api, { streams: STREAMS, config: { chats_api, ...config }, nowMs: NOW });
    const [bounded, unbounded] = [await run({ end_date: "2027-01-01" }), await run({})];
    assertEquals(bounded.messages, unbounded.messages);
    assertEquals(bounded.requests, unbounded.requests);
  }
});

Deno.test("the export asks for nothing behind the end", async () => {
  const rows = exportRows(2_500, (index) => Date.UTC(2026, 1, 1) + index * 60 * SECOND);
  await using api = await startFakeChatApi({ account: rows });
  for (const stream of EXPORTS) {
    const { requests } = await syncInProcess(api, {
      streams: [stream],
      config: { end_date: "2026-02-01T10:00:00Z" },
      nowMs: NOW,
    });
    assertEquals(requests, 1);
  }
});
