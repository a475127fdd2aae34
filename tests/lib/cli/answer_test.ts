import { assertEquals } from "@std/assert";
import { about } from "../../../lib/cli/about.ts";
import { answer } from "../../../lib/cli/answer.ts";
import { usage } from "../../../lib/cli/usage.ts";
import { VERSION } from "../../../lib/version.ts";

Deno.test("answer() answers each question about the program", async () => {
  assertEquals(await answer({ kind: "version" }), `tap-zendesk-chat ${VERSION}`);
  assertEquals(await answer({ kind: "help" }), usage(VERSION));
  assertEquals(await answer({ kind: "about", format: "json" }), about("json"));
});
