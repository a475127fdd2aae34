import { assertEquals } from "@std/assert";
import { ApiClock, isFuture } from "../../../lib/zendesk/api_clock.ts";
import { createLog } from "../../../lib/log.ts";
import { createFakeClock, type FakeClock } from "../../fakes/clock.ts";

const OWN = Date.parse("2026-01-15T12:00:00Z");

interface Listening {
  apiClock: ApiClock;
  clock: FakeClock;
  lines: string[];
  /** Hands over an answer with this `Date`, or none. */
  answer(date: string | undefined): Promise<unknown>;
}

function listen(): Listening {
  const clock = createFakeClock("2026-01-15T12:00:00Z");
  const lines: string[] = [];
  const apiClock = new ApiClock({ clock, log: createLog({ write: (line) => lines.push(line) }) });
  const answer = (date: string | undefined) => {
    const response = new Response("", { headers: date === undefined ? {} : { date } });
    const exchange = apiClock.listenTo(() =>
      Promise.resolve({ kind: "answer", response, text: "", receivedAtMs: clock.now() })
    );
    return exchange("http://127.0.0.1", { headers: {} });
  };
  return { apiClock, clock, lines, answer };
}

function httpDate(offsetSeconds: number): string {
  return new Date(OWN + offsetSeconds * 1000).toUTCString();
}

Deno.test("ApiClock takes the start of the run from the first answer that has a date", {
  permissions: "none",
}, async () => {
  const { apiClock, clock, lines, answer } = listen();
  assertEquals([apiClock.atMs, apiClock.isKnown], [OWN, false]);

  await answer(undefined);
  await answer("soon");
  assertEquals([apiClock.atMs, apiClock.isKnown], [OWN, false]);

  clock.advance(20_500);
  await answer(httpDate(50));
  assertEquals([apiClock.atMs, apiClock.isKnown], [OWN + 29_500, true]);
  await answer(httpDate(5_000));
  assertEquals([apiClock.atMs, lines], [OWN + 29_500, []]);
});

Deno.test(
  "ApiClock hears nothing from what failed on the way",
  { permissions: "none" },
  async () => {
    const { apiClock } = listen();
    const exchange = apiClock.listenTo(() => Promise.resolve({ kind: "timeout", timeoutMs: 1 }));
    assertEquals(await exchange("http://127.0.0.1", { headers: {} }), {
      kind: "timeout",
      timeoutMs: 1,
    });
    assertEquals(apiClock.isKnown, false);
  },
);

Deno.test("ApiClock warns once of clocks that are more than a minute apart", {
  permissions: "none",
}, async () => {
  const cases: [apiAhead: number, words: string | undefined][] = [
    [0, undefined],
    [60, undefined],
    [-60, undefined],
    [61, "61 s behind"],
    [-61, "61 s ahead of"],
    [3_600, "3600 s behind"],
  ];
  for (const [apiAhead, words] of cases) {
    const { lines, answer } = listen();
    await answer(httpDate(apiAhead));
    await answer(httpDate(apiAhead));
    const warning = `WARNING This machine's clock is ${words} the API's, whose time is taken for ` +
      "bookmarks: set the clock\n";
    assertEquals(lines, words === undefined ? [] : [warning]);
  }
});

Deno.test("isFuture() gives a clock that has not been compared yet a day", {
  permissions: "none",
}, () => {
  const at = (seconds: number) => (OWN + seconds * 1000) * 1000;
  for (const [isKnown, seconds] of [[true, 0], [false, 86_400]] as const) {
    assertEquals(isFuture(at(seconds), { atMs: OWN, isKnown }), false);
    assertEquals(isFuture(at(seconds) + 1, { atMs: OWN, isKnown }), true);
  }
});

Deno.test("ApiClock keeps what the first answer tells, with a date or without", {
  permissions: "none",
}, async () => {
  const dated = listen();
  assertEquals(dated.apiClock.first, undefined);
  await dated.answer(httpDate(-30));
  await dated.answer(httpDate(5_000));
  assertEquals(dated.apiClock.first, { tookMs: 0, aheadMs: 30_000 });

  const undated = listen();
  await undated.answer(undefined);
  await undated.answer(httpDate(0));
  assertEquals(undated.apiClock.first, { tookMs: 0, aheadMs: undefined });
});
