import { assertEquals } from "@std/assert";
import { parseBaseUrl, parseSubdomain, subdomainTokenUrl } from "../../../lib/config/api_root.ts";

const SUBDOMAINS: [text: string, subdomain: string | undefined][] = [
  ["acme", "acme"],
  ["ACME-2", "acme-2"],
  ["a", "a"],
  ["acme.zendesk.com", "acme"],
  ["Acme.Zendesk.com/", "acme"],
  ["https://acme.zendesk.com", "acme"],
  ["https://acme.zendesk.com/", "acme"],
  ["https://acme.zendesk.com/chat/agent#home", "acme"],
  ["a".repeat(63), "a".repeat(63)],
  ["a".repeat(64), undefined],
  ["", undefined],
  ["ac me", undefined],
  ["acme/", undefined],
  ["acme_1", undefined],
  ["-acme", undefined],
  ["acme-", undefined],
  ["acmé", undefined],
  ["acme.com", undefined],
  ["acme.example.zendesk.com", undefined],
  ["acme.zendesk.com.evil.example", undefined],
  ["acme.zendesk.com:443", undefined],
  ["https://acme", undefined],
  ["http://acme.zendesk.com", undefined],
  ["https://user:word@acme.zendesk.com", undefined],
  ["https://acme.zendesk.com@evil.example/", undefined],
  ["https://evil.example/acme.zendesk.com", undefined],
];

const BASE_URLS: [text: string, apiRoot: string | undefined][] = [
  ["https://acme.zendesk.com/api/v2/chat", "https://acme.zendesk.com/api/v2/chat"],
  ["https://acme.zendesk.com:443/api/v2/chat//", "https://acme.zendesk.com/api/v2/chat"],
  ["https://WWW.zopim.com/api/v2/", "https://www.zopim.com/api/v2"],
  ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
  ["http://127.0.0.1:8080/api/v2/chat/", "http://127.0.0.1:8080/api/v2/chat"],
  ["https://localhost:8443/x", "https://localhost:8443/x"],
  ["http://[::1]:8080/", "http://[::1]:8080"],
  ["acme.zendesk.com", undefined],
  ["//acme.zendesk.com/api", undefined],
  ["http://acme.zendesk.com/api/v2/chat", undefined],
  ["http://www.zopim.com/api/v2", undefined],
  ["https://acme.zendesk.com:8443/api/v2/chat", undefined],
  ["https://zendesk.com/api/v2/chat", undefined],
  ["https://evilzendesk.com/api/v2/chat", undefined],
  ["https://acme.zendesk.com.evil.example/", undefined],
  ["https://acme.zendesk.com@evil.example/", undefined],
  ["https://user@acme.zendesk.com/", undefined],
  ["https://user:word@acme.zendesk.com/", undefined],
  ["https://acm{e.zendesk.com/", undefined],
  ["https://acme.zendesk.com/?token=x", undefined],
  ["https://acme.zendesk.com/?", undefined],
  ["https://acme.zendesk.com/#x", undefined],
  ["https://gateway.example/chat", undefined],
  ["http://192.0.2.1/", undefined],
  ["http://127.0.0.2/", undefined],
  ["ftp://127.0.0.1/", undefined],
  ["file:///etc/passwd", undefined],
  ["", undefined],
];

Deno.test("parseSubdomain() finds the label in what people paste", { permissions: "none" }, () => {
  assertEquals(SUBDOMAINS.map(([text]) => [text, parseSubdomain(text)]), SUBDOMAINS);
});

Deno.test("parseBaseUrl() takes what the tap may reach and nothing else", {
  permissions: "none",
}, () => {
  assertEquals(BASE_URLS.map(([text]) => [text, parseBaseUrl(text)]), BASE_URLS);
});

Deno.test("subdomainTokenUrl() is that of Chat, not of Support", { permissions: "none" }, () => {
  assertEquals(subdomainTokenUrl("acme"), "https://acme.zendesk.com/oauth2/chat/token");
});
