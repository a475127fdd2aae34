import { assertEquals } from "@std/assert";
import { type LogStyle, readLogConfig } from "../../../lib/cli/log_config.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import { createLog, LEVELS, type Log } from "../../../lib/log.ts";

const MOMENT = { nowMs: () => 1_768_478_400_250, pid: 42 };

/** The members without which Meltano takes a line for plain text (`logging/parsers.py`). */
const REQUIRED = [
  "level",
  "pid",
  "logger_name",
  "ts",
  "thread_name",
  "app_name",
  "stream_name",
  "message",
];

/** A logging config in the form that Meltano gives it. */
function meltanoConfig(formatter: JsonObject, level = "INFO"): JsonObject {
  return {
    version: 1,
    disable_existing_loggers: false,
    formatters: { singer_formatter: formatter },
    handlers: {
      console: {
        class: "logging.StreamHandler",
        formatter: "singer_formatter",
        stream: "ext://sys.stderr",
      },
    },
    root: { level, handlers: ["console"] },
  };
}

const STRUCTURED = { "()": "singer_sdk.logging.StructuredFormatter" };
const PLAIN = { format: "%(message)s" };

function read(config: Json): { style: LogStyle; warning?: string } {
  return readLogConfig("log.json", MOMENT, () => JSON.stringify(config));
}

/** A log in the style of a config, and its lines. */
function styledLog(config: Json): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return { log: createLog({ write: (line) => lines.push(line), ...read(config).style }), lines };
}

Deno.test("readLogConfig() makes each line an object with all that Meltano requires", {
  permissions: "none",
}, () => {
  const { log, lines } = styledLog(meltanoConfig(STRUCTURED));

  log.warning('Careful: "a"\nb');

  const [line, ...more] = lines.map((text) => JSON.parse(text));
  assertEquals(more, []);
  assertEquals(REQUIRED.filter((member) => !Object.hasOwn(line, member)), []);
  assertEquals(line, {
    level: "warning",
    pid: 42,
    logger_name: "tap-zendesk-chat",
    ts: 1_768_478_400.25,
    thread_name: null,
    app_name: "tap-zendesk-chat",
    stream_name: null,
    message: 'Careful: "a"\\u000ab',
    extra: {},
  });
});

Deno.test("readLogConfig() gives structured metrics as data, with their stream", {
  permissions: "none",
}, () => {
  const { log, lines } = styledLog(meltanoConfig(STRUCTURED));
  const metric = {
    type: "counter" as const,
    metric: "record_count",
    value: 3,
    tags: { endpoint: "chats" },
  };

  log.metric(metric);

  assertEquals(lines.map((text) => JSON.parse(text)), [{
    level: "info",
    pid: 42,
    logger_name: "tap-zendesk-chat",
    ts: 1_768_478_400.25,
    thread_name: null,
    app_name: "tap-zendesk-chat",
    stream_name: "chats",
    message: "METRIC",
    metric_info: metric,
    extra: {},
  }]);
});

Deno.test("readLogConfig() writes a structured entry on one line and masks secrets in it", {
  permissions: "none",
}, () => {
  const { log, lines } = styledLog(meltanoConfig(STRUCTURED));

  log.conceal('s3"cret');
  log.critical('Cannot use s3"cret\u2028here');

  assertEquals(lines.map((line) => line.slice(0, -1).split(/[\n\u2028]/).length), [1]);
  assertEquals(JSON.parse(lines[0]!).message, "Cannot use ***\\u2028here");
});

Deno.test("readLogConfig() leaves lines plain unless they are to be structured", {
  permissions: "none",
}, () => {
  for (const config of [meltanoConfig(PLAIN), { version: 1 }, { formatters: null }, {}]) {
    const { log, lines } = styledLog(config);
    log.info("a");
    assertEquals(lines, ["INFO a\n"]);
  }
});

Deno.test("readLogConfig() takes the least level from the root logger", {
  permissions: "none",
}, () => {
  for (const [index, level] of LEVELS.entries()) {
    const { log, lines } = styledLog(meltanoConfig(PLAIN, level));
    log.debug("a");
    log.info("b");
    log.warning("c");
    log.critical("d");
    const all: [level: number, line: string][] = [
      [0, "DEBUG a\n"],
      [1, "INFO b\n"],
      [2, "WARNING c\n"],
      [4, "CRITICAL d\n"],
    ];
    assertEquals(lines, all.filter(([least]) => least >= index).map(([, line]) => line));
  }
});

Deno.test("readLogConfig() keeps the usual level where the root has none that it knows", {
  permissions: "none",
}, () => {
  for (const root of [{ level: "NOTSET" }, { level: 30 }, { level: null }, {}, null, "DEBUG"]) {
    assertEquals(read({ root }), { style: {} });
  }
});

Deno.test("readLogConfig() ignores a file that is no object, and warns of one it cannot read", {
  permissions: "none",
}, () => {
  for (const config of [null, [], "text", 1]) assertEquals(read(config), { style: {} });

  const warning = 'Cannot read "a\\nb.yaml", which SINGER_SDK_LOG_CONFIG names, as JSON: the log ' +
    "keeps its usual form; name a JSON file, or unset the variable";
  assertEquals(
    [
      () => "version: 1\nroot: {level: DEBUG}\n",
      () => "",
      () => {
        throw new Deno.errors.NotFound("No such file or directory (os error 2)");
      },
    ].map((readText) => readLogConfig("a\nb.yaml", MOMENT, readText)),
    Array.from({ length: 3 }, () => ({ style: {}, warning })),
  );
});
