import { assert, assertEquals } from "@std/assert";
import {
  concernsRun,
  type Failure,
  isAnswer,
  isPassing,
  maxAttempts,
  retryDelay,
} from "../../../lib/zendesk/retry.ts";

const NOW = { nowMs: Date.parse("2026-01-15T12:00:00Z"), random: () => 0.5 };
const FIRST_BACKOFF_MS = 500;

function status(status: number, retryAfter?: string): Failure {
  return {
    kind: "status",
    status,
    statusText: "",
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

const network: Failure = { kind: "network", detail: "", connected: true };

Deno.test({
  name: "maxAttempts() is ten for statuses that pass by themselves and one for their neighbours",
  permissions: "none",
  fn() {
    for (const code of [408, 423, 429, 500, 502, 503, 504, 520, 524]) {
      assertEquals([code, maxAttempts(status(code))], [code, 10]);
    }
    for (
      const code of [301, 302, 304, 307, 400, 401, 403, 404, 405, 407, 409, 410, 422, 424, 425]
        .concat(428, 430, 431, 451, 501, 505, 507, 519, 525)
    ) {
      assertEquals([code, maxAttempts(status(code))], [code, 1]);
    }
  },
});

Deno.test({
  name: "maxAttempts() depends on what went wrong when there is no refusing status",
  permissions: "none",
  fn() {
    const answered = { status: 200, statusText: "OK" };
    const table: [Failure, number][] = [
      [network, 10],
      [{ kind: "timeout", timeoutMs: 1 }, 10],
      [{ kind: "body", ...answered, fault: "broken off" }, 10],
      [{ kind: "body", ...answered, fault: "not JSON" }, 10],
      [{ kind: "body", ...answered, fault: "empty" }, 10],
      [{ kind: "body", ...answered, fault: "HTML" }, 3],
      [{ kind: "shape", ...answered, detail: "" }, 3],
      [{ kind: "certificate", detail: "" }, 1],
      [{ kind: "permission", host: "" }, 1],
    ];
    for (const [failure, attempts] of table) {
      assertEquals([failure.kind, maxAttempts(failure)], [failure.kind, attempts]);
    }
  },
});

const ANSWERED = { status: 200, statusText: "OK" };

/** Every kind of failure, and what is to be said of it: passing, an answer, a concern of the run. */
const KINDS: [Failure, passing: boolean, answer: boolean, run: boolean][] = [
  [status(400), false, true, false],
  [status(401), false, true, true],
  [status(403), false, true, false],
  [status(404), false, true, false],
  [status(410), false, true, true],
  [status(423), true, false, true],
  [status(408), true, false, false],
  [status(429), true, true, false],
  [status(500), true, false, false],
  [status(501), false, true, false],
  [status(503), true, false, false],
  [{ ...status(302), redirectOrigin: "https://elsewhere.example" } as Failure, false, true, true],
  [{ ...status(302), redirectOrigin: "https://acme.example" } as Failure, false, true, false],
  [status(302), false, true, false],
  [network, true, false, false],
  [{ kind: "network", detail: "", connected: false }, true, false, true],
  [{ kind: "timeout", timeoutMs: 1 }, true, false, false],
  [{ kind: "body", ...ANSWERED, fault: "broken off" }, true, false, false],
  [{ kind: "body", ...ANSWERED, fault: "HTML" }, false, false, false],
  [{ kind: "shape", ...ANSWERED, detail: "" }, false, true, false],
  [{ kind: "certificate", detail: "" }, false, false, true],
  [{ kind: "permission", host: "" }, false, false, true],
];

Deno.test({
  name: "isPassing(), isAnswer() and concernsRun() tell the kinds of failure apart",
  permissions: "none",
  fn() {
    const origin = "https://acme.example";
    assertEquals(
      KINDS.map(([failure]) => [
        failure,
        isPassing(failure),
        isAnswer(failure),
        concernsRun(failure, 10, origin),
      ]),
      KINDS,
    );
  },
});

Deno.test({
  name: "concernsRun() takes the network for gone only after the whole ladder",
  permissions: "none",
  fn() {
    const unreachable: Failure = { kind: "network", detail: "", connected: false };
    const origin = "https://acme.example";
    assertEquals([3, 9, 10].map((attempts) => concernsRun(unreachable, attempts, origin)), [
      false,
      false,
      true,
    ]);
  },
});

Deno.test({
  name: "retryDelay() gives up after fewer attempts where it is told to, and never after more",
  permissions: "none",
  fn() {
    const shape: Failure = { kind: "shape", ...ANSWERED, detail: "" };
    assert(retryDelay(network, 2, { ...NOW, most: 3 }) !== undefined);
    assertEquals(retryDelay(network, 3, { ...NOW, most: 3 }), undefined);
    assertEquals(retryDelay(shape, 3, { ...NOW, most: 10 }), undefined);
  },
});

Deno.test({
  name: "retryDelay() gives up after the last attempt and not before",
  permissions: "none",
  fn() {
    const shape: Failure = { kind: "shape", status: 200, statusText: "", detail: "" };
    for (const [failure, last] of [[network, 10], [status(429, "1"), 10], [shape, 3]] as const) {
      assert(retryDelay(failure, last - 1, NOW) !== undefined);
      assertEquals(retryDelay(failure, last, NOW), undefined);
    }
    assertEquals(retryDelay(status(403), 1, NOW), undefined);
  },
});

Deno.test({
  name: "retryDelay() backs off up to a ceiling that doubles from one second to a minute",
  permissions: "none",
  fn() {
    const attempts = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    assertEquals(
      attempts.map((attempt) => retryDelay(network, attempt, { ...NOW, random: () => 1 })),
      [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000],
    );
    assertEquals(retryDelay(network, 9, { ...NOW, random: () => 0 }), 0);
    assertEquals(retryDelay(network, 4, { ...NOW, random: () => 0.25 }), 2_000);
  },
});

Deno.test({
  name: "retryDelay() prefers Retry-After to backoff, in seconds or as a date, up to ten minutes",
  permissions: "none",
  fn() {
    const table: [string, number][] = [
      ["12", 12_000],
      [" 12 ", 12_000],
      ["1.5", 1_500],
      ["600", 600_000],
      ["601", 600_000],
      ["9".repeat(400), 600_000],
      ["Thu, 15 Jan 2026 12:00:30 GMT", 30_000],
      ["Fri, 16 Jan 2026 12:00:00 GMT", 600_000],
    ];
    for (const [retryAfter, waitMs] of table) {
      assertEquals(
        [retryAfter, retryDelay(status(429, retryAfter), 1, NOW)],
        [retryAfter, waitMs],
      );
      assertEquals(
        [retryAfter, retryDelay(status(503, retryAfter), 1, NOW)],
        [retryAfter, waitMs],
      );
    }
  },
});

Deno.test({
  name: "retryDelay() backs off when Retry-After names no time to come",
  permissions: "none",
  fn() {
    for (
      const retryAfter of [
        "",
        "0",
        "-5",
        "+5",
        "soon",
        "5 minutes",
        "0x10",
        "Infinity",
        "NaN",
        "1 2",
        "foo 1 GMT",
        "2026-01-15T12:00:30Z",
        "Thu, 15 Jan 2026 12:00:00 GMT",
        "Thu, 15 Jan 2026 11:59:59 GMT",
        "Thu, 99 Jan 2026 12:00:30 GMT",
      ]
    ) {
      assertEquals(
        [retryAfter, retryDelay(status(429, retryAfter), 1, NOW)],
        [retryAfter, FIRST_BACKOFF_MS],
      );
    }
    assertEquals(retryDelay(status(429), 1, NOW), FIRST_BACKOFF_MS);
  },
});

Deno.test({
  name: "retryDelay() obeys Retry-After with 429 and 503 only",
  permissions: "none",
  fn() {
    for (const code of [408, 423, 500, 502, 504, 520]) {
      assertEquals([code, retryDelay(status(code, "12"), 1, NOW)], [code, FIRST_BACKOFF_MS]);
    }
  },
});

Deno.test({
  name: "retryDelay() stays between nothing and ten minutes whatever Retry-After says",
  permissions: "none",
  fn() {
    const alphabet = "0123456789.-+e, :GMTJan\u0000";
    let seed = 1;
    const random = () => (seed = seed * 48_271 % 2_147_483_647) / 2_147_483_647;
    for (let i = 0; i < 2_000; i++) {
      const retryAfter = Array.from(
        { length: random() * 12 },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join("");
      const waitMs = retryDelay(status(429, retryAfter), 1 + i % 9, { ...NOW, random });
      assert(
        waitMs !== undefined && waitMs >= 0 && waitMs <= 600_000,
        `${JSON.stringify(retryAfter)}: ${waitMs}`,
      );
    }
  },
});
