import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Command, logFlags, parseArgs } from "../../../lib/cli/args.ts";
import { usage } from "../../../lib/cli/usage.ts";
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
  ["--s s -c c", { kind: "sync", configs: ["c"], state: "s" }],
  ["-c c --select chats", { kind: "sync", configs: ["c"], select: ["chats"] }],
  ["-c c --sel=chats --select !chats.history", {
    kind: "sync",
    configs: ["c"],
    select: ["chats", "!chats.history"],
  }],
  ["-d --select agents.*", { kind: "discover", configs: [], select: ["agents.*"] }],
  ["-c c --log-level debug --log-format=json", { kind: "sync", configs: ["c"] }],
  ["-c c --log-l WARNING --log-f Dated", { kind: "sync", configs: ["c"] }],
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
  ["-c c login", { kind: "login", argv: ["--config=c"] }],
  ["--config c login --yes", { kind: "login", argv: ["--config=c", "--yes"] }],
  ["--config=c login -c d", { kind: "login", argv: ["--config=c", "-c", "d"] }],
  ["-cc.json login", { kind: "login", argv: ["--config=c.json"] }],
  ["--conf c login --co x", { kind: "login", argv: ["--config=c", "--co", "x"] }],
  ["-c login", { kind: "sync", configs: ["login"] }],
  ["--config login -d", { kind: "discover", configs: ["login"] }],
];

const NO_CONFIG = "without a config: add -c FILE, or -c ENV for TAP_ZENDESK_CHAT_* variables";

const WRONG: [argv: string[], message: string][] = [
  [
    [],
    'Nothing to do without a config: "tap-zendesk-chat login" gets a token and writes config.json, ' +
    '"tap-zendesk-chat -c config.json --test" tries it, --help shows the rest',
  ],
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
  [["--log=debug", "-c", "c"], "Ambiguous flag --log: write --log-level or --log-format"],
  [["-c", "c", "--select"], "Flag --select needs a value: write --select PATTERN"],
  [["-c", "c", "--select="], "Flag --select needs a value: write --select PATTERN"],
  [
    ["-c", "c", "--log-format"],
    "Flag --log-format needs a value: write --log-format singer|dated|json",
  ],
  [
    ["-c", "c", "--log-format", "xml"],
    'Unknown format "xml" after --log-format: expected singer, dated, json',
  ],
  [
    ["-c", "c", "--log-level", "loud"],
    'Unknown level "loud" after --log-level: expected DEBUG, INFO, WARNING, ERROR, CRITICAL',
  ],
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
  [
    ["-s", "s", "login"],
    'Unexpected argument "login": it comes first, or right after -c FILE',
  ],
  [["discover"], 'Unexpected argument "discover": did you mean --discover?'],
  [["-c", "c", "Test"], 'Unexpected argument "Test": did you mean --test?'],
  [["help"], 'Unexpected argument "help": did you mean --help?'],
  [["version"], 'Unexpected argument "version": did you mean --version?'],
  [["about", "--format", "json"], 'Unexpected argument "about": did you mean --about?'],
  [
    ["sync", "-c", "c"],
    'Unexpected argument "sync": that is what "tap-zendesk-chat -c FILE" does, leave the word out',
  ],
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

Deno.test("logFlags() reads what is asked of the log, whatever else is wrong", {
  permissions: "none",
}, () => {
  const cases: [argv: string[], flags: ReturnType<typeof logFlags>][] = [
    [[], {}],
    [["--bogus", "--c", "x", "--log-level", "debug"], { level: "DEBUG" }],
    [["--log-f=JSON", "--log-level=Error"], { format: "json", level: "ERROR" }],
    [["--log-format", "dated", "--log-format", "singer"], { format: "singer" }],
    [["--log-format", "xml", "--log-level"], {}],
    [["--", "--log-format=json"], {}],
  ];
  for (const [argv, flags] of cases) assertEquals(logFlags(argv), flags);
});

Deno.test("usage() ends with examples and exit codes", { permissions: "none" }, () => {
  const [, examples, codes] = /\n\nExamples:\n(.*)\n\nExit codes:\n(.*)$/s.exec(usage("1"))!;
  const commands = examples!.split("\n").map((line) => line.trim().split(/ [|>]/)[0]!);
  assertEquals(commands.map((command) => command.split(" ")[0]), Array(3).fill("tap-zendesk-chat"));
  for (const command of commands) parseArgs(command.split(" ").slice(1));
  assertEquals(codes!.match(/\d+/g), ["0", "1", "2", "130", "143", "141"]);
});

Deno.test("usage() names the version and stays within 100 columns", { permissions: "none" }, () => {
  const text = usage("1.2.3");
  assertStringIncludes(text, "tap-zendesk-chat 1.2.3: ");
  assertEquals(text.split("\n").filter((line) => line.length > 100), []);
});
