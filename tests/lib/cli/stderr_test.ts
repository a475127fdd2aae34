import { assert, assertEquals } from "@std/assert";
import { createStderr, type Stderr } from "../../../lib/cli/stderr.ts";

/** What clears the status line. */
const CLEAR = "\r\x1b[K";

/** A standard error of so many columns, what was written to it, and what it waits to do. */
function memoryStderr(
  columns = 80,
): { stderr: Stderr; writes: string[]; timers: (() => void)[] } {
  const writes: string[] = [];
  const timers: (() => void)[] = [];
  const startTimer = (callback: () => void) => void timers.push(callback);
  const writeSync = (bytes: Uint8Array) => {
    writes.push(new TextDecoder().decode(bytes));
    return bytes.length;
  };
  const stderr = createStderr({ writeSync, columns: () => columns, startTimer });
  return { stderr, writes, timers };
}

Deno.test("createStderr() writes lines as they are while there is no status", {
  permissions: "none",
}, () => {
  const { stderr, writes } = memoryStderr(10);

  stderr.line("INFO a line that is longer than the terminal is wide\n");
  stderr.status("");
  stderr.line("INFO b\n");

  assertEquals(writes, ["INFO a line that is longer than the terminal is wide\n", "INFO b\n"]);
});

Deno.test("createStderr() gathers lines that nobody waits for, in their place among the others", {
  permissions: "none",
}, () => {
  const { stderr, writes, timers } = memoryStderr();

  stderr.lineSoon("METRIC 1\n");
  stderr.lineSoon("METRIC 2\n");
  assertEquals(writes.splice(0), []);
  stderr.line("INFO a\n");
  assertEquals(writes.splice(0), ["METRIC 1\nMETRIC 2\nINFO a\n"]);

  stderr.lineSoon("METRIC 3\n");
  assertEquals(timers.length, 2);
  timers.pop()!();
  timers.pop()!();
  assertEquals(writes.splice(0), ["METRIC 3\n"]);

  stderr.lineSoon("METRIC 4\n");
  stderr.status("chats: 1");
  stderr.lineSoon("METRIC 5\n");
  stderr.flush();
  stderr.flush();
  assertEquals(writes.splice(0), ["METRIC 4\n", "chats: 1", `${CLEAR}METRIC 5\nchats: 1`]);
});

Deno.test("createStderr() lets no more lines wait than a write is worth", {
  permissions: "none",
}, () => {
  const { stderr, writes } = memoryStderr();
  const line = "METRIC " + "x".repeat(100) + "\n";
  let lines = 0;
  for (; writes.length === 0; lines++) stderr.lineSoon(line);
  assertEquals(writes, [line.repeat(lines)]);
  assert(lines > 10 && lines < 100, `${lines} lines`);
});

Deno.test("createStderr() keeps the status below the lines and rewrites it in place", {
  permissions: "none",
}, () => {
  const { stderr, writes } = memoryStderr();

  stderr.status("chats: 1");
  stderr.line("WARNING a\n");
  stderr.status("chats: 2");
  stderr.status("");
  stderr.line("INFO b\n");
  stderr.status("");

  assertEquals(writes, [
    "chats: 1",
    `${CLEAR}WARNING a\nchats: 1`,
    `${CLEAR}chats: 2`,
    CLEAR,
    "INFO b\n",
  ]);
});

Deno.test("createStderr() cuts the status so that it never wraps", { permissions: "none" }, () => {
  const cases: [columns: number, text: string, shown: string][] = [
    [10, "123456789", "123456789"],
    [10, "1234567890", "123456789"],
    [10, "ünïcödé жз", "\\u00fcn\\u"],
    [20, "漢字漢字漢字", "\\u6f22\\u5b57\\u6f22\\"],
    [10, "abcd🙂", "abcd\\ud83"],
    [20, "e\u0301", "e\\u0301"],
    [2, "abc", "a"],
  ];
  for (const [columns, text, shown] of cases) {
    const { stderr, writes } = memoryStderr(columns);
    stderr.status(text);
    assertEquals([text, ...writes], [text, shown]);
  }
});

Deno.test("createStderr() shows nothing on a terminal without room", {
  permissions: "none",
}, () => {
  for (const columns of [0, 1]) {
    const { stderr, writes } = memoryStderr(columns);
    stderr.status("chats: 1");
    stderr.line("INFO a\n");
    assertEquals(writes, ["INFO a\n"]);
  }
});

Deno.test("createStderr() asks for the width each time, for terminals change theirs", {
  permissions: "none",
}, () => {
  const writes: string[] = [];
  let columns = 6;
  const stderr = createStderr({
    writeSync(bytes) {
      writes.push(new TextDecoder().decode(bytes));
      return bytes.length;
    },
    columns: () => columns,
  });

  stderr.status("chats: 1");
  columns = 9;
  stderr.status("chats: 1");

  assertEquals(writes, ["chats", `${CLEAR}chats: 1`]);
});

Deno.test("createStderr() lets no control character into the status", {
  permissions: "none",
}, () => {
  const { stderr, writes } = memoryStderr();

  stderr.status("a\nb\r\x1b[31m\u2028\u202e");

  assertEquals(writes, [String.raw`a\u000ab\u000d\u001b[31m\u2028\u202e`]);
});

Deno.test("createStderr() goes on until all bytes are written", { permissions: "none" }, () => {
  const bytes: number[] = [];
  const stderr = createStderr({
    writeSync(part) {
      const taken = part.subarray(0, 3);
      bytes.push(...taken);
      return taken.length;
    },
  });

  stderr.line("INFO ünïcödé\n");

  assertEquals(new TextDecoder().decode(new Uint8Array(bytes)), "INFO ünïcödé\n");
});

Deno.test("createStderr() lets go what cannot be written", { permissions: "none" }, () => {
  const writes: string[] = [];
  let isFull = true;
  const stderr = createStderr({
    writeSync(bytes) {
      if (isFull) throw new Deno.errors.BrokenPipe("Broken pipe");
      writes.push(new TextDecoder().decode(bytes));
      return bytes.length;
    },
    columns: () => 80,
  });

  stderr.line("INFO a\n");
  stderr.status("chats: 1");
  isFull = false;
  stderr.line("INFO b\n");

  assertEquals(writes, [`${CLEAR}INFO b\nchats: 1`]);
});
