import { assertEquals, assertRejects } from "@std/assert";
import { listenForCallback } from "../../../lib/login/callback_listener.ts";
import { failurePage, successPage } from "../../../lib/login/page.ts";
import { StopError, TapError } from "../../../lib/errors.ts";
import type { Clock } from "../../../lib/clock.ts";
import { createFakeClock } from "../../fakes/clock.ts";

const LOOPBACK = hasIpv6() ? ["127.0.0.1", "[::1]"] : ["127.0.0.1"];

const signal = new AbortController().signal;

/** A clock on which ten minutes take for ever. */
const PATIENT: Clock = {
  ...createFakeClock(),
  sleep: (_ms, signal) =>
    new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason), { once: true })
    ),
};

function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

async function titleAt(url: string, init?: RequestInit): Promise<[status: number, title: string]> {
  const response = await fetch(url, init);
  const [, title = ""] = /<h1>(.*)<\/h1>/.exec(await response.text()) ?? [];
  return [response.status, title];
}

Deno.test("listenForCallback() waits on both loopback addresses and shows how it ended", async () => {
  const strays: string[] = [];
  await using listener = await listenForCallback({
    port: 0,
    state: "right",
    onStray: (problem) => strays.push(problem),
  });
  const { port, pathname } = new URL(listener.redirectUri);
  assertEquals(listener.redirectUri, `http://localhost:${port}/callback`);
  const origins = LOOPBACK.map((host) => `http://${host}:${port}`);
  const answer = listener.answer(PATIENT, signal);

  const stray = "This is not the answer the login waits for";
  for (const origin of origins) {
    assertEquals(await titleAt(`${origin}${pathname}?code=c&state=wrong`), [400, stray]);
    assertEquals(await titleAt(`${origin}/favicon.ico`), [404, "There is nothing here"]);
    const post = await titleAt(`${origin}${pathname}?code=c&state=right`, { method: "POST" });
    assertEquals(post, [404, "There is nothing here"]);
  }
  assertEquals(strays, LOOPBACK.map(() => "its state is wrong"));

  // A reload while the code is exchanged gets the same page.
  const pages = origins.map((origin) => titleAt(`${origin}${pathname}?code=c0de&state=right`));
  assertEquals(await answer, { kind: "code", code: "c0de" });
  listener.show(successPage("Done."));
  listener.show(failurePage("Too late."));
  assertEquals(await Promise.all(pages), LOOPBACK.map(() => [200, "You are logged in"]));
});

Deno.test("listenForCallback() lets no browser wait when it is disposed of", async () => {
  let page;
  {
    await using listener = await listenForCallback({ port: 0, state: "right", onStray() {} });
    page = titleAt(`${listener.redirectUri}?code=c0de&state=right`);
    await listener.answer(PATIENT, signal);
  }
  assertEquals(await page, [400, "The login has failed"]);
});

Deno.test("answer() gives up after ten minutes", async () => {
  const clock = createFakeClock();
  await using listener = await listenForCallback({ port: 0, state: "right", onStray() {} });
  const error = await assertRejects(() => listener.answer(clock, signal), TapError);
  assertEquals(clock.sleeps, [600_000]);
  assertEquals(
    error.message,
    "Cannot get a token: nobody came back from the browser within ten minutes; if the browser " +
      `showed an error, check the subdomain, the client ID, and that ${listener.redirectUri} is ` +
      "registered as a redirect URL, then run login again",
  );
});

Deno.test("answer() stops with the signal", async () => {
  const stop = new AbortController();
  await using listener = await listenForCallback({ port: 0, state: "right", onStray() {} });
  const answer = listener.answer(PATIENT, stop.signal);
  stop.abort(new StopError("SIGINT"));
  await assertRejects(() => answer, StopError);
});

Deno.test("listenForCallback() says when another program has the port, on either address", async () => {
  for (const host of LOOPBACK) {
    const hostname = host.replace(/[[\]]/g, "");
    using taken = Deno.listen({ hostname, port: 0 });
    const { port } = taken.addr;
    const error = await assertRejects(
      () => listenForCallback({ port, state: "right", onStray() {} }),
      TapError,
    );
    assertEquals(
      error.message,
      `Cannot listen on port ${port} for the browser: another program uses it; register a ` +
        "redirect URL with another port and name it with --port",
    );
  }
});
