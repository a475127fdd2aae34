/**
 * What stands in a state without meaning anything to this tap: it is carried along, but whoever
 * mistyped a name should hear that it has no effect.
 */

import { isJsonObject, type JsonObject } from "../json.ts";
import { nearest } from "../nearest.ts";

/** A stream, and the members that its bookmark may have. */
export interface KnownBookmark {
  tapStreamId: string;
  bookmarkKeys: readonly string[];
}

/** A warning for each stream and each bookmark key of a state that nobody knows. */
export function warnOfUnknownBookmarks(
  { bookmarks, currently_syncing }: JsonObject,
  file: string,
  known: readonly KnownBookmark[],
): string[] {
  const byId = new Map(known.map((stream) => [stream.tapStreamId, stream]));
  const streams = isJsonObject(bookmarks) ? Object.entries(bookmarks) : [];
  const unknownIn = (names: readonly string[], knownNames: readonly string[], path: string) =>
    names.filter((name) => !knownNames.includes(name))
      .map((name) => warn(file, path + name, nearest(name, knownNames)));
  return [
    ...unknownIn(streams.map(([name]) => name), [...byId.keys()], "bookmarks."),
    ...streams.flatMap(([name, bookmark]) => {
      const stream = byId.get(name);
      if (stream === undefined || !isJsonObject(bookmark)) return [];
      return unknownIn(Object.keys(bookmark), stream.bookmarkKeys, `bookmarks.${name}.`);
    }),
    ...typeof currently_syncing === "string" && currently_syncing !== "" &&
        !byId.has(currently_syncing)
      ? [warn(file, "currently_syncing", nearest(currently_syncing, [...byId.keys()]))]
      : [],
  ];
}

function warn(file: string, path: string, meant: string | undefined): string {
  return `Nothing known in state file ${JSON.stringify(file)} at ${JSON.stringify(path)}: it is ` +
    (meant === undefined ? "carried along" : `carried along, did you mean "${meant}"?`);
}
