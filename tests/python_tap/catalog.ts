/** The catalog that the Python tap discovers, made from its fields; nothing is selected in it. */

import type { JsonObject } from "../../lib/json.ts";
import type { CatalogFile, EntryFile } from "../program/catalogs.ts";
import { byPath, PYTHON_TYPES } from "./field_types.ts";

const KEYS: Record<string, string> = { account: "account_key", shortcuts: "name" };
const CHATS_REPLICATION_KEYS = ["timestamp", "end_timestamp"];
/** What makes its schema of an account invalid in newer drafts. */
const PRICE_BOUNDS = {
  minimum: -1e33,
  maximum: 1e33,
  exclusiveMinimum: true,
  exclusiveMaximum: true,
  multipleOf: 0.00001,
};

/** A schema of which other parts are found by path. */
interface Node extends JsonObject {
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
}

/** The catalog, in discovery's order. */
export function pythonCatalog(): CatalogFile {
  return { streams: Object.keys(PYTHON_TYPES).map(entryOf) };
}

function entryOf(stream: string): EntryFile {
  const schema = schemaOf(byPath(PYTHON_TYPES[stream]));
  const keys = [KEYS[stream] ?? "id"];
  const replicationKeys = stream === "chats" ? CHATS_REPLICATION_KEYS : [];
  const root = {
    "table-key-properties": keys,
    "forced-replication-method": stream === "chats" ? "INCREMENTAL" : "FULL_TABLE",
    "valid-replication-keys": replicationKeys,
    "inclusion": "available",
  };
  const fields = Object.keys(schema.properties!).map((name) => ({
    breadcrumb: ["properties", name],
    metadata: {
      inclusion: [...keys, ...replicationKeys].includes(name) ? "automatic" : "available",
    },
  }));
  return {
    tap_stream_id: stream,
    schema,
    stream,
    metadata: [{ breadcrumb: [], metadata: root }, ...fields],
  };
}

/** The schema of an object whose fields have these types; parents are made before what is in them. */
function schemaOf(types: Record<string, string>): Node {
  const root: Node = { type: ["null", "object"], properties: {} };
  const paths = Object.keys(types).sort((a, b) => stepsOf(a).length - stepsOf(b).length);
  for (const path of paths) {
    const steps = stepsOf(path);
    const last = steps.pop()!;
    const node = { ...nodeOf(types[path]!), ...(path === "plan.price" && PRICE_BOUNDS) };
    const parent = steps.reduce(child, root);
    if (last === "[]") variant(parent, "array").items = node;
    else (variant(parent, "object").properties ??= {})[last] = node;
  }
  return root;
}

/** `history[].conversion.id` as `history`, `[]`, `conversion`, `id`. */
function stepsOf(path: string): string[] {
  return path.match(/\[\]|[^.[\]]+/g)!;
}

function child(node: Node, step: string): Node {
  return step === "[]" ? variant(node, "array").items! : variant(node, "object").properties![step]!;
}

/** The node itself, or that of its alternatives which has the type. */
function variant(node: Node, type: string): Node {
  return node.anyOf?.find((other) => [other.type].flat().includes(type)) ?? node;
}

/** `null string date-time` as a schema; `|` separates alternatives. */
function nodeOf(types: string): Node {
  const alternatives = types.split(" | ").map((alternative): Node => {
    const names = alternative.split(" ");
    const type = names.filter((name) => name !== "date-time");
    return { type, ...(names.includes("date-time") && { format: "date-time" }) };
  });
  return alternatives.length > 1 ? { anyOf: alternatives } : alternatives[0]!;
}
