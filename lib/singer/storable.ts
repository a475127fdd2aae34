/**
 * Values that databases can store. They refuse NUL and halves of surrogate pairs in texts, and no
 * column has room for a number beyond every double. Values are walked without recursion: the API may
 * nest them as deep as it likes.
 */

import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { FitReport } from "./fit_report.ts";
import { joinPath } from "./schema.ts";

/** An object or array whose values are still to be looked at. */
interface Container {
  value: JsonObject | Json[];
  path: string;
}

/** The step from an array to any of its items. */
const ITEM = "[]";

/** Whether JSON text may hold a text that cannot be stored: only escaped can it be written at all. */
export function mayBeUnstorable(json: string): boolean {
  return json.includes("\\u");
}

/**
 * The value with U+FFFD in place of what no text column takes, names of members included, and null in
 * place of numbers that no double holds; changed in place where it can be.
 */
export function makeStorable(value: Json, path: string, report: FitReport): Json {
  const waiting: Container[] = [];

  const cleanText = (text: string, path: string, step: string): string => {
    if (isStorable(text)) return text;
    report.found("unstorable", takeStep(path, step));
    return text.toWellFormed().replaceAll("\0", "\ufffd");
  };

  // Path and step are put together only where something is found, or is to be walked through.
  const clean = (value: Json, path: string, step: string): Json => {
    if (typeof value === "string") return cleanText(value, path, step);
    if (value === Infinity || value === -Infinity) {
      report.found("too large", takeStep(path, step));
      return null;
    }
    if (Array.isArray(value) || isJsonObject(value)) {
      waiting.push({ value, path: takeStep(path, step) });
    }
    return value;
  };

  const cleanMembers = (object: JsonObject, path: string) => {
    for (const [name, member] of Object.entries(object)) {
      if (member === undefined) continue;
      const cleanName = cleanText(name, path, "");
      const cleaned = clean(member, path, cleanName);
      if (cleanName !== name) {
        delete object[name];
        object[freeName(object, cleanName)] = cleaned;
      } else if (cleaned !== member) {
        object[name] = cleaned;
      }
    }
  };

  const cleaned = clean(value, path, "");
  for (let container; (container = waiting.pop()) !== undefined;) {
    const { value, path } = container;
    if (!Array.isArray(value)) cleanMembers(value, path);
    else value.forEach((item, index) => value[index] = clean(item, path, ITEM));
  }
  return cleaned;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** The name, or a longer one where another member has it already. */
function freeName(object: JsonObject, name: string): string {
  return Object.hasOwn(object, name) ? freeName(object, `${name}\ufffd`) : name;
}

function takeStep(path: string, step: string): string {
  if (step === "") return path;
  return step === ITEM ? path + ITEM : joinPath(path, step);
}
