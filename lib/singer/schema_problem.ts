/**
 * Whether a stream's schema from a catalog file can be used. Only what fitting and targets rely on is
 * judged, so that keywords this tap does not know pass through.
 */

import { describeType, isJsonObject, type Json, type JsonObject } from "../json.ts";

const TYPES = new Set<Json>(["array", "boolean", "integer", "null", "number", "object", "string"]);
/** Far below where walking a schema, or a value along it, would exhaust the stack. */
const MAX_DEPTH = 100;

/** The first thing wrong with a stream's schema, in words that name its path; undefined if all is well. */
export function schemaProblem(
  schema: Json | undefined,
  keyProperties: readonly string[],
): string | undefined {
  if (!isJsonObject(schema)) return misfit("schema", schema, "an object");
  const { type, properties } = schema;
  if (type !== undefined && ![type].flat().includes("object")) {
    return misfit("schema.type", type, '"object", or a list that has it');
  }
  if (schema.anyOf !== undefined) return `"schema.anyOf" is not possible at the top of a stream`;
  if (!isJsonObject(properties)) return misfit("schema.properties", properties, "an object");
  if (Object.keys(properties).length === 0) return `"schema.properties" is empty`;
  const missing = keyProperties.find((key) => !Object.hasOwn(properties, key));
  if (missing !== undefined) return `"schema.properties" lacks the key property "${missing}"`;
  return nodeProblem(schema, "schema", 0);
}

function nodeProblem(node: Json | undefined, path: string, depth: number): string | undefined {
  if (!isJsonObject(node)) return misfit(path, node, "a schema (an object)");
  if (depth > MAX_DEPTH) return `"schema" is nested deeper than ${MAX_DEPTH} levels`;
  return typeProblem(node.type, `${path}.type`) ??
    membersProblem(node, "properties", path, depth) ??
    membersProblem(node, "patternProperties", path, depth) ??
    patternProblem(node, path) ??
    itemsProblem(node, path, depth) ??
    anyOfProblem(node.anyOf, `${path}.anyOf`, depth);
}

function typeProblem(type: Json | undefined, path: string): string | undefined {
  if (type === undefined || (typeof type === "string" && TYPES.has(type))) return undefined;
  if (typeof type !== "string" && !Array.isArray(type)) {
    return misfit(path, type, "a type name or a list of them");
  }
  if (type.length === 0) return `"${path}" is empty, expected at least one type name`;
  const unknown = [type].flat().find((name) => !TYPES.has(name));
  if (unknown === undefined) return undefined;
  const found = typeof unknown === "string" ? JSON.stringify(unknown) : describeType(unknown);
  return `"${path}" names ${found}, expected ${[...TYPES].join(", ")}`;
}

function membersProblem(
  node: JsonObject,
  keyword: string,
  path: string,
  depth: number,
): string | undefined {
  const members = node[keyword];
  if (members === undefined) return undefined;
  if (!isJsonObject(members)) return misfit(`${path}.${keyword}`, members, "an object");
  return firstProblem(
    Object.entries(members),
    ([name, member]) => nodeProblem(member, `${path}.${keyword}.${name}`, depth + 1),
  );
}

/** An array without items is one of which targets make no column, and the Python tap stops at it. */
function itemsProblem(
  { type, items }: JsonObject,
  path: string,
  depth: number,
): string | undefined {
  if (items !== undefined) return nodeProblem(items, `${path}.items`, depth + 1);
  if (![type].flat().includes("array")) return undefined;
  return `"${path}" is an array without "items", expected the schema of its elements there`;
}

function patternProblem({ patternProperties }: JsonObject, path: string): string | undefined {
  return firstProblem(Object.keys((patternProperties ?? {}) as JsonObject), (pattern) => {
    try {
      new RegExp(`^(?:${pattern})`);
      return undefined;
    } catch {
      return `"${path}.patternProperties" has ${JSON.stringify(pattern)}, which is no pattern`;
    }
  });
}

function anyOfProblem(anyOf: Json | undefined, path: string, depth: number): string | undefined {
  if (anyOf === undefined) return undefined;
  if (!Array.isArray(anyOf)) return misfit(path, anyOf, "a list of schemas");
  if (anyOf.length === 0) return `"${path}" is empty, expected at least one schema`;
  return firstProblem(
    [...anyOf.entries()],
    ([index, node]) => nodeProblem(node, `${path}.${index}`, depth + 1),
  );
}

function firstProblem<T>(
  values: T[],
  problemOf: (value: T) => string | undefined,
): string | undefined {
  for (const value of values) {
    const problem = problemOf(value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function misfit(path: string, value: Json | undefined, expected: string): string {
  return `"${path}" is ${describeType(value)}, expected ${expected}`;
}
