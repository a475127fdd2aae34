import { assertEquals } from "@std/assert";
import type { Json } from "../../../lib/json.ts";
import {
  environmentVariable,
  SETTING_NAMES,
  SETTING_ROWS,
  type SettingName,
  SETTINGS,
} from "../../../lib/config/settings.ts";

const JANUARY = Date.UTC(2020, 0, 31) * 1000;

const START_DATES: [value: Json, micros: number | undefined][] = [
  ["2020-01-31", JANUARY],
  ["01/31/2020", JANUARY],
  ["2020-01-31T00:00:00Z", JANUARY],
  ["2020-01-31t00:00:00z", JANUARY],
  ["2020-01-31T00:00:00", JANUARY],
  ["2020-01-31 00:00:00", JANUARY],
  ["2020-01-31T00:00", JANUARY],
  ["2020-01-31T02:00:00+02:00", JANUARY],
  ["2020-01-30T19:00:00.000-05:00", JANUARY],
  ["2020-01-31T00:00:00.000001Z", JANUARY + 1],
  ["2020-01-31T12:34:56.789", JANUARY + 45296789000],
  ["1969-12-31T23:59:59Z", -1e6],
  ["2020-02-29", Date.UTC(2020, 1, 29) * 1000],
  ["2019-02-29", undefined],
  ["2020-13-01", undefined],
  ["1/31/2020", JANUARY],
  ["31/1/2020", JANUARY],
  ["2020-1-31", JANUARY],
  ["20200131", JANUARY],
  ["2020-01-31T02:00:00+0200", JANUARY],
  ["2020-01-31T00:00:00 UTC", JANUARY],
  ["31 January 2020", JANUARY],
  ["31/31/2020", undefined],
  ["1/31/20", undefined],
  ["2020", undefined],
  ["2020-01", undefined],
  ["2020-01-31T25:00:00Z", undefined],
  ["2020-01-31 to 2020-02-01", undefined],
  ["yesterday", undefined],
  [1580428800, undefined],
  [true, undefined],
  [{}, undefined],
];

const INTEGERS: [name: SettingName, value: Json, parsed: number | undefined][] = [
  ["agents_page_limit", 1, 1],
  ["agents_page_limit", "1000", 1000],
  ["agents_page_limit", "0050", 50],
  ["agents_page_limit", 0, undefined],
  ["agents_page_limit", 1001, undefined],
  ["bans_page_limit", 1000, 1000],
  ["bans_page_limit", "1e2", undefined],
  ["bans_page_limit", "0x10", undefined],
  ["bans_page_limit", [100], undefined],
  ["chats_full_sync_days", 0, 0],
  ["chats_full_sync_days", 36500, 36500],
  ["chats_full_sync_days", 36501, undefined],
  ["chats_full_sync_days", -1, undefined],
  ["chat_search_interval_days", "14", 14],
  ["chat_search_interval_days", 0, undefined],
  ["chat_search_interval_days", 1.5, undefined],
  ["chat_search_interval_days", "1.5", undefined],
  ["requests_per_minute", 0, 0],
  ["requests_per_minute", 100_000, 100_000],
  ["requests_per_minute", "-5", undefined],
  ["request_timeout_seconds", 1, 1],
  ["request_timeout_seconds", 86_400, 86_400],
  ["request_timeout_seconds", 0, undefined],
  ["request_timeout_seconds", true, undefined],
  ["request_timeout_seconds", 1e300, undefined],
];

Deno.test("SETTINGS.start_date takes whole dates in any form", { permissions: "none" }, () => {
  const parsed = START_DATES.map(([value]) => [value, SETTINGS.start_date.parse(value)]);
  assertEquals(parsed, START_DATES);
});

Deno.test("SETTINGS take whole numbers in their range, also as text", {
  permissions: "none",
}, () => {
  assertEquals(
    INTEGERS.map(([name, value]) => [name, value, SETTINGS[name].parse(value)]),
    INTEGERS,
  );
});

Deno.test("SETTINGS.chats_full_sync_days takes false for 0", { permissions: "none" }, () => {
  const { parse } = SETTINGS.chats_full_sync_days;
  const cases: [value: Json, parsed: number | undefined][] = [
    [false, 0],
    ["false", 0],
    ["0", 0],
    [true, undefined],
    ["true", undefined],
  ];
  assertEquals(cases.map(([value]) => [value, parse(value)]), cases);
});

Deno.test("SETTINGS take booleans as they are and as texts", { permissions: "none" }, () => {
  const { parse } = SETTINGS.emit_activate_version_messages;
  const cases: [value: Json, parsed: boolean | undefined][] = [
    [true, true],
    [false, false],
    ["true", true],
    ["False", false],
    ["yes", undefined],
    [1, undefined],
    [[true], undefined],
  ];
  assertEquals(cases.map(([value]) => [value, parse(value)]), cases);
});

Deno.test("SETTINGS take their own defaults", { permissions: "none" }, () => {
  const defaults = SETTING_ROWS.filter(([, setting]) => setting.default !== undefined);
  assertEquals(
    defaults.map(([name, { parse, default: value }]) => [name, parse(value!)]),
    [
      ["chats_api", "search"],
      ["emit_activate_version_messages", false],
      ["agents_page_limit", 100],
      ["bans_page_limit", 100],
      ["requests_per_minute", 200],
      ["request_timeout_seconds", 300],
      ["user_agent", SETTINGS.user_agent.default],
    ],
  );
});

Deno.test("SETTINGS hide token and client secret and nothing else", { permissions: "none" }, () => {
  const secret = SETTING_ROWS.filter(([, setting]) => setting.secret).map(([name]) => name);
  assertEquals(secret, ["access_token", "client_secret"]);
});

Deno.test("environmentVariable() names settings as Meltano does", { permissions: "none" }, () => {
  assertEquals(SETTING_NAMES.map(environmentVariable).slice(0, 3), [
    "TAP_ZENDESK_CHAT_ACCESS_TOKEN",
    "TAP_ZENDESK_CHAT_CLIENT_ID",
    "TAP_ZENDESK_CHAT_CLIENT_SECRET",
  ]);
});
