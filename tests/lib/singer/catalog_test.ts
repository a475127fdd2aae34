import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../lib/errors.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import {
  type CatalogEntry,
  checkCatalog,
  defaultEntry,
  type KnownStream,
  rotateEntries,
} from "../../../lib/singer/catalog.ts";
import { discoveryEntry } from "../../../lib/singer/discovery_entry.ts";
import { schemaMessageSchema } from "../../../lib/singer/schema_message.ts";
import { selectionTree } from "../../../lib/singer/selection.ts";

const KNOWN: KnownStream[] = [
  {
    tapStreamId: "account",
    keyProperties: ["account_key"],
    replicationMethod: "FULL_TABLE",
    replicationKeys: () => [],
  },
  {
    tapStreamId: "chats",
    keyProperties: ["id"],
    replicationMethod: "INCREMENTAL",
    replicationKeys: ({ chatsApi }) => chatsApi === "search" ? ["timestamp"] : ["update_timestamp"],
  },
];
const SCHEMA = { type: "object", properties: { id: { type: "string" } } };
const SELECTED = [{ breadcrumb: [], metadata: { selected: true } }];

function field(breadcrumb: string[], metadata: JsonObject): JsonObject {
  return { breadcrumb, metadata };
}

function parse(...streams: Json[]): CatalogEntry[] {
  return checkCatalog({ streams }, "c.json", KNOWN);
}

/** A catalog entry for chats that can be used and is selected, but for the changes. */
function chats(changes: JsonObject = {}): JsonObject {
  return {
    tap_stream_id: "chats",
    stream: "chats",
    schema: SCHEMA,
    metadata: SELECTED,
    ...changes,
  };
}

/** The same with a property of this schema. */
function chatsWith(property: Json): JsonObject {
  return chats({ schema: { type: "object", properties: { id: {}, p: property } } });
}

function failure(catalog: Json): string {
  return assertThrows(() => checkCatalog(catalog, "c.json", KNOWN), InputError).message;
}

Deno.test({
  name: "checkCatalog() takes an entry with its schema, selection and no replication key",
  permissions: "none",
  fn() {
    assertEquals(parse(chats()), [{
      tapStreamId: "chats",
      selected: true,
      schema: SCHEMA,
      selection: selectionTree([{ breadcrumb: [], metadata: { selected: true } }]),
      bookmarkProperties: undefined,
      isReadAnew: false,
    }]);
  },
});

Deno.test({
  name: "checkCatalog() selects by any truthy `selected`, in metadata or in the schema",
  permissions: "none",
  fn() {
    const root = (metadata: JsonObject) => ({ metadata: [{ breadcrumb: [], metadata }] });
    const legacy = (selected: Json) => ({ metadata: [], schema: { ...SCHEMA, selected } });
    const cases: [changes: JsonObject, selected: boolean][] = [
      [root({ selected: true }), true],
      [root({ selected: "true" }), true],
      [root({ selected: "false" }), true],
      [root({ selected: 1 }), true],
      [root({ selected: false }), false],
      [root({ selected: null }), false],
      [root({ selected: "" }), false],
      [root({ selected: 0 }), false],
      [root({ selected: [] }), false],
      [root({ selected: {} }), false],
      [root({ selected: [false] }), true],
      [root({}), false],
      [root({ "selected-by-default": true }), false],
      [root({ inclusion: "automatic" }), false],
      [legacy(true), true],
      [legacy("yes"), true],
      [legacy(false), false],
      [{ metadata: [] }, false],
      [{ metadata: null }, false],
      [{ metadata: [{ breadcrumb: ["properties", "id"], metadata: { selected: true } }] }, false],
      [{ metadata: [...SELECTED, { breadcrumb: [], metadata: { selected: false } }] }, false],
    ];
    assertEquals(
      cases.map(([changes]) => [changes, parse(chats(changes))[0]!.selected]),
      cases,
    );
  },
});

Deno.test({
  name: "checkCatalog() takes an entry without metadata",
  permissions: "none",
  fn() {
    const { metadata: _, ...entry } = chats({ schema: { ...SCHEMA, selected: true } });
    const [parsed] = parse(entry);
    assertEquals(parsed?.selected, true);
  },
});

Deno.test({
  name: "checkCatalog() hands on a legacy replication key, one or several",
  permissions: "none",
  fn() {
    const keys = ["end_timestamp", ["a", "b"], "", null, [], 5].map((replication_key) =>
      parse(chats({ replication_key }))[0]!.bookmarkProperties
    );
    assertEquals(keys, [["end_timestamp"], ["a", "b"], undefined, undefined, undefined, undefined]);
  },
});

Deno.test({
  name: "checkCatalog() does not judge what is not selected",
  permissions: "none",
  fn() {
    const metadata = [{ breadcrumb: [], metadata: { selected: false } }];
    const entries = parse(
      chats({ metadata, schema: 5 }),
      { tap_stream_id: "account", metadata: [...metadata, "broken"] },
      { tap_stream_id: "tickets", stream: "tickets" },
      {},
    );
    const skipped = (tapStreamId: string) => ({
      ...defaultEntry({ tapStreamId, schema: {} }),
      selected: false,
    });
    assertEquals(entries, ["chats", "account", "tickets", "streams.3"].map(skipped));
  },
});

Deno.test({
  name: "checkCatalog() refuses what is no catalog",
  permissions: "none",
  fn() {
    const cases: [catalog: Json, problem: string][] = [
      [[], 'expected an object with "streams", found an array'],
      [{}, '"streams" is nothing, expected a list of streams'],
      [{ streams: {} }, '"streams" is an object, expected a list of streams'],
      [{ streams: [null] }, '"streams.0" is null, expected an object'],
    ];
    assertEquals(
      cases.map(([catalog]) => failure(catalog)),
      cases.map(([_, problem]) => `Cannot use catalog file "c.json": ${problem}`),
    );
  },
});

const DEEP = JSON.parse(`${'{"items":'.repeat(5000)}{}${"}".repeat(5000)}`);
const TYPES = "array, boolean, integer, null, number, object, string";
const METADATA_ITEM =
  `is not an object with a list of texts as "breadcrumb" and an object as "metadata"`;

/** Selected entries that cannot be read as they say, and what is said of them. */
const WRONG_ENTRIES: [entry: JsonObject, problem: string][] = [
  [
    chats({ tap_stream_id: "tickets" }),
    `stream "tickets": it is selected, but this tap has no such stream: deselect it, or choose from account, chats`,
  ],
  [
    chats({ tap_stream_id: 5 }),
    `stream "streams.0": "tap_stream_id" is a number, expected a stream's name`,
  ],
  [chats({ metadata: {} }), `stream "chats": "metadata" is an object, expected a list`],
  [chats({ metadata: ["x"] }), `stream "chats": "metadata.0" ${METADATA_ITEM}`],
  [
    chats({ metadata: [...SELECTED, { breadcrumb: "id", metadata: {} }] }),
    `stream "chats": "metadata.1" ${METADATA_ITEM}`,
  ],
  [
    chats({ metadata: [{ breadcrumb: [], selected: true }] }),
    `stream "chats": "metadata.0" ${METADATA_ITEM}`,
  ],
  [
    chats({ metadata: [...SELECTED, { breadcrumb: ["properties", 1], metadata: {} }] }),
    `stream "chats": "metadata.1" ${METADATA_ITEM}`,
  ],
  [chats({ schema: null }), `stream "chats": "schema" is null, expected an object`],
  [
    chats({ schema: undefined }),
    `stream "chats": "schema" is nothing, expected an object`,
  ],
  [
    chats({ schema: { type: "object" } }),
    `stream "chats": "schema.properties" is nothing, expected an object`,
  ],
  [chats({ schema: { properties: {} } }), `stream "chats": "schema.properties" is empty`],
  [
    chats({ schema: { properties: { name: {} } } }),
    `stream "chats": "schema.properties" lacks the key property "id"`,
  ],
  [
    chats({ schema: { ...SCHEMA, type: "string" } }),
    `stream "chats": "schema.type" is a string, expected "object", or a list that has it`,
  ],
  [
    chats({ schema: { ...SCHEMA, anyOf: [{}] } }),
    `stream "chats": "schema.anyOf" is not possible at the top of a stream`,
  ],
  [
    chatsWith(true),
    `stream "chats": "schema.properties.p" is true, expected a schema (an object)`,
  ],
  [
    chatsWith({ type: 5 }),
    `stream "chats": "schema.properties.p.type" is a number, expected a type name or a list of them`,
  ],
  [
    chatsWith({ type: [] }),
    `stream "chats": "schema.properties.p.type" is empty, expected at least one type name`,
  ],
  [
    chatsWith({ type: ["null", "text"] }),
    `stream "chats": "schema.properties.p.type" names "text", expected ${TYPES}`,
  ],
  [
    chatsWith({ type: [null] }),
    `stream "chats": "schema.properties.p.type" names null, expected ${TYPES}`,
  ],
  [
    chatsWith({ properties: [] }),
    `stream "chats": "schema.properties.p.properties" is an array, expected an object`,
  ],
  [
    chatsWith({ properties: { q: { items: [{}] } } }),
    `stream "chats": "schema.properties.p.properties.q.items" is an array, ` +
    `expected a schema (an object)`,
  ],
  [
    chatsWith({ type: ["null", "array"] }),
    `stream "chats": "schema.properties.p" is an array without "items", expected the schema of ` +
    `its elements there`,
  ],
  [
    chatsWith({ patternProperties: { "(": {} } }),
    `stream "chats": "schema.properties.p.patternProperties" has "(", which is no pattern`,
  ],
  [
    chatsWith({ anyOf: {} }),
    `stream "chats": "schema.properties.p.anyOf" is an object, expected a list of schemas`,
  ],
  [
    chatsWith({ anyOf: [] }),
    `stream "chats": "schema.properties.p.anyOf" is empty, expected at least one schema`,
  ],
  [
    chatsWith({ anyOf: [{}, 5] }),
    `stream "chats": "schema.properties.p.anyOf.1" is a number, expected a schema (an object)`,
  ],
  [chatsWith(DEEP), `stream "chats": "schema" is nested deeper than 100 levels`],
];

Deno.test({
  name: "checkCatalog() names file, stream and path of what it cannot use",
  permissions: "none",
  fn() {
    const messages = WRONG_ENTRIES.map(([entry]) =>
      assertThrows(() => parse(entry), InputError).message
    );
    assertEquals(
      messages,
      WRONG_ENTRIES.map(([, problem]) => `Cannot use catalog file "c.json": ${problem}`),
    );
  },
});

Deno.test({
  name: "checkCatalog() takes the first entry of a stream that is listed more than once",
  permissions: "none",
  fn() {
    const other = { tap_stream_id: "account", schema: { type: "object" } };
    const cases: [entries: Json[], count: number, selected: boolean][] = [
      [[chats(), other, chats({ schema: {} }), chats({ schema: null })], 3, true],
      [[chats({ metadata: [] }), other, chats()], 2, false],
    ];
    for (const [streams, count, selected] of cases) {
      const warnings: string[] = [];
      const warn = (warning: string) => warnings.push(warning);
      const entries = checkCatalog({ streams }, "c.json", KNOWN, warn);
      assertEquals(entries.map((entry) => [entry.tapStreamId, entry.selected]), [
        ["chats", selected],
        ["account", false],
      ]);
      assertEquals(warnings, [
        `Stream "chats" is listed ${count} times in catalog file "c.json": the first entry ` +
        "counts, remove the rest",
      ]);
    }
  },
});

/** What is warned about in an entry, without the words that all warnings begin with. */
function warningsOf(entry: JsonObject): string[] {
  const warnings: string[] = [];
  checkCatalog({ streams: [entry] }, "c.json", KNOWN, (warning) => warnings.push(warning));
  const beginning = `Stream "${entry.tap_stream_id}" in the catalog: `;
  return warnings.map((warning) => warning.replace(beginning, ""));
}

const rootWith = (metadata: JsonObject) => [
  { breadcrumb: [], metadata: { selected: true, ...metadata } },
];

Deno.test({
  name: "checkCatalog() warns about edits that have no effect, each in one line",
  permissions: "none",
  fn() {
    const full = 'which has no effect: to read all of it each time, set "replication-method": ' +
      '"FULL_TABLE" in the metadata at breadcrumb []';
    const ofId = 'but its key is "id" all the same';
    const cases: [changes: JsonObject, warning: string][] = [
      [
        { metadata: rootWith({ "table-key-properties": ["url", "id"] }) },
        `"table-key-properties" is ["url","id"], ${ofId}`,
      ],
      [
        { metadata: rootWith({ "view-key-properties": ["url"] }) },
        `"view-key-properties" is ["url"], ${ofId}`,
      ],
      [{ key_properties: "url" }, `"key_properties" is "url", ${ofId}`],
      [
        { metadata: rootWith({ "replication-method": "LOG_BASED" }) },
        '"replication-method" is "LOG_BASED", but it is read as INCREMENTAL',
      ],
      [
        { metadata: rootWith({ "forced-replication-method": "FULL_TABLE" }) },
        `"forced-replication-method" is "FULL_TABLE", ${full}`,
      ],
      [{ replication_method: "FULL_TABLE" }, `"replication_method" is "FULL_TABLE", ${full}`],
      [
        { metadata: rootWith({ "replication-key": "end_timestamp" }) },
        'the replication key "end_timestamp" is none of its own, and has no effect',
      ],
      [
        { metadata: rootWith({ "valid-replication-keys": ["timestamp", "id"] }) },
        'the replication key "id" is none of its own, and has no effect',
      ],
      [{ stream: "talks" }, '"stream" is "talks", but its messages are named "chats"'],
      [{ stream_alias: "talks" }, '"stream_alias" is "talks", but its messages are named "chats"'],
      [
        { metadata: [...SELECTED, field(["properties", "id"], { selected: false })] },
        "its key property id cannot be deselected",
      ],
      [
        { metadata: [...SELECTED, field(["properties", "id"], { selected: "false" })] },
        '"selected" of id is a text, which deselects nothing: write false',
      ],
      [
        { metadata: rootWith({ selected: "False" }) },
        '"selected" of the stream is a text, which deselects nothing: write false',
      ],
      [
        { metadata: [...SELECTED, field(["properties", "visitr"], { selected: false })] },
        "its schema has no visitr, which the metadata selects or deselects",
      ],
    ];
    for (const [changes, warning] of cases) assertEquals(warningsOf(chats(changes)), [warning]);

    const account = {
      tap_stream_id: "account",
      schema: { type: "object", properties: { account_key: {} } },
      metadata: rootWith({ "replication-method": "INCREMENTAL", "replication-key": "create_date" }),
    };
    assertEquals(warningsOf(account), [
      '"replication-method" is "INCREMENTAL", but it is read as FULL_TABLE',
      'the replication key "create_date" is none of its own, and has no effect',
    ]);
  },
});

Deno.test({
  name:
    "checkCatalog() says nothing of what discovery prints, selection changes and edits that work",
  permissions: "none",
  fn() {
    const nested = {
      type: "object",
      properties: {
        id: {},
        open: { type: "object" },
        list: { type: "array", items: { type: "object", properties: { a: {} } } },
      },
    };
    const items = [
      field(["properties", "id"], { inclusion: "automatic", selected: false }),
      field(["properties", "open", "properties", "any"], { selected: false }),
      field(["properties", "list", "items", "properties", "a"], { selected: false }),
      field(["properties", "gone"], { inclusion: "available" }),
    ];
    const root = {
      "table-key-properties": ["id"],
      "forced-replication-method": "INCREMENTAL",
      "valid-replication-keys": ["update_timestamp", "timestamp"],
      "replication-method": "INCREMENTAL",
      "replication-key": "timestamp",
    };
    assertEquals(
      warningsOf(chats({ schema: nested, metadata: [...rootWith(root), ...items] })),
      [],
    );
    assertEquals(
      warningsOf(chats({ metadata: rootWith({ "replication-method": "FULL_TABLE" }) })),
      [],
    );
    // Nobody reads what is not selected.
    const unselected = { stream: "talks", metadata: [field([], { "replication-key": "id" })] };
    assertEquals(warningsOf(chats(unselected)), []);
  },
});

Deno.test({
  name: "checkCatalog() reads anew an incremental stream whose replication-method is FULL_TABLE",
  permissions: "none",
  fn() {
    const asked = (metadata: JsonObject) => parse(chats({ metadata: rootWith(metadata) }))[0]!;
    assertEquals(asked({ "replication-method": "FULL_TABLE" }).isReadAnew, true);
    assertEquals(asked({ "replication-method": "INCREMENTAL" }).isReadAnew, false);
    assertEquals(asked({ "forced-replication-method": "FULL_TABLE" }).isReadAnew, false);
  },
});

Deno.test({
  name: "rotateEntries() begins with the stream under way and goes round",
  permissions: "none",
  fn() {
    const entries = ["a", "b", "c", "d"].map((tapStreamId) => ({ tapStreamId }));
    const order = (currentlySyncing: string | null | undefined) =>
      rotateEntries(entries, currentlySyncing).map(({ tapStreamId }) => tapStreamId).join("");
    assertEquals(["c", "a", "x", null, undefined].map(order), [
      "cdab",
      "abcd",
      "abcd",
      "abcd",
      "abcd",
    ]);
  },
});

Deno.test({
  name: "discoveryEntry() prints members and metadata in the Python tap's order",
  permissions: "none",
  fn() {
    const schema = {
      type: "object",
      properties: {
        name: { type: "string" },
        id: { type: "integer" },
        end: { properties: { deep: {} } },
      },
    };
    const full = { tapStreamId: "s", keyProperties: ["id"], schema, selectedByDefault: false };
    assertEquals(
      JSON.stringify([
        discoveryEntry({ ...full, replicationMethod: "FULL_TABLE" }),
        discoveryEntry(
          { ...full, replicationMethod: "INCREMENTAL", selectedByDefault: true },
          ["start", "end"],
        ),
      ]),
      JSON.stringify([
        {
          tap_stream_id: "s",
          schema,
          stream: "s",
          metadata: [
            {
              breadcrumb: [],
              metadata: {
                "table-key-properties": ["id"],
                "forced-replication-method": "FULL_TABLE",
                "valid-replication-keys": [],
                inclusion: "available",
              },
            },
            { breadcrumb: ["properties", "name"], metadata: { inclusion: "available" } },
            { breadcrumb: ["properties", "id"], metadata: { inclusion: "automatic" } },
            { breadcrumb: ["properties", "end"], metadata: { inclusion: "available" } },
          ],
        },
        {
          tap_stream_id: "s",
          schema,
          stream: "s",
          metadata: [
            {
              breadcrumb: [],
              metadata: {
                "table-key-properties": ["id"],
                "forced-replication-method": "INCREMENTAL",
                "valid-replication-keys": ["start", "end"],
                inclusion: "available",
                "selected-by-default": true,
              },
            },
            { breadcrumb: ["properties", "name"], metadata: { inclusion: "available" } },
            { breadcrumb: ["properties", "id"], metadata: { inclusion: "automatic" } },
            { breadcrumb: ["properties", "end"], metadata: { inclusion: "automatic" } },
          ],
        },
      ]),
    );
  },
});

Deno.test({
  name: "schemaMessageSchema() takes out what targets stumble over, at every depth",
  permissions: "none",
  fn() {
    const price = {
      type: ["null", "number"],
      multipleOf: 1e-5,
      exclusiveMinimum: true,
      exclusiveMaximum: false,
      maximum: 1e33,
    };
    const clean = { type: ["null", "number"], maximum: 1e33 };
    const schema = (price: JsonObject) => ({
      type: "object",
      additionalProperties: false,
      properties: {
        price,
        list: { type: "array", items: { anyOf: [price, { patternProperties: { "^p": price } }] } },
        open: { additionalProperties: price, allOf: [price], not: price },
      },
      definitions: { price },
    });
    assertEquals(schemaMessageSchema(schema(price)), schema(clean));
  },
});

Deno.test({
  name: "schemaMessageSchema() keeps properties that are called like keywords, and all else",
  permissions: "none",
  fn() {
    const schema = {
      type: "object",
      properties: {
        multipleOf: { type: "integer" },
        exclusiveMinimum: { type: "boolean", default: true },
        properties: { type: "object", properties: { items: { exclusiveMaximum: 5 } } },
      },
      enum: [{ multipleOf: 1 }],
      "x-note": { exclusiveMinimum: true },
    };
    const text = JSON.stringify(schema);
    assertEquals(JSON.stringify(schemaMessageSchema(schema)), text);
    assertEquals(JSON.stringify(schema), text);
  },
});
