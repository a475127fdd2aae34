import { assertEquals } from "@std/assert";
import { escapeUnits } from "../../lib/escape.ts";

Deno.test(
  "escapeUnits() escapes what matches, surrogate pairs as two",
  { permissions: "none" },
  () => {
    assertEquals(escapeUnits("a\tb é 😀", /[^ -~]/g), "a\\u0009b \\u00e9 \\ud83d\\ude00");
  },
);
