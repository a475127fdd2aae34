import { assertEquals } from "@std/assert";
import { bodyFault, networkFailure } from "../../../lib/zendesk/failure.ts";
import type { Failure } from "../../../lib/zendesk/retry.ts";

const url = new URL("https://acme.zendesk.com/api/v2/chat/chats?ids=1");

Deno.test({
  name: "networkFailure() cuts the runtime's text down to the reason, whichever version wrote it",
  permissions: "none",
  fn() {
    const closed =
      "error sending request from 127.0.0.1:4 for https://acme.zendesk.com/api/v2/chat/" +
      "chats?ids=1 (127.0.0.1:5): client error (SendRequest): connection closed before message " +
      "completed";
    const lookup = `error sending request for url (${url}): client error (Connect): dns error: ` +
      "failed to lookup address information: Name or service not known";
    const untrusted =
      `error sending request for url (${url}): client error (Connect): invalid peer certificate: ` +
      "UnknownIssuer";
    const table: [unknown, Failure][] = [
      [new TypeError("fetch failed", { cause: new Error(closed) }), {
        kind: "network",
        detail: "connection closed before message completed",
        connected: true,
      }],
      [new TypeError(closed), {
        kind: "network",
        detail: "connection closed before message completed",
        connected: true,
      }],
      [new TypeError("fetch failed", { cause: new Error(lookup) }), {
        kind: "network",
        detail: "dns error: failed to lookup address information: Name or service not known",
        connected: false,
      }],
      [new TypeError("fetch failed", { cause: new Error(untrusted) }), {
        kind: "certificate",
        detail: "invalid peer certificate: UnknownIssuer",
      }],
      [new TypeError(untrusted), {
        kind: "certificate",
        detail: "invalid peer certificate: UnknownIssuer",
      }],
      [
        new TypeError(
          `error sending request for url (${url}): client error (Connect): tunnel error: unsuccessful`,
        ),
        {
          kind: "network",
          detail: "tunnel error: unsuccessful",
          connected: false,
        },
      ],
      [new Deno.errors.NotCapable('Requires net access to "acme.zendesk.com:443"'), {
        kind: "permission",
        host: "acme.zendesk.com",
      }],
    ];
    for (const [error, failure] of table) assertEquals(networkFailure(error, url), failure);
  },
});

Deno.test({
  name: "bodyFault() tells nothing, HTML and the rest apart",
  permissions: "none",
  fn() {
    assertEquals(["", " \n", "\n<html>", '{"a":', "[1,", "oops"].map(bodyFault), [
      "empty",
      "empty",
      "HTML",
      "not JSON",
      "not JSON",
      "not JSON",
    ]);
  },
});
