import { assertEquals } from "@std/assert";
import { about, settingsTable } from "../../../lib/cli/about.ts";
import { environmentVariable, SETTING_NAMES } from "../../../lib/config/settings.ts";
import { VERSION } from "../../../lib/version.ts";

interface About {
  settings: {
    type: string;
    properties: Record<string, unknown>;
    required: string[];
    allOf: unknown;
  };
  [member: string]: unknown;
}

Deno.test("about() in JSON describes the tap in the SDK's shape", { permissions: "none" }, () => {
  const { settings, ...rest }: About = JSON.parse(about("json"));
  assertEquals(Object.entries(rest), [
    ["name", "tap-zendesk-chat"],
    ["description", "Singer tap for Zendesk Chat"],
    ["version", VERSION],
    ["capabilities", ["catalog", "state", "discover", "about", "test", "structured-logging"]],
  ]);
  assertEquals([settings.type, settings.required], ["object", ["start_date"]]);
  assertEquals(settings.allOf, [
    { anyOf: [{ required: ["access_token"] }, { required: ["client_id", "client_secret"] }] },
  ]);
  assertEquals(Object.keys(settings.properties), [...SETTING_NAMES]);
});

Deno.test("about() in JSON has a schema for each kind of setting", { permissions: "none" }, () => {
  const { settings: { properties } }: About = JSON.parse(about("json"));
  assertEquals(
    [
      ...["access_token", "start_date", "base_url", "chats_api", "agents_page_limit", "user_agent"],
      "emit_activate_version_messages",
    ].map((name) => properties[name]),
    [
      {
        type: ["string", "null"],
        secret: true,
        writeOnly: true,
        description:
          "OAuth token of a Zendesk Chat API client (a Zendesk Support token does not work)",
      },
      {
        type: ["string"],
        format: "date-time",
        description: "Where the first sync begins: `YYYY-MM-DD`, RFC 3339 (without a zone: UTC), " +
          "`MM/DD/YYYY`, or another whole date",
      },
      {
        type: ["string", "null"],
        description: "API root that overrides the one made from `subdomain`",
      },
      {
        type: ["string", "null"],
        enum: ["search", "incremental"],
        default: "search",
        description: "How chats are read: `search`, or the `incremental` export",
      },
      {
        type: ["integer", "null"],
        minimum: 1,
        maximum: 1000,
        default: 100,
        description: "Agents in one request",
      },
      {
        type: ["string", "null"],
        default: `tap-zendesk-chat/${VERSION}`,
        description: "`User-Agent` header of every request",
      },
      {
        type: ["boolean", "null"],
        default: false,
        description: "Let the target drop what is gone from the streams that are read whole each " +
          "time: ACTIVATE_VERSION after each of them",
      },
    ],
  );
});

Deno.test("settingsTable() has one padded row a setting", { permissions: "none" }, () => {
  const lines = settingsTable().split("\n");
  const cells = lines.map((line) => line.slice(2, -2).split(" | ").map((cell) => cell.trim()));
  assertEquals(new Set(lines.map((line) => line.length)).size, 1);
  assertEquals(cells.map((row) => row.length), cells.map(() => 4));
  assertEquals(cells[0], ["Setting", "Required", "Default", "Description"]);
  assertEquals(cells.slice(2).map(([name]) => name), SETTING_NAMES.map((name) => `\`${name}\``));
  assertEquals(cells.slice(2).map((row) => row.slice(1, 3)), [
    ["unless `client_id`", ""],
    ["", ""],
    ["", ""],
    ["", "`https://SUBDOMAIN.zendesk.com/oauth2/chat/token`"],
    ["yes", ""],
    ["", ""],
    ["", ""],
    ["", ""],
    ["", "`search`"],
    ["", ""],
    ["", "adaptive"],
    ["", "`false`"],
    ["", "`100`"],
    ["", "`100`"],
    ["", "`200`"],
    ["", "`300`"],
    ["", "`tap-zendesk-chat/VERSION`"],
  ]);
});

Deno.test("about() in Markdown lists capabilities and the table of settings", {
  permissions: "none",
}, () => {
  assertEquals(
    about("markdown"),
    `# \`tap-zendesk-chat\` v${VERSION}

Singer tap for Zendesk Chat.

## Capabilities

- \`catalog\`
- \`state\`
- \`discover\`
- \`about\`
- \`test\`
- \`structured-logging\`

## Settings

${settingsTable()}

With \`--config ENV\`, settings are read from \`TAP_ZENDESK_CHAT_*\` variables too, such as
\`TAP_ZENDESK_CHAT_ACCESS_TOKEN\`.`,
  );
});

Deno.test("about() in text has two lines a setting", { permissions: "none" }, () => {
  const lines = about("text").split("\n");
  assertEquals([...lines.slice(0, 7), ...lines.slice(13, 15)], [
    "Name: tap-zendesk-chat",
    "Description: Singer tap for Zendesk Chat",
    `Version: ${VERSION}`,
    "Capabilities: catalog, state, discover, about, test, structured-logging",
    "Settings:",
    "  access_token (string, required unless client_id): OAuth token of a Zendesk Chat API client " +
    "(a Zendesk Support token does not work)",
    "    Environment variable: TAP_ZENDESK_CHAT_ACCESS_TOKEN",
    "  start_date (date, required): Where the first sync begins: YYYY-MM-DD, RFC 3339 " +
    "(without a zone: UTC), MM/DD/YYYY, or another whole date",
    "    Environment variable: TAP_ZENDESK_CHAT_START_DATE",
  ]);
  assertEquals(
    lines.slice(5).filter((_, index) => index % 2 === 1),
    SETTING_NAMES.map((name) => `    Environment variable: ${environmentVariable(name)}`),
  );
});
