/**
 * What is sent and what is stored, brought into one form to be compared. This is where it is said
 * what a value may look like in a target and still be the same: a date-time by its instant, a number by
 * its decimal value, everything else to the letter. It knows nothing of the tap's own code.
 */

import type { Schema } from "../../lib/singer/schema.ts";
import { decimalOf, Digits, type Exact, isExactObject, writeExact } from "./exact_json.ts";

/** Objects of which members that the schema does not name are passed on too. */
const OPEN_OBJECTS = ["chats.session", "departments.settings"];

/** What a target should hold of a value that the API sends; `path` begins with the stream. */
export function expectedValue(schema: Schema, sent: Exact | undefined, path: string): Exact {
  if (sent === null || sent === undefined) return null;
  const node = nodeFor(schema, sent);
  const types = typesOf(node);
  if (isExactObject(sent) && types.includes("object")) {
    const { properties = {} } = node;
    const isOpen = node.properties === undefined || OPEN_OBJECTS.includes(path);
    const names = new Set([...Object.keys(properties), ...(isOpen ? Object.keys(sent) : [])]);
    return Object.fromEntries(Array.from(names, (name) => [
      name,
      expectedValue(properties[name] ?? {}, sent[name], `${path}.${name}`),
    ]));
  }
  if (Array.isArray(sent) && types.includes("array")) {
    return sent.map((item) => expectedValue(node.items ?? {}, item, `${path}[]`));
  }
  if (types.length === 0) return comparable(sent);
  if (!types.includes("string")) return sent === "" ? null : comparable(sent);
  if (node.format === "date-time") return instantOf(`${sent}`);
  return typeof sent === "string" || types.length > 1 ? comparable(sent) : writeExact(sent);
}

/** What a target holds, in the form of {@linkcode expectedValue}. */
export function storedValue(schema: Schema, stored: Exact | undefined): Exact {
  if (stored === null || stored === undefined) return null;
  const node = nodeFor(schema, stored);
  if (isExactObject(stored)) {
    const names = new Set([...Object.keys(node.properties ?? {}), ...Object.keys(stored)]);
    return Object.fromEntries(
      Array.from(
        names,
        (name) => [name, storedValue(node.properties?.[name] ?? {}, stored[name])],
      ),
    );
  }
  if (Array.isArray(stored)) return stored.map((item) => storedValue(node.items ?? {}, item));
  if (node.format === "date-time") return instantOf(`${stored}`);
  return comparable(stored);
}

/** Where the two differ, as a path and both values; `undefined` if they are the same. */
export function differenceOf(expected: Exact, found: Exact, path: string): string | undefined {
  if (isExactObject(expected) && isExactObject(found)) {
    return [...new Set([...Object.keys(expected), ...Object.keys(found)])]
      .map((name) => differenceOf(expected[name] ?? null, found[name] ?? null, `${path}.${name}`))
      .find((difference) => difference !== undefined);
  }
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    return expected
      .map((item, index) => differenceOf(item, found[index]!, `${path}[${index}]`))
      .find((difference) => difference !== undefined);
  }
  const [want, have] = [writeExact(expected), writeExact(found)];
  return want === have ? undefined : `${path} should be ${want} and is ${have}`;
}

/** The types of a node without null. */
export function typesOf({ type }: Schema): string[] {
  return [type ?? []].flat().filter((name) => name !== "null");
}

/** The node itself, or the one of its `anyOf` that is for such a value. */
function nodeFor(schema: Schema, value: Exact): Schema {
  const kind = Array.isArray(value) ? "array" : isExactObject(value) ? "object" : "string";
  return schema.anyOf?.find((node) => typesOf(node).includes(kind)) ?? schema;
}

function comparable(value: Exact | undefined): Exact {
  if (value === undefined) return null;
  if (value instanceof Digits) return new Digits(decimalOf(value.source));
  if (Array.isArray(value)) return value.map(comparable);
  if (!isExactObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, comparable(member)]),
  );
}

/** A date-time in UTC to the microsecond; without a zone it is in UTC already. */
function instantOf(text: string): string {
  const time = text.replace(" ", "T").replace(/([+-]\d\d:?\d\d)Z$/, "$1");
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`;
  return Temporal.Instant.from(zoned).toString({ smallestUnit: "microsecond" });
}
