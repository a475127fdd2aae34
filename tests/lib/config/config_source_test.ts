import { assertEquals, assertThrows } from "@std/assert";
import { readConfigSources } from "../../../lib/config/config_source.ts";
import { InputError } from "../../../lib/errors.ts";

const FILES: Record<string, string> = {
  "a.json": '{"access_token": "t0ken", "extra": 1}',
  "b.json": '{"start_date": "2020-01-01"}',
};
const VARIABLES: Record<string, string> = {
  TAP_ZENDESK_CHAT_SUBDOMAIN: "acme",
  TAP_ZENDESK_CHAT_AGENTS_PAGE_LIMIT: "50",
  TAP_ZENDESK_CHAT_EXTRA: "x",
  // Not settings of the tap, and each known for what it is.
  TAP_ZENDESK_CHAT_LOGLEVEL: "debug",
  TAP_ZENDESK_CHAT_LOGFORMAT: "json",
  TAP_ZENDESK_CHAT__SELECT: '["chats.*"]',
  SUBDOMAIN: "other",
};

function readText(path: string): string {
  const text = FILES[path];
  if (text === undefined) throw new Deno.errors.NotFound(path);
  return text;
}

const env = () => VARIABLES;

const ENVIRONMENT = {
  file: "ENV",
  values: { subdomain: "acme", agents_page_limit: "50", extra: "x" },
};

Deno.test("readConfigSources() keeps the files' order", { permissions: "none" }, () => {
  assertEquals(readConfigSources(["b.json", "a.json"], { readText, env }), [
    { file: "b.json", values: { start_date: "2020-01-01" } },
    { file: "a.json", values: { access_token: "t0ken", extra: 1 } },
  ]);
});

Deno.test("readConfigSources() puts the environment last, once", { permissions: "none" }, () => {
  assertEquals(readConfigSources(["ENV", "b.json", "ENV"], { readText, env }), [
    { file: "b.json", values: { start_date: "2020-01-01" } },
    ENVIRONMENT,
  ]);
});

Deno.test("readConfigSources() leaves the environment alone unless asked", {
  permissions: "none",
}, () => {
  let asked = 0;
  readConfigSources(["a.json"], {
    readText,
    env: () => {
      asked++;
      return {};
    },
  });
  assertEquals(asked, 0);
});

Deno.test("readConfigSources() says which file is missing", { permissions: "none" }, () => {
  const error = assertThrows(
    () => readConfigSources(["a.json", "no.json"], { readText, env }),
    InputError,
  );
  assertEquals(
    error.message,
    'Cannot read config file "no.json": no such file, check the path after -c',
  );
});
