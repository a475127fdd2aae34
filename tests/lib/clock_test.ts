import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../lib/clock.ts";

const LONG_MS = 600_000;

Deno.test("systemClock tells the time of day", { permissions: "none" }, () => {
  const before = Date.now();
  const now = systemClock.now();

  assert(before <= now && now <= Date.now(), `${now}`);
});

Deno.test("systemClock has a time that never goes back", { permissions: "none" }, () => {
  const times = Array.from({ length: 1_000 }, () => systemClock.monotonicMs());

  assertEquals(times, times.toSorted((a, b) => a - b));
});

Deno.test("systemClock sleeps as long as it is told", { permissions: "none" }, async () => {
  const startMs = systemClock.monotonicMs();
  await systemClock.sleep(20, new AbortController().signal);

  // Timers may be early by a fraction of a millisecond.
  const sleptMs = systemClock.monotonicMs() - startMs;
  assert(sleptMs > 18, `it slept ${sleptMs} ms`);
});

Deno.test("systemClock wakes with the signal's own reason", { permissions: "none" }, async () => {
  const reason = new Error("Stopped by SIGTERM");
  const stop = new AbortController();
  const sleep = systemClock.sleep(LONG_MS, stop.signal);
  stop.abort(reason);

  assertEquals(await assertRejects(() => sleep), reason);
});

Deno.test("systemClock does not begin to sleep after an abort", {
  permissions: "none",
}, async () => {
  const reason = new Error("Stopped by SIGINT");

  assertEquals(
    await assertRejects(() => systemClock.sleep(LONG_MS, AbortSignal.abort(reason))),
    reason,
  );
});

Deno.test("systemClock calls back after a time, and not once it is told not to", {
  permissions: "none",
}, async () => {
  const called: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  {
    using _disposed = systemClock.after(1, () => called.push("disposed of"));
  }
  using _kept = systemClock.after(5, () => {
    called.push("kept");
    resolve();
  });
  await promise;

  assertEquals(called, ["kept"]);
});
