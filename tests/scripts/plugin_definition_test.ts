/**
 * Holds the definitions for Meltano to the table of settings, and to what others take: the fields are
 * those of Meltano Hub's schemas (`schemas/plugin_definitions/` there) and of Meltano's plugin definition
 * syntax, the form that of the Hub's yamllint.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "@std/yaml/parse";
import { CAPABILITIES } from "../../lib/cli/about.ts";
import { resolveConfig } from "../../lib/config/config.ts";
import { SETTING_ROWS } from "../../lib/config/settings.ts";
import type { JsonObject } from "../../lib/json.ts";
import { memberSchema, type Schema } from "../../lib/singer/schema.ts";
import { hubYaml, projectYaml } from "../../scripts/plugin_definition.ts";
import { STREAMS } from "../../streams/mod.ts";

/** A setting in a plugin definition. */
interface PluginSetting {
  name: string;
  kind: string;
  value?: unknown;
  sensitive?: boolean;
  options?: { label: string; value: string }[];
  [field: string]: unknown;
}

interface PluginDefinition {
  capabilities: string[];
  settings: PluginSetting[];
  settings_group_validation: string[][];
  [field: string]: unknown;
}

interface MeltanoExtractor extends PluginDefinition {
  config: JsonObject;
  select: string[];
}

interface MeltanoProject {
  default_environment: string;
  environments: { name: string }[];
  plugins: { extractors: MeltanoExtractor[]; loaders: JsonObject[] };
  [field: string]: unknown;
}

const HUB_REQUIRED = ["name", "namespace", "variant", "quality", "repo", "label", "pip_url"];
const HUB_FIELDS = [
  ...HUB_REQUIRED,
  ...["description", "executable", "settings", "docs", "logo_url", "hidden", "python", "commands"],
  ...["settings_group_validation", "capabilities", "metadata", "schema", "select", "keywords"],
  ...["maintenance_status", "domain_url", "requires", "definition", "next_steps", "usage"],
  ...["settings_preamble", "prereq", "supported_python_versions", "log_parser"],
];
const SETTING_FIELDS = [
  ...["name", "aliases", "label", "value", "placeholder", "kind", "description", "tooltip", "docs"],
  ...["documentation", "env", "value_processor", "value_post_processor", "oauth", "options"],
  ...["hidden", "sensitive"],
];
const SETTING_KINDS = [
  ...["oauth", "hidden", "password", "date_iso8601", "file", "email", "integer", "options"],
  ...["object", "array", "boolean", "string", "decimal"],
];
const HUB_CAPABILITIES = [
  ...["properties", "catalog", "discover", "state", "about", "stream-maps", "schema-flattening"],
  ...["activate-version", "batch", "test", "log-based", "structured-logging"],
];
const EXTRACTOR_FIELDS = [
  ...["name", "namespace", "pip_url", "executable", "capabilities", "commands", "settings"],
  ...["settings_group_validation", "config", "select"],
];

/** A value for each setting that a group may name. */
const SAMPLES: JsonObject = {
  access_token: "a-token-of-a-chat-client",
  client_id: "a-chat-client",
  client_secret: "the-secret-of-that-client",
  start_date: "2024-01-01",
  subdomain: "acme",
};

const HUB = parse(hubYaml()) as PluginDefinition;
const PROJECT = parse(projectYaml()) as MeltanoProject;
const [EXTRACTOR] = PROJECT.plugins.extractors as [MeltanoExtractor];

/** The names in `fields` that are not among those allowed. */
function others(fields: object, allowed: readonly string[]): string[] {
  return Object.keys(fields).filter((field) => !allowed.includes(field));
}

/** What a config with these values is warned about; throws if it is refused. */
function warningsOf(values: JsonObject): string[] {
  return resolveConfig([{ file: "example", values }], { now: Date.parse("2026-01-15") }).warnings;
}

/** Whether the tap takes these values without a word. */
function isAccepted(values: JsonObject): boolean {
  try {
    return warningsOf(values).length === 0;
  } catch {
    return false;
  }
}

/** Keys of maps that stand before one that should come first, anywhere below. */
function unsortedKeys(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(unsortedKeys);
  if (typeof value !== "object" || value === null) return [];
  const keys = Object.keys(value);
  const sorted = keys.toSorted();
  return [
    ...keys.filter((key, index) => key !== sorted[index]),
    ...Object.values(value).flatMap(unsortedKeys),
  ];
}

for (
  const [file, text] of [["hub.yml", hubYaml()], ["meltano.yml", projectYaml()]] as const
) {
  Deno.test(`${file} is what \`deno task definitions\` prints`, async () => {
    const path = new URL(`../../docs/meltano/${file}`, import.meta.url);
    assertEquals(await Deno.readTextFile(path), text);
  });
}

for (const [file, definition] of [["hub.yml", HUB], ["meltano.yml", EXTRACTOR]] as const) {
  Deno.test(`${file} has every setting with its kind, default, choices and secrecy`, {
    permissions: "none",
  }, () => {
    const { settings } = definition;
    assertEquals(
      settings.map(({ name, value, sensitive, options }) => ({ name, value, sensitive, options })),
      SETTING_ROWS.map(([name, { secret, choices, ...setting }]) => ({
        name,
        value: name === "user_agent" ? undefined : setting.default,
        sensitive: secret || undefined,
        options: choices?.map((value) => ({
          label: value[0]!.toUpperCase() + value.slice(1),
          value,
        })),
      })),
    );
    assertEquals(settings.flatMap((setting) => others(setting, SETTING_FIELDS)), []);
    assertEquals(settings.filter(({ kind }) => !SETTING_KINDS.includes(kind)), []);
    assertEquals(
      settings.filter(({ kind, options }) => (kind === "options") !== (options !== undefined)),
      [],
    );
    assertEquals(
      Object.fromEntries(settings.map(({ name, label }) => [name, label])).chats_api,
      "Chats API",
    );
  });

  Deno.test(`${file} installs the wheel, and hands login on to the tap`, {
    permissions: "none",
  }, () => {
    const { name, namespace, pip_url, executable, commands, capabilities } = definition;
    assertEquals({ name, namespace, pip_url, executable, commands, capabilities }, {
      name: "tap-zendesk-chat",
      namespace: "tap_zendesk_chat",
      pip_url: "tap-zendesk-chat-deno",
      executable: "tap-zendesk-chat",
      commands: { login: "login" },
      capabilities: CAPABILITIES.toSorted(),
    });
    assertEquals(others(Object.groupBy(capabilities, String), HUB_CAPABILITIES), []);
  });

  Deno.test(`${file} has groups of settings that suffice, with none too many`, {
    permissions: "none",
  }, () => {
    assert(definition.settings_group_validation.length > 0);
    for (const names of definition.settings_group_validation) {
      const values = Object.fromEntries(names.map((name) => [name, SAMPLES[name]!]));
      assertEquals(warningsOf(values), []);
      for (const name of names) {
        const { [name]: _, ...without } = values;
        assert(!isAccepted(without), `not needed in ${names.join()}: ${name}`);
      }
    }
  });
}

Deno.test("hub.yml has what Meltano Hub requires, and nothing that it does not know", {
  permissions: "none",
}, () => {
  assertEquals(others(HUB, HUB_FIELDS), []);
  assertEquals(HUB_REQUIRED.filter((field) => typeof HUB[field] !== "string"), []);
  assertEquals([HUB.quality, HUB.maintenance_status], ["unknown", "active"]);
  // Its list of maintainers is keyed by owners in lower case.
  assertEquals(`${HUB.repo}`.split("/").at(-2), HUB.variant);
  assertMatch(`${HUB.variant}`, /^[a-z0-9-]+$/);
  const versions = HUB.supported_python_versions as string[];
  for (const version of versions) assertMatch(version, /^3\.\d+$/);
});

Deno.test("hub.yml has the form that Meltano Hub's lint wants", { permissions: "none" }, () => {
  assertEquals(unsortedKeys(HUB), []);
  assertEquals(hubYaml().match(/^[^'"#]*[[{]/m), null, "a list or map in one line");
  assertEquals(hubYaml().match(/^ +- name/m), null, "a list that is indented");
});

Deno.test("meltano.yml is a project that runs the tap with settings that it takes", {
  permissions: "none",
}, () => {
  const { plugins, environments, default_environment, ...more } = PROJECT;
  // `version: 1` is warned about at every command.
  assertEquals([more, plugins.extractors.length, environments], [{}, 1, [{
    name: default_environment,
  }]]);
  assertEquals(others(EXTRACTOR, EXTRACTOR_FIELDS), []);
  assertEquals(warningsOf({ ...EXTRACTOR.config, access_token: SAMPLES.access_token! }), []);
  assertEquals(plugins.loaders.map(({ name, namespace }) => [name, namespace]), [
    ["target-jsonl", "target_jsonl"],
  ]);
});

Deno.test("meltano.yml selects streams and fields that exist", { permissions: "none" }, () => {
  const unknown = EXTRACTOR.select.filter((rule) => {
    const [name, ...fields] = rule.replace(/^!/, "").split(".");
    let schema: Schema | undefined = STREAMS.find(({ tapStreamId }) => tapStreamId === name)
      ?.schema;
    for (const field of fields) {
      if (schema === undefined || field === "*") break;
      schema = memberSchema(schema, field);
    }
    return schema === undefined;
  });
  assertEquals(unknown, []);
});
