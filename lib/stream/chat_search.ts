/**
 * Chats read by search. A run asks for the gaps of earlier runs, then reads each kind from its bookmark
 * on, then goes on with a full re-sync where one is due: the day's chats are there first, however long
 * the rest takes. What a normal pass reads counts for the re-sync too, so that a run without any
 * bookmark is one by itself.
 */

import { formatMicros } from "../date_time.ts";
import type { JsonObject } from "../json.ts";
import { isFuture, notAfter } from "../zendesk/api_clock.ts";
import type { Search } from "../zendesk/search.ts";
import { askForGaps } from "./chat_gaps.ts";
import { createSearch, type PassedWindow, passEnd, readPass } from "./chat_pass.ts";
import {
  advanceKind,
  CHAT_KINDS,
  type ChatKind,
  type DualMicros,
  readDual,
} from "./dual_bookmark.ts";
import {
  type FullSync,
  fullSyncBookmark,
  fullSyncEnd,
  type FullSyncPlan,
  planFullSync,
  readFullSync,
  type StoredFullSync,
} from "./full_sync.ts";
import { describeGaps, type Gaps, readGaps } from "./gaps.ts";
import { describeEnd, describeStart, startFrom, withOrigin } from "./origin.ts";
import type { Position, StreamContext, StreamItem, StreamItems } from "./stream.ts";

/** What the state says of chats read by search. */
interface Known {
  /** `start_date` where there is no bookmark. */
  dual: DualMicros;
  stored: StoredFullSync;
  gaps: Gaps;
}

/**
 * Begins to read.
 *
 * @throws {InputError} when the bookmark in the state cannot be read.
 */
export function openChatSearch(unbounded: StreamContext): StreamItems {
  const { bookmark, config: { startDateMicros, endDateMicros }, state } = unbounded;
  // A bounded run is one that began at its end: so is its bookmark, and its full re-sync.
  const context = { ...unbounded, runStart: notAfter(unbounded.runStart, endDateMicros) };
  const known: Known = {
    dual: readDual(bookmark, startDateMicros),
    stored: readFullSync(bookmark, state, startDateMicros),
    gaps: readGaps(bookmark),
  };
  return withOrigin(describeOrigin(context, known), new ChatSearch(context, known).read());
}

/** From where each kind is read and up to where, and what else is. */
function describeOrigin(context: StreamContext, { stored, gaps }: Known): string {
  const { bookmark, config: { startDateMicros }, runStart } = context;
  const starts = CHAT_KINDS.map(({ key, words }) =>
    `${words} ${describeStart(startFrom(bookmark.instant(key), startDateMicros))}`
  );
  const plan = planFor(context, stored);
  const isWhole = CHAT_KINDS.every(({ key }) => bookmark.instant(key) === undefined);
  const again = plan.kind === "read" && !isWhole
    ? `, then all again for the full re-sync begun ${formatMicros(plan.fullSync.started)}`
    : "";
  const end = formatMicros(runStart.atMs * 1000);
  return `${starts.join(" and ")} up to ${end}${describeGaps(gaps)}${again}`;
}

function planFor({ config, runStart }: StreamContext, stored: StoredFullSync): FullSyncPlan {
  return planFullSync(stored, {
    startedAtMicros: runStart.atMs * 1000,
    startDateMicros: config.startDateMicros,
    days: config.chatsFullSyncDays,
  });
}

/** One run. */
class ChatSearch {
  readonly #context: StreamContext;
  readonly #search: Search;
  /** As the run found it; the bookmark as far as it has come is in `#reached`. */
  readonly #known: Known;
  readonly #reached: DualMicros;
  #plan: FullSyncPlan | undefined;
  /** Something is lacking that there was no room to note. */
  #isHeld = false;

  constructor(context: StreamContext, known: Known) {
    this.#context = context;
    this.#search = createSearch(context);
    this.#known = known;
    this.#reached = { ...known.dual };
  }

  async *read(): AsyncGenerator<StreamItem> {
    yield* askForGaps(this.#search, this.#known.gaps, this.#context.log);
    for (const kind of CHAT_KINDS) yield* this.#readNew(kind);
    const plan = this.#planFullSync();
    if (plan.kind !== "read") return;
    for (const kind of CHAT_KINDS) if (!this.#isHeld) yield* this.#readAgain(kind, plan.fullSync);
    if (!this.#isHeld) yield this.#checkpoint(fullSyncEnd(plan.fullSync));
  }

  /** The normal pass: one kind from its bookmark to the start of the run. */
  async *#readNew(kind: ChatKind): AsyncGenerator<StreamItem> {
    const { config, log, runStart } = this.#context;
    const { key, type } = kind;
    const from = this.#known.dual[key];
    if (from >= config.endDateMicros) return log.info(describeEnd(`chats of type ${type}`, from));
    if (isFuture(from, runStart)) return this.#warnOfFuture(kind);
    yield beginning({ part: kind.words, from, to: runStart.atMs * 1000 });
    let heldAt = Infinity;
    for await (const step of this.#pass(kind, from, passEnd(this.#context, from))) {
      // The first answer may have told that the run began earlier than the machine's clock says.
      if (isFuture(from, runStart)) return this.#warnOfFuture(kind);
      if (step.kind === "page") {
        yield step;
        continue;
      }
      if (this.#isHeldBy(kind, step)) heldAt = Math.min(heldAt, step.from);
      const startedAt = runStart.atMs * 1000;
      const { greatestSeen, to: windowEnd } = step;
      const facts = { greatestSeen, windowEnd, startedAt, heldAt };
      this.#reached[key] = advanceKind(this.#reached[key], facts);
      const bookmark = {
        [key]: formatMicros(this.#reached[key]),
        ...this.#fullSyncAfter(kind, Math.min(windowEnd, heldAt)),
      };
      const range = { fromMicros: from, toMicros: startedAt };
      const position = { part: kind.words, atMicros: Math.min(windowEnd, startedAt), range };
      yield this.#checkpoint({ bookmark, position });
    }
  }

  /** One kind for the full re-sync, up to where the normal pass began, which read the rest. */
  async *#readAgain(kind: ChatKind, fullSync: FullSync): AsyncGenerator<StreamItem> {
    const { started, reached } = fullSync;
    const from = reached[kind.key];
    const end = Math.min(started, this.#known.dual[kind.key]);
    if (from >= end) return;
    const part = `${kind.words} again`;
    yield beginning({ part, from, to: end });
    for await (const step of this.#pass(kind, from, () => Math.ceil(end / 1e6))) {
      if (step.kind === "page") {
        yield step;
        continue;
      }
      if (this.#isHeldBy(kind, step)) return;
      reached[kind.key] = Math.min(step.to, end);
      const range = { fromMicros: from, toMicros: end };
      const position = { part, atMicros: reached[kind.key], range };
      yield this.#checkpoint({ bookmark: fullSyncBookmark(fullSync), position });
    }
  }

  #pass(kind: ChatKind, from: number, to: () => number): ReturnType<typeof readPass> {
    const { endDateMicros } = this.#context.config;
    return readPass(
      { search: this.#search, gaps: this.#known.gaps, kind, endDateMicros },
      from,
      to,
    );
  }

  #checkpoint(
    { bookmark, ...rest }: { bookmark: JsonObject; state?: JsonObject; position?: Position },
  ): StreamItem {
    return {
      kind: "checkpoint",
      bookmark: { ...bookmark, ...this.#known.gaps.changes() },
      ...rest,
    };
  }

  /** Decided by the API's clock, which the first answer tells. */
  #planFullSync(): FullSyncPlan {
    return this.#plan ??= planFor(this.#context, this.#known.stored);
  }

  /** What the bookmark says of a re-sync when the normal pass of a kind is complete up to an instant. */
  #fullSyncAfter({ key }: ChatKind, completeMicros: number): JsonObject {
    const plan = this.#planFullSync();
    if (plan.kind === "none") return {};
    if (plan.kind === "drop") return { full_sync: null };
    const { started, reached } = plan.fullSync;
    if (this.#known.dual[key] <= reached[key]) {
      reached[key] = Math.max(reached[key], Math.min(completeMicros, started));
    }
    return fullSyncBookmark(plan.fullSync);
  }

  /** Whether a window lacks something that there was no room to note, which is said once. */
  #isHeldBy({ type }: ChatKind, { isNoted, from }: PassedWindow): boolean {
    if (isNoted) return false;
    if (!this.#isHeld) {
      this.#context.log.warning(
        `More chats are lacking than the state has room for: the bookmark of type ${type} stays at ` +
          `${formatMicros(from)}, and the next runs read again from there`,
      );
    }
    this.#isHeld = true;
    return true;
  }

  #warnOfFuture({ type, key }: ChatKind): void {
    // Nothing is stored, so that a mistyped start_date leaves nothing behind once it is corrected.
    this.#context.log.warning(
      `Read no chats of type ${type}: they begin at ${
        formatMicros(this.#known.dual[key])
      }, which is ` +
        `in the future; check "${key}" in the state and "start_date" in the config`,
    );
  }
}

/** Where a part begins, from an instant up to another in epoch microseconds. */
function beginning({ part, from, to }: { part: string; from: number; to: number }): StreamItem {
  const range = { fromMicros: from, toMicros: to };
  return { kind: "beginning", position: { part, atMicros: from, range } };
}
