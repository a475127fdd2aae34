/** Waits between attempts, whatever failed and whatever the server says about it. */

import { assertEquals, assertLessOrEqual } from "@std/assert";
import { type Failure, maxAttempts, retryDelay } from "../../lib/zendesk/retry.ts";
import { type Draw, drawFor } from "../fakes/sample_account/random.ts";

const NOW = Date.parse("2026-01-15T12:00:00Z");
const LONGEST_BACKOFF_MS = 60_000;
const LONGEST_RETRY_AFTER_MS = 600_000;

function drawFailure(draw: Draw): Failure {
  const status = draw.happens(0.7)
    ? draw.one([408, 423, 429, 500, 502, 503, 504, 522])
    : draw.whole(300, 599);
  const retryAfter = draw.one([undefined, ...RETRY_AFTERS.map((make) => make(draw))]);
  return draw.one<Failure[]>([
    { kind: "status", status, statusText: "", ...(retryAfter !== undefined && { retryAfter }) },
    { kind: "network", detail: "connection closed", connected: true },
    { kind: "timeout", timeoutMs: draw.whole(1, 300_000) },
    { kind: "body", status: 200, statusText: "OK", fault: "broken off" },
    { kind: "shape", status: 200, statusText: "OK", detail: "an array was expected" },
    { kind: "certificate", detail: "invalid peer certificate" },
    { kind: "permission", host: "elsewhere.example" },
  ])!;
}

const RETRY_AFTERS: ((draw: Draw) => string)[] = [
  (draw) => `${draw.whole(0, 2_000)}`,
  (draw) => `${draw.whole(0, 100)}.${draw.whole(0, 999)}`,
  (draw) => `${-draw.whole(0, 100)}`,
  (draw) => "9".repeat(draw.whole(1, 400)),
  (draw) => new Date(NOW + draw.whole(-1_000, 1_000) * 1_000).toUTCString(),
  (draw) => new Date(NOW + draw.whole(-1_000, 1_000) * 1_000).toISOString(),
  (draw) => String.fromCharCode(...Array.from({ length: 8 }, () => draw.whole(32, 255))),
  (draw) => draw.one(["", " ", "1e9", "0x10", "1,2", "Infinity", "NaN", "soon", "１２"]),
];

/** The waits between all attempts at a request that always fails in the same way. */
function waitsOf(failure: Failure, random: () => number): number[] {
  const waits: number[] = [];
  for (let attempt = 1;; attempt++) {
    const waitMs = retryDelay(failure, attempt, { nowMs: NOW, random });
    if (waitMs === undefined) return waits;
    waits.push(waitMs);
  }
}

function isObeyed(failure: Failure): failure is Failure & { kind: "status" } {
  return failure.kind === "status" && (failure.status === 429 || failure.status === 503);
}

/** What a Retry-After asks for, by its definition and not by the code; NaN when it is none. */
function askedMs(retryAfter = ""): number {
  if (/^\s*\d+(\.\d+)?\s*$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const dateMs = Date.parse(retryAfter);
  return new Date(dateMs).getTime() === dateMs && new Date(dateMs).toUTCString() === retryAfter
    ? dateMs - NOW
    : NaN;
}

Deno.test("retryDelay() waits as the server says, or backs off within bounds", {
  permissions: "none",
}, () => {
  for (let seed = 0; seed < 5_000; seed++) {
    const draw = drawFor(seed);
    const failure = drawFailure(draw);
    const waits = waitsOf(failure, draw.fraction);
    const what = `seed ${seed}: ${JSON.stringify(failure)}: ${waits}`;
    assertEquals(waits.length, maxAttempts(failure) - 1, what);

    const asked = isObeyed(failure) ? askedMs(failure.retryAfter) : NaN;
    if (asked > 0) {
      const expected = Math.min(asked, LONGEST_RETRY_AFTER_MS);
      assertEquals(waits, waits.map(() => expected), what);
    } else {
      for (const [index, waitMs] of waits.entries()) {
        const ceiling = Math.min(1_000 * 2 ** index, LONGEST_BACKOFF_MS);
        assertEquals(waitMs >= 0 && waitMs < ceiling, true, what);
      }
    }
  }
});

Deno.test("retryDelay() never shortens the ceiling from one attempt to the next", {
  permissions: "none",
}, () => {
  for (let seed = 0; seed < 500; seed++) {
    const draw = drawFor(seed);
    const failure = drawFailure(draw);
    const share = draw.fraction();
    const waits = waitsOf(failure, () => share);
    assertEquals(waits, waits.toSorted((a, b) => a - b), `seed ${seed}`);
    const total = waits.reduce((sum, waitMs) => sum + waitMs, 0);
    assertLessOrEqual(total, 9 * LONGEST_RETRY_AFTER_MS);
  }
});
