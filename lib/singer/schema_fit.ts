/**
 * The nodes of a schema compiled into closures that fit values to them, in place. Paths are fixed at
 * compilation (`history[].msg_id`), so that nothing is put together for a value that fits.
 */

import { ExactNumber, isNumber } from "../exact_number.ts";
import type { Json, JsonObject } from "../json.ts";
import { type FirstType, type Fit, type FitNode, membersFit } from "./fit_members.ts";
import type { FitReport } from "./fit_report.ts";
import { fitsWhole } from "./fits_whole.ts";
import { isTooLarge, MisfitError } from "./misfit.ts";
import { hasFraction } from "./numbers.ts";
import { fitScalar } from "./scalars.ts";
import {
  admitsNull,
  type Alternative,
  alternativesOf,
  isOpen,
  joinPath,
  memberSchema,
  patternsOf,
  type Schema,
} from "./schema.ts";
import { makeStorable } from "./storable.ts";

/** What every node of one schema is compiled with. */
export interface CompileContext {
  report: FitReport;
  /** Paths of objects whose members stay where the schema does not name them. */
  openObjects: readonly string[];
}

/**
 * What fits an object's members, in place.
 *
 * @throws {MisfitError} when a value fits neither its schema nor null.
 */
export function compileMembers(
  schema: Schema,
  path: string,
  context: CompileContext,
): (object: JsonObject) => JsonObject {
  const nodes = new Map(
    Object.entries(schema.properties ?? {})
      .map(([name, member]) => [name, compileNode(member, joinPath(path, name), context)]),
  );
  const keepsUnknown = context.openObjects.includes(path);
  const patterns = patternsOf(schema).map(({ pattern, regexp, member }) => ({
    regexp,
    node: compileNode(member, joinPath(path, `/${pattern}/`), context),
  }));
  return membersFit({
    nodeOf: (name) => nodes.get(name) ?? patterns.find(({ regexp }) => regexp.test(name))?.node,
    fitUnknown(object, name, value) {
      if (keepsUnknown) {
        object[name] = makeStorable(value, joinPath(path, name), context.report);
      } else {
        context.report.unknownField(path, name);
        object[name] = undefined;
      }
    },
    misfit: (name, value) =>
      new MisfitError(joinPath(path, name), value, memberSchema(schema, name) ?? {}),
  });
}

function compileObject(schema: Schema, path: string, context: CompileContext): Fit {
  if (isOpen(schema)) return (object) => makeStorable(object, path, context.report);
  return compileMembers(schema, path, context) as Fit;
}

function compileArray(schema: Schema, path: string, context: CompileContext): Fit {
  const { items } = schema;
  if (items === undefined) return (array) => makeStorable(array, path, context.report);
  const { firstType, fit } = compileItem(items, `${path}[]`, context);
  const takesTexts = firstType === "text";
  return (value) => {
    const array = value as Json[];
    for (let i = 0; i < array.length; i++) {
      const item = array[i]!;
      if (takesTexts && typeof item === "string") continue;
      const fitted = fit(item);
      if (fitted === undefined) throw new MisfitError(`${path}[${i}]`, item, items);
      if (fitted !== item) array[i] = fitted;
    }
    return array;
  };
}

/** As any node, but that texts stay texts where one of its types is plain string: "007" is no 7. */
function compileItem(items: Schema, path: string, context: CompileContext): FitNode {
  const node = compileNode(items, path, context);
  const [first, ...others] = alternativesOf(items);
  if (first!.type === "string" || !others.some(isPlainText)) return node;
  return { ...node, fit: (item) => typeof item === "string" ? item : node.fit(item) };
}

function compileNode(schema: Schema, path: string, context: CompileContext): FitNode {
  const { report } = context;
  const alternatives = alternativesOf(schema);
  const isNullable = admitsNull(alternatives);
  const fitObject = compileStructure(alternatives, "object", path, context);
  const fitArray = compileStructure(alternatives, "array", path, context);
  const fitSimple = compileSimple(alternatives, path, context);
  const orNull = isNullable ? null : insteadOfNull(alternatives);

  const fit: Fit = (value) => {
    if (value === null) return orNull;
    const fitted = typeof value !== "object" || value instanceof ExactNumber
      ? fitSimple(value)
      : Array.isArray(value)
      ? fitArray(value)
      : fitObject(value);
    if (fitted !== undefined) return fitted;
    if (value === "") return orNull;
    if (!isNullable) return undefined;
    report.found(isTooLarge(value, alternatives) ? "too large" : "misfit", path);
    return null;
  };
  return { firstType: firstTypeOf(alternatives), isNullable, fit };
}

/** A null boolean is false where it may not be null, as the Python tap has it everywhere. */
function insteadOfNull(alternatives: readonly Alternative[]): false | undefined {
  return alternatives.some(({ type }) => type === "boolean") ? false : undefined;
}

function firstTypeOf([first]: readonly Alternative[]): FirstType {
  switch (first?.type) {
    case "string":
      if (isPlainText(first)) return "text";
      return first.schema.format === "date-time" ? "date-time" : "other";
    case "integer":
    case "number":
    case "boolean":
      return first.type;
    default:
      return "other";
  }
}

function isPlainText({ type, schema: { format } }: Alternative): boolean {
  return type === "string" && format !== "date-time" && format !== "singer.decimal";
}

/** What fits texts, numbers and booleans: the first type that takes the value. */
function compileSimple(
  alternatives: readonly Alternative[],
  path: string,
  { report }: CompileContext,
): Fit {
  return (value) => {
    for (const alternative of alternatives) {
      const fitted = fitScalar(alternative, value);
      if (fitted === undefined) continue;
      if (alternative.type === "integer" && isNumber(value) && hasFraction(value)) {
        report.found("fraction", path);
      }
      return fitted;
    }
    return undefined;
  };
}

/**
 * What fits objects, or arrays. Where several types take them, the first that loses nothing is the
 * one: the first that succeeds, as Python has it, where nothing in it has to be made null.
 */
function compileStructure(
  alternatives: readonly Alternative[],
  kind: "object" | "array",
  path: string,
  context: CompileContext,
): Fit {
  const compile = kind === "object" ? compileObject : compileArray;
  const sample = kind === "object" ? {} : [];
  const candidates = alternatives
    .filter((alternative) =>
      alternative.type === kind || fitScalar(alternative, sample) !== undefined
    )
    .map((alternative) => {
      const fit: Fit = alternative.type === kind
        ? compile(alternative.schema, path, context)
        : (value) => fitScalar(alternative, makeStorable(value, path, context.report));
      return { alternative, fit };
    });
  const [first] = candidates;
  if (first === undefined) return () => undefined;
  if (candidates.length === 1) return first.fit;
  return (value) => {
    const whole = candidates.find(({ alternative }) => fitsWhole(alternative, value));
    return (whole ?? first).fit(value);
  };
}
