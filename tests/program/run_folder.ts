/** The folder that a tap starts in: the files that its command line names, gone with the test. */

import type { Json } from "../../lib/json.ts";
import { type FakeChatApi, TOKEN } from "../fakes/chat_api/mod.ts";

/** File contents: text and bytes as they are, anything else as JSON. */
export type Files = Record<string, Json | Uint8Array>;

/** A temporary folder. */
export interface RunFolder extends AsyncDisposable {
  path: string;
  write(files: Files): Promise<void>;
}

/** Makes a temporary folder with these files. */
export async function createRunFolder(files: Files = {}): Promise<RunFolder> {
  const path = await Deno.makeTempDir({ prefix: "tap-zendesk-chat-" });
  const folder: RunFolder = {
    path,
    async write(files) {
      for (const [name, content] of Object.entries(files)) {
        await Deno.writeFile(`${path}/${name}`, bytesOf(content), { mode: 0o600 });
      }
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
  await folder.write(files);
  return folder;
}

/** The config that leads to a fake API; members given replace its own. */
export function configFor(api: FakeChatApi, more: Record<string, Json> = {}): Record<string, Json> {
  return { access_token: TOKEN, start_date: "2026-01-01", base_url: api.url, ...more };
}

function bytesOf(content: Json | Uint8Array): Uint8Array {
  if (content instanceof Uint8Array) return content;
  return new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content));
}
