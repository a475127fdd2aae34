import { assertEquals } from "@std/assert";
import { closest, nearest } from "../../lib/nearest.ts";

const NAMES = ["access_token", "start_date", "subdomain", "agents_page_limit", "bans_page_limit"];

const CASES: [name: string, meant: string | undefined][] = [
  ["acces_token", "access_token"],
  ["accessToken", "access_token"],
  ["ACCESS-TOKEN", "access_token"],
  ["token", "access_token"],
  ["startdate", "start_date"],
  ["start_dat", "start_date"],
  ["end_date", undefined],
  ["domain", "subdomain"],
  ["page_limit", "bans_page_limit"],
  ["refresh_token", undefined],
  ["client_id", undefined],
  ["stream_maps", undefined],
  ["", undefined],
  ["日本語", undefined],
  ["x".repeat(10_000), undefined],
];

Deno.test("nearest() finds what was meant and nothing far-fetched", { permissions: "none" }, () => {
  assertEquals(CASES.map(([name]) => [name, nearest(name, NAMES)]), CASES);
});

Deno.test("closest() names the candidate with the least distance, near or not", {
  permissions: "none",
}, () => {
  assertEquals(
    [closest("emial", ["id", "email"]), closest("zzz", ["id", "email"]), closest("a", [])],
    ["email", "id", undefined],
  );
});
