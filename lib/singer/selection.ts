/**
 * Field selection as singer-python has it: `automatic` keeps a field and all below it, `selected`
 * exactly false or `unsupported` drops it, all else keeps it and looks further down. Breadcrumbs are
 * followed in the data, so they also reach into objects whose schema names no properties.
 */

import { isJsonObject, type Json, type JsonObject } from "../json.ts";

/** A catalog's metadata by breadcrumb, the breadcrumb's elements being the steps of a tree. */
export interface Selection {
  metadata: JsonObject;
  steps: Map<string, Selection>;
}

/** One item of a catalog's `metadata`. */
export interface MetadataItem extends JsonObject {
  breadcrumb: string[];
  metadata: JsonObject;
}

/** Takes deselected members out of a value, in place; they are left as undefined. */
export type Prune = (value: Json) => void;

/** The tree of metadata items; of two items with one breadcrumb the later counts. */
export function selectionTree(items: readonly MetadataItem[]): Selection {
  const root: Selection = { metadata: {}, steps: new Map() };
  for (const { breadcrumb, metadata } of items) {
    let node = root;
    for (const step of breadcrumb) {
      let next = node.steps.get(step);
      if (next === undefined) node.steps.set(step, next = { metadata: {}, steps: new Map() });
      node = next;
    }
    node.metadata = metadata;
  }
  return root;
}

/** What takes deselected members out of records; undefined when nothing is deselected. */
export function compilePrune(
  selection: Selection,
  keyProperties: readonly string[] = [],
): Prune | undefined {
  const dropped: string[] = [];
  const nested: [string, Prune][] = [];
  for (const [name, field] of selection.steps.get("properties")?.steps ?? []) {
    const { inclusion, selected } = field.metadata;
    if (inclusion === "automatic" || keyProperties.includes(name)) continue;
    if (selected === false || inclusion === "unsupported") {
      dropped.push(name);
      continue;
    }
    const prune = compilePrune(field);
    if (prune) nested.push([name, prune]);
  }
  const items = selection.steps.get("items");
  const pruneItem = items && compilePrune(items);
  if (dropped.length === 0 && nested.length === 0 && !pruneItem) return undefined;

  return (value) => {
    if (Array.isArray(value)) {
      if (pruneItem) value.forEach(pruneItem);
    } else if (isJsonObject(value)) {
      for (const name of dropped) {
        if (Object.hasOwn(value, name)) value[name] = undefined;
      }
      for (const [name, prune] of nested) {
        if (Object.hasOwn(value, name)) prune(value[name]!);
      }
    }
  };
}
