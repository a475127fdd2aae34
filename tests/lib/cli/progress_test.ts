import { assertEquals } from "@std/assert";
import { ProgressCounter, showEvery } from "../../../lib/cli/progress.ts";
import type { Position } from "../../../lib/stream/stream.ts";
import { Waits } from "../../../lib/zendesk/waits.ts";
import { createFakeClock, type FakeClock } from "../../fakes/clock.ts";

interface Watched {
  counter: ProgressCounter;
  clock: FakeClock;
  waits: Waits;
  /** Lets the API count so many more requests. */
  send(requests: number): void;
}

function startCounter(requestsPerMinute = 0): Watched {
  const clock = createFakeClock();
  const waits = new Waits(clock);
  let sent = 0;
  const counter = new ProgressCounter({
    monotonicMs: clock.monotonicMs,
    requestCount: () => sent,
    requestsPerMinute,
    wait: () => waits.longest,
  });
  return { counter, clock, waits, send: (requests) => sent += requests };
}

const micros = (date: string) => Date.parse(date) * 1000;

/** How far a part of ten days is read. */
function position(part: string, date: string): Position {
  const range = { fromMicros: micros("2024-01-01"), toMicros: micros("2024-01-11") };
  return { part, atMicros: micros(date), range };
}

/** What a line says of the place in a stream. */
function placeIn(line: string): string {
  return line.replace(/^\w+: /, "").replace(/, \d+ requests\/min, \d+ records, \d+\/s/, "");
}

Deno.test("ProgressCounter says that it starts until a stream begins", {
  permissions: "none",
}, () => {
  const { counter, clock, send } = startCounter();
  clock.advance(200);
  send(9);

  assertEquals(counter.describe(), "Starting, 9 requests/min");
});

Deno.test("ProgressCounter counts records, pages and requests of a stream", {
  permissions: "none",
}, () => {
  const { counter, clock, send } = startCounter();
  counter.begin("agents");
  assertEquals(counter.describe(), "agents: page 0, 0 requests/min, 0 records, 0/s");

  clock.advance(4_000);
  send(2);
  counter.page(100);
  counter.page(23);
  assertEquals(
    counter.describe(),
    "agents: page 2, 2 requests/min, 123 records, 31/s",
  );

  clock.advance(4_000);
  assertEquals(
    counter.describe(),
    "agents: page 2, 2 requests/min, 123 records, 15/s",
  );
});

Deno.test("ProgressCounter begins each stream anew, but not the minute", {
  permissions: "none",
}, () => {
  const { counter, clock, send } = startCounter();
  counter.begin("chats");
  clock.advance(10_000);
  send(20);
  counter.page(800);
  counter.reached(position("chat", "2024-01-05"));
  counter.begin("goals");
  clock.advance(500);
  send(1);
  counter.page(7);

  assertEquals(
    counter.describe(),
    "goals: page 1, 21 requests/min, 7 records, 14/s",
  );
});

Deno.test("ProgressCounter forgets requests after a minute", { permissions: "none" }, () => {
  const { counter, clock, send } = startCounter();
  const counts: (string | undefined)[] = [];
  for (let second = 1; second <= 150; second++) {
    for (let tick = 0; tick < 5; tick++) {
      clock.advance(200);
      counter.describe();
    }
    // Three a second for half a minute, then two.
    send(second <= 30 ? 3 : 2);
    if (second % 30 === 0) counts.push(/\d+(?= requests)/.exec(counter.describe())?.[0]);
  }

  assertEquals(counts, ["90", "150", "120", "120", "120"]);
});

Deno.test("ProgressCounter counts a minute's requests when asked once in about a minute", {
  permissions: "none",
}, () => {
  const { counter, clock, send } = startCounter();
  const counts = [60_002, 59_996, 60_005, 60_000].map((ms, index) => {
    clock.advance(ms);
    send(100 + index);
    return counter.describe();
  });

  assertEquals(counts, [
    "Starting, 100 requests/min",
    "Starting, 101 requests/min",
    "Starting, 102 requests/min",
    "Starting, 103 requests/min",
  ]);
});

Deno.test("ProgressCounter says for a range how much is done and how long the rest takes", {
  permissions: "none",
}, () => {
  const { counter, clock } = startCounter();
  counter.begin("chats");
  clock.advance(60_000);
  counter.reached(position("chat", "2024-01-03T00:00:00Z"));
  assertEquals(
    placeIn(counter.describe()),
    "chat 20 %, 4m left, up to 2024-01-03T00:00",
  );

  clock.advance(30_000);
  assertEquals(
    placeIn(counter.describe()),
    "chat 20 %, 6m left, up to 2024-01-03T00:00",
  );

  clock.advance(30_000);
  counter.reached(position("chat", "2024-01-10T23:59:00Z"));
  assertEquals(
    placeIn(counter.describe()),
    "chat 99 %, 1s left, up to 2024-01-10T23:59",
  );
});

Deno.test("ProgressCounter takes the second part to begin where the first ended", {
  permissions: "none",
}, () => {
  const { counter, clock } = startCounter();
  counter.begin("chats");
  clock.advance(600_000);
  counter.reached(position("chat", "2024-01-11"));
  assertEquals(placeIn(counter.describe()), "chat 100 %, up to 2024-01-11T00:00");

  clock.advance(10_000);
  counter.reached(position("offline_msg", "2024-01-06"));
  assertEquals(
    placeIn(counter.describe()),
    "offline_msg 50 %, 10s left, up to 2024-01-06T00:00",
  );
});

Deno.test("ProgressCounter judges by no less than a hundredth of a range", {
  permissions: "none",
}, () => {
  const places = ["2023-12-31T23:59:59Z", "2024-01-01", "2024-01-01T02:23:59Z", "2024-01-01T02:24Z"]
    .map((date) => {
      const { counter, clock } = startCounter();
      counter.begin("chats");
      clock.advance(1_000);
      counter.reached(position("chat", date));
      return placeIn(counter.describe());
    });

  assertEquals(places, [
    "chat 0 %, up to 2023-12-31T23:59",
    "chat 0 %, up to 2024-01-01T00:00",
    "chat 0 %, up to 2024-01-01T02:23",
    "chat 1 %, 2m left, up to 2024-01-01T02:24",
  ]);
});

Deno.test("ProgressCounter takes a range without length for done, and none for more than done", {
  permissions: "none",
}, () => {
  const { counter, clock } = startCounter();
  const atMicros = micros("2024-01-01");
  counter.begin("chats");
  clock.advance(1_000);

  counter.reached({ part: "chat", atMicros, range: { fromMicros: atMicros, toMicros: atMicros } });
  assertEquals(placeIn(counter.describe()), "chat 100 %, up to 2024-01-01T00:00");

  counter.reached(position("chat", "2024-02-01"));
  assertEquals(placeIn(counter.describe()), "chat 100 %, up to 2024-02-01T00:00");
});

Deno.test("ProgressCounter gives the time left in seconds, minutes or hours", {
  permissions: "none",
}, () => {
  const elapsedSeconds = [1, 29, 30, 89, 90, 3_569, 3_570, 3_600, 7_259, 86_400];
  const left = elapsedSeconds.map((seconds) => {
    const { counter, clock } = startCounter();
    counter.begin("chats");
    clock.advance(seconds * 1000);
    // Half of it is read, so that as much is left.
    counter.reached(position("chat", "2024-01-06"));
    return placeIn(counter.describe()).split(", ")[1];
  });

  assertEquals(left, [
    "1s left",
    "29s left",
    "30s left",
    "1m left",
    "2m left",
    "59m left",
    "1h left",
    "1h left",
    "2h 1m left",
    "1d left",
  ]);
});

Deno.test("ProgressCounter says how far an export is, whose end nobody knows", {
  permissions: "none",
}, () => {
  const { counter, clock, send } = startCounter();
  counter.begin("chats");
  clock.advance(3_000);
  send(3);
  counter.page(1_000);
  counter.page(1_000);
  counter.reached({ atMicros: micros("2024-03-05T06:07:08Z") });

  assertEquals(
    counter.describe(),
    "chats: page 2, 3 requests/min, 2000 records, 667/s, up to 2024-03-05T06:07",
  );
});

Deno.test("ProgressCounter says what matters most within 80 columns", {
  permissions: "none",
}, () => {
  const { counter, clock, send, waits } = startCounter(200);
  counter.begin("chats");
  clock.advance(3_540_000);
  send(200);
  counter.page(123_456);
  counter.reached(position("offline messages", "2024-01-06T00:00:00Z"));

  assertEquals(
    counter.describe().slice(0, 79),
    "chats: offline messages 50 %, 59m left, 200 of 200 requests/min, 123456 records",
  );
  using _wait = waits.begin('"requests_per_minute"', 42_000);
  assertEquals(
    counter.describe().slice(0, 79),
    'chats: offline messages 50 %, 59m left, waiting for "requests_per_minute": 42 s',
  );
});

Deno.test("ProgressCounter says what is waited for, and for how long", {
  permissions: "none",
}, () => {
  const { counter, clock, waits } = startCounter();
  const waitIn = () => /waiting .*?(?=, \d+ requests)/.exec(counter.describe())?.[0];
  counter.begin("chats");
  assertEquals(waitIn(), undefined);
  {
    using _answer = waits.begin("an answer to GET chats/search");
    clock.advance(2_999);
    assertEquals(waitIn(), undefined);
    clock.advance(32_001);
    assertEquals(waitIn(), "waiting for an answer to GET chats/search: 35 s so far");
    // Of several waits the longest says most.
    using _other = waits.begin("attempt 2 of 10", 8_000);
    assertEquals(waitIn(), "waiting for an answer to GET chats/search: 35 s so far");
  }
  using _attempt = waits.begin("attempt 2 of 10", 8_000);
  clock.advance(1_000);
  assertEquals(waitIn(), "waiting for attempt 2 of 10: 7 s left");
  clock.advance(10_000);
  assertEquals(waitIn(), "waiting for attempt 2 of 10: 0 s left");
});

// A timer that outlives its disposal is a leak, which fails the test.
Deno.test("showEvery() shows the counter's line again and again until it is disposed of", {
  permissions: "none",
}, async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const lines: string[] = [];
  let described = 0;
  const counter = { describe: () => `line ${++described}` };
  {
    using _shown = showEvery(1, counter, (line) => {
      lines.push(line);
      if (lines.length === 3) resolve();
    });
    await promise;
  }

  assertEquals(lines, ["line 1", "line 2", "line 3"]);
});
