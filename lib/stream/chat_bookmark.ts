/**
 * The bookmark that chats and their children have each under their own name. They are read together
 * and may stand at different places, for one may have been selected later: a run begins where the last
 * of them stands, and none goes back meanwhile. Targets that flush stream by stream put a state
 * together from each stream's own part, which is why one bookmark for all would not do.
 */

import { formatMicros, parseMicros } from "../date_time.ts";
import type { Json, JsonObject } from "../json.ts";
import type { BookmarkReader } from "../singer/state.ts";
import { CHAT_KINDS } from "./dual_bookmark.ts";
import { LAST_FULL_SYNC } from "./full_sync.ts";

const DUAL = CHAT_KINDS.map(({ key }) => key);
/** Members of a full re-sync, the first of which says that there is one. */
const FULL_SYNC = ["started", ...DUAL];
const CURSOR = "update_timestamp";
const CURSOR_ID = "update_timestamp_id";

/** The members that the bookmark of chats may have. */
export const CHAT_BOOKMARK_KEYS: readonly string[] = [
  ...DUAL,
  ...["full_sync", "gaps", CURSOR, CURSOR_ID],
];

/** The members that a child's may have: for chats, the last one stands at the top of the state. */
export const CHILD_BOOKMARK_KEYS: readonly string[] = [...CHAT_BOOKMARK_KEYS, LAST_FULL_SYNC];

/**
 * The bookmark behind which everything is read for all of them: the oldest of each member, and none
 * where one of them has none. What else there is, is the first one's.
 *
 * @throws {InputError} when one cannot be read.
 */
export function oldestBookmark(bookmarks: readonly BookmarkReader[]): JsonObject {
  const others = Object.entries(bookmarks[0]!.value)
    .filter(([key]) => !CHAT_BOOKMARK_KEYS.includes(key));
  return {
    ...Object.fromEntries(others),
    ...oldestInstants(bookmarks, DUAL),
    ...oldestCursor(bookmarks),
    ...oldestFullSync(bookmarks),
    ...allGaps(bookmarks),
  };
}

/**
 * The state as it is for all of them: the full re-sync that was last is the last that none of them
 * missed. `places` are where each has its own: the whole state, or a child's bookmark.
 *
 * @throws {InputError} when one cannot be read.
 */
export function oldestState(state: JsonObject, places: readonly BookmarkReader[]): JsonObject {
  const { [LAST_FULL_SYNC]: _, ...others } = state;
  return { ...others, ...oldestInstants(places, [LAST_FULL_SYNC]) };
}

/** Whether nothing was read for a stream yet. */
export function isNewBookmark({ value }: BookmarkReader): boolean {
  return CHAT_BOOKMARK_KEYS.every((key) => (value[key] ?? null) === null);
}

/** A stream's part in a checkpoint of the common reading: where it is ahead already, it stays. */
export function ownCheckpoint(own: JsonObject, checkpoint: JsonObject): JsonObject {
  const moved = { ...checkpoint };
  for (const key of [...DUAL, LAST_FULL_SYNC]) {
    if (isBehind(moved[key], own[key])) delete moved[key];
  }
  if (isBehind(moved[CURSOR], own[CURSOR])) {
    delete moved[CURSOR];
    delete moved[CURSOR_ID];
  }
  return moved;
}

/** For each key the least instant, absent where it is absent from one of the bookmarks. */
function oldestInstants(
  bookmarks: readonly BookmarkReader[],
  keys: readonly string[],
): JsonObject {
  const entries = keys.flatMap((key) => {
    const instants = bookmarks.map((bookmark) => bookmark.instant(key) ?? -Infinity);
    const least = Math.min(...instants);
    return least === -Infinity ? [] : [[key, formatMicros(least)] as const];
  });
  return Object.fromEntries(entries);
}

function oldestCursor(bookmarks: readonly BookmarkReader[]): JsonObject {
  const oldest = oldestInstants(bookmarks, [CURSOR]);
  const cursors = bookmarks.map((bookmark) => ({
    time: formatMicros(bookmark.instant(CURSOR) ?? 0),
    id: bookmark.text(CURSOR_ID),
  }));
  // Which of two rows within an instant is the older one is not known: both are read again.
  const ids = new Set(cursors.filter(({ time }) => time === oldest[CURSOR]).map(({ id }) => id));
  const [id] = ids.size === 1 ? ids : [];
  const hasId = CURSOR in oldest && bookmarks.some(({ value }) => CURSOR_ID in value);
  return { ...oldest, ...(hasId && { [CURSOR_ID]: id ?? null }) };
}

/** A full re-sync is gone on with where one of them is in it; the others have its rows already. */
function oldestFullSync(bookmarks: readonly BookmarkReader[]): JsonObject {
  const underWay = bookmarks.map((bookmark) => bookmark.nested("full_sync"))
    // All are looked at, so that one that cannot be read is told.
    .filter((fullSync) => FULL_SYNC.map((key) => fullSync.instant(key))[0] !== undefined);
  return underWay.length === 0 ? {} : { full_sync: oldestInstants(underWay, FULL_SYNC) };
}

function allGaps(bookmarks: readonly BookmarkReader[]): JsonObject {
  const gaps = new Map<string, Json>();
  for (const { value } of bookmarks) {
    for (const gap of [value.gaps ?? []].flat()) gaps.set(JSON.stringify(gap), gap);
  }
  return gaps.size === 0 ? {} : { gaps: [...gaps.values()] };
}

function isBehind(moved: Json | undefined, own: Json | undefined): boolean {
  if (typeof moved !== "string" || typeof own !== "string") return false;
  const [movedMicros, ownMicros] = [parseMicros(moved), parseMicros(own)];
  return movedMicros !== undefined && ownMicros !== undefined && movedMicros < ownMicros;
}
