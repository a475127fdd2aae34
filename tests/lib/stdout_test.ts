import { assertEquals, assertRejects } from "@std/assert";
import { TapError } from "../../lib/errors.ts";
import { ReaderGoneError, writeStdout } from "../../lib/stdout.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("writeStdout() goes on until all bytes are written", {
  permissions: "none",
}, async () => {
  const writes: string[] = [];
  const stdout = {
    write(part: Uint8Array): Promise<number> {
      const taken = part.subarray(0, 4);
      writes.push(new TextDecoder().decode(taken));
      return Promise.resolve(taken.length);
    },
  };

  await writeStdout(bytes("STATE and"), stdout);
  await writeStdout(bytes(""), stdout);

  assertEquals(writes, ["STAT", "E an", "d"]);
});

Deno.test("writeStdout() tells a reader that went away from other failures", {
  permissions: "none",
}, async () => {
  const stdout = { write: () => Promise.reject(new Deno.errors.BrokenPipe("Broken pipe")) };

  const error = await assertRejects(() => writeStdout(bytes("a"), stdout), ReaderGoneError);

  assertEquals(
    [error.message, error.exitCode],
    ["Cannot write to standard output: its reader has closed it", 141],
  );
});

Deno.test("writeStdout() says why nothing more can be written", {
  permissions: "none",
}, async () => {
  let writes = 0;
  const stdout = {
    write: () =>
      ++writes === 1
        ? Promise.resolve(1)
        : Promise.reject(new Error("No space left on device (os error 28)")),
  };

  const error = await assertRejects(() => writeStdout(bytes("abc"), stdout), TapError);

  assertEquals(
    [error.message, error.exitCode, writes],
    [
      "Cannot write to standard output: No space left on device (os error 28); make room or repair " +
      "what it leads to, then run again with the last state that was kept",
      1,
      2,
    ],
  );
});
