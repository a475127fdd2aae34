/**
 * The tap as Meltano knows plugins: the definition for Meltano Hub and a whole project, both printed
 * from the table of settings. What no table can know, such as keywords, stands here.
 */

import { stringify } from "yaml";
import { CAPABILITIES } from "../lib/cli/about.ts";
import { type Setting, SETTING_ROWS, type SettingName } from "../lib/config/settings.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { NAME } from "../lib/version.ts";
import { DISTRIBUTION, REPOSITORY } from "./release_plan.ts";

const KINDS: Record<Setting["kind"], string> = {
  string: "string",
  date: "date_iso8601",
  integer: "integer",
  boolean: "boolean",
  choice: "options",
  url: "string",
};
const ACRONYMS = new Set(["api", "id", "url"]);

/**
 * `docs/meltano/hub.yml`, in the form of Meltano Hub's `_data/meltano/extractors/`: its lint wants
 * sorted keys, blocks, and lists that begin where their key does.
 */
export function hubYaml(): string {
  const definition = {
    ...pluginDefinition(),
    description: "Chats, agents and what is around them from Zendesk Chat (live chat)",
    docs: `${REPOSITORY}/blob/main/docs/runners.md`,
    domain_url: "https://developer.zendesk.com/api-reference/live-chat/introduction/",
    keywords: ["api", "chat", "customer support"],
    label: "Zendesk Chat",
    log_parser: "singer-sdk",
    logo_url: "/assets/logos/extractors/zendesk-chat.png",
    maintenance_status: "active",
    // Others rate it.
    quality: "unknown",
    repo: REPOSITORY,
    supported_python_versions: ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"],
    // A variant is named after the owner of its repository.
    variant: new URL(REPOSITORY).pathname.split("/")[1]!,
  };
  return yaml(definition, { sortKeys: true });
}

/** `docs/meltano/meltano.yml`: a project that needs nothing but a token to run. */
export function projectYaml(): string {
  const extractor = {
    ...pluginDefinition(),
    config: { subdomain: "acme", start_date: "2024-01-01", chats_api: "incremental" },
    select: ["chats.*", "agents.*", "departments.*", "!chats.visitor.notes"],
  };
  // With a namespace of its own, the target's definition need not be asked of the Hub.
  const loader = {
    name: "target-jsonl",
    namespace: "target_jsonl",
    pip_url: "target-jsonl",
    config: { destination_path: ".", do_timestamp_file: false },
  };
  const project = {
    default_environment: "prod",
    environments: [{ name: "prod" }],
    plugins: { extractors: [extractor], loaders: [loader] },
  };
  return yaml(project, { sortKeys: false });
}

/** What both say of the tap. */
function pluginDefinition(): JsonObject {
  return {
    name: NAME,
    namespace: NAME.replaceAll("-", "_"),
    pip_url: DISTRIBUTION,
    executable: NAME,
    capabilities: CAPABILITIES.toSorted(),
    commands: { login: "login" },
    settings_group_validation: [false, true].map(sufficientSettings),
    settings: SETTING_ROWS.map(([name, setting]) => settingDefinition(name, setting)),
  };
}

/** What has to be set, or what takes its place; and the subdomain, or the retired host would be asked. */
function sufficientSettings(substitutes: boolean): string[] {
  const names = SETTING_ROWS.flatMap(([name, { required, unless }]): readonly string[] => {
    if (unless !== undefined) return substitutes ? unless : [name];
    return required ? [name] : [];
  });
  return [...names, "subdomain"];
}

function settingDefinition(name: SettingName, setting: Setting): JsonObject {
  // A default with the version in it would have to change with each release.
  const value = name === "user_agent" ? undefined : setting.default;
  return {
    name,
    label: titleCase(name),
    kind: KINDS[setting.kind],
    ...(setting.secret && { sensitive: true }),
    ...(value !== undefined && { value }),
    ...(setting.choices && {
      options: setting.choices.map((choice) => ({ label: titleCase(choice), value: choice })),
    }),
    description: setting.description,
  };
}

function titleCase(name: string): string {
  return name.split("_").map((word) =>
    ACRONYMS.has(word) ? word.toUpperCase() : word[0]!.toUpperCase() + word.slice(1)
  ).join(" ");
}

/**
 * In the YAML that Python reads, 1.1. By the package `yaml`, since the standard library's writer takes
 * lists in lists apart when they are not indented.
 */
function yaml(value: Json, { sortKeys }: { sortKeys: boolean }): string {
  const text = stringify(value, {
    version: "1.1",
    sortMapEntries: sortKeys,
    indentSeq: false,
    lineWidth: 0,
  });
  return `# Printed by \`deno task definitions\` from the table of settings.\n${text}`;
}
