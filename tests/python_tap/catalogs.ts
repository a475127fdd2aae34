/**
 * Writes what the Python tap reads with each edited catalog, into catalogs.json.
 *
 * ```
 * python -m venv venv && venv/bin/pip install tap-zendesk-chat==0.5.1
 * deno run -A tests/python_tap/catalogs.ts venv/bin/python
 * ```
 */

import { TOKEN } from "../fakes/chat_api/mod.ts";
import { CATALOG_EDITS } from "./catalog_edits.ts";
import { type Reading, readingsOf, START_DATE, startAccount } from "./readings.ts";

/** The tap with its hosts, which are fixed, replaced by one. */
const PROGRAM = `
import sys, tap_zendesk_chat, tap_zendesk_chat.http
host = sys.argv.pop(1)
tap_zendesk_chat.http.Client.get_base_url = lambda client: host
tap_zendesk_chat.main()
`;

const [python = "python"] = Deno.args;
await using api = await startAccount();
const folder = await Deno.makeTempDir();
const config = { access_token: TOKEN, start_date: START_DATE, chat_search_interval_days: 1000 };
await Deno.writeTextFile(`${folder}/config.json`, JSON.stringify(config));

const readings: Record<string, Reading[] | "refused"> = {};
for (const [name, catalog] of Object.entries(CATALOG_EDITS)) {
  await Deno.writeTextFile(`${folder}/catalog.json`, JSON.stringify(catalog));
  const files = ["-c", `${folder}/config.json`, "--catalog", `${folder}/catalog.json`];
  const args = ["-c", PROGRAM, new URL(api.url).origin, ...files];
  const { success, stdout } = await new Deno.Command(python, { args }).output();
  const lines = new TextDecoder().decode(stdout).split("\n").slice(0, -1);
  readings[name] = success ? readingsOf(lines.map((line) => JSON.parse(line))) : "refused";
}
await Deno.remove(folder, { recursive: true });
const file = new URL("catalogs.json", import.meta.url);
await Deno.writeTextFile(file, JSON.stringify(readings, null, 2) + "\n");
