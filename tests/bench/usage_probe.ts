/** Loaded before a program that is measured: the last line on stderr is its CPU time in milliseconds. */

import process from "node:process";

addEventListener("unload", () => {
  const { user, system } = process.cpuUsage();
  Deno.stderr.writeSync(new TextEncoder().encode(`\n${(user + system) / 1000}\n`));
});
