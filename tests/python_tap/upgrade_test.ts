/**
 * The swap for the Python tap, held against what that tap makes of the same dates, settings and catalogs
 * (recorded from 0.5.1 by the programs beside this file): each is read alike, or stands in
 * docs/upgrade_from_python.md as different. And the page's commands, as they stand.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { SETTINGS } from "../../lib/config/settings.ts";
import { resolveConfig } from "../../lib/config/config.ts";
import { formatMicros } from "../../lib/date_time.ts";
import { InputError } from "../../lib/errors.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { BookmarkReader } from "../../lib/singer/state.ts";
import { chat } from "../fakes/chat_api/mod.ts";
import { configFor } from "../program/run_folder.ts";
import { createShellSync } from "../program/shell_sync.ts";
import { projectPath } from "../program/tap_process.ts";
import { runStreams } from "../run_streams.ts";
import { CATALOG_EDITS } from "./catalog_edits.ts";
import catalogs from "./catalogs.json" with { type: "json" };
import { type Reading, readingsOf, START_DATE, startAccount } from "./readings.ts";
import settings from "./settings.json" with { type: "json" };
import startDates from "./start_dates.json" with { type: "json" };

const PAGE = Deno.readTextFileSync(projectPath("docs/upgrade_from_python.md"));

/** What stands in backticks in the page's tables, without their headings. */
const IN_TABLES = new Set(
  Array.from(PAGE.matchAll(/^\|.*\|$/gm), ([row]) => row)
    .flatMap((row) => Array.from(row.matchAll(/`([^`]+)`/g), ([, code]) => code!)),
);

Deno.test("each start_date that the Python tap reads is the same instant here, or in the page", () => {
  const wrong = Object.entries(startDates).flatMap(([text, python]) => {
    const here = SETTINGS.start_date.parse(text.trim());
    if (here === undefined) {
      return python === "refused" || IN_TABLES.has(text) ? [] : [[text, python, "refused"]];
    }
    // The API's own malformed dates are read here alone.
    if (python === "refused" && text.endsWith("+00:00Z")) return [];
    const instant = formatMicros(here);
    return instant === python ? [] : [[text, python, instant]];
  });

  assertEquals(wrong, []);
});

Deno.test("the bookmarks of a state are read as start_date is", () => {
  for (const text of Object.keys(startDates)) {
    const read = new BookmarkReader({ text }, "", "state.json");
    const expected = SETTINGS.start_date.parse(text);
    if (expected === undefined) assertThrows(() => read.instant("text"), InputError);
    else assertEquals([text, read.instant("text")], [text, expected]);
  }
});

/** After how many days the recorded runs looked whether a full re-sync was due. */
const AGES = [0.5, 1.5, 8, 15, 40, 1001];

/** What the Python tap would have sent or decided to do what this one does with a setting. */
function inPythonsWords(name: string, value: Json): Json {
  const values = { access_token: "token", start_date: "2026-01-01", [name]: value };
  let config;
  try {
    ({ config } = resolveConfig([{ file: "config.json", values }], { now: 0 }));
  } catch (error) {
    assert(error instanceof InputError, `${error}`);
    return "refused";
  }
  const { chatsFullSyncDays = Infinity } = config;
  const words: Record<string, Json | undefined> = {
    access_token: `Bearer ${config.accessToken}`,
    agents_page_limit: `${config.agentsPageLimit}`,
    bans_page_limit: `${config.bansPageLimit}`,
    chat_search_interval_days: config.chatSearchIntervalDays,
    chats_full_sync_days: AGES.filter((days) => days >= chatsFullSyncDays),
    subdomain: new URL(config.apiRoot).origin,
    user_agent: config.userAgent,
  };
  return words[name] ?? "as if it were not there";
}

Deno.test("each setting is taken in each type as by the Python tap, or the page says otherwise", () => {
  const named: string[] = [];
  for (const [name, value, python] of settings as [string, Json, Json][]) {
    const isAlike = JSON.stringify(inPythonsWords(name, value)) === JSON.stringify(python);
    if (!isAlike) named.push(`${name}: ${JSON.stringify(value)}`);
  }

  assertEquals(named.toSorted(), settingsInTables().toSorted());
});

/** `NAME: VALUE`, and values that follow in the same cell, as one entry each. */
function settingsInTables(): string[] {
  const names = Object.keys(SETTINGS).join("|");
  const cells = PAGE.matchAll(new RegExp(`^\\| \`(${names}): ([^|]*)\\|`, "gm"));
  return Array.from(cells).flatMap(([, name, rest]) =>
    Array.from(`\`${rest}`.matchAll(/`([^`]+)`/g), ([, value]) => `${name}: ${value}`)
  );
}

Deno.test("the Python tap's catalog is read alike, whatever was done to it", async () => {
  await using api = await startAccount();
  for (const [name, catalog] of Object.entries(CATALOG_EDITS)) {
    const python = (catalogs as Record<string, unknown>)[name] as Reading[] | "refused";
    const run = await runStreams({
      apiRoot: api.url,
      catalog,
      startDateMicros: Date.parse(START_DATE) * 1000,
    });
    const here = run.error instanceof InputError ? "refused" : readingsOf(run.messages);

    if (name === "listed twice") {
      // Read twice there.
      assertEquals(
        here,
        (python as Reading[]).map((
          [stream, count, fields],
        ) => [stream, stream === "agents" ? count / 2 : count, fields]),
        name,
      );
    } else if (name === "selected in the schema, without metadata") {
      assertEquals([python, here], ["refused", catalogs["selected in the schema"]], name);
    } else {
      assertEquals([name, here], [name, python]);
    }
  }
});

/** `python3 -m venv venv`, with a pip and a tap that check how they are called, and no network. */
const STAND_IN = `#!/bin/bash
set -eu
[ "$*" = "-m venv venv" ]
mkdir -p venv/bin
echo '#!/bin/bash
[ "$*" = "install tap-zendesk-chat==0.5.1" ]' > venv/bin/pip
echo '#!/bin/bash
[ "$*" = "-c config.json --catalog catalog.json -s state.json" ]
echo "{\\"type\\": \\"STATE\\", \\"value\\": $(cat state.json)}"' > venv/bin/tap-zendesk-chat
chmod +x venv/bin/*
`;

Deno.test("the page's commands run as they stand, from top to bottom", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const commands = Array.from(PAGE.matchAll(/^```sh\n(.*?)^```$/gms), ([, text]) => text!);
  const script = ["set -euo pipefail", "PATH=$PWD/bin:/usr/bin:/bin", ...commands].join("\n");
  const way = {
    name: "the page",
    command: () => ({ args: ["-c", script], files: { "bin/python3": STAND_IN } }),
  };
  const chats = ["a", "b"].map((id, index) => chat(id, `2026-01-0${index + 5}T10:00:00Z`));
  await using sync = await createShellSync(way, { account: { chats } });
  await sync.write("config.json", JSON.stringify(configFor(sync.api)));
  // As the Python tap leaves it: chat "a" is lost behind its bookmark.
  const bookmark = { "chat.end_timestamp": "2026-01-05T12:00:00Z" };
  const state = { bookmarks: { chats: { ...bookmark, offset: { "chat.next_url": null } } } };
  await sync.write("state.json", JSON.stringify(state, null, 2));

  const { code, stderr } = await sync.run();

  assertEquals([code, stderr.match(/^(?:WARNING|ERROR|CRITICAL) .*$/gm)], [0, null]);
  assertEquals([...await sync.rows()].sort(), ["agents 1", "agents 2", "chats a", "chats b"]);
  const last = JSON.parse((await sync.read("states.jsonl")).trimEnd().split("\n").at(-1)!);
  assertEquals(typeof (last as JsonObject).chats_last_full_sync, "string");
  assertEquals(JSON.parse(await sync.read("state.json")), last);
});
