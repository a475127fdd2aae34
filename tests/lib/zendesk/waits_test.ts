import { assertEquals } from "@std/assert";
import { createLog } from "../../../lib/log.ts";
import { createRateLimiter } from "../../../lib/zendesk/rate_limit.ts";
import { Waits } from "../../../lib/zendesk/waits.ts";
import { createFakeClock } from "../../fakes/clock.ts";
import { createRunApi } from "../../run_streams.ts";

Deno.test("Waits names the wait that has gone on for longest", { permissions: "none" }, () => {
  const clock = createFakeClock();
  const waits = new Waits(clock);
  assertEquals(waits.longest, undefined);

  const first = waits.begin("one thing");
  clock.advance(5);
  const second = waits.begin("another", 100);
  assertEquals(waits.longest, { what: "one thing", sinceMs: 0, untilMs: undefined });
  first[Symbol.dispose]();
  assertEquals(waits.longest, { what: "another", sinceMs: 5, untilMs: 105 });
  second[Symbol.dispose]();
  assertEquals(waits.longest, undefined);
});

Deno.test("the limit, an answer and a next attempt are waited for by name", {
  permissions: "none",
}, async () => {
  const clock = createFakeClock();
  const seen: (string | undefined)[] = [];
  let run: ReturnType<typeof createRunApi> | undefined = undefined;
  const see = () => seen.push(run?.waits.longest?.what);
  const watched = {
    ...clock,
    sleep(ms: number, signal: AbortSignal) {
      see();
      return clock.sleep(ms, signal);
    },
  };
  let answers = 0;
  run = createRunApi({
    apiRoot: "https://acme.zendesk.com/api/v2/chat",
    clock: watched,
    // deno-lint-ignore require-await
    fetch: async () => {
      see();
      return answers++ === 0 ? new Response("", { status: 503 }) : Response.json([]);
    },
  });
  using _run = run;
  await run.api.get({ endpoint: "goals", path: "goals", read: (body) => body });
  assertEquals([seen, run.waits.longest], [
    ["an answer to GET goals", "attempt 2 of 10", "an answer to GET goals"],
    undefined,
  ]);

  const waits = new Waits(clock);
  const log = createLog({ write() {} });
  const limitClock = {
    ...clock,
    sleep(ms: number, signal: AbortSignal) {
      seen.push(waits.longest?.what);
      return clock.sleep(ms, signal);
    },
  };
  const limiter = createRateLimiter({ perMinute: 1, clock: limitClock, log, waits });
  const { signal } = new AbortController();
  await limiter.take(signal);
  await limiter.take(signal);
  assertEquals([seen.at(-1), waits.longest], ['"requests_per_minute"', undefined]);
});
