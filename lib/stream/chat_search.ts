/**
 * Chats read by search. A run asks for the gaps of earlier runs, then reads each kind from its bookmark
 * on, then goes on with a full re-sync where one is due: the day's chats are there first, however long
 * the rest takes. What a normal pass reads counts for the re-sync too, so that a run without any
 * bookmark is one by itself.
 */

import { formatMicros } from "../date_time.ts";
import type { JsonObject } from "../json.ts";
import { askForGaps, chatPage } from "./chat_gaps.ts";
import {
  advanceKind,
  CHAT_KINDS,
  type ChatKind,
  type DualMicros,
  greatestIn,
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
import { describeStart, startFrom, withOrigin } from "./origin.ts";
import type { Checkpoint, StreamContext, StreamItem, StreamItems } from "./stream.ts";
import { isFuture } from "../zendesk/api_clock.ts";
import { BulkReads } from "../zendesk/bulk_read.ts";
import { type Search, searchChats, type WindowRead } from "../zendesk/search.ts";
import { WindowWidths } from "../zendesk/search_windows.ts";

const DAY_SECONDS = 86_400;

/** How much later than planned, in seconds, a run must have begun by the API's clock to read up to there. */
const WORTH_A_WINDOW = 60;

/** What the searches of a run share. */
export function createSearch({ api, config, log }: StreamContext): Search {
  const widest = (config.chatSearchIntervalDays ?? Infinity) * DAY_SECONDS;
  return { api, bulk: new BulkReads(api), widths: new WindowWidths(widest), log };
}

/**
 * Begins to read.
 *
 * @throws {InputError} when the bookmark in the state cannot be read.
 */
export function openChatSearch(context: StreamContext): StreamItems {
  const { bookmark, config: { startDateMicros }, state } = context;
  const dual = readDual(bookmark, startDateMicros);
  const stored = readFullSync(bookmark, state, startDateMicros);
  const gaps = readGaps(bookmark);
  const origin = describeOrigin(context, { stored, gaps });
  return withOrigin(origin, new ChatSearch(context, { dual, stored, gaps }).read());
}

/** From where each kind is read and up to where, and what else is. */
function describeOrigin(
  { bookmark, config, runStart }: StreamContext,
  { stored, gaps }: { stored: StoredFullSync; gaps: Gaps },
): string {
  const { chatsFullSyncDays: days, startDateMicros } = config;
  const startedAtMicros = runStart.atMs * 1000;
  const starts = CHAT_KINDS.map(({ key, type }) =>
    `${type} ${describeStart(startFrom(bookmark.instant(key), startDateMicros))}`
  );
  const plan = planFullSync(stored, { startedAtMicros, startDateMicros, days });
  const isWhole = CHAT_KINDS.every(({ key }) => bookmark.instant(key) === undefined);
  const again = plan.kind === "read" && !isWhole
    ? `, then all again for the full re-sync begun ${formatMicros(plan.fullSync.started)}`
    : "";
  return `${starts.join(" and ")} up to ${formatMicros(startedAtMicros)}${
    describeGaps(gaps)
  }${again}`;
}

class ChatSearch {
  readonly #context: StreamContext;
  readonly #search: Search;
  readonly #gaps: Gaps;
  /** The dual bookmark that the run began with, and as far as it has come. */
  readonly #dual: DualMicros;
  readonly #reached: DualMicros;
  readonly #stored: StoredFullSync;
  #plan: FullSyncPlan | undefined;
  /** Something is lacking that there was no room to note. */
  #isHeld = false;

  constructor(
    context: StreamContext,
    { dual, stored, gaps }: { dual: DualMicros; stored: StoredFullSync; gaps: Gaps },
  ) {
    this.#context = context;
    this.#search = createSearch(context);
    this.#gaps = gaps;
    this.#dual = dual;
    this.#reached = { ...dual };
    this.#stored = stored;
  }

  async *read(): AsyncGenerator<StreamItem> {
    yield* askForGaps(this.#search, this.#gaps, this.#context.log);
    for (const kind of CHAT_KINDS) yield* this.#readNew(kind);
    const plan = this.#planFullSync();
    if (plan.kind !== "read") return;
    for (const kind of CHAT_KINDS) yield* this.#readAgain(kind, plan.fullSync);
    if (this.#isHeld) return;
    const { bookmark, state } = fullSyncEnd(plan.fullSync);
    yield { kind: "checkpoint", bookmark: { ...bookmark, ...this.#gaps.changes() }, state };
  }

  /** The normal pass: one kind from its bookmark to the start of the run. */
  async *#readNew(kind: ChatKind): AsyncGenerator<StreamItem> {
    const { runStart } = this.#context;
    const { key } = kind;
    const from = this.#dual[key];
    if (isFuture(from, runStart)) return this.#warnOfFuture(kind);
    let greatestSeen = from;
    let heldAt = Infinity;
    const range = { from: Math.floor(from / 1e6), to: passEnd(this.#context, from) };
    for await (const step of searchChats(this.#search, kind, range)) {
      // The first answer may have told that the run began earlier than the machine's clock says.
      if (isFuture(from, runStart)) return this.#warnOfFuture(kind);
      if (step.kind === "chats") {
        greatestSeen = greatestIn(step.chats, kind, greatestSeen);
        this.#gaps.idsCame(step.chats.map(({ id }) => id));
        yield chatPage(step);
        continue;
      }
      if (!this.#noteLacking(kind, step)) heldAt = Math.min(heldAt, step.from * 1e6);
      const startedAt = runStart.atMs * 1000;
      const windowEnd = step.to * 1e6;
      const facts = { greatestSeen, windowEnd, startedAt, heldAt };
      this.#reached[key] = advanceKind(this.#reached[key], facts);
      yield {
        kind: "checkpoint",
        bookmark: {
          [key]: formatMicros(this.#reached[key]),
          ...this.#fullSyncAfter(kind, Math.min(windowEnd, heldAt)),
          ...this.#gaps.changes(),
        },
        position: {
          part: kind.type,
          atMicros: Math.min(windowEnd, startedAt),
          range: { fromMicros: from, toMicros: startedAt },
        },
      };
    }
  }

  /** One kind for the full re-sync, up to where the normal pass began, which read the rest. */
  async *#readAgain(kind: ChatKind, fullSync: FullSync): AsyncGenerator<StreamItem> {
    const { started, reached } = fullSync;
    const from = reached[kind.key];
    const end = Math.min(started, this.#dual[kind.key]);
    if (this.#isHeld || from >= end) return;
    const range = { from: Math.floor(from / 1e6), to: () => Math.ceil(end / 1e6) };
    for await (const step of searchChats(this.#search, kind, range)) {
      if (step.kind === "chats") {
        this.#gaps.idsCame(step.chats.map(({ id }) => id));
        yield chatPage(step);
        continue;
      }
      if (!this.#noteLacking(kind, step)) this.#isHeld = true;
      if (!this.#isHeld) reached[kind.key] = Math.min(step.to * 1e6, end);
      const checkpoint: Checkpoint = {
        kind: "checkpoint",
        bookmark: { ...fullSyncBookmark(fullSync), ...this.#gaps.changes() },
        position: {
          part: `${kind.type} again`,
          atMicros: Math.min(step.to * 1e6, end),
          range: { fromMicros: from, toMicros: end },
        },
      };
      yield checkpoint;
      if (this.#isHeld) return;
    }
  }

  /** Decided by the API's clock, which the first answer tells. */
  #planFullSync(): FullSyncPlan {
    const { config, runStart } = this.#context;
    return this.#plan ??= planFullSync(this.#stored, {
      startedAtMicros: runStart.atMs * 1000,
      startDateMicros: config.startDateMicros,
      days: config.chatsFullSyncDays,
    });
  }

  /** What the bookmark says of a re-sync when the normal pass of a kind is complete up to an instant. */
  #fullSyncAfter({ key }: ChatKind, completeMicros: number): JsonObject {
    const plan = this.#planFullSync();
    if (plan.kind === "none") return {};
    if (plan.kind === "drop") return { full_sync: null };
    const { started, reached } = plan.fullSync;
    if (this.#dual[key] <= reached[key]) {
      reached[key] = Math.max(reached[key], Math.min(completeMicros, started));
    }
    return fullSyncBookmark(plan.fullSync);
  }

  /** Notes what a window lacks; false when there is no room for it. */
  #noteLacking({ type }: ChatKind, { from, to, isShort, lacking }: WindowRead): boolean {
    const hasIds = this.#gaps.addIds(lacking);
    const hasWindow = !isShort || this.#gaps.addWindow({ kind: type, from, to });
    if (hasIds && hasWindow) return true;
    if (!this.#isHeld) {
      this.#context.log.warning(
        `More chats are lacking than the state has room for: the bookmark of type ${type} stays at ` +
          `${formatMicros(from * 1e6)}, and the next runs read again from there`,
      );
    }
    this.#isHeld = true;
    return false;
  }

  #warnOfFuture({ type, key }: ChatKind): void {
    // Nothing is stored, so that a mistyped start_date leaves nothing behind once it is corrected.
    this.#context.log.warning(
      `Read no chats of type ${type}: they begin at ${
        formatMicros(this.#dual[key])
      }, which is in ` +
        `the future; check "${key}" in the state and "start_date" in the config`,
    );
  }
}

/**
 * Up to where a normal pass reads, in epoch seconds: the start of the run, fixed once. Only a clock
 * that turns out to be well behind the API's is worth another window.
 */
function passEnd({ runStart }: StreamContext, fromMicros: number): () => number {
  const startSeconds = () =>
    Math.max(Math.ceil(runStart.atMs / 1000), Math.floor(fromMicros / 1e6));
  const planned = startSeconds();
  return () => startSeconds() - planned > WORTH_A_WINDOW ? startSeconds() : planned;
}
