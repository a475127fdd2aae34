/**
 * The swap for the Python tap, and the way back: nights on which either of the two runs, cut at any
 * message, while the account grows. The target keeps what came before the last STATE and hands that
 * STATE to the next night, whichever tap that is; after the last one, which is not cut, it has to hold
 * every record. Config, catalog and states are the very same files for both taps.
 */

import { startFakeChatApi } from "../fakes/chat_api/mod.ts";
import { type Draw, drawFor } from "../fakes/sample_account/random.ts";
import { keysHeld, keysRead, secondText } from "../program/accounts.ts";
import { type CatalogFile, selectStreams, streamNames } from "../program/catalogs.ts";
import { configFor, createRunFolder, type RunFolder } from "../program/run_folder.ts";
import { lastState, messagesIn } from "../program/singer_output.ts";
import { tapCommand } from "../program/tap_process.ts";
import { isJsonObject, type JsonObject } from "../../lib/json.ts";
import { outputOf } from "./command.ts";
import { growAccount } from "./growing_account.ts";
import { pythonTapCommand } from "./python_tap.ts";
import { Finding } from "./finding.ts";

/** Which tap runs on the last night; on the first it is the other one. */
export const DIRECTIONS = ["to this tap", "back to the Python tap"] as const;

/** The two taps. */
type Tap = "this" | "Python";

const DAY_MS = 86_400_000;
const NIGHTS = 5;
/** The days between two nights: all of them are three searches of the Python tap. */
const DAYS_BETWEEN = 8;

/**
 * Rows of nights, one after the other, with seeds from 1; `bin` is where the Python tap is.
 *
 * @throws {Finding} if a record is missing in the end.
 */
export async function swap(
  bin: string,
  direction: typeof DIRECTIONS[number],
  rows: number,
): Promise<void> {
  const losses: string[] = [];
  for (let seed = 1; seed <= rows; seed++) {
    const loss = await rowOfNights(bin, direction, seed);
    if (loss !== undefined) losses.push(loss);
  }
  if (losses.length > 0) throw new Finding(`${losses.length} rows lost ${losses.join("; ")}`);
}

/** One row of nights; how many records are missing in the end, and how it went, if there are any. */
async function rowOfNights(
  bin: string,
  direction: typeof DIRECTIONS[number],
  seed: number,
): Promise<string | undefined> {
  const draw = drawFor(seed);
  const beginMs = Date.now() - (NIGHTS * DAYS_BETWEEN + 1) * DAY_MS;
  await using api = await startFakeChatApi({ account: { account: { account_key: "k" } } });
  await using folder = await createRunFolder({
    "config.json": configFor(api, {
      start_date: secondText(beginMs),
      chats_api: draw.one(["search", "incremental"]),
      agents_page_limit: 2,
      ...draw.one([{}, { chats_full_sync_days: 1 }]),
    }),
  });
  const nights = new Nights(folder, { this: tapCommand(), Python: pythonTapCommand(bin, api) });
  await nights.discover();

  for (const [index, tap] of planOf(direction, draw).entries()) {
    // The Python tap alone loses the page whose address it has stored: no swap makes that better.
    if (tap === "Python" && nights.stateNamesPage) await nights.run("this", 1);
    const fromMs = beginMs + index * DAYS_BETWEEN * DAY_MS;
    growAccount(api, draw, { fromMs, toMs: fromMs + DAYS_BETWEEN * DAY_MS });
    await nights.run(tap, index === NIGHTS - 1 ? 1 : draw.fraction());
  }
  const missing = [...keysHeld(api, nights.streams).difference(nights.held)];
  if (missing.length === 0) return undefined;
  const course = nights.course.join(", ");
  return `${missing.length} records, such as ${missing[0]} (seed ${seed}: ${course})`;
}

function planOf(direction: typeof DIRECTIONS[number], draw: Draw): Tap[] {
  const ends: [Tap, Tap] = direction === "to this tap" ? ["Python", "this"] : ["this", "Python"];
  const between = Array.from({ length: NIGHTS - 2 }, () => draw.one<readonly Tap[]>(ends));
  return [ends[0], ...between, ends[1]];
}

/** What a target and a state file go through. */
class Nights {
  streams: string[] = [];
  /** The records that the target keeps, as `stream key`. */
  readonly held = new Set<string>();
  /** Each night in a word. */
  readonly course: string[] = [];
  #state: JsonObject = {};
  readonly #folder: RunFolder;
  readonly #commands: Record<Tap, string[]>;

  constructor(folder: RunFolder, commands: Record<Tap, string[]>) {
    this.#folder = folder;
    this.#commands = commands;
  }

  /** Has the Python tap make the catalog. */
  async discover(): Promise<void> {
    const config = `${this.#folder.path}/config.json`;
    const discovered = await outputOf([...this.#commands.Python, "-c", config, "--discover"]);
    const catalog: CatalogFile = JSON.parse(discovered);
    this.streams = streamNames(catalog);
    await this.#folder.write({ "catalog.json": selectStreams(catalog, this.streams) });
  }

  /** Runs a tap, of whose messages only this share arrives. */
  async run(tap: Tap, share: number): Promise<void> {
    await this.#folder.write({ "state.json": this.#state });
    const file = (name: string) => `${this.#folder.path}/${name}`;
    const files = ["-c", file("config.json"), "-s", file("state.json")];
    const catalog = ["--catalog", file("catalog.json")];
    const messages = messagesIn(await outputOf([...this.#commands[tap], ...files, ...catalog]));
    const arrived = messages.slice(0, Math.ceil(messages.length * share));
    this.course.push(`${tap} ${arrived.length}/${messages.length}`);

    const stateAt = arrived.findLastIndex(({ type }) => type === "STATE");
    const confirmed = arrived.slice(0, stateAt + 1);
    for (const key of keysRead(confirmed)) this.held.add(key);
    this.#state = lastState(confirmed) ?? this.#state;
  }

  /** Whether the state holds the address of a page, as the Python tap leaves it within a search. */
  get stateNamesPage(): boolean {
    const { chats } = (this.#state.bookmarks ?? {}) as Record<string, JsonObject | undefined>;
    const offset = chats?.offset;
    return isJsonObject(offset) && Object.values(offset).some((url) => typeof url === "string");
  }
}
