import { assertEquals } from "@std/assert";
import { errorWords, excerpt, summary } from "../../../lib/zendesk/hints.ts";

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
