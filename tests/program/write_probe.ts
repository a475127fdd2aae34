/** Loaded before the tap: tries to write a file when the tap ends, and logs what came of it. */

addEventListener("unload", () => {
  let outcome = "written";
  try {
    Deno.writeTextFileSync("written_by_probe", "");
  } catch (error) {
    outcome = (error as Error).name;
  }
  Deno.stderr.writeSync(new TextEncoder().encode(`Writing at the end: ${outcome}\n`));
});
