import { assertEquals } from "@std/assert";
import { parseArgs } from "node:util";
import { tokenize } from "../../lib/argv.ts";

const FLAGS = {
  config: { type: "string", short: "c" },
  state: { type: "string", short: "s" },
  catalog: { type: "string" },
  discover: { type: "boolean", short: "d" },
  help: { type: "boolean", short: "h" },
  test: { type: "boolean" },
} as const;

/** The same by a library: what it makes of each argument, its place left out. */
function tokenizeByNode(args: string[]): unknown[] {
  const { tokens } = parseArgs({
    args,
    options: FLAGS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.map(({ index: _, ...token }) => token);
}

Deno.test("tokenize() takes apart what is written together", { permissions: "none" }, () => {
  assertEquals(tokenize(["-dcFILE", "--state=a=b", "word", "-h", "--", "-c"], FLAGS), [
    { kind: "option", name: "discover", rawName: "-d", value: undefined, inlineValue: undefined },
    { kind: "option", name: "config", rawName: "-c", value: "FILE", inlineValue: true },
    { kind: "option", name: "state", rawName: "--state", value: "a=b", inlineValue: true },
    { kind: "positional", value: "word" },
    { kind: "option", name: "help", rawName: "-h", value: undefined, inlineValue: undefined },
    { kind: "option-terminator" },
    { kind: "positional", value: "-c" },
  ]);
});

Deno.test("tokenize() makes of any arguments what Node's parseArgs makes of them", {
  permissions: "none",
}, () => {
  const argument = [
    ...["-c", "-cFILE", "-c=FILE", "-s", "-d", "-dc", "-dcFILE", "-dh", "-hds", "-x", "-xd", "-é"],
    ...["--config", "--config=FILE", "--config=", "--catalog", "--test", "--test=all", "--what"],
    ...["--what=ever", "--=x", "---", "--", "-", "", "word", "a=b", "--constructor", "--__proto__"],
  ];
  // Every pair, with something behind it and with nothing.
  for (const first of argument) {
    for (const second of argument) {
      for (const args of [[first], [first, second], [first, second, "end"]]) {
        const tokens: unknown[] = tokenize(args, FLAGS);
        assertEquals(tokens, tokenizeByNode(args), JSON.stringify(args));
      }
    }
  }
});
