/**
 * The loop that fits the members of objects, in place. It is what a sync spends its own time on, so what
 * nearly every value needs stands in the loop itself, and nothing is called for it.
 */

import { normalizeDateTime } from "../date_time.ts";
import type { Json, JsonObject } from "../json.ts";

/** Fits one value; undefined says that it fits no type of its node, and null does not either. */
export type Fit = (value: Json) => Json | undefined;

/** What a node's first type is: a value of that kind stays as it is, or is a date-time to be rewritten. */
export type FirstType = "text" | "integer" | "number" | "boolean" | "date-time" | "other";

/** A compiled node of a schema. */
export interface FitNode {
  firstType: FirstType;
  isNullable: boolean;
  /** Fits any value, those too that need no fitting. */
  fit: Fit;
}

/** What the members of objects of one kind are fitted with. */
export interface MemberFits {
  /** The node of a member; undefined for one that the schema does not have. */
  nodeOf(name: string): FitNode | undefined;
  /** Treats a member that the schema does not have. */
  fitUnknown(object: JsonObject, name: string, value: Json): void;
  /** What is thrown for a value that fits neither its node nor null. */
  misfit(name: string, value: Json): Error;
}

/** A member where it was seen last. */
interface Member {
  name: string;
  node: FitNode | undefined;
}

/** Makes what fits the members of an object, in place; it throws what `misfit` makes. */
export function membersFit(
  { nodeOf, fitUnknown, misfit }: MemberFits,
): (object: JsonObject) => JsonObject {
  // The API writes the members of its objects in one order, which spares looking most of them up.
  const order: Member[] = [];

  return (object) => {
    let at = 0;
    for (const name in object) {
      let member = order[at];
      if (member?.name !== name) member = order[at] = { name, node: nodeOf(name) };
      at++;
      const { node } = member;
      const value = object[name];
      if (value === undefined) continue;
      if (node === undefined) {
        fitUnknown(object, name, value);
        continue;
      }
      switch (node.firstType) {
        case "text":
          if (typeof value === "string") continue;
          break;
        case "integer":
          if (Number.isSafeInteger(value)) continue;
          break;
        case "number":
          if (Number.isFinite(value)) continue;
          break;
        case "boolean":
          if (typeof value === "boolean") continue;
          break;
        case "date-time": {
          const normal = typeof value === "string" ? normalizeDateTime(value) : undefined;
          if (normal === undefined) break;
          object[name] = normal;
          continue;
        }
      }
      if (value === null && node.isNullable) continue;
      const fitted = node.fit(value);
      if (fitted === undefined) throw misfit(name, value);
      if (fitted !== value) object[name] = fitted;
    }
    return object;
  };
}
