import { assertEquals } from "@std/assert";
import { costInWords } from "../../../lib/sync/first_sync.ts";

Deno.test(
  "costInWords() reckons with the limit, whose first minute is free, and with slow answers",
  {
    permissions: "none",
  },
  () => {
    const cases: [requests: number, limit: number, tookMs: number, words: string][] = [
      [1, 200, 100, "about 1 request, a minute or less"],
      [200, 200, 100, "about 200 requests, a minute or less"],
      [400, 200, 100, "about 400 requests, a minute or less"],
      [401, 200, 100, "about 401 requests, about 2m"],
      [1_000, 0, 10, "about 1000 requests, a minute or less"],
      [1_000, 200, 1_000, "about 1000 requests, about 17m"],
      [30_000, 200, 100, "about 30000 requests, about 2h 29m"],
    ];
    for (const [requests, requestsPerMinute, tookMs, words] of cases) {
      assertEquals(costInWords(requests, { requestsPerMinute, tookMs }), words);
    }
  },
);
