/**
 * The tap at work without an account: starts the fake Chat API with a sample account, discovers,
 * syncs every stream to stdout, and compares the two ways of reading chats. Config, catalog and state
 * stay in `demo/`. A run without a state sees the account as it was three days ago, a run with one sees
 * what has come in since.
 */

import { TextLineStream } from "@std/streams/text-line-stream";
import { type FakeChatApi, startFakeChatApi, TOKEN } from "../tests/fakes/chat_api/mod.ts";
import { sampleAccount } from "../tests/fakes/sample_account/mod.ts";

const FOLDER = "demo";
const CONFIG = `${FOLDER}/config.json`;
const CATALOG = `${FOLDER}/catalog.json`;
const STATE = `${FOLDER}/state.json`;
const START_DATE = "2026-01-01";
/** How much older the account is for a first run, so that a second one has something new to read. */
const HEAD_START_MS = 3 * 86_400_000;

/** Starts the tap as a user would. */
function tap(args: string[], stdout: "piped" | "null", stderr: "inherit" | "null") {
  const command = ["run", "-q", "-P=tap", "--no-prompt", "main.ts", ...args];
  return new Deno.Command(Deno.execPath(), { args: command, stdout, stderr, stdin: "null" })
    .spawn();
}

/** Runs the tap; its stdout. */
async function tapOutput(args: string[]): Promise<string> {
  const { success, stdout } = await tap(args, "piped", "inherit").output();
  if (!success) Deno.exit(1);
  return new TextDecoder().decode(stdout);
}

/** Runs the tap with its messages going to stdout; the value of the last STATE. */
async function syncToStdout(args: string[]): Promise<unknown> {
  const child = tap(args, "piped", "inherit");
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  const encoder = new TextEncoder();
  const out = Deno.stdout.writable.getWriter();
  let lastState = "";
  try {
    for await (const line of lines) {
      await out.write(encoder.encode(line + "\n"));
      if (line.startsWith('{"type":"STATE"')) lastState = line;
    }
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(141);
    throw error;
  }
  const { success } = await child.status;
  if (!success) Deno.exit(1);
  return JSON.parse(lastState).value;
}

/** Has chats read, in one of the two ways and from the start; how many requests that took. */
async function countRequests(api: FakeChatApi, way: string, ...streams: string[]): Promise<string> {
  await writeJson(`${FOLDER}/way.json`, { chats_api: way });
  const before = api.requests.length;
  const selected = ["chats", ...streams].flatMap((stream) => ["--select", stream]);
  const files = ["-c", CONFIG, "-c", `${FOLDER}/way.json`, "--catalog", CATALOG];
  const { success } = await tap([...files, ...selected], "null", "null").status;
  if (!success) Deno.exit(1);
  return String(api.requests.length - before).padStart(4);
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value, null, 2) + "\n", { mode: 0o600 });
}

async function say(...lines: string[]): Promise<void> {
  await Deno.stderr.write(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
}

const isSecondRun = Deno.args[0] === "--state";
const state = Deno.args[1] ?? STATE;
const now = Date.now();
const account = sampleAccount(isSecondRun ? now : now - HEAD_START_MS);
const dropped = isSecondRun ? account.shortcuts.pop() : undefined;
await using api = await startFakeChatApi({ account });
await Deno.mkdir(FOLDER, { recursive: true });
await writeJson(CONFIG, {
  access_token: TOKEN,
  start_date: START_DATE,
  base_url: api.url,
  chats_api: "incremental",
  emit_activate_version_messages: true,
});

const catalog = JSON.parse(await tapOutput(["-c", CONFIG, "--discover"]));
for (const { metadata } of catalog.streams) metadata[0].metadata.selected = true;
await writeJson(CATALOG, catalog);

const files = ["-c", CONFIG, "--catalog", CATALOG];
await writeJson(STATE, await syncToStdout(isSecondRun ? [...files, "-s", state] : files));

const children = ["chat_history", "chat_engagements"];
const bySearch = await countRequests(api, "search");
const byExport = await countRequests(api, "incremental");
const withChildren = await countRequests(api, "incremental", ...children);
await say(
  "",
  "The account's chats, read from the start in both ways:",
  `  chats_api search       ${bySearch} requests, sees chats when they end`,
  `  chats_api incremental  ${byExport} requests, sees every later edit as well`,
  `  with ${children.join(" and ")} beside them: ${withChildren.trim()} requests`,
  "",
  ...dropped === undefined ? [] : [
    `The shortcut ${
      JSON.stringify(dropped.name)
    } is gone in Zendesk. ACTIVATE_VERSION tells the target.`,
    "",
  ],
  `State and the rest are in ${FOLDER}/. Run "deno task demo --state ${STATE}" to read what is new.`,
);
