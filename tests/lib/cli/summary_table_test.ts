import { assertEquals } from "@std/assert";
import { summaryTable } from "../../../lib/cli/summary_table.ts";

Deno.test("summaryTable() sets names to the left and figures to the right", {
  permissions: "none",
}, () => {
  assertEquals(
    summaryTable([
      { tapStreamId: "goals", verdict: "ok", records: 0, requests: 1, seconds: 0.04 },
      {
        tapStreamId: "agent_timeline",
        verdict: "incomplete",
        records: 1_234_567,
        requests: 1_235,
        seconds: 370.96,
      },
    ]),
    [
      "stream          result      records  requests  seconds",
      "goals           ok                0         1      0.0",
      "agent_timeline  incomplete  1234567      1235    371.0",
    ],
  );
});

Deno.test("summaryTable() makes room for figures that are wider than their heading", {
  permissions: "none",
}, () => {
  assertEquals(
    summaryTable([
      {
        tapStreamId: "chats",
        verdict: "failed",
        records: 12,
        requests: 123_456_789,
        seconds: 86_400,
      },
    ]),
    [
      "stream  result  records   requests  seconds",
      "chats   failed       12  123456789  86400.0",
    ],
  );
});

Deno.test("summaryTable() is nothing when no stream was read", { permissions: "none" }, () => {
  assertEquals(summaryTable([]), []);
});
