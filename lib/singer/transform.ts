/**
 * Records fitted to a stream's schema and serialised, as singer-python's Transformer does it but
 * compiled once a stream: a closure for each schema node, which changes what it is given in place.
 * Members are dropped by making them undefined, which serialising skips: cheaper than deleting them.
 */

import { isNumber } from "../exact_number.ts";
import { describeType, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { FitError, type FitReport } from "./fit_report.ts";
import { MisfitError } from "./misfit.ts";
import { isOpen, type Schema } from "./schema.ts";
import { compileMembers } from "./schema_fit.ts";
import { compilePrune, type Selection } from "./selection.ts";
import { makeStorable, mayBeUnstorable } from "./storable.ts";

/** Characters of a key that an error shows. */
const LONGEST_KEY = 60;

/** What a record fitter is compiled from. */
export interface FitterOptions {
  schema: Schema;
  selection: Selection;
  /** Kept whatever the selection says, and never null. */
  keyProperties: readonly string[];
  /** Paths of objects to which the API adds members at will: what the schema does not name stays. */
  openObjects?: readonly string[];
  report: FitReport;
}

/**
 * What turns the rows of a stream into the JSON text of records that fit its schema. A row is changed
 * in place on the way.
 *
 * @throws {FitError} when a row is no object, a value fits neither its schema nor null, or a key
 * property is missing or null.
 */
export function compileRecordFitter(
  { schema, selection, keyProperties, openObjects = [], report }: FitterOptions,
): (row: Json) => string {
  const prune = compilePrune(selection, keyProperties);
  const fitMembers = isOpen(schema)
    ? undefined
    : compileMembers(schema, "", { report, openObjects });

  return (row) => {
    if (!isJsonObject(row)) throw new FitError(`a row that is ${describeType(row)}`);
    prune?.(row);
    try {
      fitMembers?.(row);
    } catch (error) {
      if (!(error instanceof MisfitError)) throw error;
      throw new FitError(`${describeKey(row, keyProperties)}: ${error.message}`);
    }
    for (const key of keyProperties) {
      const value = row[key] ?? undefined;
      if (value === undefined) {
        throw new FitError(`a row whose key property "${key}" is ${describeType(row[key])}`);
      }
    }
    const text = JSON.stringify(row);
    // One look at the whole costs next to nothing, one at each of its texts a tenth of fitting them.
    return mayBeUnstorable(text) ? JSON.stringify(makeStorable(row, "", report)) : text;
  };
}

/** Which record it is: keys identify, and are no more of its contents than that. */
function describeKey(record: JsonObject, keyProperties: readonly string[]): string {
  return keyProperties.map((key) => {
    const value = record[key];
    return `${key} ${
      isKey(value) ? JSON.stringify(value).slice(0, LONGEST_KEY) : describeType(value)
    }`;
  }).join(", ");
}

function isKey(value: Json | undefined): boolean {
  return typeof value === "string" || isNumber(value);
}
