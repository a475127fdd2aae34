import { assertEquals } from "@std/assert";
import { RecordCounter } from "../../../lib/singer/metrics.ts";
import type { Metric } from "../../../lib/log.ts";

/** A counter at a time that a test sets, and the values of the metrics that it has written. */
function setUp() {
  const time = { ms: 1_000 };
  const metrics: Metric[] = [];
  const log = { metric: (metric: Metric) => void metrics.push(metric) };
  const counter = new RecordCounter("chats", log, () => time.ms);
  return { counter, metrics, time, values: () => metrics.map(({ value }) => value) };
}

Deno.test("RecordCounter writes singer-python's record_count", { permissions: "none" }, () => {
  const { counter, metrics } = setUp();
  counter.add(40);
  counter.tell();
  assertEquals(metrics, [
    { type: "counter", metric: "record_count", value: 40, tags: { endpoint: "chats" } },
  ]);
});

Deno.test("RecordCounter tells once a minute, each record once", { permissions: "none" }, () => {
  const { counter, time, values } = setUp();
  for (const ms of [1_000, 30_000, 61_000, 61_001, 61_002, 121_001, 121_002]) {
    time.ms = ms;
    counter.add(10);
  }
  assertEquals(values(), [40, 30]);
  counter.add(1);
  counter.tell();
  assertEquals(values(), [40, 30, 1]);
  assertEquals(counter.total, 71);
});

Deno.test("RecordCounter tells at the end of a stream without records too", {
  permissions: "none",
}, () => {
  const { counter, values } = setUp();
  counter.tell();
  assertEquals([values(), counter.total], [[0], 0]);
});
