import { assertEquals } from "@std/assert";
import { errorWords, excerpt, hint, summary } from "../../../lib/zendesk/hints.ts";

Deno.test({
  name: "excerpt() keeps 200 characters, whole ones, and escapes what could break a line",
  permissions: "none",
  fn() {
    assertEquals(excerpt("a\r\nINFO b\u001b[0m"), "a\\u000d\\u000aINFO b\\u001b[0m");
    assertEquals(excerpt("x".repeat(200)), "x".repeat(200));
    assertEquals(excerpt("x".repeat(201)), "x".repeat(200) + "…");
    assertEquals(excerpt("😀".repeat(200)), "😀".repeat(200));
    assertEquals(excerpt("😀".repeat(201)), "😀".repeat(200) + "…");
    assertEquals(excerpt("x" + "😀".repeat(10_000)), "x" + "😀".repeat(199) + "…");
  },
});

Deno.test({
  name: "errorWords() finds the API's message and quotes nothing else",
  permissions: "none",
  fn() {
    const table: [string, string | undefined][] = [
      ['{"error":"Unauthorized","description":"no such token"}', '"Unauthorized: no such token"'],
      ['{"error":"Not Found"}', '"Not Found"'],
      ['{"error":{"message":"too deep"}}', '"too deep"'],
      ['{"error":{"title":"No help desk at acme"}}', '"No help desk at acme"'],
      ['{"message":"slow down"}', '"slow down"'],
      ["  Too many requests\n", '"Too many requests"'],
      ["\n<!DOCTYPE html><p>x", "an HTML page"],
      ['{"id":1,"name":"a visitor"}', undefined],
      ['{"error":{"code":7}}', undefined],
      ['{"error":null,"description":""}', undefined],
      ['[{"name":"a visitor"}]', undefined],
      ['{"name":"a visi', undefined],
      ['"text"', undefined],
      ["null", undefined],
      ["", undefined],
    ];
    for (const [body, words] of table) assertEquals([body, errorWords(body)], [body, words]);
  },
});

Deno.test({
  name: "summary() names the status and the Retry-After that came with it",
  permissions: "none",
  fn() {
    const answer = { kind: "status", status: 429, statusText: "Too Many Requests" } as const;
    assertEquals(summary(answer), "answered 429");
    assertEquals(summary({ ...answer, retryAfter: "12" }), "answered 429 (Retry-After: 12)");
  },
});

Deno.test("hint() says what a refusal or a failed connection asks of whom", {
  permissions: "none",
}, () => {
  const status = (status: number) => ({ kind: "status", status, statusText: "" } as const);
  const network = (detail: string) => ({ kind: "network", detail, connected: false } as const);
  const certificate = (detail: string) => ({ kind: "certificate", detail } as const);
  const cases: [failure: Parameters<typeof hint>[0], names: string[]][] = [
    [status(401), ["expired", "revoked", "Support", "login"]],
    [status(403), ["role", "scope", "plan"]],
    [status(404), ['"subdomain"']],
    [status(410), ["retired", '"subdomain"']],
    [network("dns error: failed to lookup address information"), ['"subdomain"', "HTTPS_PROXY"]],
    [network("tcp connect error: Connection refused (os error 111)"), ["HTTPS_PROXY"]],
    [network("unsuccessful tunnel"), ["proxy", "HTTPS_PROXY", "password"]],
    [network("connection reset"), ["network"]],
    [certificate("invalid peer certificate: UnknownIssuer"), ["DENO_CERT", "DENO_TLS_CA_STORE"]],
    [certificate("Failed opening CA file: No such file or directory"), ["DENO_CERT", "PEM"]],
    [certificate('Unknown certificate store "foo" specified'), ["DENO_TLS_CA_STORE", "system"]],
  ];
  for (const [failure, names] of cases) {
    const advice = hint(failure)!;
    assertEquals(names.filter((name) => !advice.includes(name)), [], advice);
  }
});
