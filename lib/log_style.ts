/**
 * How the log is to look: as flags say, else variables, else the logging config that Meltano names in
 * `SINGER_SDK_LOG_CONFIG`, which may ask for one JSON object a line and sets the least level.
 */

import { isJsonObject, type JsonObject } from "./json.ts";
import {
  LEVELS,
  LOG_FORMATS,
  LOG_VARIABLES,
  type LogEntry,
  type LogFormat,
  type LogOptions,
  type LogWishes,
  parseLevel,
  parseLogFormat,
} from "./log.ts";
import { datedLine, type Moment, structuredLine } from "./log_format.ts";

const STRUCTURED_FORMATTER = "singer_sdk.logging.StructuredFormatter";

/** How the log looks and what it leaves out. */
export type LogStyle = Pick<LogOptions, "format" | "least" | "isStructured">;

/** Where the style is from, and what lines are dated with. */
export interface LogStyleSource {
  flags: LogWishes;
  env(name: string): string | undefined;
  moment: Moment;
  readText?(path: string): string;
}

/** The style that is asked for; what cannot be used asks for nothing, with a warning. */
export function chooseLogStyle(
  { flags, env, moment, readText = Deno.readTextFileSync }: LogStyleSource,
): { style: LogStyle; warnings: string[] } {
  const warnings: string[] = [];
  const fromVariable = <T>(
    name: string,
    parse: (text: string) => T | undefined,
    known: readonly string[],
  ): T | undefined => {
    const text = env(name) ?? "";
    const value = parse(text);
    if (text !== "" && value === undefined) {
      warnings.push(
        `Ignored ${name}: current value is ${JSON.stringify(text)}, expected ${known.join(", ")}`,
      );
    }
    return value;
  };
  const file = env(LOG_VARIABLES.config) ?? "";
  const asked = file === "" ? {} : readLogConfig(file, readText, warnings);
  const least = flags.level ?? fromVariable(LOG_VARIABLES.level, parseLevel, LEVELS) ?? asked.level;
  const format = flags.format ??
    fromVariable(LOG_VARIABLES.format, parseLogFormat, LOG_FORMATS) ?? asked.format;
  const style = format === undefined ? {} : formatStyle(format, moment);
  return { style: { ...style, ...(least !== undefined && { least }) }, warnings };
}

function formatStyle(format: LogFormat, moment: Moment): LogStyle {
  switch (format) {
    case "singer":
      return {};
    case "dated":
      return { format: (entry: LogEntry) => datedLine(entry, moment) };
    case "json":
      return { format: (entry: LogEntry) => structuredLine(entry, moment), isStructured: true };
  }
}

function readLogConfig(
  file: string,
  readText: (path: string) => string,
  warnings: string[],
): LogWishes {
  try {
    const config = JSON.parse(readText(file));
    return isJsonObject(config) ? wishesOf(config) : {};
  } catch {
    warnings.push(
      `Cannot read ${
        JSON.stringify(file)
      }, which ${LOG_VARIABLES.config} names, as JSON: the log ` +
        "keeps its usual form; name a JSON file, or unset the variable",
    );
    return {};
  }
}

function wishesOf({ formatters, root }: JsonObject): LogWishes {
  const isStructured = isJsonObject(formatters) &&
    Object.values(formatters).some((formatter) =>
      isJsonObject(formatter) && formatter["()"] === STRUCTURED_FORMATTER
    );
  const level = LEVELS.find((level) => isJsonObject(root) && level === root.level);
  return { ...(isStructured && { format: "json" }), ...(level !== undefined && { level }) };
}
