/**
 * Fitting beside bare JSON, in the table of `deno bench`. The share that remains is among the measures
 * of `deno task bench`.
 *
 *     deno bench tests/bench/fit_bench.ts
 */

import { CHAT_SIZES, fitRounds } from "./fit_rounds.ts";

for (const size of CHAT_SIZES) {
  const { chats, bare, fitted } = fitRounds(size);
  const group = `${size / 1000} KB chats`;
  Deno.bench({ name: `bare, ${chats} chats`, group, baseline: true, fn: () => void bare() });
  Deno.bench({ name: `fitted, ${chats} chats`, group, fn: () => void fitted() });
}
