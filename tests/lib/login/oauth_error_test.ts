import { assertEquals } from "@std/assert";
import { explainOAuthError } from "../../../lib/login/oauth_error.ts";

Deno.test("explainOAuthError() says what came, in whose words, and what to do", {
  permissions: "none",
}, () => {
  assertEquals(
    explainOAuthError("invalid_grant", "The code has expired\n", "authorization_code"),
    'invalid_grant ("The code has expired"); the code had been used, came too late or belongs ' +
      "to another redirect URL: run login again and go through the browser without a pause",
  );
  assertEquals(
    explainOAuthError("invalid_client", "", "authorization_code"),
    "invalid_client; copy client ID and secret from the API client once more; the secret is " +
      "shown in full only when it is made",
  );
});

Deno.test("explainOAuthError() knows that a public client looks like a wrong secret", {
  permissions: "none",
}, () => {
  assertEquals(
    explainOAuthError("invalid_client", "", "client_credentials"),
    "invalid_client; check client ID and secret; if they are right, the API client is public " +
      "and this grant needs a confidential one: use --grant authorization_code",
  );
});

Deno.test("explainOAuthError() keeps foreign text on its line and short", {
  permissions: "none",
}, () => {
  const explained = explainOAuthError(
    "constructor\nCRITICAL",
    "x".repeat(999),
    "client_credentials",
  );
  assertEquals(
    explained,
    `constructor\\u000aCRITICAL ("${
      "x".repeat(200)
    }…"); check the API client and the flags of login`,
  );
});
