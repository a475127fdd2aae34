/**
 * A target for tests: it appends each record to `rows.jsonl`, and prints each state once the records
 * before it are there. The file `target.mode` may make it fail at once, or write half a state and hang.
 */

import { TextLineStream } from "@std/streams/text-line-stream";

const mode = await Deno.readTextFile("target.mode").catch(() => "");
if (mode === "dies") Deno.exit(3);

const encoder = new TextEncoder();
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  .pipeThrough(new TextLineStream());
for await (const line of lines) {
  const message = JSON.parse(line);
  if (message.type === "RECORD") {
    const row = JSON.stringify([message.stream, message.record.id]);
    await Deno.writeTextFile("rows.jsonl", `${row}\n`, { append: true });
  } else if (message.type === "STATE") {
    const state = encoder.encode(JSON.stringify(message.value) + "\n");
    const isHalf = mode === "half" && message.value.bookmarks.agents !== undefined;
    const bytes = isHalf ? state.subarray(0, state.length / 2) : state;
    for (let written = 0; written < bytes.length;) {
      written += await Deno.stdout.write(bytes.subarray(written));
    }
    if (isHalf) await new Promise((_) => setInterval(() => {}, 60_000));
  }
}
