import { assertEquals } from "@std/assert";
import {
  createLog,
  escapeControl,
  LEVELS,
  type Log,
  type LogEntry,
  type LogOptions,
  plainLine,
} from "../../lib/log.ts";

/** A log and the lines that it wrote. */
function memoryLog(options: Omit<LogOptions, "write"> = {}): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return { log: createLog({ write: (line) => lines.push(line), ...options }), lines };
}

Deno.test("escapeControl() writes control, line and direction characters as escapes", {
  permissions: "none",
}, () => {
  const cases = [
    ["plain ASCII, ünïcödé, 漢字 and 🙂", "plain ASCII, ünïcödé, 漢字 and 🙂"],
    ["a\nb\r\tc", String.raw`a\u000ab\u000d\u0009c`],
    ["\0\x1b[31m\x7f", String.raw`\u0000\u001b[31m\u007f`],
    ["\x85\x9b", String.raw`\u0085\u009b`],
    ["\u2028\u2029", String.raw`\u2028\u2029`],
    ["\u202aa\u202eb\u2066c\u2069", String.raw`\u202aa\u202eb\u2066c\u2069`],
  ] as const;
  for (const [text, expected] of cases) assertEquals(escapeControl(text), expected);
});

Deno.test("plainLine() is singer-python's format", { permissions: "none" }, () => {
  assertEquals(plainLine({ level: "WARNING", message: "Take care" }), "WARNING Take care");
});

Deno.test("createLog() writes one line a message, from the least level on", {
  permissions: "none",
}, () => {
  const all = ["DEBUG a\n", "INFO b\n", "WARNING c\n", "CRITICAL d\n"];
  for (
    const [least, expected] of [
      [undefined, all.slice(1)],
      ["DEBUG", all],
      ["WARNING", all.slice(2)],
      ["ERROR", all.slice(3)],
    ] as const
  ) {
    const { log, lines } = memoryLog(least && { least });

    log.debug("a");
    log.info("b");
    log.warning("c");
    log.critical("d");

    assertEquals(lines, expected);
  }
});

Deno.test("LEVELS rise", { permissions: "none" }, () => {
  assertEquals(LEVELS, ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]);
});

Deno.test("createLog() leaves out metrics and nothing else when told so", {
  permissions: "none",
}, () => {
  const { log, lines } = memoryLog({ metrics: false });

  log.metric({ type: "counter", metric: "record_count", value: 1, tags: {} });
  log.info("a");

  assertEquals(lines, ["INFO a\n"]);
});

Deno.test("createLog() lets no text forge a line", { permissions: "none" }, () => {
  const { log, lines } = memoryLog();

  log.info("name: x\nCRITICAL the token is wrong");

  assertEquals(lines, ["INFO name: x\\u000aCRITICAL the token is wrong\n"]);
});

Deno.test("createLog() writes metrics as singer-python does", { permissions: "none" }, () => {
  const { log, lines } = memoryLog();

  log.metric({
    type: "timer",
    metric: "http_request_duration",
    value: 0.25,
    tags: { endpoint: "chats", http_status_code: 200, status: "succeeded" },
  });

  assertEquals(lines, [
    'INFO METRIC: {"type": "timer", "metric": "http_request_duration", "value": 0.25, "tags": ' +
    '{"endpoint": "chats", "http_status_code": 200, "status": "succeeded"}}\n',
  ]);
});

Deno.test("createLog() lets metrics, and nothing else, be written later", {
  permissions: "none",
}, () => {
  const [lines, later]: [string[], string[]] = [[], []];
  const log = createLog({
    write: (line) => lines.push(line),
    writeSoon: (line) => later.push(line),
  });

  log.metric({ type: "counter", metric: "record_count", value: 1, tags: {} });
  log.info("a");
  log.critical("b");

  assertEquals(lines, ["INFO a\n", "CRITICAL b\n"]);
  assertEquals(later, [
    'INFO METRIC: {"type": "counter", "metric": "record_count", "value": 1, "tags": {}}\n',
  ]);
});

Deno.test("createLog() keeps a metric on its line and parsable", { permissions: "none" }, () => {
  const { log, lines } = memoryLog();
  const metric = {
    type: "counter" as const,
    metric: "record_count",
    value: 3,
    tags: { endpoint: 'a "b"\n\u2028\x85c' },
  };

  log.metric(metric);

  assertEquals(lines.length, 1);
  assertEquals(lines[0]!.match(/[\n\u2028\x85]/g), ["\n"]);
  assertEquals(JSON.parse(lines[0]!.slice("INFO METRIC: ".length)), metric);
});

Deno.test("createLog() gives the metric itself to a format", { permissions: "none" }, () => {
  const entries: LogEntry[] = [];
  const { log } = memoryLog({
    format(entry) {
      entries.push(entry);
      return "";
    },
  });
  const metric = { type: "counter" as const, metric: "record_count", value: 1, tags: {} };

  log.metric(metric);
  log.info("a\tb");

  assertEquals(entries, [
    {
      level: "INFO",
      message: 'METRIC: {"type": "counter", "metric": "record_count", "value": 1, "tags": {}}',
      metric,
    },
    { level: "INFO", message: "a\\u0009b" },
  ]);
});

Deno.test("createLog() masks every secret in every later line", { permissions: "none" }, () => {
  const { log, lines } = memoryLog();

  log.conceal("s3cret-token");
  log.conceal("another-one");
  log.conceal("");
  log.warning("s3cret-token and s3cret-token and another-one");
  log.metric({ type: "counter", metric: "m", value: 1, tags: { endpoint: "s3cret-token" } });

  assertEquals(lines, [
    "WARNING *** and *** and ***\n",
    'INFO METRIC: {"type": "counter", "metric": "m", "value": 1, "tags": {"endpoint": "***"}}\n',
  ]);
});

Deno.test("createLog() masks a secret that a format or a metric writes in another way", {
  permissions: "none",
}, () => {
  const { log, lines } = memoryLog({
    format: ({ metric, message }) => JSON.stringify(metric ?? message),
  });

  log.conceal(String.raw`s3"c\ret`);
  log.info(String.raw`token s3"c\ret`);
  log.metric({
    type: "counter",
    metric: "m",
    value: 1,
    tags: { endpoint: String.raw`s3"c\ret` },
  });

  assertEquals(lines, [
    '"token ***"\n',
    '{"type":"counter","metric":"m","value":1,"tags":{"endpoint":"***"}}\n',
  ]);
});

Deno.test("createLog() masks the longer of two secrets that begin alike", {
  permissions: "none",
}, () => {
  const { log, lines } = memoryLog();

  log.conceal("abcdefgh");
  log.conceal("abcdefghij");
  log.info("abcdefghij, abcdefgh");

  assertEquals(lines, ["INFO ***, ***\n"]);
});

Deno.test("createLog() leaves a secret alone that would blot out words", {
  permissions: "none",
}, () => {
  const { log, lines } = memoryLog();

  log.conceal("token");
  log.conceal("7654321");
  log.info("an OAuth token of its own, 7654321");

  assertEquals(lines, ["INFO an OAuth token of its own, 7654321\n"]);
});
