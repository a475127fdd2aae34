import { assertEquals, assertRejects } from "@std/assert";
import { type AnswerSource, obtain, requireConsent } from "../../../lib/login/answers.ts";
import { parseLoginArgs } from "../../../lib/login/args.ts";
import { TapError } from "../../../lib/errors.ts";

/** A source that answers with these lines, and what is asked and printed. */
function source(
  lines: readonly string[],
  { argv = [], interactive = false }: { argv?: string[]; interactive?: boolean } = {},
): AnswerSource & { shown: string[] } {
  const shown: string[] = [];
  const queue = [...lines];
  const answer = (kind: string) => (question: string) => {
    shown.push(kind + question);
    return Promise.resolve(queue.shift());
  };
  return {
    flags: parseLoginArgs(argv),
    prompt: { interactive, ask: answer(""), askHidden: answer("hidden: ") },
    print: (line) => Promise.resolve(void shown.push(line)),
    shown,
  };
}

Deno.test("obtain() does not ask for what a flag gives", { permissions: "none" }, async () => {
  const from = source(["other"], { argv: ["--subdomain=acme"] });
  assertEquals([await obtain("subdomain", from, "stored"), from.shown], ["acme", []]);
});

Deno.test("obtain() takes what is offered for an empty answer", {
  permissions: "none",
}, async () => {
  const from = source([" ", "8181"]);
  assertEquals([await obtain("port", from, "8080"), await obtain("port", from)], ["8080", "8181"]);
  assertEquals(from.shown, [
    "Port on this machine for the redirect URL [8080]",
    "Port on this machine for the redirect URL",
  ]);
});

Deno.test("obtain() asks for secrets out of sight", { permissions: "none" }, async () => {
  const from = source([" s3cret "]);
  assertEquals([await obtain("client-secret", from), from.shown], ["s3cret", [
    "hidden: Client secret",
  ]]);
});

Deno.test("obtain() asks a person again", { permissions: "none" }, async () => {
  const from = source(["", "Acme Ltd", "acme"], { interactive: true });
  assertEquals(await obtain("subdomain", from), "acme");
  const question = 'Subdomain, the "acme" of acme.zendesk.com';
  const problem = 'Expected the "acme" of acme.zendesk.com.';
  assertEquals(from.shown, [question, problem, question, problem, question]);
});

Deno.test("obtain() does not ask a pipe again", { permissions: "none" }, async () => {
  const error = await assertRejects(() => obtain("token", source(["Bearer s3cret"])), TapError);
  assertEquals(
    error.message,
    'Cannot use the answer to "Access token" (--token): expected the bare token in ASCII, ' +
      'without "Bearer", spaces and control characters',
  );
});

Deno.test("obtain() names the flag when the input has ended", {
  permissions: "none",
}, async () => {
  const error = await assertRejects(() => obtain("client-id", source([]), "offered"), TapError);
  assertEquals(error.message, 'No answer to "Client ID": the input has ended, add --client-id');
});

Deno.test("requireConsent() takes a yes, from a person or a flag, and nothing else", {
  permissions: "none",
}, async () => {
  for (const yes of ["y", "Y", " yes "]) await requireConsent("c.json", source([yes]));
  const flagged = source([], { argv: ["--yes"] });
  await requireConsent("c.json", flagged);
  assertEquals(flagged.shown, []);
  for (const no of [["n"], [""], ["yesterday"], []]) {
    await assertRejects(() => requireConsent("c.json", source(no)), TapError);
  }
});
