/** How the benches call the tap. */

import { V8_FLAGS } from "../../scripts/v8_flags.ts";
import { type FakeChatApi, TOKEN } from "../fakes/chat_api/mod.ts";

/** What `deno` is told to run the tap as the executable runs it; the tap's own arguments follow. */
export const TAP = ["run", "-q", "-P=tap", "--no-prompt", V8_FLAGS, "main.ts"];

/** A way of reading chats, as `chats_api` names it. */
export type Way = "search" | "incremental";

/** Both ways, the default first. */
export const WAYS: readonly Way[] = ["search", "incremental"];

/** Writes a config for the API into a folder; returns the arguments that name it. */
export async function configArgs(
  folder: string,
  api: FakeChatApi,
  way: Way = "search",
  settings: Record<string, string> = {},
): Promise<string[]> {
  const file = `${folder}/config.json`;
  const config = {
    access_token: TOKEN,
    start_date: "2025-12-01",
    base_url: api.url,
    chats_api: way,
    ...settings,
  };
  await Deno.writeTextFile(file, JSON.stringify(config), { mode: 0o600 });
  return ["-c", file];
}

/** The arguments that select streams. */
export function selectArgs(...patterns: string[]): string[] {
  return patterns.flatMap((pattern) => ["--select", pattern]);
}
