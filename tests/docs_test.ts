/** Holds the documents to the program: tables, flags, links and examples. */

import { assert, assertEquals, assertLessOrEqual, assertMatch } from "@std/assert";
import { parse } from "@std/yaml/parse";
import manifest from "../deno.json" with { type: "json" };
import { about, settingsTable } from "../lib/cli/about.ts";
import { usage } from "../lib/cli/usage.ts";
import { type Config, resolveConfig } from "../lib/config/config.ts";
import { loginUsage } from "../lib/login/args.ts";
import { environmentVariable, SETTING_NAMES } from "../lib/config/settings.ts";
import type { JsonObject } from "../lib/json.ts";
import { V8_FLAGS } from "../scripts/v8_flags.ts";
import { isChild } from "../lib/stream/stream.ts";
import { STREAMS } from "../streams/mod.ts";

const ROOT = new URL("../", import.meta.url);
const DOCUMENTS = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "docs/chats.md",
  "docs/docker.md",
  "docs/login.md",
  "docs/operations.md",
  "docs/releases.md",
  "docs/runners.md",
  "docs/targets.md",
  "docs/upgrade_from_python.md",
];
/** Documents that show how the tap is called. */
const MANUALS = DOCUMENTS.filter((path) => /README|docs\//.test(path));

/** A fenced block of a document. */
interface Block {
  language: string;
  text: string;
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** The paths of all TypeScript sources below a folder. */
function sourcesBelow(folder: string): string[] {
  return Array.from(Deno.readDirSync(new URL(folder, ROOT))).flatMap(({ name, isDirectory }) =>
    isDirectory ? sourcesBelow(`${folder}${name}/`) : name.endsWith(".ts") ? [folder + name] : []
  );
}

function blocksIn(markdown: string): Block[] {
  return Array.from(
    markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms),
    ([, language, text]) => ({ language: language!, text: text! }),
  );
}

/** The text between a heading of the second level and the next one. */
function section(markdown: string, heading: string): string {
  const found = markdown.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  assert(found !== undefined, `no section "${heading}"`);
  return found;
}

/** The cells of the first table in a text, without its heading. */
function tableIn(markdown: string): string[][] {
  const rows = markdown.match(/(?:^\|.*\n)+/m)?.[0].trimEnd().split("\n") ?? [];
  return rows.slice(2).map((row) => row.slice(2, -2).split(/(?<!\\)\|/).map((cell) => cell.trim()));
}

/** What stands in backticks. */
function codeIn(markdown: string): string[] {
  return Array.from(markdown.matchAll(/`([^`\n]+)`/g), ([, code]) => code!);
}

/** The flags among words, values cut off. */
function flagsIn(text: string): string[] {
  return Array.from(text.matchAll(/(?<=^|[\s[(])--?[a-z][a-z-]*/gm), ([flag]) => flag!);
}

/** The anchors that a document's headings make. */
function anchorsIn(markdown: string): string[] {
  return Array.from(
    markdown.matchAll(/^#+ (.*)$/gm),
    ([, heading]) => heading!.toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-"),
  );
}

const FLAGS = new Set(flagsIn(usage("").split("Options:")[1]!));
const LOGIN_FLAGS = new Set(flagsIn(loginUsage().split("Options:")[1]!));

/** Resolves what a document gives as settings; the token in it is none. */
function resolveExample(values: JsonObject): { config: Config; warnings: string[] } {
  const source = { file: "example", values: { ...values, access_token: "token" } };
  return resolveConfig([source], { now: Date.parse("2026-01-15") });
}

Deno.test("README is short enough to be read", () => {
  assertLessOrEqual(read("README.md").trimEnd().split("\n").length, 200);
});

Deno.test("README has the table of settings that --about prints", () => {
  const table = settingsTable();

  assertEquals(
    section(read("README.md"), "Settings").match(/(?:^\|.*\n)+/m)?.[0].trimEnd(),
    table,
  );
  assert(about("markdown").includes(table), "--about prints another table");
  const { settings } = JSON.parse(about("json"));
  assertEquals(Object.keys(settings.properties), [...SETTING_NAMES]);
});

Deno.test("README has the table of streams in the order of discovery", () => {
  const rows = tableIn(section(read("README.md"), "Streams"));

  assertEquals(
    rows.map(([stream, key, replication]) => [
      codeIn(stream!),
      codeIn(key!.split(" (")[0]!),
      replication!.split(",")[0],
      codeIn(replication!),
    ]),
    STREAMS.map((stream) => {
      const always = stream.replicationKeys({ chatsApi: "search" });
      const exported = stream.replicationKeys({ chatsApi: "incremental" });
      const added = exported.filter((key) => !always.includes(key));
      return [
        [stream.tapStreamId],
        [...stream.keyProperties],
        stream.replicationMethod === "INCREMENTAL" ? "incremental" : "full table",
        // The dual bookmark, which search goes by, has a section of its own; children have their parent's.
        isChild(stream) ? [stream.parent] : added.length > 0 ? added : [...always],
      ];
    }),
  );
});

Deno.test("README explains every flag and no other", () => {
  const rows = tableIn(section(read("README.md"), "First sync"));
  const flags = rows.flatMap(([cell]) => codeIn(cell!).flatMap(flagsIn));

  assertEquals(flags.toSorted(), [...FLAGS].toSorted());
  assertEquals(rows.at(-1)![0], "`login`");
});

Deno.test("operations.md explains every exit code that --help lists", () => {
  const listed = usage("").split("Exit codes:")[1]!.match(/\d+/g)!;
  const explained = tableIn(section(read("docs/operations.md"), "Exit codes"))
    .flatMap(([codes]) => codes!.match(/\d+/g)!);

  assertEquals(listed.filter((code) => !explained.includes(code)), []);
});

Deno.test("operations.md explains warnings in the words in which the program gives them", () => {
  const sources = sourcesBelow("lib/").map(read).join("\n");
  const quoted = tableIn(section(read("docs/operations.md"), "Warnings"))
    .flatMap(([line]) => codeIn(line!));
  const words = quoted.flatMap((line) => line.split("…")).map((part) => part.trim())
    .filter((part) => part.length > 5);

  assert(words.length > 10);
  // A template of the source breaks off where a value goes, or where a line is full.
  const text = sources.replace(/[`"] \+\n\s+[`"]/g, "").replace(/\$\{[^}]*\}/g, "…");
  assertEquals(words.filter((part) => !text.includes(part)), []);
});

for (const path of MANUALS) {
  Deno.test(`${path} names only flags that exist`, () => {
    const markdown = read(path);
    const shell = blocksIn(markdown).map(({ text }) => text.replace(/\s*\\\n\s*/g, " "));
    const calls = [...shell, ...codeIn(markdown)].flatMap((code) =>
      // The name of an image, after -t, is no call.
      Array.from(
        code.matchAll(/(?<!-t )\btap-zendesk-chat((?: [^\s|&;>"]+)+)/g),
        ([, args]) => args!,
      )
    );
    const loginFlags = path === "docs/login.md"
      ? codeIn(markdown).filter((code) => code.startsWith("-"))
      : [];

    const unknown = [...calls, ...loginFlags.map((flag) => ` login ${flag}`)].flatMap((args) => {
      const known = args.startsWith(" login") ? LOGIN_FLAGS : FLAGS;
      return flagsIn(args).filter((flag) => !known.has(flag));
    });
    assertEquals(unknown, []);
  });
}

Deno.test("documents link to files and headings that exist", () => {
  const broken = DOCUMENTS.flatMap((path) => {
    const markdown = read(path);
    const links = Array.from(markdown.matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link!);
    return links.filter((link) => !/^https:/.test(link)).filter((link) => {
      const { href, hash } = new URL(link, new URL(path, ROOT));
      try {
        const target = Deno.readTextFileSync(new URL(href.split("#")[0]!));
        return hash !== "" && !anchorsIn(target).includes(hash.slice(1));
      } catch {
        return true;
      }
    }).map((link) => `${path}: ${link}`);
  });

  assertEquals(broken, []);
});

Deno.test("README's example of a config is accepted without a warning", () => {
  const [example] = blocksIn(section(read("README.md"), "Settings"))
    .filter(({ language }) => language === "json");
  const { config, warnings } = resolveExample(JSON.parse(example!.text));

  assertEquals(warnings, []);
  assertEquals(
    [config.apiRoot, config.startDateMicros, config.chatsApi],
    ["https://acme.zendesk.com/api/v2/chat", Date.parse("2024-01-01") * 1000, "incremental"],
  );
});

Deno.test("documents have examples in JSON and YAML that parse", () => {
  const examples = DOCUMENTS.flatMap((path) => blocksIn(read(path)));
  const parsers: Record<string, (text: string) => unknown> = { json: JSON.parse, yaml: parse };
  const counts = Object.entries(parsers).map(([language, parseText]) => {
    const blocks = examples.filter((block) => block.language === language);
    for (const { text } of blocks) assertEquals(typeof parseText(text), "object");
    return blocks.length > 0;
  });

  assertEquals(counts, [true, true]);
});

Deno.test("documents install this version", () => {
  const versions = MANUALS.flatMap((path) =>
    Array.from(
      read(path).matchAll(
        /(?:tap-zendesk-chat-deno==|\/tap-zendesk-chat:|tap-zendesk-chat-|TAP_VERSION=)(\d+\.\d+\.\d+)/g,
      ),
      ([, version]) => `${path}: ${version}`,
    )
  );

  assert(versions.length > 0);
  assertEquals(versions.filter((found) => !found.endsWith(` ${manifest.version}`)), []);
});

Deno.test("CHANGELOG has a section for this version", () => {
  assertMatch(read("CHANGELOG.md"), new RegExp(`^## ${RegExp.escape(manifest.version)}$`, "m"));
});

/** A tap for PipelineWise; what its own schema asks for is checked where it says so. */
interface PipelinewiseTap {
  db_conn: JsonObject;
  schemas: { tables: { table_name: string }[] }[];
  [field: string]: unknown;
}

Deno.test("runners.md names the token's variable for Meltano", () => {
  const meltano = section(read("docs/runners.md"), "Meltano");

  assert(meltano.includes(`\n${environmentVariable("access_token")}=…\n`));
});

Deno.test("runners.md has a tap for PipelineWise with settings and streams that exist", () => {
  const [example] = blocksIn(section(read("docs/runners.md"), "PipelineWise"))
    .filter(({ language }) => language === "yaml");
  const tap = parse(example!.text) as PipelinewiseTap;

  // What PipelineWise's schema of a tap requires.
  assertEquals(
    ["id", "name", "type", "db_conn", "target", "schemas"].filter((field) => !(field in tap)),
    [],
  );
  assertEquals(resolveExample(tap.db_conn).warnings, []);
  const names = STREAMS.map(({ tapStreamId }) => tapStreamId);
  const tables = tap.schemas.flatMap((schema) => schema.tables.map((table) => table.table_name));
  assertEquals(tables.filter((table) => !names.includes(table)), []);
});

Deno.test("releases.md runs the source with the executable's bounds on memory", () => {
  const command = /deno@\S+ run .*(--v8-flags=\S+) main\.ts/;
  const [, flags] = command.exec(read("docs/releases.md")) ?? [];

  assertEquals(flags, V8_FLAGS);
});
