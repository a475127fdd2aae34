import { assertEquals } from "@std/assert";
import { passNights } from "./nights.ts";

/** Some three hundred runs; the bench has thousands. */
const SEEDS = 60;

Deno.test("after two good nights the target equals the account, whatever the nights before were", async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { wrong, broken, story } = await passNights(seed);
    assertEquals([...wrong, ...broken], [], `seed ${seed}:\n${story.join("\n")}`);
  }
});
