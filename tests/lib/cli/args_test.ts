import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Command, parseArgs, usage } from "../../../lib/cli/args.ts";
import { UsageError } from "../../../lib/errors.ts";

const RIGHT: [argv: string, command: Command][] = [
  ["-c c", { kind: "sync", configs: ["c"] }],
  ["--config c", { kind: "sync", configs: ["c"] }],
  ["--config=c", { kind: "sync", configs: ["c"] }],
  ["--config=a=b", { kind: "sync", configs: ["a=b"] }],
  ["-cc.json", { kind: "sync", configs: ["c.json"] }],
  ["-c=c.json", { kind: "sync", configs: ["c.json"] }],
  ["--conf c", { kind: "sync", configs: ["c"] }],
  ["--conf=c", { kind: "sync", configs: ["c"] }],
  ["-c a --config b -cENV", { kind: "sync", configs: ["a", "b", "ENV"] }],
  ["-c ENV", { kind: "sync", configs: ["ENV"] }],
  ["-c -", { kind: "sync", configs: ["-"] }],
  ["--config=-c", { kind: "sync", configs: ["-c"] }],
  ["-c c -s s", { kind: "sync", configs: ["c"], state: "s" }],
  ["--st s --config c", { kind: "sync", configs: ["c"], state: "s" }],
  ["-c c -s a -s b", { kind: "sync", configs: ["c"], state: "b" }],
  ["-c c --catalog k", { kind: "sync", configs: ["c"], catalog: "k" }],
  ["-c c --cat=k", { kind: "sync", configs: ["c"], catalog: "k" }],
  ["-c c -p p", { kind: "sync", configs: ["c"], catalog: "p" }],
  ["-c c --prop p", { kind: "sync", configs: ["c"], catalog: "p" }],
  ["-c c --properties p --catalog k", { kind: "sync", configs: ["c"], catalog: "k" }],
  ["-c c --catalog k -p p", { kind: "sync", configs: ["c"], catalog: "k" }],
  ["-c c --dev", { kind: "sync", configs: ["c"] }],
  ["-c c --", { kind: "sync", configs: ["c"] }],
  ["-d", { kind: "discover", configs: [] }],
  ["--disc", { kind: "discover", configs: [] }],
  ["-c c -d", { kind: "discover", configs: ["c"] }],
  ["-dc c", { kind: "discover", configs: ["c"] }],
  ["-dcc.json", { kind: "discover", configs: ["c.json"] }],
  ["-d -d -c c", { kind: "discover", configs: ["c"] }],
  [
    "--config c --catalog k --state s --discover",
    { kind: "discover", configs: ["c"], state: "s", catalog: "k" },
  ],
  ["-c c --test", { kind: "test", configs: ["c"] }],
  ["-c c --test=all", { kind: "test", configs: ["c"] }],
  ["--about", { kind: "about", format: "text" }],
  ["--about --format json", { kind: "about", format: "json" }],
  ["--format=markdown --about", { kind: "about", format: "markdown" }],
  ["--about --format text", { kind: "about", format: "text" }],
  ["--config c --catalog k --state s --about --format=json", { kind: "about", format: "json" }],
  ["-c c -d --about", { kind: "about", format: "text" }],
  ["--version", { kind: "version" }],
  ["--vers", { kind: "version" }],
  ["--config c --state s --version", { kind: "version" }],
  ["-h", { kind: "help" }],
  ["--help", { kind: "help" }],
  ["-c c -h --bogus", { kind: "help" }],
  ["login", { kind: "login", argv: [] }],
  ["login --grant client_credentials -h", {
    kind: "login",
    argv: ["--grant", "client_credentials", "-h"],
  }],
];

const NO_CONFIG = "without a config: add -c FILE, or -c ENV for TAP_ZENDESK_CHAT_* variables";

const WRONG: [argv: string[], message: string][] = [
  [[], `Cannot sync ${NO_CONFIG}`],
  [["-s", "s"], `Cannot sync ${NO_CONFIG}`],
  [["--dev"], `Cannot sync ${NO_CONFIG}`],
  [["--test"], `Cannot test ${NO_CONFIG}`],
  [["-c"], "Flag -c needs a value: write -c FILE"],
  [["--config"], "Flag --config needs a value: write --config FILE"],
  [["--config="], "Flag --config needs a value: write --config FILE"],
  [["--config", ""], "Flag --config needs a value: write --config FILE"],
  [["-c", "  "], "Flag -c needs a value: write -c FILE"],
  [["-c="], "Flag -c needs a value: write -c FILE"],
  [["-c", "-d"], "Flag -c needs a value: write -c FILE"],
  [["-c", "--discover"], "Flag -c needs a value: write -c FILE"],
  [["-c", "--"], "Flag -c needs a value: write -c FILE"],
  [["-dc"], "Flag -c needs a value: write -c FILE"],
  [["-c", "c", "--state", ""], "Flag --state needs a value: write --state FILE"],
  [["-c", "c", "--stat="], "Flag --state needs a value: write --state FILE"],
  [["-c", "c", "-s"], "Flag -s needs a value: write -s FILE"],
  [["-c", "c", "--catalog", ""], "Flag --catalog needs a value: write --catalog FILE"],
  [["-c", "c", "-p"], "Flag -p needs a value: write -p FILE"],
  [["--about", "--format"], "Flag --format needs a value: write --format json|markdown|text"],
  [["--about", "--format="], "Flag --format needs a value: write --format json|markdown|text"],
  [
    ["--about", "--format", "xml"],
    'Unknown format "xml" after --format: expected json, markdown, text',
  ],
  [["-c", "c", "--format", "json"], "Flag --format goes with --about: add --about"],
  [["--c", "c"], "Ambiguous flag --c: write --config or --catalog"],
  [["--ca=k", "--d"], "Ambiguous flag --d: write --discover or --dev"],
  [["--bogus"], 'Unknown flag "--bogus": --help lists the flags'],
  [["--confg", "c"], 'Unknown flag "--confg": did you mean --config?'],
  [["--Config=c"], 'Unknown flag "--Config": did you mean --config?'],
  [["--discovery"], 'Unknown flag "--discovery": did you mean --discover?'],
  [["--access-token=s3cret"], 'Unknown flag "--access-token": --help lists the flags'],
  [["--access-token", "s3cret"], 'Unknown flag "--access-token": --help lists the flags'],
  [["--=x"], 'Unknown flag "--=x": --help lists the flags'],
  [["--constructor"], 'Unknown flag "--constructor": --help lists the flags'],
  [["-C", "c"], 'Unknown flag "-C": did you mean --config?'],
  [["-v"], 'Unknown flag "-v": did you mean --version?'],
  [["-x"], 'Unknown flag "-x": --help lists the flags'],
  [["-dx"], 'Unknown flag "-x": --help lists the flags'],
  [["-d=1"], 'Unknown flag "-=": --help lists the flags'],
  [["--discover=true"], "Flag --discover takes no value: write it alone"],
  [["--dev=1", "-c", "c"], "Flag --dev takes no value: write it alone"],
  [["--help=x"], "Flag --help takes no value: write it alone"],
  [["-c", "c", "--test=schema"], "Flag --test takes no value: write it alone"],
  [["-c", "c", "--test="], "Flag --test takes no value: write it alone"],
  [
    ["-c", "c", "--test", "-d"],
    "Flags --discover and --test exclude each other: use one of them",
  ],
  [["c.json"], 'Unexpected argument "c.json": files are named with -c, -s, --catalog'],
  [["-c", "c", ""], 'Unexpected argument "": files are named with -c, -s, --catalog'],
  [["-"], 'Unexpected argument "-": files are named with -c, -s, --catalog'],
  [["-c", "c", "login"], 'Unexpected argument "login": files are named with -c, -s, --catalog'],
  [["-c", "c", "--", "-d"], 'Unexpected argument "-d": files are named with -c, -s, --catalog'],
  [["-c", "c", "a\nb"], 'Unexpected argument "a\\nb": files are named with -c, -s, --catalog'],
];

for (const [argv, command] of RIGHT) {
  Deno.test(`parseArgs() reads ${argv}`, { permissions: "none" }, () => {
    assertEquals(parseArgs(argv.split(" ")), command);
  });
}

for (const [argv, message] of WRONG) {
  Deno.test(`parseArgs() refuses ${JSON.stringify(argv)}`, { permissions: "none" }, () => {
    const error = assertThrows(() => parseArgs(argv), UsageError);
    assertEquals([error.message, error.exitCode], [message, 2]);
  });
}

Deno.test("usage() names the version and stays within 100 columns", { permissions: "none" }, () => {
  const text = usage("1.2.3");
  assertStringIncludes(text, "tap-zendesk-chat 1.2.3: ");
  assertEquals(text.split("\n").filter((line) => line.length > 100), []);
});
