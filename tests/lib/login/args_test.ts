import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type LoginFlags, loginUsage, parseLoginArgs } from "../../../lib/login/args.ts";
import { LOGIN_VALUE_NAMES } from "../../../lib/login/values.ts";
import { UsageError } from "../../../lib/errors.ts";

const NOTHING: LoginFlags = {
  help: false,
  yes: false,
  writeClient: false,
  method: "authorization_code",
  values: {},
};

const RIGHT: [argv: string[], said: Partial<LoginFlags>][] = [
  [[], {}],
  [["-h"], { help: true }],
  [["--yes", "--help"], { yes: true, help: true }],
  [["-y", "-cnew.json"], { yes: true, values: { config: "new.json" } }],
  [["--config", "new.json"], { values: { config: "new.json" } }],
  [["--subdomain=https://ACME.zendesk.com/"], { values: { subdomain: "acme" } }],
  [["--start-date", "01/31/2020"], { values: { "start-date": "01/31/2020" } }],
  [["--port", "8123"], { values: { port: "8123" } }],
  [["--client-id", "id", "--client-secret=-s3cret"], {
    values: { "client-id": "id", "client-secret": "-s3cret" },
  }],
  [["--scope", "read write"], { values: { scope: "read write" } }],
  [["--grant", "authorization_code"], { values: { grant: "authorization_code" } }],
  [["--grant=client_credentials"], {
    method: "client_credentials",
    values: { grant: "client_credentials" },
  }],
  [["--write-client", "--grant=client_credentials"], {
    writeClient: true,
    method: "client_credentials",
    values: { grant: "client_credentials" },
  }],
  [["--token", "s3cret"], { method: "token", values: { token: "s3cret" } }],
  [["--token", "-"], { method: "token" }],
  [["--token=-"], { method: "token" }],
  [["--token-url", "http://localhost:81/token"], {
    values: { "token-url": "http://localhost:81/token" },
  }],
  [["--authorization-url=https://www.zopim.com/oauth2/authorizations/new"], {
    values: { "authorization-url": "https://www.zopim.com/oauth2/authorizations/new" },
  }],
  [["--base-url", "http://[::1]:81/api/"], { values: { "base-url": "http://[::1]:81/api" } }],
];

const URL_RULE = "expected an https URL on www.zopim.com:443, *.zendesk.com:443, 127.0.0.1, " +
  "[::1], localhost, or http on a loopback address, without user name, query and fragment; " +
  "other gateways need a build with wider permissions (see README)";

const WRONG: [argv: string[], message: string][] = [
  [["s3cret"], "Unexpected argument after login: it takes flags only, see login --help"],
  [["--subdomian", "acme"], 'Unknown flag "--subdomian" after login: did you mean --subdomain?'],
  [["--browser"], 'Unknown flag "--browser" after login: login --help lists the flags'],
  [["--yes=s3cret"], "Flag --yes takes no value: write it alone"],
  [["--port"], "Flag --port needs a value: write --port=VALUE"],
  [["--port="], "Flag --port needs a value: write --port=VALUE"],
  [["--config", "-y"], "Flag --config needs a value: write --config=VALUE"],
  [
    ["--port", "65536"],
    "Cannot use the value of --port: expected a whole number from 1 to 65535, or 0 for any free " +
    "port",
  ],
  [
    ["--token", "Bearer s3cret"],
    "Cannot use the value of --token: expected the bare token in ASCII, without " +
    '"Bearer", spaces and control characters',
  ],
  [
    ["--token=s3cret", "--grant=client_credentials"],
    "Flags --token and --grant exclude each " +
    "other: use one of them",
  ],
  [
    ["--write-client", "--token=-"],
    "Flag --write-client goes with --grant client_credentials: add that, or leave it out",
  ],
  [
    ["--grant", "password"],
    "Cannot use the value of --grant: expected authorization_code or client_credentials",
  ],
  [
    ["--token-url", "http://acme.zendesk.com/s3cret"],
    `Cannot use the value of --token-url: ${URL_RULE}`,
  ],
];

Deno.test("parseLoginArgs() reads every flag", { permissions: "none" }, () => {
  for (const [argv, said] of RIGHT) {
    assertEquals(parseLoginArgs(argv), { ...NOTHING, ...said }, argv.join(" "));
  }
});

Deno.test("parseLoginArgs() explains what makes no sense and quotes no secret", {
  permissions: "none",
}, () => {
  for (const [argv, message] of WRONG) {
    assertEquals(assertThrows(() => parseLoginArgs(argv), UsageError).message, message);
  }
});

Deno.test("loginUsage() lists every flag", { permissions: "none" }, () => {
  for (const name of [...LOGIN_VALUE_NAMES, "yes", "write-client", "help"]) {
    assertStringIncludes(loginUsage(), ` --${name} `);
  }
});
