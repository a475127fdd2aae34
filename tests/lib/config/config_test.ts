import { assertEquals, assertNotMatch, assertThrows } from "@std/assert";
import { type Config, resolveConfig } from "../../../lib/config/config.ts";
import type { ConfigSource } from "../../../lib/config/config_source.ts";
import { InputError } from "../../../lib/errors.ts";
import { ExactNumber } from "../../../lib/exact_number.ts";
import type { JsonObject } from "../../../lib/json.ts";
import { VERSION } from "../../../lib/version.ts";

const NOW = Date.UTC(2024, 0, 1);
const TOKEN = "s3cretT0ken";
const REQUIRED = { access_token: TOKEN, start_date: "2020-01-31" };
const VALID = { ...REQUIRED, subdomain: "acme" };

const CLIENT_SETTINGS = { client_id: "harbour", client_secret: " s3cretOfHarbour" };
const CLIENT = {
  id: "harbour",
  secret: "s3cretOfHarbour",
  tokenUrl: "https://acme.zendesk.com/oauth2/chat/token",
};

const RESOLVED: Config = {
  accessToken: TOKEN,
  client: undefined,
  startDateMicros: Date.UTC(2020, 0, 31) * 1000,
  apiRoot: "https://acme.zendesk.com/api/v2/chat",
  endDateMicros: Infinity,
  chatsApi: "search",
  chatsFullSyncDays: undefined,
  chatSearchIntervalDays: undefined,
  emitActivateVersionMessages: false,
  agentsPageLimit: 100,
  bansPageLimit: 100,
  requestsPerMinute: 200,
  requestTimeoutSeconds: 300,
  userAgent: `tap-zendesk-chat/${VERSION}`,
};

const RETIRED = 'No "subdomain" in config file "c.json": the tap asks www.zopim.com, which ' +
  'Zendesk retired in 2025; set it to the "acme" of acme.zendesk.com';

function file(values: JsonObject, name = "c.json"): ConfigSource {
  return { file: name, values };
}

function resolve(...sources: ConfigSource[]): { config: Config; warnings: string[] } {
  return resolveConfig(sources, { now: NOW });
}

function refusal(...sources: ConfigSource[]): string {
  const error = assertThrows(() => resolve(...sources), InputError);
  assertNotMatch(error.message, /s3cret|\n/);
  return error.message;
}

/** What a member of the config file changes in the resolved config. */
const RIGHT: [values: JsonObject, changed: Partial<Config>][] = [
  [{}, {}],
  [{ access_token: `  ${TOKEN}\n` }, {}],
  [CLIENT_SETTINGS, { client: CLIENT }],
  [{ ...CLIENT_SETTINGS, access_token: null }, { accessToken: undefined, client: CLIENT }],
  [{ ...CLIENT_SETTINGS, token_url: "http://127.0.0.1:8080/token/" }, {
    client: { ...CLIENT, tokenUrl: "http://127.0.0.1:8080/token" },
  }],
  [{ start_date: " 01/31/2020 " }, {}],
  [{ start_date: "2020-01-31T02:00:00.5+02:00" }, {
    startDateMicros: Date.UTC(2020, 0, 31) * 1000 + 500_000,
  }],
  [{ subdomain: "https://ACME.zendesk.com/" }, {}],
  [{ base_url: "https://www.zopim.com/api/v2/" }, { apiRoot: "https://www.zopim.com/api/v2" }],
  [{ base_url: "http://127.0.0.1:8080/" }, {
    apiRoot: "http://127.0.0.1:8080",
    requestsPerMinute: 0,
  }],
  [{ base_url: "http://localhost:8080/x", requests_per_minute: 60 }, {
    apiRoot: "http://localhost:8080/x",
    requestsPerMinute: 60,
  }],
  [{ base_url: "" }, {}],
  [{ chats_api: "incremental" }, { chatsApi: "incremental" }],
  [{ chats_api: null }, {}],
  [{ chats_full_sync_days: 7 }, { chatsFullSyncDays: 7 }],
  [{ chats_full_sync_days: "7" }, { chatsFullSyncDays: 7 }],
  [{ chats_full_sync_days: 0 }, {}],
  [{ chats_full_sync_days: false }, {}],
  [{ chats_full_sync_days: "" }, {}],
  [{ chat_search_interval_days: " 14 " }, { chatSearchIntervalDays: 14 }],
  [{ agents_page_limit: 50, bans_page_limit: "1" }, { agentsPageLimit: 50, bansPageLimit: 1 }],
  [{ end_date: "2020-01-31" }, { endDateMicros: Date.UTC(2020, 0, 31) * 1000 }],
  [{ end_date: "2099-01-01T00:00:00.5Z" }, {
    endDateMicros: Date.UTC(2099, 0, 1) * 1000 + 500_000,
  }],
  [{ emit_activate_version_messages: "true" }, { emitActivateVersionMessages: true }],
  [{ requests_per_minute: 0 }, { requestsPerMinute: 0 }],
  [{ request_timeout_seconds: "30" }, { requestTimeoutSeconds: 30 }],
  [{ user_agent: "nightly (ops@example.com)" }, { userAgent: "nightly (ops@example.com)" }],
  [{ user_agent: " " }, {}],
];

const TOKEN_RULE = 'expected the bare token in ASCII, without "Bearer", spaces and control ' +
  "characters";
const DATE_RULE =
  "expected YYYY-MM-DD, an RFC 3339 date-time such as 2020-01-31T00:00:00Z, or MM/DD/YYYY";
const SUBDOMAIN_RULE = 'expected the "acme" of acme.zendesk.com';
const URL_RULE = "expected an https URL on www.zopim.com:443, *.zendesk.com:443, 127.0.0.1, " +
  "[::1], localhost, or http on a loopback address, without user name, query and fragment; " +
  "other gateways need a build with wider permissions (see README)";
const API_RULE = "expected search or incremental";
const BOOLEAN_RULE = "expected true or false";
const PAGE_RULE = "expected a whole number from 1 to 1000";
const HEADER_RULE = "expected text that a header can carry: Latin-1 without control characters";

/** One wrong member in an otherwise valid file, and the end of the error after the key. */
const WRONG: [values: JsonObject, message: string][] = [
  [
    { end_date: "2020-01-30" },
    'current value is "2020-01-30", expected an instant that is not before "start_date"',
  ],
  [{ end_date: "later" }, `current value is "later", ${DATE_RULE}`],
  [{ access_token: 12345 }, `current value is a number, ${TOKEN_RULE}`],
  [{ access_token: true }, `current value is true, ${TOKEN_RULE}`],
  [{ access_token: [TOKEN] }, `current value is an array, ${TOKEN_RULE}`],
  [{ access_token: { token: TOKEN } }, `current value is an object, ${TOKEN_RULE}`],
  [{ access_token: `Bearer ${TOKEN}` }, `current value is a text of 18 characters, ${TOKEN_RULE}`],
  [{ access_token: "s3cret\ntoken" }, `current value is a text of 12 characters, ${TOKEN_RULE}`],
  [{ access_token: "s3crét" }, `current value is a text of 6 characters, ${TOKEN_RULE}`],
  [{ access_token: "s3cret\u0000" }, `current value is a text of 7 characters, ${TOKEN_RULE}`],
  [
    { client_id: "har\tbour" },
    'current value is "har\\tbour", expected the client ID of an API client',
  ],
  [
    { client_secret: "s3cret\u0000" },
    "current value is a text of 7 characters, expected the client secret of an API client",
  ],
  [
    { token_url: "https://evil.example/token" },
    `current value is "https://evil.example/token", ${URL_RULE}`,
  ],
  [{ start_date: "yesterday" }, `current value is "yesterday", ${DATE_RULE}`],
  [{ start_date: "31/31/2020" }, `current value is "31/31/2020", ${DATE_RULE}`],
  [{ start_date: "2020-02-30" }, `current value is "2020-02-30", ${DATE_RULE}`],
  [{ start_date: "02/30/2020" }, `current value is "02/30/2020", ${DATE_RULE}`],
  [{ start_date: "2020-01" }, `current value is "2020-01", ${DATE_RULE}`],
  [{ start_date: "1/31/20" }, `current value is "1/31/20", ${DATE_RULE}`],
  [{ start_date: "2020-01-31T25:00:00Z" }, `current value is "2020-01-31T25:00:00Z", ${DATE_RULE}`],
  [{ start_date: "0000-01-01" }, `current value is "0000-01-01", ${DATE_RULE}`],
  [{ start_date: 1580428800 }, `current value is 1580428800, ${DATE_RULE}`],
  [{ start_date: false }, `current value is false, ${DATE_RULE}`],
  [{ start_date: {} }, `current value is an object, ${DATE_RULE}`],
  [{ start_date: "2020\n01" }, `current value is "2020\\n01", ${DATE_RULE}`],
  [{ start_date: "x".repeat(61) }, `current value is a text of 61 characters, ${DATE_RULE}`],
  [{ subdomain: "ac me" }, `current value is "ac me", ${SUBDOMAIN_RULE}`],
  [{ subdomain: "acme/" }, `current value is "acme/", ${SUBDOMAIN_RULE}`],
  [{ subdomain: "acme.example.com" }, `current value is "acme.example.com", ${SUBDOMAIN_RULE}`],
  [
    { subdomain: "http://acme.zendesk.com" },
    `current value is "http://acme.zendesk.com", ${SUBDOMAIN_RULE}`,
  ],
  [
    { subdomain: "acme.zendesk.com:443" },
    `current value is "acme.zendesk.com:443", ${SUBDOMAIN_RULE}`,
  ],
  [
    { subdomain: "https://me:s3cret@acme.zendesk.com" },
    `current value is a text of 34 characters, ${SUBDOMAIN_RULE}`,
  ],
  [{ subdomain: 7 }, `current value is 7, ${SUBDOMAIN_RULE}`],
  [{ subdomain: ["acme"] }, `current value is an array, ${SUBDOMAIN_RULE}`],
  [{ base_url: "acme.zendesk.com" }, `current value is "acme.zendesk.com", ${URL_RULE}`],
  [
    { base_url: "https://gateway.example/chat" },
    `current value is "https://gateway.example/chat", ${URL_RULE}`,
  ],
  [
    { base_url: "http://acme.zendesk.com/api" },
    `current value is "http://acme.zendesk.com/api", ${URL_RULE}`,
  ],
  [
    { base_url: "https://acme.zendesk.com:8443" },
    `current value is "https://acme.zendesk.com:8443", ${URL_RULE}`,
  ],
  [{ base_url: "ftp://127.0.0.1/" }, `current value is "ftp://127.0.0.1/", ${URL_RULE}`],
  [
    { base_url: "https://me:s3cret@acme.zendesk.com/" },
    `current value is a text of 35 characters, ${URL_RULE}`,
  ],
  [
    { base_url: "https://acme.zendesk.com/?access_token=s3cret" },
    `current value is a text of 45 characters, ${URL_RULE}`,
  ],
  [{ base_url: 8080 }, `current value is 8080, ${URL_RULE}`],
  [{ chats_api: "Search" }, `current value is "Search", ${API_RULE}`],
  [{ chats_api: "export" }, `current value is "export", ${API_RULE}`],
  [{ chats_api: true }, `current value is true, ${API_RULE}`],
  [
    { chats_full_sync_days: -1 },
    "current value is -1, expected a whole number from 0 to 36500, or false",
  ],
  [
    { chats_full_sync_days: 1.5 },
    "current value is 1.5, expected a whole number from 0 to 36500, or false",
  ],
  [
    { chats_full_sync_days: "weekly" },
    'current value is "weekly", expected a whole number from 0 to 36500, or false',
  ],
  [
    { chats_full_sync_days: 40000 },
    "current value is 40000, expected a whole number from 0 to 36500, or false",
  ],
  [{ chat_search_interval_days: 0 }, "current value is 0, expected a whole number from 1 to 36500"],
  [
    { chat_search_interval_days: "14 days" },
    'current value is "14 days", expected a whole number from 1 to 36500',
  ],
  [{ agents_page_limit: 0 }, `current value is 0, ${PAGE_RULE}`],
  [{ agents_page_limit: 1001 }, `current value is 1001, ${PAGE_RULE}`],
  [{ agents_page_limit: false }, `current value is false, ${PAGE_RULE}`],
  [{ agents_page_limit: [] }, `current value is an array, ${PAGE_RULE}`],
  [{ bans_page_limit: "1e2" }, `current value is "1e2", ${PAGE_RULE}`],
  [{ bans_page_limit: "-5" }, `current value is "-5", ${PAGE_RULE}`],
  [{ requests_per_minute: -1 }, "current value is -1, expected a whole number from 0 to 100000"],
  [
    { requests_per_minute: new ExactNumber("12345678901234567890") },
    "current value is 12345678901234567890, expected a whole number from 0 to 100000",
  ],
  [
    { requests_per_minute: "fast" },
    'current value is "fast", expected a whole number from 0 to 100000',
  ],
  [{ request_timeout_seconds: 0 }, "current value is 0, expected a whole number from 1 to 86400"],
  [
    { request_timeout_seconds: 0.5 },
    "current value is 0.5, expected a whole number from 1 to 86400",
  ],
  [
    { request_timeout_seconds: 1e21 },
    "current value is 1e+21, expected a whole number from 1 to 86400",
  ],
  [{ emit_activate_version_messages: "on" }, `current value is "on", ${BOOLEAN_RULE}`],
  [{ user_agent: "tap\r\nX-Other: 1" }, `current value is "tap\\r\\nX-Other: 1", ${HEADER_RULE}`],
  [{ user_agent: "tap 日本" }, `current value is "tap 日本", ${HEADER_RULE}`],
  [{ user_agent: 7 }, `current value is 7, ${HEADER_RULE}`],
];

const MISSING: [values: JsonObject, message: string][] = [
  [{}, 'settings are missing, add "access_token" and "start_date"'],
  [{ start_date: "2020-01-01" }, 'setting is missing, add "access_token"'],
  [
    { start_date: "2020-01-01", client_id: "harbour" },
    'setting is missing, add "client_secret"',
  ],
  [
    { start_date: "2020-01-01", client_id: "", client_secret: "s3cret" },
    'setting is missing, add "client_id" (it is empty)',
  ],
  [{ access_token: TOKEN }, 'setting is missing, add "start_date"'],
  [{ ...VALID, access_token: "" }, 'setting is missing, add "access_token" (it is empty)'],
  [{ ...VALID, access_token: " \t" }, 'setting is missing, add "access_token" (it is empty)'],
  [{ ...VALID, start_date: null }, 'setting is missing, add "start_date" (it is null)'],
  [
    { accessToken: TOKEN, start_date: "" },
    'settings are missing, add "access_token" (found "accessToken") and "start_date" (it is empty)',
  ],
  [
    { access_token: TOKEN, startdate: "x" },
    'setting is missing, add "start_date" (found "startdate")',
  ],
];

for (const [values, changed] of RIGHT) {
  Deno.test(`resolveConfig() takes ${JSON.stringify(values)}`, { permissions: "none" }, () => {
    assertEquals(resolve(file({ ...VALID, ...values })), {
      config: { ...RESOLVED, ...changed },
      warnings: [],
    });
  });
}

for (const [values, message] of WRONG) {
  const [key] = Object.keys(values);
  Deno.test(`resolveConfig() refuses ${JSON.stringify(values)}`, { permissions: "none" }, () => {
    assertEquals(
      refusal(file({ ...VALID, ...values })),
      `Cannot use config file "c.json": "${key}" is not valid: ${message}`,
    );
  });
}

for (const [values, message] of MISSING) {
  Deno.test(`resolveConfig() misses a value in ${JSON.stringify(values)}`, {
    permissions: "none",
  }, () => {
    assertEquals(refusal(file(values)), `Cannot use config file "c.json": required ${message}`);
  });
}

Deno.test("resolveConfig() lets later sources win key by key", { permissions: "none" }, () => {
  const { config, warnings } = resolve(
    file({ ...VALID, agents_page_limit: 10, bans_page_limit: 10, user_agent: "a" }, "a.json"),
    file({ agents_page_limit: 20, bans_page_limit: null, user_agent: "" }, "b.json"),
    file({ agents_page_limit: "30", subdomain: undefined }, "ENV"),
  );
  assertEquals([config, warnings], [
    { ...RESOLVED, agentsPageLimit: 30, bansPageLimit: 10, userAgent: "a" },
    [],
  ]);
});

Deno.test("resolveConfig() names the source that a wrong value is from", {
  permissions: "none",
}, () => {
  const wrong = { agents_page_limit: 0 };
  assertEquals(
    refusal(file(VALID, "a.json"), file(wrong, "b.json"), file({}, "ENV")),
    'Cannot use config file "b.json": "agents_page_limit" is not valid: current value is 0, ' +
      PAGE_RULE,
  );
  assertEquals(
    refusal(file(VALID), file({ agents_page_limit: "0" }, "ENV")),
    "Cannot use the environment: TAP_ZENDESK_CHAT_AGENTS_PAGE_LIMIT is not valid: current value " +
      `is "0", ${PAGE_RULE}`,
  );
  assertEquals(
    refusal(file({ access_token: "s3cret token", start_date: "2020-01-01" }, "ENV")),
    "Cannot use the environment: TAP_ZENDESK_CHAT_ACCESS_TOKEN is not valid: current value is " +
      `a text of 12 characters, ${TOKEN_RULE}`,
  );
});

Deno.test("resolveConfig() does not judge a value that a later source replaces", {
  permissions: "none",
}, () => {
  const { config } = resolve(file({ ...VALID, start_date: "soon" }), file(REQUIRED, "d.json"));
  assertEquals(config, RESOLVED);
});

Deno.test("resolveConfig() names every source when a required value is missing", {
  permissions: "none",
}, () => {
  assertEquals(
    refusal(file({ access_token: TOKEN }, "a.json"), file({}, "b.json")),
    'Cannot use config file "a.json" and config file "b.json": required setting is missing, add ' +
      '"start_date"',
  );
  assertEquals(
    refusal(file({ access_token: TOKEN }), file({ start_date: "" }, "ENV")),
    'Cannot use config file "c.json" and the environment: required setting is missing, add ' +
      '"start_date" (it is empty)',
  );
  assertEquals(
    refusal(file({ access_token: undefined }, "ENV")),
    "Cannot use the environment: required settings are missing, add " +
      "TAP_ZENDESK_CHAT_ACCESS_TOKEN and TAP_ZENDESK_CHAT_START_DATE",
  );
});

Deno.test("resolveConfig() warns of the retired host", { permissions: "none" }, () => {
  assertEquals(resolve(file(REQUIRED)), {
    config: { ...RESOLVED, apiRoot: "https://www.zopim.com/api/v2" },
    warnings: [RETIRED],
  });
  assertEquals(resolve(file({ ...REQUIRED, subdomain: "" })).warnings, [RETIRED]);
  assertEquals(
    resolve(file({ ...REQUIRED, base_url: "https://www.zopim.com/api/v2" })).warnings,
    [],
  );
  assertEquals(resolve(file(REQUIRED, "ENV")).warnings, [
    "No TAP_ZENDESK_CHAT_SUBDOMAIN in the environment: the tap asks www.zopim.com, which Zendesk " +
    'retired in 2025; set it to the "acme" of acme.zendesk.com',
  ]);
});

Deno.test("resolveConfig() warns of a start date in the future", { permissions: "none" }, () => {
  const startDates = ["2024-01-01", "2024-01-01T00:00:00.000001Z", "12/31/2999"];
  assertEquals(
    startDates.map((start_date) => resolve(file({ ...VALID, start_date })).warnings),
    [
      [],
      [
        '"start_date" in config file "c.json" is in the future: current value is ' +
        '"2024-01-01T00:00:00.000001Z", streams that go by date read nothing; correct it if that is not meant',
      ],
      [
        '"start_date" in config file "c.json" is in the future: current value is "12/31/2999", ' +
        "streams that go by date read nothing; correct it if that is not meant",
      ],
    ],
  );
});

Deno.test("resolveConfig() warns of a text that is 0 days to one tap and every run to the other", {
  permissions: "none",
}, () => {
  for (const text of ["0", "00"]) {
    assertEquals(resolve(file({ ...VALID, chats_full_sync_days: text })), {
      config: RESOLVED,
      warnings: [
        `"chats_full_sync_days" in config file "c.json" is the text "${text}", with which the ` +
        "Python tap reads all chats again in each run: here it is never; write 0 if that is " +
        "meant, else 1 for each day",
      ],
    });
  }
  // The environment holds nothing but texts, and the Python tap does not read it.
  const { warnings } = resolve(file(VALID), file({ chats_full_sync_days: "0" }, "ENV"));
  assertEquals(warnings, []);
});

Deno.test("resolveConfig() warns of unknown keys in every file", { permissions: "none" }, () => {
  const { config, warnings } = resolve(
    file({ ...VALID, refresh_token: "s3cret", agent_page_limit: 5, constructor: 1 }, "a.json"),
    file({ stream_maps: {}, "user-agent": "x" }, "b.json"),
  );
  assertEquals([config, warnings], [RESOLVED, [
    'Ignored in config file "a.json": "refresh_token" is not a setting: remove it, --about lists the settings',
    'Ignored in config file "a.json": "agent_page_limit" is not a setting, did you mean ' +
    '"agents_page_limit"?',
    'Ignored in config file "a.json": "constructor" is not a setting: remove it, --about lists the settings',
    'Ignored in config file "b.json": "stream_maps" is not a setting: remove it, --about lists the settings',
    'Ignored in config file "b.json": "user-agent" is not a setting, did you mean "user_agent"?',
  ]]);
});

Deno.test("resolveConfig() asks where a client's account is", { permissions: "none" }, () => {
  const values = { ...CLIENT_SETTINGS, ...REQUIRED, base_url: "http://127.0.0.1:8080" };
  assertEquals(
    refusal(file(values)),
    'Cannot use config file "c.json": "client_id" gets its tokens from the account\'s own host, add ' +
      '"subdomain" or "token_url"',
  );
});

Deno.test("resolveConfig() says that half a client is of no use", { permissions: "none" }, () => {
  const halves: [values: JsonObject, there: string, lacking: string][] = [
    [{ client_id: "harbour" }, "client_id", "client_secret"],
    [{ client_secret: "s3cret" }, "client_secret", "client_id"],
  ];
  for (const [values, there, lacking] of halves) {
    assertEquals(resolve(file({ ...VALID, ...values })), {
      config: RESOLVED,
      warnings: [
        `Ignored in config file "c.json": "${there}" is of no use without "${lacking}", add that too`,
      ],
    });
  }
});
