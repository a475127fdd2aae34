/**
 * A sync as people start it: a line of shell, the tap and a target, in a folder of their own, with
 * nothing in the environment but what the line itself puts there.
 */

import { fail } from "@std/assert";
import { delay } from "@std/async/delay";
import {
  type FakeChatApi,
  type FakeChatApiOptions,
  startFakeChatApi,
} from "../fakes/chat_api/mod.ts";
import { catalogWith } from "./catalogs.ts";
import { configFor, createRunFolder } from "./run_folder.ts";
import { projectPath, tapCommand } from "./tap_process.ts";

/** How the pipe is started, in the folder that `bin/` with tap and target is in. */
export interface Way {
  name: string;
  /** What the shell is handed: its arguments, and files that they need. */
  command(folder: string): { args: string[]; files?: Record<string, string> };
}

/** The processes of a sync. */
export type Part = "shell" | "tap" | "target" | "group";

/** What came of one sync. */
export interface ShellResult {
  code: number;
  stderr: string;
}

/** A sync under way. */
export interface RunningShell {
  kill(part: Part): Promise<void>;
  /** Waits until the shell, the tap and the target have all ended. */
  finish(): Promise<ShellResult>;
}

/** A folder with all that a sync needs. */
export interface ShellSync extends AsyncDisposable {
  api: FakeChatApi;
  path: string;
  start(): RunningShell;
  run(): Promise<ShellResult>;
  write(file: string, text: string): Promise<void>;
  /** The text of a file; empty where there is none. */
  read(file: string): Promise<string>;
  /** Waits until nobody holds the script's lock: who is killed lets go of it behind standard error. */
  unlocked(): Promise<void>;
  /** What the target has stored, as `stream id`. */
  rows(): Promise<Set<string>>;
}

const AGENTS = [{ id: 1 }, { id: 2 }];

/** Makes such a folder; agents are read, then chats by the export. */
export async function createShellSync(
  way: Way,
  options: FakeChatApiOptions = {},
): Promise<ShellSync> {
  const { account, ...rest } = options;
  const api = await startFakeChatApi({ account: { agents: AGENTS, ...account }, ...rest });
  const folder = await createRunFolder({
    "config.json": configFor(api, { chats_api: "incremental" }),
    "catalog.json": catalogWith("agents", "chats"),
  });
  const { path } = folder;
  const file = (name: string) => `${path}/${name}`;
  const read = (name: string) => Deno.readTextFile(file(name)).catch(() => "");
  const { args, files = {} } = way.command(path);
  await addExecutables(path, files);

  function start(): RunningShell {
    // A session of its own, so that the whole group can be killed.
    const child = new Deno.Command("setsid", {
      args: ["/bin/bash", ...args],
      cwd: path,
      clearEnv: true,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    return {
      async kill(part) {
        const pid = part === "shell" || part === "group"
          ? child.pid
          : Number(await read(`${part}.pid`));
        const signal = ["-KILL", "--", part === "group" ? `-${pid}` : `${pid}`];
        const { success } = await new Deno.Command("kill", { args: signal }).output();
        if (!success) fail(`there is no ${part} to kill`);
      },
      async finish() {
        // All of them hold it, so it ends with the last of them.
        const stderr = await new Response(child.stderr).text();
        return { code: (await child.status).code, stderr };
      },
    };
  }

  return {
    api,
    path,
    start,
    run: () => start().finish(),
    write: (name, text) => Deno.writeTextFile(file(name), text),
    read,
    unlocked: () =>
      until("the lock to be let go", async () => {
        const flock = new Deno.Command("flock", { args: ["--nonblock", file("lock"), "true"] });
        return (await flock.output()).success;
      }),
    async rows() {
      const lines = (await read("rows.jsonl")).split("\n").filter(Boolean);
      return new Set(lines.map((line) => JSON.parse(line).join(" ")));
    },
    async [Symbol.asyncDispose]() {
      await folder[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

/** Puts the tap, a target and whatever else is to be started into a folder's `bin/`. */
export async function addExecutables(
  folder: string,
  others: Readonly<Record<string, string>>,
): Promise<void> {
  const deno = [Deno.execPath(), "run", "-q", "--config", projectPath("deno.json")];
  const target = [
    ...deno,
    "--allow-read=.",
    "--allow-write=.",
    projectPath("tests/fakes/target.ts"),
  ];
  await Deno.mkdir(`${folder}/bin`);
  const executables = {
    ...others,
    "bin/tap-zendesk-chat": wrapper("tap", tapCommand()),
    "bin/target-jsonl": wrapper("target", target),
  };
  for (const [name, text] of Object.entries(executables)) {
    await Deno.writeTextFile(`${folder}/${name}`, text, { mode: 0o755 });
  }
}

/** Waits until something holds, for as long as any test may take. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 3_000; tries++) {
    if (await holds()) return;
    await delay(10);
  }
  fail(`in vain waited for ${what}`);
}

/** A program that leaves its process id behind; with what running from source needs. */
function wrapper(name: string, command: readonly string[]): string {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const needed = ["HOME", "DENO_DIR", "XDG_CACHE_HOME"].flatMap((variable) => {
    const value = Deno.env.get(variable);
    return value === undefined ? [] : [`export ${variable}='${value}'\n`];
  });
  // The limit is for what is printed: the runtime's own caches would run into it now and then.
  return `#!/bin/bash\n${needed.join("")}echo $$ > ${name}.pid\n` +
    `if [ -e ${name}.limit ]; then\n` +
    `  ${quoted} "$@" | (ulimit -f "$(cat ${name}.limit)"; exec cat)\n  exit\nfi\n` +
    `exec ${quoted} "$@"\n`;
}
