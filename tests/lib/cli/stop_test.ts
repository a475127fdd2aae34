import { assert, assertEquals } from "@std/assert";
import { stopOnSignals } from "../../../lib/cli/stop.ts";
import { StopError } from "../../../lib/errors.ts";

type Signal = "SIGINT" | "SIGTERM";

/** A run that waits for signals, and what they lead to. */
function startWaiting(): {
  signal: AbortSignal;
  /** Lets the program receive a signal. */
  receive(name: Signal): void;
  exits: number[];
  timers: { handler: () => void; ms: number }[];
} {
  const handlers = new Map<Signal, () => void>();
  const exits: number[] = [];
  const timers: { handler: () => void; ms: number }[] = [];
  const signal = stopOnSignals((exitCode) => exits.push(exitCode), {
    listen: (name, handler) => handlers.set(name, handler),
    startTimer: (handler, ms) => timers.push({ handler, ms }),
  });
  return { signal, receive: (name) => handlers.get(name)!(), exits, timers };
}

/** The signals of this system, with the exit codes by which a shell reports them. */
const CODES: [Signal, number][] = Deno.build.os === "windows"
  ? [["SIGINT", 130]]
  : [["SIGINT", 130], ["SIGTERM", 143]];

Deno.test("StopError carries the exit code of its signal", { permissions: "none" }, () => {
  const errors = [new StopError("SIGINT"), new StopError("SIGTERM")];

  assertEquals(
    errors.map(({ name, message, exitCode }) => [name, message, exitCode]),
    [["StopError", "Stopped by SIGINT", 130], ["StopError", "Stopped by SIGTERM", 143]],
  );
});

Deno.test("stopOnSignals() leaves the run alone until a signal comes", {
  permissions: "none",
}, () => {
  const { signal, exits, timers } = startWaiting();

  assertEquals([signal.aborted, exits, timers], [false, [], []]);
});

Deno.test("stopOnSignals() asks on the first signal, and gives five seconds", {
  permissions: "none",
}, () => {
  for (const [name, code] of CODES) {
    const { signal, receive, exits, timers } = startWaiting();

    receive(name);

    assert(signal.reason instanceof StopError);
    assertEquals([signal.reason.message, exits], [`Stopped by ${name}`, []]);
    assertEquals(timers.map(({ ms }) => ms), [5_000]);
    timers[0]!.handler();
    assertEquals(exits, [code]);
  }
});

Deno.test("stopOnSignals() ends the run on the second signal, with its exit code", {
  permissions: "none",
}, () => {
  for (const [first] of CODES) {
    for (const [second, code] of CODES) {
      const { signal, receive, exits, timers } = startWaiting();

      receive(first);
      receive(second);

      assertEquals(
        [signal.reason.message, exits, timers.length],
        [`Stopped by ${first}`, [code], 1],
      );
    }
  }
});
