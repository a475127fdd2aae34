import { assertEquals } from "@std/assert";
import { failurePage, pageResponse } from "../../../lib/login/page.ts";

Deno.test("pageResponse() shows text as text and lets the browser load nothing", {
  permissions: "none",
}, async () => {
  const response = pageResponse(failurePage(`<script src="//evil.example"></script> & 'x'`));
  const [, paragraph] = /<p>(.*)<\/p>/.exec(await response.text()) ?? [];
  assertEquals(
    paragraph,
    "&#60;script src=&#34;//evil.example&#34;&#62;&#60;/script&#62; &#38; &#39;x&#39;",
  );
  assertEquals(response.status, 400);
  assertEquals(Object.fromEntries(response.headers), {
    "cache-control": "no-store",
    "connection": "close",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "content-type": "text/html; charset=utf-8",
    "referrer-policy": "no-referrer",
  });
});
