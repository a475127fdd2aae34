import { assertEquals, assertRejects } from "@std/assert";
import { createLog } from "../../../lib/log.ts";
import { type AccessTokens, ownTokens } from "../../../lib/zendesk/access_tokens.ts";
import { TokenError } from "../../../lib/zendesk/client_token.ts";

/** Tokens over a script: each request takes the next one, and the last for ever. */
function setUp(given: string | undefined, ...fresh: (string | Error)[]): {
  tokens: AccessTokens;
  lines: string[];
  requests(): number;
} {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line.trimEnd()) });
  let requests = 0;
  const tokens = ownTokens({
    given,
    log,
    async request() {
      const next = fresh[Math.min(requests++, fresh.length - 1)]!;
      await Promise.resolve();
      if (next instanceof Error) throw next;
      log.info(`Got ${next}`);
      return next;
    },
  });
  return { tokens, lines, requests: () => requests };
}

const RENEWAL = "INFO The API refuses the access token, as when it has expired: getting a new one";

Deno.test("ownTokens() asks for the first token once, and only when it is needed", {
  permissions: "none",
}, async () => {
  const { tokens, requests } = setUp(undefined, "first-token");
  assertEquals(requests(), 0);
  const taken = await Promise.all([tokens.current(), tokens.current()]);
  assertEquals([...taken, await tokens.current()], ["first-token", "first-token", "first-token"]);
  assertEquals(requests(), 1);
});

Deno.test("ownTokens() renews a refused token once for all requests under way", {
  permissions: "none",
}, async () => {
  const { tokens, lines, requests } = setUp("given-token", "second-token", "third-token");
  assertEquals(await tokens.current(), "given-token");
  const renewals = [tokens.renew("given-token"), tokens.renew("given-token")];
  // Whoever comes meanwhile waits for the new one.
  assertEquals(await tokens.current(), "second-token");
  assertEquals(await Promise.all(renewals), [true, true]);
  // A late refusal of the old one says nothing of the new one.
  assertEquals([await tokens.renew("given-token"), requests()], [true, 1]);

  tokens.accepted("given-token");
  tokens.accepted("second-token");
  assertEquals([await tokens.renew("second-token"), requests()], [true, 2]);
  assertEquals(await tokens.current(), "third-token");
  assertEquals(lines.filter((line) => line.includes("refuses")), [RENEWAL, RENEWAL]);
});

Deno.test("ownTokens() gives up when a new token is refused", { permissions: "none" }, async () => {
  const { tokens, requests } = setUp("given-token", "second-token");
  await tokens.renew("given-token");
  assertEquals([await tokens.renew("second-token"), requests()], [false, 1]);
});

Deno.test("ownTokens() says once that there is no token, and does not ask again", {
  permissions: "none",
}, async () => {
  const { tokens, requests } = setUp(undefined, new TokenError("refused"), "late-token");
  for (let request = 0; request < 3; request++) {
    await assertRejects(() => tokens.current(), TokenError, "refused");
  }
  assertEquals(requests(), 1);
});

Deno.test("ownTokens() conceals each token", { permissions: "none" }, async () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line.trimEnd()) });
  const tokens = ownTokens({
    given: undefined,
    log,
    request: () => Promise.resolve("fresh-token"),
  });
  log.info(`Sent with ${await tokens.current()}`);
  assertEquals(lines, ["INFO Sent with ***"]);
});
