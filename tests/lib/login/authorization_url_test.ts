import { assertEquals } from "@std/assert";
import { authorizeUrl, defaultAuthorizationUrl } from "../../../lib/login/authorization_url.ts";

Deno.test("authorizeUrl() asks for a code, every part encoded", { permissions: "none" }, () => {
  assertEquals(
    authorizeUrl({
      authorizationUrl: defaultAuthorizationUrl("acme"),
      clientId: "a&b",
      redirectUri: "http://localhost:8080/callback",
      scope: "read",
      state: "f00",
      subdomain: "acme",
    }),
    "https://acme.zendesk.com/oauth2/chat/authorizations/new?response_type=code" +
      "&redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fcallback&client_id=a%26b&scope=read" +
      "&state=f00&subdomain=acme",
  );
});
