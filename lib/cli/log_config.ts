/**
 * The logging config that Meltano names in `SINGER_SDK_LOG_CONFIG`: it may ask for one JSON object a
 * line, which it then takes apart (Meltano, `logging/parsers.py`), and sets the least level.
 */

import { isJsonObject, type JsonObject } from "../json.ts";
import { LEVELS, type LogEntry, type LogOptions } from "../log.ts";
import { NAME } from "../version.ts";

const STRUCTURED_FORMATTER = "singer_sdk.logging.StructuredFormatter";

/** How the log looks and what it leaves out. */
export type LogStyle = Pick<LogOptions, "format" | "least">;

/** What a logged line says of its process and moment. */
interface Moment {
  nowMs: () => number;
  pid: number;
}

/** The style that a file asks for; a file that cannot be used asks for none, with a warning. */
export function readLogConfig(
  file: string,
  moment: Moment,
  readText: (path: string) => string = Deno.readTextFileSync,
): { style: LogStyle; warning?: string } {
  let config: unknown;
  try {
    config = JSON.parse(readText(file));
  } catch {
    const name = JSON.stringify(file);
    const warning =
      `Cannot read ${name}, which SINGER_SDK_LOG_CONFIG names, as JSON: the log keeps ` +
      "its usual form; name a JSON file, or unset the variable";
    return { style: {}, warning };
  }
  return { style: isJsonObject(config) ? styleOf(config, moment) : {} };
}

function styleOf({ formatters, root }: JsonObject, { nowMs, pid }: Moment): LogStyle {
  const isStructured = isJsonObject(formatters) &&
    Object.values(formatters).some((formatter) =>
      isJsonObject(formatter) && formatter["()"] === STRUCTURED_FORMATTER
    );
  const least = LEVELS.find((level) => isJsonObject(root) && level === root.level);
  return {
    ...(isStructured && {
      format: (entry: LogEntry) => structuredLine(entry, { nowMs: nowMs(), pid }),
    }),
    ...(least !== undefined && { least }),
  };
}

/** One JSON object, with every member that Meltano requires. */
function structuredLine(
  { level, message, metric }: LogEntry,
  { nowMs, pid }: { nowMs: number; pid: number },
): string {
  return JSON.stringify({
    level: level.toLowerCase(),
    pid,
    logger_name: NAME,
    ts: nowMs / 1000,
    thread_name: null,
    app_name: NAME,
    stream_name: metric?.tags.endpoint ?? null,
    message: metric === undefined ? message : "METRIC",
    ...(metric !== undefined && { metric_info: metric }),
    extra: {},
  });
}
