/**
 * The schemas in `schemas/`, held against what targets can take, against the Python tap's own schemas
 * (version 0.5.2) and against whole records as they look once fitted. The files are found by listing the
 * folder: another one fails here until it has keys and rows.
 */

import { assertEquals, assertNotEquals } from "@std/assert";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/2020";
import Ajv04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import type { Schema } from "../lib/singer/schema.ts";
import { chatEngagements } from "../streams/chat_engagements.ts";
import { chatHistory } from "../streams/chat_history.ts";
import { byPath, PYTHON_TYPES, type TypeTable } from "./python_tap/field_types.ts";

const DIRECTORY = new URL("../schemas/", import.meta.url);

/** Strict mode refuses a keyword that the draft does not know, so a misspelt one fails too. */
const OPTIONS = { allowUnionTypes: true };

/** The keywords that every target reads alike. */
const KEYWORDS = new Set(["type", "format", "description", "properties", "items", "anyOf"]);

const TYPES = new Set(["null", "boolean", "integer", "number", "string", "object", "array"]);

/** The properties that may not be null: the key of each stream. */
const KEYS: Record<string, string[]> = {
  account: ["account_key"],
  agent_events: ["id"],
  agent_timeline: ["agent_id", "start_time"],
  agents: ["id"],
  bans: ["id"],
  chat_engagements: ["id"],
  chat_history: ["chat_id", "position"],
  chats: ["id"],
  conversions: ["id"],
  department_events: ["id"],
  departments: ["id"],
  goals: ["id"],
  roles: ["id"],
  routing_settings: ["id"],
  shortcuts: ["name"],
  skills: ["id"],
  triggers: ["id"],
};

/**
 * Where the types differ on purpose: a key is never null, everything else may be, and no column is
 * asked to hold booleans and numbers.
 */
const INTENDED_DIFFERENCES: TypeTable = {
  agents: {
    "null boolean": "roles.administrator roles.owner",
    "null integer": "departments[] enabled_departments[] skills[]",
  },
  chats: {
    "string": "id",
    "null boolean": "unread",
    "null string": `visitor.id conversions[].id history[].conversion.id
      agent_names[] agent_ids[] tags[] history[].tags[] history[].new_tags[]
      history[].skills_name[]`,
  },
  shortcuts: {
    "null string": "tags[]",
    "null integer": "departments[] agents[]",
  },
};

const CONVERSION = {
  id: "66052481-1704",
  goal_id: 513481,
  goal_name: "Thank-you page",
  timestamp: "2024-03-01T09:20:00.000000Z",
  attribution: {
    agent_id: 360786799676,
    agent_name: "Ada",
    department_id: 7282640316815,
    department_name: "Sales",
    chat_timestamp: "2024-03-01T09:00:00.000000Z",
  },
};

/** Whole records as they are written: the rows of a stream together name its every field. */
const ROWS: Record<string, JsonObject[]> = {
  account: [{
    account_key: "2EgXsWqNzYhFbT3cRkM9vJpL5aD8uVxQ",
    status: "active",
    create_date: "2020-12-11T18:33:40.000000Z",
    billing: {
      company: "Example Ltd",
      first_name: "Ada",
      last_name: "Example",
      email: "billing@example.com",
      phone: "+44 20 7946 0000",
      address1: "1 High Street",
      address2: "",
      city: "London",
      state: "",
      postal_code: "N1 1AA",
      country_code: "GB",
      additional_info: "",
      cycle: 12,
    },
    plan: {
      name: "enterprise",
      price: 69.99,
      max_agents: 5,
      goals: 5,
      max_basic_triggers: "unlimited",
      max_advanced_triggers: "unlimited",
      max_departments: "unlimited",
      max_concurrent_chats: "2",
      max_history_search_days: "unlimited",
      widget_customization: "full",
      agent_leaderboard: true,
      agent_reports: true,
      analytics: true,
      chat_reports: true,
      daily_reports: true,
      email_reports: true,
      weekly_reports: false,
      file_upload: true,
      high_load: true,
      integrations: true,
      ip_restriction: true,
      monitoring: true,
      operating_hours: true,
      rest_api: true,
      sla: true,
      support: true,
      unbranding: true,
      long_desc: "Everything, for large teams",
      short_desc: "Enterprise",
    },
  }],
  agents: [{
    id: 360786799676,
    email: "ada@example.com",
    first_name: "Ada",
    last_name: "",
    display_name: "Ada",
    create_date: "2020-11-17T23:55:24.000000Z",
    last_login: null,
    login_count: 113,
    enabled: true,
    role_id: 360002848996,
    roles: { administrator: true, owner: false },
    departments: [7282618889231, 7282640316815],
    enabled_departments: [7282618889231],
    skills: [1300601, null],
    scope: "all",
  }],
  bans: [
    {
      id: 70519881,
      type: "ip_address",
      ip_address: "192.0.2.1",
      reason: "Spammer",
      created_at: "2021-04-21T14:42:46.000000Z",
    },
    {
      id: 70519882,
      type: "visitor",
      visitor_id: "2315985.gCgOaEXpt6FNkZ",
      visitor_name: "Visitor 5513",
      reason: "Spammer",
      created_at: null,
    },
  ],
  chats: [
    {
      id: "2403.2314815.QHgVx6SOrRuSx",
      type: "chat",
      timestamp: "2024-03-01T09:00:00.000000Z",
      end_timestamp: "2024-03-01T09:11:57.000000Z",
      update_timestamp: "2024-03-02T08:00:00.000000Z",
      duration: 717,
      started_by: "visitor",
      agent_ids: ["360786799676"],
      agent_names: ["Ada"],
      department_id: 7282640316815,
      department_name: "Sales",
      visitor: {
        id: "2314815.gCgOWZRtqVKquB",
        name: "Visitor 5512",
        email: "",
        phone: "",
        notes: "",
      },
      session: {
        id: "240301.2314815.6pxFiV23lCdzwq49f",
        browser: "Firefox",
        platform: "Linux",
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:124.0) Gecko/20100101 Firefox/124.0",
        ip: "192.0.2.7",
        city: "Bangkok",
        region: "Krung Thep",
        country_code: "TH",
        country_name: "Thailand",
        start_date: "2024-03-01T08:58:00.000000Z",
        end_date: "2024-03-01T09:12:32.000000Z",
      },
      webpath: [
        {
          from: "https://example.com/",
          to: "https://example.com/prices",
          title: "Prices",
          timestamp: "2024-03-01T08:59:00.000000Z",
        },
        [null, 1709283540, "https://example.com/prices"],
      ],
      history: [
        {
          type: "chat.memberjoin",
          timestamp: "2024-03-01T09:00:00.807000Z",
          name: "Ada",
          nick: "agent:360786799676",
          channel: "#supportchat:2314815-gCgOWZRtqVKquB",
          department_id: 7282640316815,
          department_name: "Sales",
          prev_department_id: "none",
          agent_id: "360786799676",
          source: "routing",
          reason: "assigned",
          index: 1,
        },
        {
          type: "chat.msg",
          timestamp: "2024-03-01T09:00:04.612000Z",
          name: "Visitor 5512",
          nick: "visitor:gCgOWZRtqVKquB",
          channel: "#supportchat:2314815-gCgOWZRtqVKquB",
          msg: "Hello?",
          msg_id: "1709283604612",
          options: "",
          sender_type: "Visitor",
          index: 2,
        },
        { type: "chat.tag", tags: ["sales"], new_tags: ["sales", "prices"], index: 3 },
        { type: "chat.rating", rating: null, new_rating: "good", index: 4 },
        { type: "chat.comment", comment: null, new_comment: "Quick and kind", index: 5 },
        { type: "chat.goal", conversion: CONVERSION, index: 6 },
        { type: "chat.request.skills", skills_name: ["French"], index: 7 },
      ],
      conversions: [CONVERSION],
      engagements: [{
        id: "2403.2314815.QHgVx6SOrRuSx.1",
        agent_id: "360786799676",
        agent_name: "Ada",
        agent_full_name: "Ada Example",
        department_id: 7282640316815,
        assigned: true,
        accepted: true,
        started_by: "visitor",
        timestamp: "2024-03-01T09:00:01.000000Z",
        duration: 716.25,
        rating: "good",
        comment: null,
        count: { visitor: 8, agent: 11, total: 19 },
        response_time: { first: 10, avg: 136.03566670417786, max: 347 },
        skills_requested: [1300601],
        skills_fulfilled: true,
      }],
      count: { visitor: 8, agent: 11, total: 19 },
      response_time: { first: 10, avg: 136.03566670417786, max: 347 },
      rating: "good",
      comment: "Quick and kind",
      tags: ["sales", "prices"],
      unread: false,
      missed: false,
      triggered: false,
      triggered_response: null,
      referrer_search_engine: "",
      referrer_search_terms: "",
      zendesk_ticket_id: 4411,
      deleted: false,
      abandon_time: 31.5,
      dropped: false,
      proactive: false,
      skills_requested: [1300601],
      skills_fulfilled: true,
    },
    {
      id: "2403.2314815.QHgVx8rJAbVQk",
      type: "offline_msg",
      timestamp: "2024-03-01T22:00:00.000000Z",
      update_timestamp: "2024-03-01T22:00:01.000000Z",
      message: "Please call me back",
      unread: true,
      visitor: { id: "2314815.gCgOWZRtqVKquC", name: "", email: "", phone: "", notes: "" },
      session: null,
      webpath: [],
      tags: [],
      department_id: null,
      department_name: null,
      zendesk_ticket_id: null,
      deleted: false,
    },
  ],
  departments: [{
    id: 7282640316815,
    name: "Sales",
    description: "",
    enabled: true,
    members: [361084605116, null],
    settings: {
      chat_enabled: true,
      solved_ticket_reassignment_strategy: "",
      support_group_id: 7282640316815,
    },
  }],
  goals: [{
    id: 513481,
    name: "Thank-you page",
    description: "",
    enabled: true,
    attribution_model: "first_touch",
    attribution_period: 15,
    attribution_window: 15,
    settings: {
      conditions: [{ operator: "equals", type: "url", value: "https://example.com/thanks" }],
    },
  }],
  shortcuts: [{
    id: "goodbye",
    name: "goodbye",
    message: "Thank you. Did that help?",
    options: "Yes/No",
    tags: ["goodbye_survey"],
    scope: "department",
    departments: [7282640316815],
    agents: [361084605116],
  }],
  triggers: [{
    id: 66052481,
    name: "Greet on the price page",
    description: "",
    enabled: true,
    definition: {
      event: "page_enter",
      condition: '["and",["stillOnPage",60],["not",["firedBefore"]]]',
      actions: '[["wait",5],["setTriggered",true]]',
      version: 1,
      editor: "advanced",
    },
  }],
  roles: [{
    id: 360002848996,
    name: "Administrator",
    description: "Sees everything",
    enabled: true,
    members_count: 2,
    permissions: {
      visitors_seen: "account",
      proactive_chatting: "listen-join",
      edit_visitor_information: true,
      edit_visitor_notes: true,
      edit_chat_tags: true,
      view_past_chats: "account",
      manage_bans: "account",
      access_analytics: "account",
      view_monitor: "account",
      edit_department_agents: "account",
      set_agent_chat_limit: "account",
      manage_shortcuts: "account",
    },
  }],
  skills: [{
    id: 1300601,
    name: "French",
    description: "",
    enabled: true,
    members: [361084605116],
  }],
  routing_settings: [{
    id: "account",
    routing_mode: "assigned",
    chat_limit: {
      enabled: false,
      limit: 3,
      limit_type: "account",
      allow_agent_override: false,
    },
    skill_routing: { enabled: true, max_wait_time: 30 },
    reassignment: { enabled: true, timeout: 30 },
    auto_idle: { enabled: false, reassignments_before_idle: 3, new_status: "away" },
    auto_accept: { enabled: false },
  }],
  agent_timeline: [{
    agent_id: 360786799676,
    start_time: "2020-12-14T04:08:32.301292Z",
    duration: 459.213926,
    status: "invisible",
    engagement_count: 0,
  }],
  agent_events: [{
    id: "01H1V9Y3K2-1",
    account_id: 2314815,
    agent_id: 360786799676,
    field_name: "engagements",
    previous_value: "0",
    value: "1",
    timestamp: "2023-06-01T10:00:00.123456Z",
  }],
  conversions: [{
    id: "66052481-1704",
    timestamp: "2024-03-01T09:20:00.000000Z",
    goal_id: 513481,
    goal_name: "Thank-you page",
    attribution: {
      chat_id: "2403.2314815.QHgVx6SOrRuSx",
      chat_timestamp: "2024-03-01T09:00:00.000000Z",
      agent_id: 360786799676,
      department_id: 7282640316815,
    },
  }],
  department_events: [{
    id: "01H1V9Y3K2-2",
    department_id: 7282640316815,
    field_name: "members",
    previous_value: "[361084605116]",
    value: "[361084605116,360786799676]",
    timestamp: "2023-06-01T10:00:00.123456Z",
  }],
};

// Members as they come with the chats, but for ids that are text here whatever they were there.
ROWS.chat_history = ROWS.chats!.flatMap(chatHistory.rowsIn).map((row) =>
  Object.fromEntries(
    Object.entries(row as JsonObject).map(([name, value]) => [
      name,
      /^((prev_)?department_id|msg_id)$/.test(name) ? `${value}` : value,
    ]),
  )
);
ROWS.chat_engagements = ROWS.chats!.flatMap(chatEngagements.rowsIn) as JsonObject[];

const SCHEMAS = await readSchemas();

/** One validator for each draft that some target checks with. */
const VALIDATORS = Object.entries({
  "4": new Ajv04.default(OPTIONS),
  "7": new Ajv(OPTIONS),
  "2020-12": new Ajv2020(OPTIONS),
});
for (const [, ajv] of VALIDATORS) addFormats.default(ajv);

/** Every file of the folder, by stream. */
async function readSchemas(): Promise<Record<string, Schema>> {
  const schemas: Record<string, Schema> = {};
  for await (const { name } of Deno.readDir(DIRECTORY)) {
    const text = await Deno.readTextFile(new URL(name, DIRECTORY));
    schemas[name.replace(/\.json$/, "")] = JSON.parse(text);
  }
  return schemas;
}

/** The rows that do not fit the stream's schema, one line for each draft that refuses them. */
function invalidRows(stream: string, rows: Json[]): string[] {
  return VALIDATORS.flatMap(([draft, ajv]) => {
    const validate = ajv.compile(SCHEMAS[stream]!);
    return rows.flatMap((row, index) =>
      validate(row)
        ? []
        : [`draft ${draft}, ${stream} ${index}: ${ajv.errorsText(validate.errors)}`]
    );
  });
}

/** The schema's nodes with their paths: `a.b` is a property, `a[]` an item; an anyOf adds no step. */
function* nodes(schema: Schema, path = ""): Generator<[path: string, node: Schema]> {
  yield [path, schema];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield* nodes(property, path === "" ? name : `${path}.${name}`);
  }
  if (schema.items !== undefined) yield* nodes(schema.items, `${path}[]`);
  for (const branch of schema.anyOf ?? []) yield* nodes(branch, path);
}

/** The paths of the values inside a record, in the notation of `nodes`. */
function* pathsOf(value: Json | undefined, path = ""): Generator<string> {
  if (path !== "") yield path;
  if (Array.isArray(value)) {
    for (const item of value) yield* pathsOf(item, `${path}[]`);
  } else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      yield* pathsOf(member, path === "" ? name : `${path}.${name}`);
    }
  }
}

/** The types of each path as the tables here write them: `null string date-time`. */
function typesOf(schema: Schema): Record<string, string> {
  const types: Record<string, string> = {};
  for (const [path, { type, format }] of nodes(schema)) {
    if (type === undefined || path === "") continue;
    const words = [...[type].flat(), ...(format === undefined ? [] : [format])].join(" ");
    types[path] = path in types ? `${types[path]} | ${words}` : words;
  }
  return types;
}

/** What some target cannot take in the node. */
function faults(path: string, node: Schema): string[] {
  const types = [node.type ?? []].flat();
  const rules: [broken: boolean, fault: string][] = [
    [Object.keys(node).some((keyword) => !KEYWORDS.has(keyword)), "unknown keyword"],
    [types.some((type) => !TYPES.has(type)), "unknown type"],
    [(types.length === 0) !== (node.anyOf !== undefined), "neither or both of type and anyOf"],
    [node.anyOf !== undefined && !path.endsWith("webpath[]"), "anyOf"],
    [types.includes("array") !== (node.items !== undefined), "array without items"],
    [node.properties !== undefined && !types.includes("object"), "properties without object"],
    [node.format !== undefined && node.format !== "date-time", "unknown format"],
    [node.format !== undefined && !types.includes("string"), "format without string"],
    [
      // Lower case throughout, so that names are distinct for a database that ignores case.
      Object.keys(node.properties ?? {}).some((name) => !/^[a-z][a-z0-9_]*$/.test(name)),
      "property name",
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, fault]) => fault);
}

/** The kinds of column that hold the node's values: `number` holds integers too. */
function columnKinds({ type }: Schema): string[] {
  const kinds = [type ?? []].flat().filter((name) => name !== "null");
  return kinds.includes("number") ? kinds.filter((name) => name !== "integer") : kinds;
}

/** The stream's first row with every property null but the key. */
function withNulls(stream: string): JsonObject {
  const row = ROWS[stream]?.[0] ?? {};
  return Object.fromEntries(
    Object.keys(SCHEMAS[stream]?.properties ?? {}).map((name) => [
      name,
      KEYS[stream]?.includes(name) ? row[name] : null,
    ]),
  );
}

Deno.test({
  name: "schemas/ holds one schema for each stream",
  permissions: "none",
  fn() {
    assertEquals(Object.keys(SCHEMAS).sort(), Object.keys(KEYS));
  },
});

Deno.test({
  name: "schemas/ are valid schemas of drafts 4, 7 and 2020-12",
  permissions: "none",
  fn() {
    const invalid = VALIDATORS.flatMap(([draft, ajv]) =>
      Object.entries(SCHEMAS)
        .filter(([, schema]) => ajv.validateSchema(schema) !== true)
        .map(([stream]) => `draft ${draft}, ${stream}: ${ajv.errorsText()}`)
    );
    assertEquals(invalid, []);
  },
});

Deno.test({
  name: "schemas/ use only what every target reads: a type each, items for arrays, plain names",
  permissions: "none",
  fn() {
    const found = Object.entries(SCHEMAS).flatMap(([stream, schema]) =>
      [...nodes(schema)].flatMap(([path, node]) =>
        faults(path, node).map((fault) => `${stream} ${path}: ${fault}`)
      )
    );
    assertEquals(found, []);
  },
});

Deno.test({
  name: "schemas/ have one storable type a column, however deep a target flattens objects",
  permissions: "none",
  fn() {
    const mixed = Object.entries(SCHEMAS).flatMap(([stream, schema]) =>
      [...nodes(schema)]
        // What lies in an array is part of the array's JSON column.
        .filter(([path]) => !path.includes("[]"))
        .filter(([, node]) => columnKinds(node).length !== 1)
        .map(([path, { type }]) => `${stream} ${path}: ${type}`)
    );
    assertEquals(mixed, []);
  },
});

Deno.test({
  name: "schemas/ describe each property in one line of plain ASCII, which every console shows",
  permissions: "none",
  fn() {
    const undescribed = Object.entries(SCHEMAS).flatMap(([stream, schema]) =>
      [...nodes(schema)]
        .flatMap(([path, { properties }]) =>
          Object.entries(properties ?? {}).map(([name, property]) => ({
            at: path === "" ? name : `${path}.${name}`,
            description: property.description,
          }))
        )
        .filter(({ description }) =>
          typeof description !== "string" || !/^[A-Z][ -~]{3,110}\.$/.test(description)
        )
        .map(({ at }) => `${stream} ${at}`)
    );
    assertEquals(undescribed, []);
  },
});

Deno.test({
  name: "schemas/ have no object without named members, which flattening targets write as null",
  permissions: "none",
  fn() {
    const nameless = Object.entries(SCHEMAS).flatMap(([stream, schema]) =>
      [...nodes(schema)]
        .filter(([, { type }]) => [type].flat().includes("object"))
        .filter(([, { properties }]) => Object.keys(properties ?? {}).length === 0)
        .map(([path]) => `${stream} ${path}`)
    );
    assertEquals(nameless, []);
  },
});

Deno.test({
  name: "schemas/ admit null everywhere but in key properties",
  permissions: "none",
  fn() {
    const nonNull = Object.entries(SCHEMAS).map(([stream, schema]) => [
      stream,
      [...nodes(schema)]
        .filter(([, { type }]) => type !== undefined && ![type].flat().includes("null"))
        .map(([path]) => path).sort(),
    ]);
    assertEquals(Object.fromEntries(nonNull), KEYS);
  },
});

Deno.test({
  name: "schemas/ have every field of the Python tap with its types, bar the intended differences",
  permissions: "none",
  fn() {
    for (const [stream, table] of Object.entries(PYTHON_TYPES)) {
      const expected = { ...byPath(table), ...byPath(INTENDED_DIFFERENCES[stream]) };
      const types = typesOf(SCHEMAS[stream]!);
      const actual = Object.keys(expected).map((path) => [path, types[path]]);
      assertEquals(Object.fromEntries(actual), expected, stream);
    }
  },
});

Deno.test({
  name: "INTENDED_DIFFERENCES names only fields whose types the Python tap has otherwise",
  permissions: "none",
  fn() {
    for (const [stream, table] of Object.entries(INTENDED_DIFFERENCES)) {
      const python = byPath(PYTHON_TYPES[stream]);
      for (const [path, types] of Object.entries(byPath(table))) {
        assertNotEquals(python[path] ?? types, types, `${stream} ${path}`);
      }
    }
  },
});

Deno.test({
  name: "schemas/ declare exactly the fields that whole records have",
  permissions: "none",
  fn() {
    for (const [stream, schema] of Object.entries(SCHEMAS)) {
      const paths = (ROWS[stream] ?? []).flatMap((row) => [...pathsOf(row)]);
      assertEquals([...new Set(paths)].sort(), Object.keys(typesOf(schema)).sort(), stream);
    }
  },
});

Deno.test({
  name: "schemas/ accept whole records, and records that are null but for the key",
  permissions: "none",
  fn() {
    const invalid = Object.keys(SCHEMAS).flatMap((stream) =>
      invalidRows(stream, [...ROWS[stream] ?? [], withNulls(stream)])
    );
    assertEquals(invalid, []);
  },
});

Deno.test({
  name: "schemas/ refuse a record whose key is null",
  permissions: "none",
  fn() {
    for (const [stream, keys] of Object.entries(KEYS)) {
      const rows = keys.map((key) => ({ ...ROWS[stream]?.[0], [key]: null }));
      assertEquals(invalidRows(stream, rows).length, VALIDATORS.length * rows.length, stream);
    }
  },
});
