/**
 * The import directions and the homes of effects, as CONTRIBUTING describes them: read off the
 * sources, so that a shortcut shows up here and not in a review.
 */

import { assert, assertEquals } from "@std/assert";
import manifest from "../deno.json" with { type: "json" };

const ROOT = new URL("../", import.meta.url);

/**
 * The floors of the house, from the top down: a room may import from its own floor only within itself,
 * and otherwise from the floors below. `lib/` alone is what every room stands on: its own files.
 */
const FLOORS: readonly (readonly string[])[] = [
  ["main.ts"],
  ["lib/login/", "lib/cli/", "streams/"],
  ["lib/sync/"],
  ["lib/stream/"],
  ["lib/singer/", "lib/zendesk/", "lib/config/"],
  ["lib/"],
];

/** Beside the floors: what only some rooms may import. */
const FORBIDDEN: readonly [importer: string, imported: RegExp, why: string][] = [
  ["lib/", /^streams\//, "the table of streams is handed to lib"],
  ["lib/", /^schemas\//, "schemas belong to streams"],
  ["streams/", /^lib\/sync\//, "a stream knows no run"],
  ["streams/", /^streams\//, "a stream never imports another stream"],
  ["", /^main\.ts$/, "nothing imports main.ts"],
  ["main.ts", /^tests\//, "the tap needs no tests"],
  ["lib/", /^tests\//, "the tap needs no tests"],
  ["streams/", /^tests\//, "the tap needs no tests"],
];

/** Effects by the name that gives them away, and the files that may have them. */
const EFFECTS: readonly [effect: RegExp, homes: RegExp][] = [
  [/\bDeno\s*\.\s*args\b/, /^main\.ts$/],
  [/\bDeno\s*\.\s*exit\b/, /^main\.ts$/],
  [/\bDeno\s*\.\s*stdout\b/, /^lib\/stdout\.ts$/],
  [/\bDeno\s*\.\s*stderr\b/, /^(main|lib\/cli\/stderr|lib\/login\/\w+)\.ts$/],
  [/\bfetch\b/, /^lib\/zendesk\/exchange\.ts$/],
  [/\bXMLHttpRequest\b|\bWebSocket\b|\bDeno\s*\.\s*connect/, /^$/],
  [/\bconsole\b/, /^$/],
];

// Anchored, for this file holds imports in texts.
const IMPORT_REGEXP =
  /^(?:import|export)\b(?:[\s\w{},*]*?\bfrom\b)?\s*["']([^"'\n]+)["']|\bimport\s*\(\s*["']([^"'\n]+)["']/gm;

/** The modules that a source imports, as it writes them; type-only and dynamic imports count. */
function importsOf(source: string): string[] {
  return Array.from(source.matchAll(IMPORT_REGEXP), ([, from, dynamic]) => from ?? dynamic!);
}

/** A source without its comments and texts. */
function codeOf(source: string): string {
  return source.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g,
    "",
  );
}

/** The path below the root that a relative import leads to; `undefined` for packages. */
function resolve(importer: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return new URL(specifier, new URL(importer, "file:///")).pathname.slice(1);
}

/** The room that a file is in, and its floor, counted from the top. */
function placeOf(path: string): { room: string; floor: number } | undefined {
  const floor = FLOORS.findIndex((rooms) => rooms.some((room) => path.startsWith(room)));
  if (floor < 0) return undefined;
  return { room: FLOORS[floor]!.find((room) => path.startsWith(room))!, floor };
}

/** Why the one file may not import the other; `undefined` when it may. */
function floorProblem(path: string, imported: string): string | undefined {
  const [from, to] = [placeOf(path), placeOf(imported)];
  if (from === undefined || to === undefined || from.room === to.room) return undefined;
  if (to.floor > from.floor) return undefined;
  return `${to.room} is ${to.floor === from.floor ? "beside" : "above"} ${from.room}`;
}

/** What is wrong with a source, one line each. */
function violations(path: string, source: string): string[] {
  const found: string[] = [];
  for (const specifier of importsOf(source)) {
    const imported = resolve(path, specifier);
    const problem = imported === undefined ? undefined : floorProblem(path, imported);
    if (problem !== undefined) found.push(`${path} imports ${imported}: ${problem}`);
    for (const [importer, forbidden, why] of FORBIDDEN) {
      const isTable = path === "streams/mod.ts" && forbidden.source.startsWith("^streams");
      if (imported === undefined || isTable || !path.startsWith(importer)) continue;
      if (forbidden.test(imported)) found.push(`${path} imports ${imported}: ${why}`);
    }
  }
  const code = codeOf(source);
  for (const [effect, homes] of path.startsWith("tests/") ? [] : EFFECTS) {
    const name = effect.exec(code)?.[0];
    if (name !== undefined && !homes.test(path)) found.push(`${path} uses ${name}`);
  }
  return found;
}

/** Every TypeScript source below a folder of the project. */
function* sourcesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, ROOT))) {
    if (isDirectory) yield* sourcesBelow(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield folder + name;
  }
}

Deno.test("violations() sees every kind of import and effect", { permissions: "none" }, () => {
  const cases: [path: string, source: string, found: string[]][] = [
    ["lib/a.ts", 'import { b } from "./b.ts";\nimport x from "@std/assert";', []],
    [
      "lib/a.ts",
      'import {\n  type Chats,\n  chats,\n} from "../streams/chats.ts";',
      [
        "lib/a.ts imports streams/chats.ts: streams/ is above lib/",
        "lib/a.ts imports streams/chats.ts: the table of streams is handed to lib",
      ],
    ],
    [
      "lib/singer/a.ts",
      'import type { ChatApi } from "../zendesk/client.ts";\nexport * from "../zendesk/search.ts";',
      [
        "lib/singer/a.ts imports lib/zendesk/client.ts: lib/zendesk/ is beside lib/singer/",
        "lib/singer/a.ts imports lib/zendesk/search.ts: lib/zendesk/ is beside lib/singer/",
      ],
    ],
    [
      "lib/zendesk/a.ts",
      'const { merge } = await import("../singer/state.ts");',
      ["lib/zendesk/a.ts imports lib/singer/state.ts: lib/singer/ is beside lib/zendesk/"],
    ],
    [
      "lib/stream/a.ts",
      'import type { Progress } from "../sync/sync.ts";\nimport type { Schema } from "../singer/schema.ts";',
      ["lib/stream/a.ts imports lib/sync/sync.ts: lib/sync/ is above lib/stream/"],
    ],
    [
      "lib/cli/a.ts",
      'import { login } from "../login/login.ts";\nimport { sync } from "../sync/sync.ts";',
      ["lib/cli/a.ts imports lib/login/login.ts: lib/login/ is beside lib/cli/"],
    ],
    [
      "lib/a.ts",
      'import type { Config } from "./config/config.ts";',
      ["lib/a.ts imports lib/config/config.ts: lib/config/ is above lib/"],
    ],
    [
      "streams/a.ts",
      'import "./b.ts";\nimport schema from "../schemas/a.json" with { type: "json" };',
      ["streams/a.ts imports streams/b.ts: a stream never imports another stream"],
    ],
    ["streams/mod.ts", 'import { a } from "./a.ts";', []],
    ["tests/a.ts", 'import "../main.ts";', ["tests/a.ts imports main.ts: nothing imports main.ts"]],
    [
      "streams/a.ts",
      'import { stub } from "../tests/stub.ts";',
      ["streams/a.ts imports tests/stub.ts: the tap needs no tests"],
    ],
    ["main.ts", "Deno.exit(await run(Deno.args));", []],
    ["lib/a.ts", "Deno.exit(1);", ["lib/a.ts uses Deno.exit"]],
    ["lib/a.ts", "const get = globalThis.fetch;", ["lib/a.ts uses fetch"]],
    ["lib/zendesk/exchange.ts", "await fetch(url);", []],
    ["lib/login/login.ts", "await fetch(url);", ["lib/login/login.ts uses fetch"]],
    ["lib/a.ts", 'console.log("a");\nDeno.stdout.write(b);', [
      "lib/a.ts uses Deno.stdout",
      "lib/a.ts uses console",
    ]],
    ["lib/a.ts", '/** fetch and console */\nlog("console"); // Deno.exit', []],
  ];
  for (const [path, source, found] of cases) assertEquals(violations(path, source), found, source);
});

Deno.test("every source imports only what it may and has no effect that lives elsewhere", {
  permissions: { read: true },
}, () => {
  const paths = ["lib/", "streams/", "tests/"].flatMap((folder) => [...sourcesBelow(folder)]);
  const found = [...paths, "main.ts"]
    .flatMap((path) => violations(path, Deno.readTextFileSync(new URL(path, ROOT))));
  assertEquals(found, []);
});

Deno.test("the program imports what comes with the runtime or the standard library, and no more", {
  permissions: { read: true },
}, () => {
  const reached = new Set(["main.ts"]);
  const packages = new Set<string>();
  for (const path of reached) {
    if (path.endsWith(".json")) continue;
    for (const specifier of importsOf(Deno.readTextFileSync(new URL(path, ROOT)))) {
      const imported = resolve(path, specifier);
      if (imported === undefined) packages.add(specifier);
      else reached.add(imported);
    }
  }

  assert(packages.size > 0);
  // One module of the library each: a whole part of it is loaded at every start.
  assertEquals([...packages].filter((specifier) => !/^@std\/[^/]+\/./.test(specifier)), []);
  assertEquals([...reached].filter((path) => /^(scripts|tests)\//.test(path)), []);
});

Deno.test("every stream's module is in the table", { permissions: { read: true } }, () => {
  const modules = [...sourcesBelow("streams/")].filter((path) => path !== "streams/mod.ts");
  const table = importsOf(Deno.readTextFileSync(new URL("streams/mod.ts", ROOT)))
    .map((specifier) => resolve("streams/mod.ts", specifier)!);
  assertEquals(modules.filter((path) => !table.includes(path)), []);
});

Deno.test("until the command is known, main.ts loads neither streams nor what commands need", {
  permissions: { read: true },
}, () => {
  // Erased and dynamic imports load nothing.
  const loads =
    /^(?:import|export)\b(?! type\b)(?:[\s\w{},*]*?\bfrom\b)?\s*["'](\.[^"'\n]+\.ts)["']/gm;
  const loaded = new Set(["main.ts"]);
  for (const path of loaded) {
    const source = Deno.readTextFileSync(new URL(path, ROOT));
    for (const [, specifier] of source.matchAll(loads)) loaded.add(resolve(path, specifier!)!);
  }
  assertEquals([...loaded].toSorted(), [
    "lib/argv.ts",
    "lib/cli/answer.ts",
    "lib/cli/args.ts",
    "lib/cli/flags.ts",
    "lib/cli/stderr.ts",
    "lib/cli/stop.ts",
    "lib/cli/usage.ts",
    "lib/errors.ts",
    "lib/escape.ts",
    "lib/log.ts",
    "lib/mask.ts",
    "lib/nearest.ts",
    "lib/stdout.ts",
    "lib/version.ts",
    "main.ts",
  ]);
});

Deno.test("each module of the standard library that deno.json maps has its types", () => {
  const mapped = Object.keys(manifest.imports).filter((name) => name.startsWith("@std/"));
  const declarations = Deno.readTextFileSync(new URL("lib/std.d.ts", ROOT));
  const typed = Array.from(declarations.matchAll(/^declare module "(.*)"/gm), ([, name]) => name!);

  // Without them whatever is imported would be `any`, and nobody would be told.
  assertEquals(typed.toSorted(), mapped.toSorted());
});
