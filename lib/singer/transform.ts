/**
 * Records fitted to a stream's schema, as singer-python's Transformer does it but compiled once a
 * stream: a closure for each schema node, which changes what it is given in place. Members are
 * dropped by making them undefined, which serialising skips: cheaper than deleting them.
 */

import { describeType, type Json, type JsonObject } from "../json.ts";
import { FitError, type FitReport } from "./fit_report.ts";
import { alternativesOf, isOpen, memberSchema, type Schema } from "./schema.ts";
import { compileMembers } from "./schema_fit.ts";
import { compilePrune, type Selection } from "./selection.ts";

/** What a record fitter is compiled from. */
export interface FitterOptions {
  tapStreamId: string;
  schema: Schema;
  selection: Selection;
  /** Kept whatever the selection says, and never null. */
  keyProperties: readonly string[];
  report: FitReport;
}

/**
 * What fits the records of a stream to its schema, each in place.
 *
 * @throws {FitError} when a value at the top of a record fits neither its schema nor null, or a key
 * property is missing or null.
 */
export function compileRecordFitter(
  { tapStreamId, schema, selection, keyProperties, report }: FitterOptions,
): (record: JsonObject) => JsonObject {
  const prune = compilePrune(selection, keyProperties);
  const fitMembers = isOpen(schema)
    ? undefined
    : compileMembers(schema, "", report, (record, name, value) => {
      throw new FitError(
        `Cannot fit a record of stream "${tapStreamId}" (${describeKey(record, keyProperties)}) ` +
          `to its schema: "${name}" is ${describeKind(value)}, expected ` +
          `${typeNames(schema, name)}; ${
            keyProperties.includes(name)
              ? "correct its type in the catalog, for targets need the key"
              : "allow null for it in the catalog"
          }`,
      );
    });

  return (record) => {
    prune?.(record);
    fitMembers?.(record);
    for (const key of keyProperties) {
      if (!isPresent(record[key])) {
        throw new FitError(
          `Cannot write a record of stream "${tapStreamId}": its key property "${key}" is ` +
            `${describeType(record[key])}, and targets cannot store a record without its key; ` +
            `check its schema in the catalog, and if that is right report this line`,
        );
      }
    }
    return record;
  };
}

/** The types that a member may have, in words. */
function typeNames(schema: Schema, name: string): string {
  return alternativesOf(memberSchema(schema, name) ?? {}).map(({ type }) => type).join(" or ");
}

/** What a value is; unlike other messages this one may not even tell true from false. */
function describeKind(value: Json): string {
  return typeof value === "boolean" ? "a boolean" : describeType(value);
}

/** Whether the key is there, which is all that may be said of a record. */
function describeKey(record: JsonObject, keyProperties: readonly string[]): string {
  return keyProperties
    .map((key) => `key "${key}" ${isPresent(record[key]) ? "present" : "absent"}`)
    .join(", ");
}

function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}
