/**
 * The floor of a sync: the same requests, parsed, serialised and written, and nothing else. Reads the
 * URLs from stdin, one a line, and asks for one after the other.
 */

import { TOKEN } from "../fakes/chat_api/mod.ts";

const urls = (await new Response(Deno.stdin.readable).text()).trim().split("\n");
const headers = { authorization: `Bearer ${TOKEN}`, accept: "application/json" };
const encoder = new TextEncoder();
for (const url of urls) {
  const body = JSON.parse(await (await fetch(url, { headers })).text());
  const rows: unknown[] = body.chats ?? Object.values(body.docs ?? {});
  const lines = rows.map((record) =>
    JSON.stringify({ type: "RECORD", stream: "chats", record }) + "\n"
  );
  const bytes = encoder.encode(lines.join(""));
  for (let written = 0; written < bytes.length;) {
    written += await Deno.stdout.write(bytes.subarray(written));
  }
}
// As the tap does; otherwise idle connections keep the process.
Deno.exit(0);
