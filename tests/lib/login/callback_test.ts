import { assertEquals } from "@std/assert";
import { type Callback, readCallback } from "../../../lib/login/callback.ts";

const CASES: [target: string, callback: Callback][] = [
  ["/callback?code=c0de&state=right", { kind: "code", code: "c0de" }],
  ["/callback?state=right&error=access_denied", {
    kind: "refused",
    error: "access_denied",
    description: "",
  }],
  ["/callback?state=right&error=server_error&error_description=Not+today&code=c0de", {
    kind: "refused",
    error: "server_error",
    description: "Not today",
  }],
  ["/callback?code=c0de&state=wrong", { kind: "stray", problem: "its state is wrong" }],
  ["/callback?code=c0de&state=", { kind: "stray", problem: "its state is wrong" }],
  ["/callback?code=c0de", { kind: "stray", problem: "it has no state" }],
  ["/callback?error=access_denied", {
    kind: "stray",
    problem: "it has no state (error access_denied)",
  }],
  ["/callback?state=right", { kind: "stray", problem: "it has no code" }],
  ["/callback/?code=c0de&state=right", { kind: "elsewhere" }],
  ["/favicon.ico", { kind: "elsewhere" }],
];

Deno.test("readCallback() takes nothing without the right state", { permissions: "none" }, () => {
  for (const [target, callback] of CASES) {
    const url = new URL(target, "http://localhost:8080");
    assertEquals(readCallback(url, "right"), callback, target);
  }
});
