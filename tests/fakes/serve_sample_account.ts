/**
 * Serves the sample account, or any number of generated chats, until it is stopped: a process of
 * its own for the demo and the benches. Prints the API root as one line.
 *
 * ```
 * deno run --allow-net=127.0.0.1 tests/fakes/serve_sample_account.ts [--port=0] [--now=DATE-TIME]
 *   [--delay-ms=0] [--chats=COUNT [--bytes=2000] [--from=DATE-TIME] [--to=DATE-TIME]]
 * ```
 */

import { generatedChats, startFakeChatApi } from "./chat_api/mod.ts";
import { sampleAccount } from "./sample_account/mod.ts";

const flags = new Map(Deno.args.map((arg) => {
  const [name = "", value = ""] = arg.split("=");
  return [name, value];
}));

function flag<Value extends string | number>(name: string, whenAbsent: Value): Value {
  const value = flags.get(name);
  if (value === undefined) return whenAbsent;
  return (typeof whenAbsent === "number" ? Number(value) : value) as Value;
}

const account = sampleAccount(Date.parse(flag("--now", new Date().toISOString())));
const count = flag<number>("--chats", 0);
if (count > 0) {
  account.chats = generatedChats({
    count,
    bytes: flag<number>("--bytes", 2000),
    from: flag<string>("--from", "2026-01-01T00:00:00Z"),
    to: flag<string>("--to", "2026-07-01T00:00:00Z"),
  });
}
const api = await startFakeChatApi({
  account,
  port: flag<number>("--port", 0),
  delayMs: flag<number>("--delay-ms", 0),
});
await Deno.stdout.write(new TextEncoder().encode(`${api.url}\n`));
