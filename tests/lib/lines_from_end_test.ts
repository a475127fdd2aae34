import { assertEquals } from "@std/assert";
import { linesFromEnd } from "../../lib/lines_from_end.ts";

const PERMISSIONS = { permissions: { read: true, write: true } } as const;

async function linesOf(content: string): Promise<string[]> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, content);
    return Array.from(linesFromEnd(path), (line) => new TextDecoder().decode(line));
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("linesFromEnd() gives the lines of a file, the last one first", PERMISSIONS, async () => {
  const contents = [
    "",
    "\n",
    "a",
    "a\n",
    "a\n\nb",
    "first\nsecond\r\nthird\n",
    // Lines that end before, at and behind the borders of blocks of 64 KiB and their doubles.
    ...[65_535, 65_536, 65_537, 196_607, 196_608, 196_609].map((length) =>
      `head\n${"x".repeat(length)}\ntail\n`
    ),
    Array.from({ length: 40_000 }, (_, index) => `line ${index} ü`).join("\n"),
    "é".repeat(300_000),
  ];
  for (const content of contents) {
    assertEquals(await linesOf(content), content.split("\n").reverse());
  }
});

Deno.test("linesFromEnd() reads no more of a file than its last lines need", {
  ...PERMISSIONS,
  ignore: Deno.build.os === "windows",
}, async () => {
  const path = await Deno.makeTempFile();
  try {
    // A hole of a terabyte that takes no room: whoever read it whole would not come to an end.
    await Deno.truncate(path, 1e12);
    await Deno.writeTextFile(path, "\nlast but one\nlast", { append: true });
    const lines: string[] = [];
    for (const line of linesFromEnd(path)) {
      if (lines.push(new TextDecoder().decode(line)) === 2) break;
    }
    assertEquals(lines, ["last", "last but one"]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("linesFromEnd() reads a pipe to its end", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/pipe`;
  try {
    await new Deno.Command("mkfifo", { args: [path] }).output();
    const script = 'printf "first\\nsecond\\n" > "$0"';
    const writer = new Deno.Command("sh", { args: ["-c", script, path] }).spawn();
    const lines = Array.from(linesFromEnd(path), (line) => new TextDecoder().decode(line));
    await writer.status;
    assertEquals(lines, ["", "second", "first"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
