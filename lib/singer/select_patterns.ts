/**
 * Patterns that select streams and fields, as `meltano select` has them: `chats`, `agents.*`,
 * `chats.visitor.email`, `!chats.history`. One that matches nothing is a mistake, and is answered with
 * what may have been meant.
 */

import { UsageError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { closest, nearest } from "../nearest.ts";
import { entriesOf, fieldsOf, flatten, nameOf } from "./entry_fields.ts";

/** A pattern, taken apart. */
export interface Pattern {
  /** As it was written. */
  text: string;
  /** The same between its dots, without the sign of exclusion. */
  parts: string[];
  excludes: boolean;
  stream: RegExp;
  /** Undefined for a bare stream. */
  field: RegExp | undefined;
  /** Whether it means a stream as a whole. */
  isWhole: boolean;
}

/**
 * Makes sure that each pattern matches something in a catalog.
 *
 * @throws {UsageError} when one does not, with the nearest name.
 */
export function requireMatches(catalog: JsonObject, patterns: readonly string[]): void {
  const entries = entriesOf(catalog);
  for (const pattern of patterns.map(parsePattern)) {
    const { stream, field } = pattern;
    const matched = entries.filter((entry) => stream.test(nameOf(entry)));
    if (matched.length === 0) throw noStream(pattern, entries.map(nameOf));
    if (field === undefined) continue;
    const paths = matched.flatMap((entry) => flatten(fieldsOf(entry))).map(({ path }) => path);
    if (!paths.some((path) => field.test(path))) throw noField(pattern, paths);
  }
}

/** Takes a pattern apart. */
export function parsePattern(text: string): Pattern {
  const excludes = text.startsWith("!");
  const parts = (excludes ? text.slice(1) : text).split(".");
  const [stream, ...steps] = parts;
  const field = steps.length === 0 ? undefined : steps.join(".");
  return {
    text,
    parts,
    excludes,
    stream: globRegExp(stream!),
    field: field === undefined ? undefined : globRegExp(field),
    isWhole: field === undefined || field === "*",
  };
}

/** As Python's `fnmatch`: a star also goes across dots. */
function globRegExp(glob: string): RegExp {
  const pattern = Array.from(
    glob,
    (character) => character === "*" ? ".*" : character === "?" ? "." : RegExp.escape(character),
  );
  return new RegExp(`^${pattern.join("")}$`, "s");
}

function noStream(
  { text, parts: [stream, ...steps] }: Pattern,
  names: readonly string[],
): UsageError {
  const meant = nearest(stream!, names);
  if (meant === undefined) return noMatch(text, `choose from ${names.join(", ")}`);
  return noMatch(text, didYouMean(text, [meant, ...steps]));
}

function noField(
  { text, parts: [stream, ...steps] }: Pattern,
  paths: readonly string[],
): UsageError {
  const meant = closest(steps.join("."), paths) ?? "*";
  return noMatch(text, didYouMean(text, [stream!, meant]));
}

function didYouMean(text: string, parts: readonly string[]): string {
  const sign = text.startsWith("!") ? "!" : "";
  return `did you mean ${JSON.stringify(sign + parts.join("."))}?`;
}

function noMatch(text: string, advice: string): UsageError {
  return new UsageError(
    `Pattern ${JSON.stringify(text)} after --select matches nothing: ${advice}`,
  );
}
