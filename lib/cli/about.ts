/**
 * What `--about` prints, in the shape of the Meltano SDK. All of it comes from the table of
 * settings, and so does the README's table.
 */

import { environmentVariable, type Setting, SETTING_ROWS } from "../config/settings.ts";
import type { JsonObject } from "../json.ts";
import { NAME, VERSION } from "../version.ts";
import type { AboutFormat } from "./args.ts";

/** What the program is, in one line without a full stop. */
export const DESCRIPTION = "Singer tap for Zendesk Chat";
/** What it can do, in the words of Meltano Hub. */
export const CAPABILITIES = ["catalog", "state", "discover", "about", "test", "structured-logging"];

/** What the program is and what it can be told, without a last line feed. */
export function about(format: AboutFormat): string {
  if (format === "json") return JSON.stringify(describeTap(), null, 2);
  return format === "markdown" ? aboutMarkdown() : aboutText();
}

/** The settings as a Markdown table, padded as `deno fmt` pads one. */
export function settingsTable(): string {
  const rows = SETTING_ROWS.map(([name, setting]) => [
    `\`${name}\``,
    describeRequirement(setting),
    readableDefault(setting),
    setting.description,
  ]);
  return markdownTable([["Setting", "Required", "Default", "Description"], ...rows]);
}

function describeTap(): JsonObject {
  return {
    name: NAME,
    description: DESCRIPTION,
    version: VERSION,
    capabilities: CAPABILITIES,
    settings: {
      type: "object",
      properties: Object.fromEntries(
        SETTING_ROWS.map(([name, setting]) => [name, settingSchema(setting)]),
      ),
      required: SETTING_ROWS.filter(([, { required }]) => required).map(([name]) => name),
      allOf: SETTING_ROWS.flatMap(([name, { unless }]): JsonObject[] =>
        unless === undefined ? [] : [{ anyOf: [{ required: [name] }, { required: [...unless] }] }]
      ),
    },
  };
}

/** A member that is undefined is left out when it is printed. */
function settingSchema(setting: Setting): JsonObject {
  const { kind } = setting;
  const type = kind === "integer" || kind === "boolean" ? kind : "string";
  return {
    type: setting.required ? [type] : [type, "null"],
    format: setting.kind === "date" ? "date-time" : undefined,
    enum: setting.choices && [...setting.choices],
    minimum: setting.minimum,
    maximum: setting.maximum,
    default: setting.default,
    ...(setting.secret && { secret: true, writeOnly: true }),
    description: setting.description,
  };
}

function aboutMarkdown(): string {
  return `# \`${NAME}\` v${VERSION}

${DESCRIPTION}.

## Capabilities

${CAPABILITIES.map((capability) => `- \`${capability}\``).join("\n")}

## Settings

${settingsTable()}

With \`--config ENV\`, settings are read from \`TAP_ZENDESK_CHAT_*\` variables too, such as
\`TAP_ZENDESK_CHAT_ACCESS_TOKEN\`.`;
}

function aboutText(): string {
  const settings = SETTING_ROWS.map(([name, setting]) => {
    const notes = [setting.kind as string];
    const requirement = describeRequirement(setting);
    if (requirement !== "") {
      notes.push(requirement === "yes" ? "required" : `required ${requirement}`);
    }
    if (readableDefault(setting) !== "") notes.push(`default ${readableDefault(setting)}`);
    return `  ${name} (${notes.join(", ")}): ${setting.description}\n` +
      `    Environment variable: ${environmentVariable(name)}`;
  });
  return `Name: ${NAME}
Description: ${DESCRIPTION}
Version: ${VERSION}
Capabilities: ${CAPABILITIES.join(", ")}
Settings:
${settings.join("\n")}`.replaceAll("`", "");
}

function describeRequirement({ required, unless }: Setting): string {
  return unless === undefined ? (required ? "yes" : "") : `unless \`${unless[0]}\``;
}

function readableDefault(setting: Setting): string {
  if (setting.defaultNote !== undefined) return setting.defaultNote;
  return setting.default === undefined ? "" : `\`${setting.default}\``;
}

function markdownTable(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const [head, ...body] = rows.map((row) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [head, rule, ...body].join("\n");
}
