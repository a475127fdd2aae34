import { assertEquals, assertStrictEquals } from "@std/assert";
import { systemClock } from "../../../lib/clock.ts";
import { createLog } from "../../../lib/log.ts";
import { createRateLimiter } from "../../../lib/zendesk/rate_limit.ts";
import { createFakeClock } from "../../fakes/clock.ts";

const { signal } = new AbortController();

function setUp(perMinute: number) {
  const clock = createFakeClock();
  const lines: string[] = [];
  const log = createLog({ write: (line) => void lines.push(line) });
  return { clock, lines, limiter: createRateLimiter({ perMinute, clock, log }) };
}

Deno.test({
  name: "createRateLimiter() lets a minute's requests go at once and the next when one has expired",
  permissions: "none",
  async fn() {
    const { clock, limiter } = setUp(3);
    const times: number[] = [];
    for (let i = 0; i < 8; i++) {
      await limiter.take(signal);
      times.push(clock.monotonicMs());
      clock.advance(10);
    }
    assertEquals(times, [0, 10, 20, 60_000, 60_010, 60_020, 120_000, 120_010]);
    assertEquals(clock.sleeps, [59_970, 59_970]);
  },
});

Deno.test({
  name: "createRateLimiter() never lets more than a minute's requests go in any minute",
  permissions: "none",
  async fn() {
    const { clock, limiter } = setUp(5);
    const times: number[] = [];
    let seed = 7;
    for (let i = 0; i < 500; i++) {
      await limiter.take(signal);
      times.push(clock.monotonicMs());
      seed = seed * 48_271 % 2_147_483_647;
      clock.advance(seed % 20_000);
    }
    times.slice(5).forEach((time, i) => assertEquals(time - times[i]! >= 60_000, true));
  },
});

Deno.test({
  name: "createRateLimiter() lets everything go at once when the limit is 0",
  permissions: "none",
  async fn() {
    const { clock, lines, limiter } = setUp(0);
    for (let i = 0; i < 1_000; i++) await limiter.take(signal);
    assertEquals([clock.sleeps, lines], [[], []]);
  },
});

Deno.test({
  name: "createRateLimiter() serves concurrent callers in the order in which they came",
  permissions: "none",
  async fn() {
    const { clock, limiter } = setUp(2);
    const served: [string, number][] = [];
    await Promise.all(
      ["a", "b", "c", "d", "e"].map(async (name) => {
        await limiter.take(signal);
        served.push([name, clock.monotonicMs()]);
      }),
    );
    assertEquals(served.map(([name]) => name), ["a", "b", "c", "d", "e"]);
    assertEquals(clock.sleeps, [60_000, 60_000]);
  },
});

Deno.test({
  name: "createRateLimiter() logs a wait with its length and reason, unless it is a short one",
  permissions: "none",
  async fn() {
    const { clock, lines, limiter } = setUp(1);
    await limiter.take(signal);
    clock.advance(18_800);
    await limiter.take(signal);
    clock.advance(59_500);
    await limiter.take(signal);
    assertEquals(clock.sleeps, [41_200, 500]);
    assertEquals(lines, [
      'INFO Waiting 41.2 s to stay within "requests_per_minute" (1)\n',
    ]);
  },
});

Deno.test({
  name: "createRateLimiter() ends a wait with the signal's reason and goes on serving others",
  permissions: "none",
  async fn() {
    const controller = new AbortController();
    const log = createLog({ write: () => {} });
    const fake = createFakeClock();
    const limiter = createRateLimiter({
      perMinute: 1,
      clock: { ...fake, sleep: systemClock.sleep },
      log,
    });
    await limiter.take(controller.signal);
    const waiting = [limiter.take(controller.signal), limiter.take(controller.signal)];
    const caught = Promise.all(waiting.map((wait) => wait.catch((error) => error)));
    const reason = new Error("stop");
    controller.abort(reason);
    for (const error of await caught) assertStrictEquals(error, reason);
    fake.advance(60_000);
    await limiter.take(signal);
  },
});
