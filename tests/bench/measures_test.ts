import { assertEquals } from "@std/assert";
import { isMet, type Measure, measureTable } from "./measures.ts";

const CPU: Measure = {
  what: "CPU",
  unit: "ms",
  floor: 400,
  tap: 640,
  budget: { of: "ratio", most: 1.5 },
};
const SHARE: Measure = {
  what: "fit",
  unit: "chats/s",
  floor: 1000,
  tap: 690,
  ratio: 0.71,
  budget: { of: "ratio", least: 0.7 },
};
const VERSION: Measure = {
  what: "--version",
  unit: "ms",
  tap: 36.55,
  budget: { of: "tap", most: 100 },
};
const STATE: Measure = { what: "longest STATE", unit: "characters", tap: 183 };

Deno.test(
  "isMet() holds the ratio or the tap's own figure to its bound",
  { permissions: "none" },
  () => {
    assertEquals([CPU, SHARE, VERSION, STATE].map(isMet), [false, true, true, undefined]);
  },
);

Deno.test("measureTable() puts measures into columns", { permissions: "none" }, () => {
  assertEquals(measureTable([CPU, SHARE, VERSION, STATE]), [
    "measure        unit        floor   tap  ratio  budget   met",
    "CPU            ms            400   640   1.60  ≤ 1.5 ×  NO",
    "fit            chats/s      1000   690   0.71  ≥ 0.7 ×  yes",
    "--version      ms                 36.5         ≤ 100    yes",
    "longest STATE  characters          183",
  ]);
});
