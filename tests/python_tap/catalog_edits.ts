/** What people and tools do to the Python tap's catalog. */

import type { Json, JsonObject } from "../../lib/json.ts";
import {
  type CatalogFile,
  type EntryFile,
  selectStreams,
  streamNames,
} from "../program/catalogs.ts";
import { pythonCatalog } from "./catalog.ts";

/** The edited catalogs, by what was done. */
export const CATALOG_EDITS: Record<string, CatalogFile> = Object.fromEntries(
  Object.entries<(catalog: CatalogFile) => void>({
    "nothing selected": () => {},
    "all selected": (catalog) => void selectStreams(catalog, streamNames(catalog)),
    "two selected": select("chats", "goals"),
    "selected in the schema": ({ streams }) => {
      entry(streams, "agents").schema.selected = true;
    },
    "selected in the schema, deselected in metadata": ({ streams }) => {
      entry(streams, "agents").schema.selected = true;
      root(streams, "agents").selected = false;
    },
    "selected in the schema, without metadata": ({ streams }) => {
      entry(streams, "agents").schema.selected = true;
      delete (entry(streams, "agents") as JsonObject).metadata;
    },
    "selected with the text true": selectWith("true"),
    "selected with the text false": selectWith("false"),
    "selected with 1": selectWith(1),
    "selected with 0": selectWith(0),
    "selected with null": selectWith(null),
    "selected with an empty text": selectWith(""),
    "selected by default": ({ streams }) => {
      root(streams, "agents")["selected-by-default"] = true;
    },
    "in reverse": (catalog) => {
      selectStreams(catalog, streamNames(catalog)).streams.reverse();
    },
    "only what is selected is listed": (catalog) => {
      const { streams } = selectStreams(catalog, ["triggers", "bans"]);
      catalog.streams = [entry(streams, "triggers"), entry(streams, "bans")];
    },
    "listed twice": (catalog) => {
      const { streams } = selectStreams(catalog, ["agents", "goals"]);
      streams.push(structuredClone(entry(streams, "agents")));
    },
    "listed twice, once deselected": (catalog) => {
      const { streams } = selectStreams(catalog, ["agents", "goals"]);
      const second = structuredClone(entry(streams, "agents"));
      second.metadata[0]!.metadata.selected = false;
      streams.push(second);
    },
    "an unknown stream": (catalog) => {
      const { streams } = selectStreams(catalog, ["goals"]);
      streams.push({ ...structuredClone(entry(streams, "agents")), tap_stream_id: "tickets" });
    },
    "an unknown stream selected": (catalog) => {
      const { streams } = selectStreams(catalog, ["agents", "goals"]);
      streams.unshift({ ...structuredClone(entry(streams, "agents")), tap_stream_id: "tickets" });
    },
    "a stream under another name": (catalog) => {
      const { streams } = selectStreams(catalog, ["goals"]);
      entry(streams, "goals").stream = "my_goals";
    },
    "members of other tools": (catalog) => {
      const { streams } = selectStreams(catalog, ["goals"]);
      Object.assign(entry(streams, "goals"), {
        key_properties: ["name"],
        database_name: "chat",
        is_view: false,
        replication_method: "INCREMENTAL",
      });
    },
    "a legacy replication key": (catalog) => {
      const { streams } = selectStreams(catalog, ["chats"]);
      Object.assign(entry(streams, "chats"), { replication_key: "end_timestamp" });
    },
    "a field deselected": deselect("chats", ["properties", "comment"]),
    "a key deselected": deselect("chats", ["properties", "id"]),
    "an automatic field deselected": deselect("chats", ["properties", "end_timestamp"]),
    "an object deselected": deselect("chats", ["properties", "visitor"]),
    "a field of an object deselected": deselect(
      "chats",
      ["properties", "visitor", "properties", "email"],
    ),
    "a field of a list deselected": deselect(
      "chats",
      ["properties", "history", "items", "properties", "msg"],
    ),
    "a field deselected with the text false": (catalog) => {
      const { streams } = selectStreams(catalog, ["goals"]);
      field(streams, "goals", "description").selected = "false";
    },
    "a field unsupported": (catalog) => {
      const { streams } = selectStreams(catalog, ["goals"]);
      field(streams, "goals", "description").inclusion = "unsupported";
    },
    "a field deselected in the schema": (catalog) => {
      const { streams } = selectStreams(catalog, ["goals"]);
      property(streams, "goals", "description").selected = false;
    },
    "a field's metadata twice": (catalog) => {
      const { streams } = selectStreams(catalog, ["goals"]);
      const breadcrumb = ["properties", "description"];
      entry(streams, "goals").metadata.push({ breadcrumb, metadata: { selected: false } });
    },
    "metadata in reverse": (catalog) => {
      const { streams } = selectStreams(catalog, ["goals"]);
      entry(streams, "goals").metadata.reverse();
    },
    "no metadata of fields": (catalog) => {
      const { streams } = selectStreams(catalog, ["chats"]);
      entry(streams, "chats").metadata.splice(1);
    },
    "a schema without a field": (catalog) => {
      const { streams } = selectStreams(catalog, ["chats"]);
      delete properties(streams, "chats").history;
    },
    "a schema with the key alone": (catalog) => {
      const { streams } = selectStreams(catalog, ["goals"]);
      entry(streams, "goals").schema.properties = { id: { type: "integer" } };
    },
    "a schema without the members of an object": (catalog) => {
      const { streams } = selectStreams(catalog, ["chats"]);
      delete property(streams, "chats", "visitor").properties;
    },
    "a schema with a field that no row has": (catalog) => {
      const { streams } = selectStreams(catalog, ["goals"]);
      properties(streams, "goals").owner = { type: ["null", "string"] };
    },
    "a schema with one more field of the API": (catalog) => {
      const { streams } = selectStreams(catalog, ["chats"]);
      properties(streams, "chats").deleted = { type: ["null", "boolean"] };
    },
    "a schema with a number as text": (catalog) => {
      const { streams } = selectStreams(catalog, ["goals"]);
      property(streams, "goals", "attribution_period").type = ["null", "string"];
    },
  }).map(([name, edit]) => {
    const catalog = pythonCatalog();
    edit(catalog);
    return [name, catalog];
  }),
);

function select(...names: string[]): (catalog: CatalogFile) => void {
  return (catalog) => void selectStreams(catalog, names);
}

function selectWith(selected: Json): (catalog: CatalogFile) => void {
  return ({ streams }) => {
    root(streams, "agents").selected = selected;
  };
}

function deselect(stream: string, breadcrumb: string[]): (catalog: CatalogFile) => void {
  return (catalog) => {
    const { metadata } = entry(selectStreams(catalog, [stream]).streams, stream);
    const found = metadata.find((item) => item.breadcrumb.join() === breadcrumb.join());
    if (found === undefined) metadata.push({ breadcrumb, metadata: { selected: false } });
    else found.metadata.selected = false;
  };
}

function entry(streams: EntryFile[], name: string): EntryFile {
  return streams.find((stream) => stream.tap_stream_id === name)!;
}

function root(streams: EntryFile[], name: string): JsonObject {
  return entry(streams, name).metadata[0]!.metadata;
}

function field(streams: EntryFile[], name: string, field: string): JsonObject {
  return entry(streams, name).metadata.find(({ breadcrumb }) => breadcrumb[1] === field)!.metadata;
}

function properties(streams: EntryFile[], name: string): Record<string, JsonObject> {
  return entry(streams, name).schema.properties as Record<string, JsonObject>;
}

function property(streams: EntryFile[], name: string, field: string): JsonObject {
  return properties(streams, name)[field]!;
}
