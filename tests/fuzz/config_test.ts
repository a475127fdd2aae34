/** Whatever config files hold, they are refused with an `InputError` or make a config that holds. */

import { assertEquals, assertLessOrEqual } from "@std/assert";
import { type Config, resolveConfig } from "../../lib/config/config.ts";
import { type ConfigSource, readConfigSources } from "../../lib/config/config_source.ts";
import { SETTING_NAMES } from "../../lib/config/settings.ts";
import { InputError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { type Draw, drawFor } from "../fakes/sample_account/random.ts";
import { drawJson, drawMistyped, drawObject, type Vocabulary } from "./draw_json.ts";

const NOW = Date.parse("2026-01-15T12:00:00Z");
const TOKEN = "Zx9s3cretKq7vB2mW4nL8pQ5";

const VOCABULARY: Vocabulary = {
  names: [...SETTING_NAMES, "acces_token", "startDate", "sandbox"],
  values: [
    "Bearer another-token",
    "2026-01-01",
    "01/31/2024",
    "2026-02-30",
    "acme",
    "acme.zendesk.com",
    "https://acme.zendesk.com/chat",
    "https://acme.zendesk.com.evil.example/",
    "https://user:pass@acme.zendesk.com/",
    "http://127.0.0.1:8080/api/v2/chat/",
    "http://[::1]/",
    "ftp://localhost/",
    "search",
    "incremental",
    "14",
    "-1",
    "1e3",
    0,
    1,
    100,
    1_000_000,
  ],
};

/** A config that is nearly right. */
function drawConfig(draw: Draw): JsonObject {
  const config: JsonObject = {
    access_token: TOKEN,
    start_date: draw.one(["2026-01-01", "2026-01-01T10:00:00+02:00", "01/31/2024"]),
    client_id: draw.one([null, "harbour"]),
    client_secret: draw.one([null, "harbour-secret-51"]),
    token_url: draw.one([null, "https://acme.zendesk.com/oauth2/chat/token"]),
    subdomain: "acme",
    base_url: draw.one([null, "http://localhost:8080/", "https://acme.zendesk.com/api/v2/chat"]),
    chats_api: draw.one(["search", "incremental"]),
    chats_full_sync_days: draw.one([null, "14", 0, 7]),
    agents_page_limit: draw.one(["100", 1, 1_000]),
    requests_per_minute: draw.one([undefined, 0, "200"]),
  };
  for (const name of Object.keys(config)) {
    if (draw.happens(0.15)) delete config[name];
    else if (draw.happens(0.1)) config[name] = drawJson(draw, VOCABULARY, 2);
  }
  return config;
}

/** Whether sources make a config, which is then checked; else the refusal is. */
function isTaken(make: () => ConfigSource[], what: string): boolean {
  let resolved: ReturnType<typeof resolveConfig>;
  try {
    resolved = resolveConfig(make(), { now: NOW });
  } catch (error) {
    assertEquals(error instanceof InputError, true, `${what}: ${error}`);
    const { message } = error as InputError;
    assertEquals(message.includes(TOKEN.slice(0, 8)), false, message);
    assertEquals(message.includes('"config.json"'), true, message);
    assertLessOrEqual(message.length, 1_000, message);
    return false;
  }
  const { config, warnings } = resolved;
  assertEquals(warnings.filter((warning) => warning.includes(TOKEN)), [], what);
  assertSound(config, what);
  return true;
}

function assertSound(config: Config, what: string): void {
  const { accessToken, apiRoot, client, startDateMicros, userAgent } = config;
  assertEquals(accessToken === undefined || /^[!-~]+$/.test(accessToken), true, what);
  assertEquals((accessToken ?? client) !== undefined, true, what);
  assertEquals(Number.isSafeInteger(startDateMicros), true, what);
  assertEquals(new Headers({ "user-agent": userAgent }).has("user-agent"), true, what);

  const { protocol, hostname, username, search } = new URL(apiRoot);
  const isLoopback = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(hostname);
  const isZendesk = hostname.endsWith(".zendesk.com") || hostname === "www.zopim.com";
  assertEquals(isLoopback || (isZendesk && protocol === "https:"), true, what);
  assertEquals([username, search, apiRoot.endsWith("/")], ["", "", false], what);

  const bounds: [number | undefined, number, number][] = [
    [config.chatsFullSyncDays, 1, 36_500],
    [config.chatSearchIntervalDays, 1, 36_500],
    [config.agentsPageLimit, 1, 1_000],
    [config.bansPageLimit, 1, 1_000],
    [config.requestsPerMinute, 0, 100_000],
    [config.requestTimeoutSeconds, 1, 86_400],
  ];
  for (const [value = 1, least, most] of bounds) {
    assertEquals(Number.isInteger(value) && value >= least && value <= most, true, what);
  }
}

Deno.test("resolveConfig() makes a sound config of any values, or refuses them", {
  permissions: "none",
}, () => {
  let taken = 0;
  const seeds = 4_000;
  for (let seed = 0; seed < seeds; seed++) {
    const draw = drawFor(seed);
    const values = draw.happens(0.8) ? drawConfig(draw) : drawObject(draw, VOCABULARY);
    const what = `seed ${seed}: ${JSON.stringify(values)}`;
    const sources = [{ file: "config.json", values }];
    if (draw.happens(0.3)) sources.push({ file: "config.json", values: drawConfig(draw) });
    if (isTaken(() => sources, what)) taken++;
  }
  assertEquals(taken > seeds / 10 && taken < seeds * 0.9, true, `${taken} taken`);
});

Deno.test("readConfigSources() reads any text, or refuses it and quotes nothing of it", {
  permissions: "none",
}, () => {
  for (let seed = 0; seed < 2_000; seed++) {
    const draw = drawFor(seed);
    const text = drawMistyped(draw, JSON.stringify(drawConfig(draw)));
    const read = { readText: () => text, env: () => ({}) };
    isTaken(() => readConfigSources(["config.json"], read), `seed ${seed}: ${text}`);
  }
});
