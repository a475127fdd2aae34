/**
 * Date-times in every form but the common one: what Python's dateutil reads in a Singer tap, short
 * of what it guesses (parts that it takes from today's date, years of two digits, `GMT+3` as three
 * hours behind). The time of day is taken out first, wherever it stands; what is left has to be a
 * date. `Temporal` judges whether the parts make one; this file only finds them.
 */

/** No date is longer, and matching takes the square of the time for long runs of blanks. */
const LONGEST_TEXT = 100;

/** Words that add nothing to a date: `Friday`, `at`, the `nd` of `2nd`. */
const FILLER_REGEXP =
  /\b(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?|at|of)\b\.?|(?<=\d)(?:st|nd|rd|th)\b/gi;

const TIME_REGEXPS = [
  /(?:^|(?<=\d)T|[\s,]+)(?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:[.,](?<fraction>\d+))?)?(?:\s*(?<half>[ap])\.?m\b\.?)?/i,
  /(?:^|[\s,]+)(?<hour>\d{1,2})\s*(?<half>[ap])\.?m\b\.?/i,
  /(?<=\d)T(?<hour>\d{2})(?:(?<minute>\d{2})(?:(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?)?/i,
  /(?<=^\d{8})\s*(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})?(?!\d)/,
  /(?<=^\d{4}[-/.]\d{2}[-/.]\d{2})\s+(?<hour>\d{2})(?:(?<minute>\d{2})(?<second>\d{2})?)?(?!\d)/,
];
// A zone's name says nothing, as in dateutil: `EST` is read as UTC. `+00:00Z` is malformed but clear.
const ZONE_REGEXP =
  /^\s*(?:[+-]00:?00Z|(?<sign>[+-])(?<hours>\d{2}|\d(?!\d\d))(?::?(?<minutes>[0-5]\d))?|z|[A-Z]{1,5})(?![\w:+-])/;

const BETWEEN = String.raw`[\s,/.-]*`;
const MONTH_NAME = `(?<name>[a-z]{3,9})${BETWEEN}`;
const DATE_REGEXPS = [
  /^(?<year>\d{4})(?<separator>[-/.]|\s+)(?<month>\d{1,2})\k<separator>(?<day>\d{1,2})$/,
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/,
  /^(?<first>\d{1,2})(?<separator>[-/.]|\s+)(?<second>\d{1,2})\k<separator>(?<year>\d{4})$/,
  new RegExp(String.raw`^(?<day>\d{1,2})${BETWEEN}${MONTH_NAME}(?<year>\d{4})$`, "i"),
  new RegExp(String.raw`^${MONTH_NAME}(?<day>\d{1,2})[\s,/.-]+(?<year>\d{4})$`, "i"),
  new RegExp(String.raw`^(?<year>\d{4})${BETWEEN}${MONTH_NAME}(?<day>\d{1,2})$`, "i"),
];
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
  if (text.length > LONGEST_TEXT) return undefined;
  const { time, offsetMinutes, rest } = takeTime(text.trim().replace(FILLER_REGEXP, " ").trim());
  const date = readDate(rest.replace(/^[\s,]+|[\s,]+$/g, ""));
  if (date === undefined || offsetMinutes === undefined) return undefined;
  try {
    const local = Temporal.PlainDateTime.from({ ...date, ...time }, { overflow: "reject" });
    return { local, offsetMinutes };
  } catch {
    return undefined; // not in the calendar, or not on the clock
  }
}

/** Takes the time of day out of a text, with its zone; midnight where there is none. */
function takeTime(
  text: string,
): { time?: TimeParts; offsetMinutes: number | undefined; rest: string } {
  for (const regexp of TIME_REGEXPS) {
    const match = regexp.exec(text);
    if (match === null) continue;
    const after = text.slice(match.index + match[0].length);
    const zone = ZONE_REGEXP.exec(after);
    return {
      time: readTime(match.groups ?? {}),
      offsetMinutes: readOffset(zone?.groups ?? {}),
      rest: `${text.slice(0, match.index)} ${after.slice(zone?.[0].length ?? 0)}`,
    };
  }
  return { offsetMinutes: 0, rest: text };
}

function readTime({ hour, minute, second, fraction = "", half }: Groups): TimeParts {
  return {
    hour: readHour(Number(hour), half?.toLowerCase()),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    millisecond: Number(fraction.slice(0, 3).padEnd(3, "0")),
    microsecond: Number(fraction.slice(3, 6).padEnd(3, "0")),
  };
}

/** The hour on a 24-hour clock; one that no clock has stays one that no clock has. */
function readHour(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour > 12) return 24;
  return hour % 12 + (half === "p" ? 12 : 0);
}

/** The offset from UTC in minutes; undefined when it is a day or more. */
function readOffset({ sign, hours, minutes }: Groups): number | undefined {
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  if (offset >= 24 * 60) return undefined;
  return sign === "-" ? -offset : offset;
}

function readDate(text: string): DateParts | undefined {
  const groups = DATE_REGEXPS.map((regexp) => regexp.exec(text)?.groups).find(Boolean);
  if (groups === undefined) return undefined;
  const { year, month, day, first, second, name } = groups as Groups;
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
