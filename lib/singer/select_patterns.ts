/**
 * Patterns that select streams and fields, as `meltano select` has them: `chats`, `agents.*`,
 * `chats.visitor.email`, `!chats.history`. What is excluded stays excluded, whatever the order. Unlike
 * there, a stream's bare name keeps the catalog's own choice of fields, and patterns that only exclude
 * keep its own choice of streams.
 */

import { UsageError } from "../errors.ts";
import { parseExactly } from "../exact_number.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { closest, nearest } from "../nearest.ts";
import type { Schema } from "./schema.ts";
import { schemaProblem } from "./schema_problem.ts";

interface Pattern {
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

/** A property of a schema; array items are no step of their own in `path`. */
interface Field {
  path: string;
  breadcrumb: string[];
  fields: Field[];
}

/**
 * Makes sure that each pattern matches something in a catalog.
 *
 * @throws {UsageError} when one does not, with the nearest name.
 */
export function requireMatches(catalog: JsonObject, patterns: readonly string[]): void {
  const streams = entriesOf(catalog).map((entry) => ({
    name: nameOf(entry),
    paths: flatten(fieldsOf(entry)).map(({ path }) => path),
  }));
  for (const pattern of patterns.map(parsePattern)) {
    const { stream, field } = pattern;
    const matched = streams.filter(({ name }) => stream.test(name));
    if (matched.length === 0) throw noStream(pattern, streams.map(({ name }) => name));
    const paths = matched.flatMap((other) => other.paths);
    if (field !== undefined && !paths.some((path) => field.test(path))) {
      throw noField(pattern, paths);
    }
  }
}

/** The catalog with `selected` set as the patterns say; what was handed in stays as it is. */
export function applyPatterns(catalog: JsonObject, patterns: readonly string[]): JsonObject {
  const parsed = patterns.map(parsePattern);
  const onlyExcludes = parsed.every(({ excludes }) => excludes);
  // By its text, for `structuredClone` knows no numbers that keep their digits.
  const copy = parseExactly(JSON.stringify(catalog)) as JsonObject;
  for (const entry of entriesOf(copy)) {
    const own = parsed.filter(({ stream }) => stream.test(nameOf(entry)));
    selectEntry(entry, own, onlyExcludes);
  }
  return copy;
}

function parsePattern(text: string): Pattern {
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

function entriesOf({ streams }: JsonObject): JsonObject[] {
  return Array.isArray(streams) ? streams.filter(isJsonObject) : [];
}

function nameOf({ tap_stream_id: id }: JsonObject): string {
  return typeof id === "string" ? id : "";
}

/** The fields of an entry; none where its schema cannot be used, which is for others to say. */
function fieldsOf({ schema }: JsonObject): Field[] {
  return schemaProblem(schema, []) === undefined ? fieldsIn(schema as Schema, "", []) : [];
}

function fieldsIn(schema: Schema, path: string, breadcrumb: string[]): Field[] {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.flatMap((alternative) => fieldsIn(alternative, path, breadcrumb));
  }
  const { properties = {}, items } = schema;
  return [
    ...Object.entries(properties).map(([name, member]) => {
      const own = path === "" ? name : `${path}.${name}`;
      const steps = [...breadcrumb, "properties", name];
      return { path: own, breadcrumb: steps, fields: fieldsIn(member, own, steps) };
    }),
    ...items === undefined ? [] : fieldsIn(items, path, [...breadcrumb, "items"]),
  ];
}

function flatten(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...flatten(field.fields)]);
}

/** Sets what the patterns of an entry's stream say of it and of its fields. */
function selectEntry(entry: JsonObject, patterns: readonly Pattern[], onlyExcludes: boolean): void {
  const metadata = new Metadata(entry);
  const excluding = patterns.filter(({ excludes }) => excludes);
  const including = patterns.filter(({ excludes }) => !excludes);
  const fields = fieldsOf(entry);
  const isIncluded = including.some(({ field }) =>
    field === undefined || flatten(fields).some(({ path }) => field.test(path))
  );
  const isExcluded = excluding.some(({ isWhole }) => isWhole);
  if (isExcluded || !onlyExcludes) {
    const selected = isIncluded && !isExcluded;
    metadata.select([], selected);
    // Where older tools select; it would count as well.
    if (isJsonObject(entry.schema) && "selected" in entry.schema) entry.schema.selected = selected;
    if (!selected) return;
  }
  selectFields(fields, metadata, {
    including: including.flatMap(({ field }) => field ?? []),
    excluding: excluding.flatMap(({ field }) => field ?? []),
    keepsOthers: onlyExcludes || including.some(({ field }) => field === undefined),
  });
}

/** What patterns say of the fields of one stream. */
interface FieldChoice {
  including: readonly RegExp[];
  excluding: readonly RegExp[];
  /** Whether a field that no pattern names keeps the catalog's choice, and is not left out. */
  keepsOthers: boolean;
}

/** Selects below a field that itself was chosen (true), left out (false), or kept as it was. */
function selectFields(
  fields: readonly Field[],
  metadata: Metadata,
  choice: FieldChoice,
  parent?: boolean,
): void {
  for (const field of fields) {
    const named = choose(field, choice, parent === true);
    if (named !== undefined && (parent !== named || metadata.has(field.breadcrumb))) {
      metadata.select(field.breadcrumb, named);
    }
    // What is left out is left out with all below it.
    if (named !== false) {
      selectFields(field.fields, metadata, choice, isCovered(field, choice, parent));
    }
  }
}

/** Whether a field is chosen with all that is below it. */
function isCovered(
  { path }: Field,
  { including }: FieldChoice,
  parent?: boolean,
): true | undefined {
  return parent === true || including.some((pattern) => pattern.test(path)) ? true : undefined;
}

/** Whether a field is to be selected; undefined when that stays as it is. */
function choose(field: Field, choice: FieldChoice, isInherited: boolean): boolean | undefined {
  const { including, excluding, keepsOthers } = choice;
  if (excluding.some((pattern) => pattern.test(field.path))) return false;
  const below = [field, ...flatten(field.fields)];
  if (isInherited || including.some((pattern) => below.some(({ path }) => pattern.test(path)))) {
    return true;
  }
  return keepsOthers ? undefined : false;
}

/** The metadata of one entry, by breadcrumb. */
class Metadata {
  readonly #items: Json[];
  readonly #byBreadcrumb = new Map<string, JsonObject>();

  constructor(entry: JsonObject) {
    if (entry.metadata === undefined || entry.metadata === null) entry.metadata = [];
    // What is no list cannot be used, which is for others to say.
    this.#items = Array.isArray(entry.metadata) ? entry.metadata : [];
    for (const item of this.#items) {
      if (!isJsonObject(item) || !isJsonObject(item.metadata)) continue;
      this.#byBreadcrumb.set(JSON.stringify(item.breadcrumb), item.metadata);
    }
  }

  has(breadcrumb: readonly string[]): boolean {
    return this.#byBreadcrumb.has(JSON.stringify(breadcrumb));
  }

  /** Selects what is no key; keys are always there. */
  select(breadcrumb: string[], selected: boolean): void {
    const key = JSON.stringify(breadcrumb);
    const found = this.#byBreadcrumb.get(key);
    if (breadcrumb.length > 0 && found?.inclusion === "automatic") return;
    if (found !== undefined) found.selected = selected;
    else {
      const metadata = { selected };
      this.#items.push({ breadcrumb, metadata });
      this.#byBreadcrumb.set(key, metadata);
    }
  }
}
