import { assertEquals } from "@std/assert";
import { summaryTable } from "../../../lib/cli/summary_table.ts";

Deno.test("summaryTable() sets names to the left and figures to the right", {
  permissions: "none",
}, () => {
  assertEquals(
    summaryTable([
      { tapStreamId: "goals", records: 0, requests: 1, seconds: 0.04 },
      { tapStreamId: "agent_timeline", records: 1_234_567, requests: 1_235, seconds: 370.96 },
    ]),
    [
      "stream          records  requests  seconds",
      "goals                 0         1      0.0",
      "agent_timeline  1234567      1235    371.0",
    ],
  );
});

Deno.test("summaryTable() makes room for figures that are wider than their heading", {
  permissions: "none",
}, () => {
  assertEquals(
    summaryTable([{ tapStreamId: "chats", records: 12, requests: 123_456_789, seconds: 86_400 }]),
    [
      "stream  records   requests  seconds",
      "chats        12  123456789  86400.0",
    ],
  );
});

Deno.test("summaryTable() is nothing when no stream was read", { permissions: "none" }, () => {
  assertEquals(summaryTable([]), []);
});
