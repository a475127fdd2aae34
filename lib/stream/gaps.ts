/**
 * What the API counted, listed or named and did not hand over: the ledger of gaps in the state of
 * chats. A gap is a window of a search or an id without a document; each run asks for some of them
 * again, and what does not come in five runs is given up. It knows no requests: it says what to ask
 * for, and is told what came.
 */

import { counted } from "../counted.ts";
import { formatMicros } from "../date_time.ts";
import type { JsonObject } from "../json.ts";
import type { BookmarkReader } from "../singer/state.ts";
import { CHAT_KINDS } from "./dual_bookmark.ts";
import { type GapWindow, joinNearest, withWindow } from "./gap_windows.ts";

const KINDS = CHAT_KINDS.map(({ type }) => type);

/** Runs that ask for a gap before it is given up. */
const MOST_TRIES = 5;

/** Windows that one run asks for. */
const WINDOWS_A_RUN = 10;

/** What the state holds at the most. */
const MOST_WINDOWS = 50;
const MOST_IDS = 1_000;

/** Characters of ids that the state holds at the most, to stay below 60 KB: real ones have thirty. */
const MOST_ID_CHARS = 40_000;

/** The gaps of chats. */
export class Gaps {
  #windows: readonly GapWindow[];
  /** Tries by id. */
  readonly #ids: Map<string, number>;
  #idChars = 0;
  #hasChanged = false;

  constructor(windows: readonly GapWindow[] = [], ids: ReadonlyMap<string, number> = new Map()) {
    this.#windows = windows;
    this.#ids = new Map(ids);
    for (const id of ids.keys()) this.#idChars += charsOf(id);
  }

  /** How many windows and ids there are. */
  get size(): { windows: number; ids: number } {
    return { windows: this.#windows.length, ids: this.#ids.size };
  }

  /** The windows to ask for in a run: the oldest ones. */
  windowsToAsk(): readonly GapWindow[] {
    return this.#windows.slice(0, WINDOWS_A_RUN);
  }

  /** The ids to ask for in a run: all. */
  idsToAsk(): string[] {
    return [...this.#ids.keys()];
  }

  /**
   * Notes a window, as one with what it covers or continues; false when there is no room for it.
   */
  addWindow(window: Omit<GapWindow, "tries">): boolean {
    const windows = joinNearest(withWindow(this.#windows, { ...window, tries: 0 }), WINDOWS_A_RUN);
    if (windows.length > MOST_WINDOWS) return false;
    this.#windows = windows;
    this.#hasChanged = true;
    return true;
  }

  /** Puts what is left of windows that were asked for in their place. */
  replaceWindows(asked: readonly GapWindow[], left: readonly GapWindow[]): void {
    const place = this.#windows.findIndex((window) => asked.includes(window));
    this.#windows = this.#windows.flatMap((window, index) =>
      index === place ? left : asked.includes(window) ? [] : [window]
    );
    this.#hasChanged = true;
  }

  /** Notes ids; false when there is no room for all of them, and then none is noted. */
  addIds(ids: readonly string[]): boolean {
    const added = ids.filter((id) => !this.#ids.has(id));
    if (added.length === 0) return true;
    const chars = added.reduce((sum, id) => sum + charsOf(id), this.#idChars);
    if (this.#ids.size + added.length > MOST_IDS || chars > MOST_ID_CHARS) return false;
    for (const id of added) this.#ids.set(id, 0);
    this.#idChars = chars;
    this.#hasChanged = true;
    return true;
  }

  /** Chats with these ids came. */
  idsCame(ids: Iterable<unknown>): void {
    if (this.#ids.size === 0) return;
    for (const id of ids) if (typeof id === "string") this.#drop(id);
  }

  /** Ids that a run asked for in vain; returns those that are given up. */
  idsLacked(ids: readonly string[]): string[] {
    const givenUp: string[] = [];
    for (const id of ids) {
      const tries = (this.#ids.get(id) ?? 0) + 1;
      if (isGivenUp({ tries })) {
        this.#drop(id);
        givenUp.push(id);
      } else this.#ids.set(id, tries);
    }
    this.#hasChanged ||= ids.length > 0;
    return givenUp;
  }

  /** What a checkpoint says of them: nothing when they are as the state has them. */
  changes(): JsonObject {
    if (!this.#hasChanged) return {};
    const windows = this.#windows.map(({ kind, from, to, tries }) => ({
      kind,
      from: formatMicros(from * 1e6),
      to: formatMicros(to * 1e6),
      tries,
    }));
    const byTries = Map.groupBy(this.#ids, ([, tries]) => tries);
    const ids = [...byTries].map(([tries, entries]) => ({ ids: entries.map(([id]) => id), tries }));
    return { gaps: [...windows, ...ids] };
  }

  #drop(id: string): void {
    if (!this.#ids.delete(id)) return;
    this.#idChars -= charsOf(id);
    this.#hasChanged = true;
  }
}

/** That gaps are asked for, in words that follow where a stream is read from; nothing without any. */
export function describeGaps({ size: { windows, ids } }: Gaps): string {
  const parts = [
    ...(windows > 0 ? [counted(windows, "window")] : []),
    ...(ids > 0 ? [counted(ids, "chat")] : []),
  ];
  return parts.length === 0 ? "" : `, after ${parts.join(" and ")} that earlier runs did not get`;
}

/** Whether something that was asked for so often is not asked for again. */
export function isGivenUp({ tries }: { tries: number }): boolean {
  return tries >= MOST_TRIES;
}

/**
 * The gaps in the bookmark of chats.
 *
 * @throws {InputError} when they cannot be read.
 */
export function readGaps(bookmark: BookmarkReader): Gaps {
  const windows: GapWindow[] = [];
  const ids = new Map<string, number>();
  for (const entry of bookmark.list("gaps")) {
    const tries = entry.integer("tries") ?? 0;
    for (const id of entry.texts("ids")) ids.set(id, tries);
    const [from, to] = [entry.instant("from"), entry.instant("to")];
    if (from === undefined || to === undefined || from > to) continue;
    const kind = entry.oneOf("kind", KINDS);
    windows.push({ kind, from: Math.floor(from / 1e6), to: Math.ceil(to / 1e6), tries });
  }
  return new Gaps(windows, ids);
}

/** Characters of an id in the state. */
function charsOf(id: string): number {
  return JSON.stringify(id).length + 1;
}
