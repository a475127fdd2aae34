/**
 * A random account over random nights: misfortunes, cuts at any request and any message, wrong clocks,
 * other settings, the other way of reading. After two good nights the target has to equal the account.
 * Whatever a seed finds, it finds again.
 */

import type { JsonObject } from "../../lib/json.ts";
import { type FakeChatApi, startFakeChatApi } from "../fakes/chat_api/mod.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { type Draw, drawFor } from "../fakes/sample_account/random.ts";
import { isWholeRun, runStreams } from "../run_streams.ts";
import { ModelAccount } from "./account.ts";
import { drawMisfortunes, type Misfortune } from "./misfortunes.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The API client that gets the tokens of all runs. */
const CLIENT = {
  id: "harbour",
  secret: "harbour-secret-51",
  tokenUrl: "https://oauth.example/token",
};

/** What is read together; each night selects some of it, and the good ones at the end all. */
const FAMILY = ["chats", "chat_history"];

/** Where the first run begins, and its `start_date`. */
const FIRST_NIGHT = Date.parse("2026-06-01T02:00:00Z");
const START_DATE = Date.parse("2026-03-01T00:00:00Z");

/** What a run is like. */
interface Night {
  atMs: number;
  misfortunes: Misfortune[];
  chatsApi: "search" | "incremental";
  chatsFullSyncDays: number | undefined;
  chatSearchIntervalDays: number | undefined;
  clockAheadMs: number;
  indexLagSeconds: number;
  /** Stops the run before this request is answered. */
  stopAt: number;
  /** The share of its messages that the target gets before it dies; 1 when it lives. */
  heard: number;
  /** How often something happens to the account while a request is under way. */
  unrest: number;
  /** What is selected. */
  streams: readonly string[];
  /** How often a token has expired after a request that it was good for. */
  expiry: number;
  /** Bounds the run, if given. */
  endMs: number | null;
}

/** What came of a seed. */
export interface ModelResult {
  runs: number;
  requests: number;
  /** What the target lacks or has in an old version after the good nights. */
  wrong: string[];
  /** What was broken on the way: a promise about a state or an exit code. */
  broken: string[];
  /** A line a night, and what it logged, to look at when something is wrong. */
  story: string[];
}

/** Lets the nights of a seed pass. */
export async function passNights(seed: number): Promise<ModelResult> {
  const draw = drawFor(seed);
  await using api = await startFakeChatApi({
    startIdExclusive: draw.happens(0.5),
    emptyEndTime: draw.one(["echo", "zero", "null"]),
    missingDocs: draw.one(["null", "absent"]),
  });
  const account = new ModelAccount(api, draw);
  account.add(draw.one([0, 3, 60, 60, 300, 300, 1_500]), {
    from: START_DATE - 10 * DAY,
    to: FIRST_NIGHT,
  });
  const course = new Course(api, account, draw);

  // Who changes the way of reading every night learns less of each.
  const habit = drawHabit(draw);
  let atMs = FIRST_NIGHT;
  for (let left = draw.one([1, 2, 3, 4, 5, 6, 9]); left > 0; left--) {
    await course.pass({
      ...drawNight(draw, atMs),
      ...(draw.happens(0.7) ? habit : drawHabit(draw)),
    });
    const next = atMs + draw.one([20 * MINUTE, 6 * HOUR, DAY, DAY, 3 * DAY]);
    course.live(atMs, next);
    atMs = next;
  }
  const last = drawGoodNight(draw, atMs);
  // Nothing happens any more: what the first good night cannot promise yet, the second one has.
  await course.pass(last);
  await course.pass({ ...last, atMs: atMs + DAY });
  return course.result(last, atMs);
}

function drawNight(draw: Draw, atMs: number): Night {
  return {
    atMs,
    misfortunes: drawMisfortunes(draw),
    ...drawHabit(draw),
    clockAheadMs: draw.happens(0.3) ? draw.whole(-HOUR, HOUR) : 0,
    indexLagSeconds: draw.one([0, 60, 240, 290]),
    stopAt: draw.happens(0.25) ? draw.whole(0, 40) : Infinity,
    heard: draw.happens(0.15) ? draw.fraction() : 1,
    unrest: draw.one([0, 0.1, 0.5]),
    expiry: draw.one([0, 0, 0.05, 0.5]),
    endMs: draw.happens(0.15) ? draw.whole(START_DATE, atMs) : null,
    streams: draw.one([["chats"], ["chats"], FAMILY, FAMILY, FAMILY.toReversed(), [
      "chat_history",
    ]]),
  };
}

/** How chats are read. */
function drawHabit(
  draw: Draw,
): Pick<Night, "chatsApi" | "chatsFullSyncDays" | "chatSearchIntervalDays"> {
  return {
    chatsApi: draw.one(["search", "search", "incremental"]),
    chatsFullSyncDays: draw.one([undefined, undefined, 1, 3]),
    chatSearchIntervalDays: draw.one([undefined, undefined, 1, 14]),
  };
}

/** A night after which nothing may be missing; edits are found by a full re-sync or by the export. */
function drawGoodNight(draw: Draw, atMs: number): Night {
  const chatsApi = draw.one(["search", "search", "incremental"]);
  return {
    ...drawNight(draw, atMs),
    misfortunes: [],
    chatsApi,
    chatsFullSyncDays: chatsApi === "search" ? draw.one([undefined, undefined, 1]) : undefined,
    clockAheadMs: 0,
    stopAt: Infinity,
    heard: 1,
    unrest: 0,
    endMs: null,
    streams: FAMILY,
  };
}

/** The nights of one account. */
class Course {
  readonly #api: FakeChatApi;
  readonly #account: ModelAccount;
  readonly #draw: Draw;
  readonly #usual: FakeChatApi["behaviour"];
  /** Versions by stream and id. */
  readonly #target = new Map<string, string>();
  readonly #result: ModelResult = { runs: 0, requests: 0, wrong: [], broken: [], story: [] };
  #state: JsonObject = {};
  #gaveUp = false;
  #tokens = 0;

  constructor(api: FakeChatApi, account: ModelAccount, draw: Draw) {
    this.#api = api;
    this.#account = account;
    this.#draw = draw;
    this.#usual = { ...api.behaviour };
  }

  /** Something happens between two runs. */
  live(from: number, to: number): void {
    const { whole, one } = this.#draw;
    for (let count = one([0, 5, 40]); count > 0; count--) this.#account.happen(whole(from, to));
    // Just before the run is when an index that lags behind matters.
    const shortly = Math.max(from, to - 6 * MINUTE);
    for (let count = one([0, 3, 20]); count > 0; count--) this.#account.happen(whole(shortly, to));
  }

  async pass(night: Night): Promise<void> {
    const { clockAheadMs, misfortunes, stopAt, heard, unrest } = night;
    const clock = createFakeClock(new Date(night.atMs + clockAheadMs).toISOString());
    const now = () => clock.now() - clockAheadMs;
    const stop = new AbortController();
    let asked = 0;
    const before = this.#api.requests.length;
    Object.assign(
      this.#api.behaviour,
      this.#usual,
      { indexLagSeconds: night.indexLagSeconds, indexLagVaries: true },
      ...misfortunes.map(({ behaviour = {} }) => behaviour),
      { now },
    );
    this.#api.faults.splice(0, Infinity, ...misfortunes.flatMap(({ faults = [] }) => faults));
    const fetch: typeof globalThis.fetch = async (url, init) => {
      if (url === CLIENT.tokenUrl) {
        this.#api.token = `harbour-token-${++this.#tokens}`;
        return Response.json({ access_token: this.#api.token });
      }
      if (asked++ === stopAt) stop.abort(new Error("stopped"));
      clock.advance(this.#draw.whole(50, 3_000));
      if (this.#draw.happens(unrest)) this.#account.happen(now());
      const response = await this.#api.fetch(url, init);
      if (response.ok && this.#draw.happens(night.expiry)) this.#api.token = "expired";
      return response;
    };

    const run = await runStreams({
      apiRoot: this.#api.url,
      accessToken: undefined,
      client: CLIENT,
      only: night.streams,
      state: this.#state,
      startDateMicros: START_DATE * 1000,
      endDateMicros: (night.endMs ?? Infinity) * 1000,
      chatsApi: night.chatsApi,
      chatsFullSyncDays: night.chatsFullSyncDays,
      chatSearchIntervalDays: night.chatSearchIntervalDays,
      clock,
      fetch,
      signal: stop.signal,
    });

    const messages = run.messages.slice(0, Math.ceil(run.messages.length * heard));
    const stateBefore = this.#state;
    for (const { type, stream, record, value } of messages) {
      if (type === "STATE") this.#state = value as JsonObject;
      if (type !== "RECORD") continue;
      const { id, comment, chat_id, msg } = record as JsonObject;
      if (stream === "chats") this.#target.set(`chats ${id}`, `${comment}`);
      else this.#target.set(`chat_history ${chat_id}`, `${msg}`);
    }
    this.#gaveUp ||= run.lines.some((line) => line.includes("Gave up"));
    this.#check(night, stateBefore, isWholeRun(run), run.lines);
    this.#result.runs++;
    this.#result.requests += this.#api.requests.length - before;
    this.#result.story.push(
      JSON.stringify({ ...night, misfortunes: misfortunes.map(({ name }) => name) }),
      ...run.lines.filter((line) => !line.includes(" Waiting ")),
      JSON.stringify(this.#state),
    );
  }

  /** What holds after every run. */
  #check(night: Night, before: JsonObject, isWhole: boolean, lines: readonly string[]): void {
    const broken = (what: string) => this.#result.broken.push(what);
    if (JSON.stringify(this.#state).length > 60_000) broken("a state of more than 60 KB");
    for (const [name, value] of times(before)) {
      const now = times(this.#state).get(name);
      if (now === undefined || now < value) broken(`${name} went back from ${value} to ${now}`);
    }
    const end = night.endMs === null ? "9999" : new Date(night.endMs).toISOString().slice(0, 23);
    for (const [name, value] of times(this.#state)) {
      const hasMoved = value !== times(before).get(name);
      if (hasMoved && value.slice(0, 23) > end) broken(`${name} went to ${value}, past ${end}`);
    }
    if (lines.some((line) => line.includes("This is a bug"))) broken("a bug");
    if (night.misfortunes.length === 0 && night.stopAt === Infinity && !isWhole) {
      broken("a run failed though nothing was wrong");
    }
  }

  /** What is wrong at the end, if anything. */
  result(last: Night, quietMs: number): ModelResult {
    const seesEdits = last.chatsApi === "incremental" || last.chatsFullSyncDays !== undefined;
    for (const { id, endedAt, version } of this.#account.chats) {
      if (endedAt < START_DATE || endedAt > quietMs) continue;
      for (const key of FAMILY.map((stream) => `${stream} ${id}`)) {
        const held = this.#target.get(key);
        if (held === undefined) this.#result.wrong.push(`${key} is missing`);
        else if (seesEdits && held !== `version ${version}`) {
          this.#result.wrong.push(`${key} has ${held} of ${version}`);
        }
      }
    }
    // Given up after five runs, a gap is out of the promise, unless all is read again.
    if (this.#gaveUp && last.chatsFullSyncDays === undefined) this.#result.wrong.length = 0;
    return this.#result;
  }
}

/** What never goes back, by name. */
function times(state: JsonObject): Map<string, string> {
  const bookmarks = (state.bookmarks ?? {}) as Record<string, JsonObject>;
  const keys = ["chat.end_timestamp", "offline_msg.timestamp", "update_timestamp"];
  const entries = [
    ...FAMILY.flatMap((stream) =>
      [...keys, "chats_last_full_sync"].map((key) => {
        return [`${stream} ${key}`, bookmarks[stream]?.[key]] as const;
      })
    ),
    ["chats_last_full_sync", state.chats_last_full_sync] as const,
  ];
  return new Map(
    entries.flatMap(([name, value]) => typeof value === "string" ? [[name, value]] : []),
  );
}
