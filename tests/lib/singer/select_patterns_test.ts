import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../lib/errors.ts";
import { parseExactly } from "../../../lib/exact_number.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import { applyPatterns } from "../../../lib/singer/apply_patterns.ts";
import { checkCatalog, type KnownStream } from "../../../lib/singer/catalog.ts";
import { requireMatches } from "../../../lib/singer/select_patterns.ts";
import { compilePrune } from "../../../lib/singer/selection.ts";

const TEXT = { type: ["null", "string"] };

/** Two streams with nested fields, the second selected without its email. */
function catalog(): JsonObject {
  return {
    streams: [
      {
        tap_stream_id: "chats",
        schema: {
          type: "object",
          properties: {
            id: { type: "string" },
            history: {
              type: ["null", "array"],
              items: { type: "object", properties: { name: TEXT, msg: TEXT } },
            },
            visitor: {
              type: ["null", "object"],
              properties: {
                email: TEXT,
                name: TEXT,
                place: { type: ["null", "object"], properties: { city: TEXT, ip: TEXT } },
              },
            },
            webpath: {
              anyOf: [
                { type: "array", items: { type: "object", properties: { to: TEXT, from: TEXT } } },
                { type: "null" },
              ],
            },
          },
        },
        metadata: [
          { breadcrumb: [], metadata: { inclusion: "available" } },
          { breadcrumb: ["properties", "id"], metadata: { inclusion: "automatic" } },
        ],
      },
      {
        tap_stream_id: "agents",
        schema: {
          type: "object",
          selected: true,
          properties: { id: { type: "integer" }, email: TEXT, name: TEXT },
        },
        metadata: [
          { breadcrumb: [], metadata: { selected: true } },
          { breadcrumb: ["properties", "email"], metadata: { selected: false } },
        ],
      },
    ],
  };
}

const RECORDS: Record<string, JsonObject> = {
  chats: {
    id: "c",
    history: [{ name: "n", msg: "m" }],
    visitor: { email: "e", name: "n", place: { city: "c", ip: "i" } },
    webpath: [{ to: "t", from: "f" }],
  },
  agents: { id: 1, email: "e", name: "n" },
};

const KNOWN = ["chats", "agents"].map((tapStreamId): KnownStream => ({
  tapStreamId,
  keyProperties: ["id"],
  replicationMethod: "FULL_TABLE",
  replicationKeys: () => [],
}));

/** What is left of each selected stream's record. */
function leftOf(...patterns: string[]): Record<string, Json> {
  const selected = applyPatterns(catalog(), patterns);
  return Object.fromEntries(
    checkCatalog(selected, "c.json", KNOWN).filter((entry) => entry.selected)
      .map(({ tapStreamId, selection }) => {
        const record = structuredClone(RECORDS[tapStreamId]!);
        compilePrune(selection, ["id"])?.(record);
        return [tapStreamId, JSON.parse(JSON.stringify(record))];
      }),
  );
}

const CHATS = RECORDS.chats!;
const { history: _, ...CHATS_WITHOUT_HISTORY } = CHATS;

Deno.test("applyPatterns() selects streams and fields as meltano select does", {
  permissions: "none",
}, () => {
  const cases: [patterns: string, left: Record<string, Json>][] = [
    ["chats", { chats: CHATS }],
    ["chats.*", { chats: CHATS }],
    // The catalog's own choice of fields stays, unless the pattern names them.
    ["*", { chats: CHATS, agents: { id: 1, name: "n" } }],
    ["agents", { agents: { id: 1, name: "n" } }],
    ["agents.*", { agents: { id: 1, email: "e", name: "n" } }],
    ["*.*", { chats: CHATS, agents: { id: 1, email: "e", name: "n" } }],
    ["agents agents.email", { agents: { id: 1, email: "e", name: "n" } }],
    ["agents.email", { agents: { id: 1, email: "e" } }],
    ["*.name", { agents: { id: 1, name: "n" } }],
    ["a?ents", { agents: { id: 1, name: "n" } }],
    ["chats.visitor", { chats: { id: "c", visitor: CHATS.visitor! } }],
    ["chats.visitor.email", { chats: { id: "c", visitor: { email: "e" } } }],
    ["chats.visitor.*", { chats: { id: "c", visitor: CHATS.visitor! } }],
    ["chats.visitor.place.city", { chats: { id: "c", visitor: { place: { city: "c" } } } }],
    ["chats.history.msg", { chats: { id: "c", history: [{ msg: "m" }] } }],
    ["chats.webpath.to", { chats: { id: "c", webpath: [{ to: "t" }] } }],
    [
      "chats.*name",
      { chats: { id: "c", history: [{ name: "n" }], visitor: { name: "n" } } },
    ],
    ["chats.id", { chats: { id: "c" } }],
    ["chats !chats.history", { chats: CHATS_WITHOUT_HISTORY }],
    ["!chats.history chats.*", { chats: CHATS_WITHOUT_HISTORY }],
    ["chats.visitor !chats.visitor.place", {
      chats: { id: "c", visitor: { email: "e", name: "n" } },
    }],
    ["chats !chats.visitor.place.ip !chats.history.msg", {
      chats: {
        ...CHATS,
        history: [{ name: "n" }],
        visitor: { email: "e", name: "n", place: { city: "c" } },
      },
    }],
    // A key stays, whatever is said of it.
    ["agents !agents.id", { agents: { id: 1, name: "n" } }],
    ["chats !chats.id !chats.history", { chats: CHATS_WITHOUT_HISTORY }],
    // Patterns that only exclude begin with what the catalog selects.
    ["!agents.name", { agents: { id: 1 } }],
    ["!chats", { agents: { id: 1, name: "n" } }],
    ["!agents", {}],
    ["!agents.*", {}],
    ["* !agents", { chats: CHATS }],
    ["* !a*.*", { chats: CHATS }],
  ];
  for (const [patterns, left] of cases) {
    assertEquals({ patterns, left: leftOf(...patterns.split(" ")) }, { patterns, left });
  }
});

Deno.test("applyPatterns() says selected of each stream, and of no field more than it must", {
  permissions: "none",
}, () => {
  const before = catalog();
  const { streams } = applyPatterns(before, ["chats", "!chats.visitor"]) as {
    streams: { metadata: Json }[];
  };

  assertEquals(before, catalog());
  assertEquals(streams.map(({ metadata }) => metadata), [
    [
      { breadcrumb: [], metadata: { inclusion: "available", selected: true } },
      { breadcrumb: ["properties", "id"], metadata: { inclusion: "automatic" } },
      { breadcrumb: ["properties", "visitor"], metadata: { selected: false } },
    ],
    [
      { breadcrumb: [], metadata: { selected: false } },
      { breadcrumb: ["properties", "email"], metadata: { selected: false } },
    ],
  ]);
});

Deno.test("applyPatterns() keeps every digit of a catalog", { permissions: "none" }, () => {
  const text =
    '{"streams":[{"tap_stream_id":"chats","schema":{"type":"object","properties":{"id":' +
    '{"type":"integer","maximum":9223372036854775807}}},"metadata":[]}]}';
  const copy = applyPatterns(parseExactly(text) as JsonObject, ["chats"]);
  assertEquals(
    JSON.stringify(copy),
    text.replace('"metadata":[]', '"metadata":[{"breadcrumb":[],"metadata":{"selected":true}}]'),
  );
});

Deno.test("applyPatterns() leaves to others what is wrong with a catalog", {
  permissions: "none",
}, () => {
  const odd: JsonObject[] = [
    {},
    { streams: null },
    { streams: ["chats", null, {}] },
    { streams: [{ tap_stream_id: "chats" }] },
    { streams: [{ tap_stream_id: "chats", schema: { properties: [] }, metadata: "x" }] },
    {
      streams: [{ tap_stream_id: "chats", metadata: [null, { breadcrumb: 1 }, { metadata: [] }] }],
    },
  ];
  for (const value of odd) {
    for (const pattern of ["chats", "chats.id", "!chats", "*"]) applyPatterns(value, [pattern]);
  }
});

Deno.test("requireMatches() names what a pattern that matches nothing may have meant", {
  permissions: "none",
}, () => {
  const cases: [pattern: string, advice: string][] = [
    ["chat", 'did you mean "chats"?'],
    ["!chat", 'did you mean "!chats"?'],
    ["Chats", 'did you mean "chats"?'],
    ["tickets", "choose from chats, agents"],
    ["", "choose from chats, agents"],
    ["!", "choose from chats, agents"],
    ["z*", "choose from chats, agents"],
    ["chats.visitor.emial", 'did you mean "chats.visitor.email"?'],
    ["!chats.histroy", 'did you mean "!chats.history"?'],
    ["agents.q*", 'did you mean "agents.id"?'],
    ["agents.emial", 'did you mean "agents.email"?'],
    ["chat.history", 'did you mean "chats.history"?'],
    ["c*.histroy", 'did you mean "c*.history"?'],
  ];
  for (const [pattern, advice] of cases) {
    const error = assertThrows(() => requireMatches(catalog(), ["agents", pattern]), UsageError);
    assertEquals(
      error.message,
      `Pattern ${JSON.stringify(pattern)} after --select matches nothing: ${advice}`,
    );
  }
  requireMatches(catalog(), ["*", "!*.name", "chats.history.*", "chats.webpath.from", "agents.*"]);
});
