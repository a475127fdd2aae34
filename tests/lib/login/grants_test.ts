import { assertEquals } from "@std/assert";
import { parseLoginArgs } from "../../../lib/login/args.ts";
import { wantsClient } from "../../../lib/login/grants.ts";

/** What is decided, and what was asked on the way. */
async function decide(
  argv: readonly string[],
  { interactive, answer }: { interactive: boolean; answer?: string },
): Promise<[wants: boolean, questions: string[]]> {
  const questions: string[] = [];
  const ask = (question: string) => {
    questions.push(question);
    return Promise.resolve(answer);
  };
  const wants = await wantsClient({
    flags: parseLoginArgs(["--grant=client_credentials", ...argv]),
    prompt: { interactive, ask, askHidden: ask },
    print: () => Promise.resolve(),
  });
  return [wants, questions];
}

Deno.test("wantsClient() takes the flag for consent, and asks a person without it", {
  permissions: "none",
}, async () => {
  const question = "Write the client in place of the token, so that each run gets its own? (y/N)";
  assertEquals(await decide(["--write-client"], { interactive: true }), [true, []]);
  assertEquals(await decide([], { interactive: true, answer: "y" }), [true, [question]]);
  assertEquals(await decide([], { interactive: true, answer: "" }), [false, [question]]);
  assertEquals(await decide([], { interactive: true }), [false, [question]]);
  // The next line of piped input answers the next question, or none.
  assertEquals(await decide([], { interactive: false, answer: "y" }), [false, []]);
});
