import { assertEquals, assertMatch } from "@std/assert";
import { chooseLogStyle, type LogStyle, type LogStyleSource } from "../../lib/log_style.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { createLog, LEVELS, type Log } from "../../lib/log.ts";

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

const ENV: Record<string, string> = { SINGER_SDK_LOG_CONFIG: "log.json" };

/** The style that is chosen, by Meltano's variable alone unless more is said. */
function choose(
  { env = ENV, ...source }: Partial<Omit<LogStyleSource, "env">> & { env?: typeof ENV },
): { style: LogStyle; warnings: string[] } {
  return chooseLogStyle({ flags: {}, moment: MOMENT, env: (name) => env[name], ...source });
}

function read(config: Json): { style: LogStyle; warnings: string[] } {
  return choose({ readText: () => JSON.stringify(config) });
}

/** A log in the style of a config, and its lines. */
function styledLog(config: Json): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return { log: createLog({ write: (line) => lines.push(line), ...read(config).style }), lines };
}

Deno.test("chooseLogStyle() makes each line an object with all that Meltano requires", {
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

Deno.test("chooseLogStyle() gives structured metrics as data, with their stream", {
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
    message: "METRIC chats",
    metric_info: { ...metric, tags: { stream: "chats", endpoint: "chats" } },
    extra: {},
  }]);
});

Deno.test("chooseLogStyle() writes a structured entry on one line and masks secrets in it", {
  permissions: "none",
}, () => {
  const { log, lines } = styledLog(meltanoConfig(STRUCTURED));

  log.conceal('s3"cret-token');
  log.critical('Cannot use s3"cret-token\u2028here');

  assertEquals(lines.map((line) => line.slice(0, -1).split(/[\n\u2028]/).length), [1]);
  assertEquals(JSON.parse(lines[0]!).message, "Cannot use ***\\u2028here");
});

Deno.test("chooseLogStyle() leaves lines plain unless they are to be structured", {
  permissions: "none",
}, () => {
  for (const config of [meltanoConfig(PLAIN), { version: 1 }, { formatters: null }, {}]) {
    const { log, lines } = styledLog(config);
    log.info("a");
    assertEquals(lines, ["INFO a\n"]);
  }
});

Deno.test("chooseLogStyle() takes the least level from the root logger", {
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

Deno.test("chooseLogStyle() keeps the usual level where the root has none that it knows", {
  permissions: "none",
}, () => {
  for (const root of [{ level: "NOTSET" }, { level: 30 }, { level: null }, {}, null, "DEBUG"]) {
    assertEquals(read({ root }), { style: {}, warnings: [] });
  }
});

Deno.test("chooseLogStyle() ignores a file that is no object, and warns of one it cannot read", {
  permissions: "none",
}, () => {
  for (const config of [null, [], "text", 1]) {
    assertEquals(read(config), { style: {}, warnings: [] });
  }

  const warning = 'Cannot read "a\\nb.yaml", which SINGER_SDK_LOG_CONFIG names, as JSON: the log ' +
    "keeps its usual form; name a JSON file, or unset the variable";
  assertEquals(
    [
      () => "version: 1\nroot: {level: DEBUG}\n",
      () => "",
      () => {
        throw new Deno.errors.NotFound("No such file or directory (os error 2)");
      },
    ].map((readText) => choose({ env: { SINGER_SDK_LOG_CONFIG: "a\nb.yaml" }, readText })),
    Array.from({ length: 3 }, () => ({ style: {}, warnings: [warning] })),
  );
});

Deno.test("chooseLogStyle() lets flags win over variables, and these over Meltano's config", {
  permissions: "none",
}, () => {
  const config = meltanoConfig(STRUCTURED, "ERROR");
  const readText = () => JSON.stringify(config);
  const variables = { TAP_ZENDESK_CHAT_LOGLEVEL: "debug", TAP_ZENDESK_CHAT_LOGFORMAT: "Dated" };
  const flags = { level: "WARNING", format: "singer" } as const;
  const sources: [Parameters<typeof choose>[0], line: RegExp, least: string | undefined][] = [
    [{ env: {} }, /^WARNING a\n$/, undefined],
    [{ readText }, /^\{"level":"warning",/, "ERROR"],
    [{ env: variables }, /^2026-01-15T12:00:00\.250Z WARNING a\n$/, "DEBUG"],
    [{ env: { ...variables, ...ENV }, readText }, /^2026-01-15T12:00:00\.250Z WARN/, "DEBUG"],
    [{ env: { ...variables, ...ENV }, readText, flags }, /^WARNING a\n$/, "WARNING"],
    [{ env: {}, flags: { format: "json" } }, /^\{"level":"warning",/, undefined],
  ];
  for (const [source, line, least] of sources) {
    const { style, warnings } = choose(source);
    const lines: string[] = [];
    createLog({ write: (text) => lines.push(text), ...style, least: "INFO" }).warning("a");
    assertEquals([warnings, style.least, lines.length], [[], least, 1]);
    assertMatch(lines[0]!, line);
  }
});

Deno.test("chooseLogStyle() warns of a variable that says nothing it knows", {
  permissions: "none",
}, () => {
  const env = { TAP_ZENDESK_CHAT_LOGLEVEL: "loud", TAP_ZENDESK_CHAT_LOGFORMAT: "xml" };
  assertEquals(choose({ env }), {
    style: {},
    warnings: [
      'Ignored TAP_ZENDESK_CHAT_LOGLEVEL: current value is "loud", ' +
      "expected DEBUG, INFO, WARNING, ERROR, CRITICAL",
      'Ignored TAP_ZENDESK_CHAT_LOGFORMAT: current value is "xml", expected singer, dated, json',
    ],
  });
});

Deno.test("a structured line holds the figures of its message", { permissions: "none" }, () => {
  const { log, lines } = styledLog(meltanoConfig(STRUCTURED));

  log.info("chats: ok", { stream: "chats", records: 3 });

  const { stream_name, message, extra } = JSON.parse(lines[0]!);
  assertEquals([log.isStructured, stream_name, message, extra], [true, "chats", "chats: ok", {
    stream: "chats",
    records: 3,
  }]);
});
