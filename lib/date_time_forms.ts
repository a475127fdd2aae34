/**
 * Date-times in every form but the common one: what Python's dateutil reads in a Singer tap, short
 * of the texts that it completes from today's date (`10:00`, `2017`), which are refused here.
 * `Temporal` judges whether the parts make a date; this file only finds them.
 */

const WEEKDAY = String.raw`(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?`;
const DATE_REGEXPS = [
  /^(?<year>\d{4})(?<separator>[-/.])(?<month>\d{1,2})\k<separator>(?<day>\d{1,2})/,
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})/,
  /^(?<first>\d{1,2})(?<separator>[-/.])(?<second>\d{1,2})\k<separator>(?<year>\d{4})/,
  new RegExp(
    String.raw`^${WEEKDAY}(?<day>\d{1,2})[\s-]+(?<name>[a-z]{3,9})\.?,?[\s-]+(?<year>\d{4})`,
    "i",
  ),
  new RegExp(
    String.raw`^${WEEKDAY}(?<name>[a-z]{3,9})\.?\s+(?<day>\d{1,2})(?:,\s*|\s+)(?<year>\d{4})`,
    "i",
  ),
];
const TIME_REGEXPS = [
  /^(?:[Tt]|,?\s+)(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?/,
  /^[Tt](?<hour>\d{2})(?:(?<minute>\d{2})(?:(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?)?/,
];
// A zone's name says nothing, as in dateutil: `EST` is read as UTC. `+00:00Z` is malformed but clear.
const ZONE_REGEXP =
  /^\s*(?<half>[AaPp][Mm])?\s*(?:(?<sign>[+-])(?<hours>\d{2})(?::?(?<minutes>[0-5]\d))?|[+-]00:?00Z|z|[A-Z]{1,5})?$/;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH_REGEXP =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/;

interface DateParts {
  year: number;
  month: number;
  day: number;
}

interface TimeParts {
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  microsecond: number;
}

type Groups = Record<string, string | undefined>;

/** The local time that the text names and its offset from UTC; undefined when it names none. */
export function readDateTime(
  text: string,
): { local: Temporal.PlainDateTime; offsetMinutes: number } | undefined {
  const date = firstMatch(DATE_REGEXPS, text.trim());
  const parts = date && readDate(date.groups);
  if (parts === undefined) return undefined;
  const time = readTime(date!.rest);
  if (time === undefined) return undefined;
  try {
    const local = Temporal.PlainDateTime.from({ ...parts, ...time.parts }, { overflow: "reject" });
    return { local, offsetMinutes: time.offsetMinutes };
  } catch {
    return undefined; // not in the calendar, or not on the clock
  }
}

function firstMatch(
  regexps: RegExp[],
  text: string,
): { groups: Groups; rest: string } | undefined {
  for (const regexp of regexps) {
    const match = regexp.exec(text);
    if (match !== null) return { groups: match.groups!, rest: text.slice(match[0].length) };
  }
  return undefined;
}

function readDate({ year, month, day, first, second, name }: Groups): DateParts | undefined {
  if (first !== undefined) {
    // Month first, unless it cannot be one.
    const [monthText, dayText] = Number(first) > 12 ? [second, first] : [first, second];
    return { year: Number(year), month: Number(monthText), day: Number(dayText) };
  }
  if (name === undefined) return { year: Number(year), month: Number(month), day: Number(day) };
  const lower = name.toLowerCase();
  if (!MONTH_REGEXP.test(lower)) return undefined;
  return { year: Number(year), month: MONTHS.indexOf(lower.slice(0, 3)) + 1, day: Number(day) };
}

/** The time of day that follows a date; midnight when nothing does. */
function readTime(text: string): { parts?: TimeParts; offsetMinutes: number } | undefined {
  if (text === "") return { offsetMinutes: 0 };
  const time = firstMatch(TIME_REGEXPS, text);
  const zone = time && ZONE_REGEXP.exec(time.rest)?.groups;
  if (zone === undefined) return undefined;
  const { hour, minute, second, fraction = "" } = time!.groups;
  const offset = Number(zone.hours ?? 0) * 60 + Number(zone.minutes ?? 0);
  if (offset >= 24 * 60) return undefined;
  return {
    parts: {
      hour: readHour(Number(hour), zone.half?.toLowerCase()),
      minute: Number(minute ?? 0),
      second: Number(second ?? 0),
      millisecond: Number(fraction.slice(0, 3).padEnd(3, "0")),
      microsecond: Number(fraction.slice(3, 6).padEnd(3, "0")),
    },
    offsetMinutes: zone.sign === "-" ? -offset : offset,
  };
}

/** The hour on a 24-hour clock; one that no clock has stays one that no clock has. */
function readHour(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return 24;
  return hour % 12 + (half === "pm" ? 12 : 0);
}
