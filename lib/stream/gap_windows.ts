/** Stretches of time of which more chats were counted than listed, and which of them are one. */

import type { SearchKind } from "../zendesk/search_requests.ts";

/** A stretch of time of which more chats were counted than listed; both ends in epoch seconds. */
export interface GapWindow {
  kind: SearchKind["type"];
  from: number;
  to: number;
  /** Runs that have asked for it in vain. */
  tries: number;
}

/** The windows with another, as one with what it covers or continues. */
export function withWindow(windows: readonly GapWindow[], added: GapWindow): GapWindow[] {
  const others: GapWindow[] = [];
  for (const other of windows) {
    if (belongTogether(added, other)) added = join(added, other);
    else others.push(other);
  }
  return [...others, added];
}

/**
 * Whether a window that is noted again covers an older one, which the bookmark has not passed, or
 * continues one of the same age: a bad night is one window, however long.
 */
function belongTogether(added: GapWindow, { kind, from, to, tries }: GapWindow): boolean {
  if (kind !== added.kind) return false;
  const isCovered = from >= added.from && to <= added.to;
  const isNeighbour = tries === added.tries && from <= added.to + 1 && to >= added.from - 1;
  return isCovered || isNeighbour;
}

/**
 * The windows, those of one kind and age with the least between them joined until there are at
 * most so many: to read a little again brings what is lacking a night earlier.
 */
export function joinNearest(windows: readonly GapWindow[], most: number): GapWindow[] {
  const left = [...windows];
  while (left.length > most) {
    const pairs = left.flatMap((a) =>
      left.filter((b) => b.kind === a.kind && b.tries === a.tries && b.from > a.from)
        .map((b) => ({ a, b, between: b.from - a.to }))
    );
    if (pairs.length === 0) break;
    const { a, b } = pairs.reduce((best, pair) => pair.between < best.between ? pair : best);
    left.splice(left.indexOf(b), 1);
    left[left.indexOf(a)] = join(a, b);
  }
  return left;
}

function join(a: GapWindow, b: GapWindow): GapWindow {
  return {
    kind: a.kind,
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    tries: Math.max(a.tries, b.tries),
  };
}
