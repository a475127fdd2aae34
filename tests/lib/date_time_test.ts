import { assertEquals } from "@std/assert";
import { formatMicros, normalizeDateTime, parseMicros } from "../../lib/date_time.ts";

const NORMAL_FORMS: [text: string, normal: string][] = [
  ["2017-01-01T00:00:00Z", "2017-01-01T00:00:00.000000Z"],
  ["2017-12-31T23:59:59Z", "2017-12-31T23:59:59.000000Z"],
  ["2016-02-29T00:00:00Z", "2016-02-29T00:00:00.000000Z"],
  ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000000Z"],
  ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"],
  ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
  ["2017-04-24T04:36:44.807000Z", "2017-04-24T04:36:44.807000Z"],
  ["2017-01-01T00:00:00.5Z", "2017-01-01T00:00:00.500000Z"],
  ["2017-01-01T00:00:00.123456789Z", "2017-01-01T00:00:00.123456Z"],
  ["2016-02-29T00:00:00.999999999Z", "2016-02-29T00:00:00.999999Z"],
  ["2017-01-01", "2017-01-01T00:00:00.000000Z"],
  ["2017-1-5", "2017-01-05T00:00:00.000000Z"],
  ["2017/01/05", "2017-01-05T00:00:00.000000Z"],
  ["2017-01-01 10:00", "2017-01-01T10:00:00.000000Z"],
  ["2017-01-01 10:00:30", "2017-01-01T10:00:30.000000Z"],
  ["2017-01-01T10", "2017-01-01T10:00:00.000000Z"],
  ["2017-01-01T10:00:00", "2017-01-01T10:00:00.000000Z"],
  ["2017-01-01T10:00:00,5", "2017-01-01T10:00:00.500000Z"],
  ["2017-01-01t10:00:00z", "2017-01-01T10:00:00.000000Z"],
  ["  2017-01-01T10:00:00Z\n", "2017-01-01T10:00:00.000000Z"],
  ["2017-01-01T10:00:00+02:00", "2017-01-01T08:00:00.000000Z"],
  ["2017-01-01T10:00:00.25-0700", "2017-01-01T17:00:00.250000Z"],
  ["2017-01-01 10:00:00 +02", "2017-01-01T08:00:00.000000Z"],
  ["2017-01-01T00:30:00+05:45", "2016-12-31T18:45:00.000000Z"],
  ["2017-04-24T12:45:32+00:00Z", "2017-04-24T12:45:32.000000Z"],
  ["2017-01-01T10:00:00 EST", "2017-01-01T10:00:00.000000Z"],
  ["20170101", "2017-01-01T00:00:00.000000Z"],
  ["20170101T101010Z", "2017-01-01T10:10:10.000000Z"],
  ["20170101T1010", "2017-01-01T10:10:00.000000Z"],
  ["Wed, 04 Oct 2017 10:00:00 GMT", "2017-10-04T10:00:00.000000Z"],
  ["Wed, 04 Oct 2017 10:00:00 +0200", "2017-10-04T08:00:00.000000Z"],
  ["Jan 5 2017", "2017-01-05T00:00:00.000000Z"],
  ["January 5, 2017 3:30 PM", "2017-01-05T15:30:00.000000Z"],
  ["5 sept 2017 12:00 am", "2017-09-05T00:00:00.000000Z"],
  ["05-Jan-2017", "2017-01-05T00:00:00.000000Z"],
  ["1/2/2017", "2017-01-02T00:00:00.000000Z"],
  ["13/2/2017", "2017-02-13T00:00:00.000000Z"],
];

const REFUSED = [
  "",
  " ",
  "cat",
  "5",
  "2017",
  "10:00",
  "1512345678",
  "2017-01",
  "2017-02-29T00:00:00Z",
  "1900-02-29T00:00:00Z",
  "2017-02-30T00:00:00Z",
  "2017-04-31T00:00:00Z",
  "2017-04-31",
  "2017-00-01T00:00:00Z",
  "2017-13-01T00:00:00Z",
  "2017-01-00T00:00:00Z",
  "2017-01-01T24:00:00Z",
  "2017-01-01T23:60:00Z",
  "2017-01-01T23:59:60Z",
  "2017-01-01 24:00",
  "2017-01-01T00:00:00.Z",
  "2017-01-01T10:00:00+02:00Z",
  "2017-01-01T10:00:00+24:00",
  "2017-01-01T10:00:00+02:60",
  "2017-01-01 13:00 PM",
  "2017-01-01Z",
  "2017-01-01 10:00:00 tomorrow",
  "0000-01-01T00:00:00Z",
  "0000-12-31T23:00:00-02:00",
  "0001-01-01T00:00:00+01:00",
  "9999-12-31T23:59:59-01:00",
  "31/31/2017",
  "Foo 5 2017",
  `2017-01-01${" ".repeat(300_000)}10:00`,
  "5 Foo 2017",
];

Deno.test({
  name: "normalizeDateTime() writes every form that dateutil reads in UTC with six digits",
  permissions: "none",
  fn() {
    assertEquals(
      NORMAL_FORMS.map(([text]) => [text, normalizeDateTime(text)]),
      NORMAL_FORMS,
    );
  },
});

Deno.test({
  name: "normalizeDateTime() leaves its own results as they are",
  permissions: "none",
  fn() {
    assertEquals(
      NORMAL_FORMS.map(([, normal]) => normalizeDateTime(normal)),
      NORMAL_FORMS.map(([, normal]) => normal),
    );
  },
});

Deno.test({
  name: "normalizeDateTime() refuses what is no date, only part of one, or outside years 1 to 9999",
  permissions: "none",
  fn() {
    assertEquals(REFUSED.filter((text) => normalizeDateTime(text) !== undefined), []);
  },
});

Deno.test({
  name: "normalizeDateTime() agrees with the calendar on every day of the common form",
  permissions: "none",
  fn() {
    const wrong: string[] = [];
    for (const year of ["1900", "2000", "2023", "2024"]) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const date = [year, month, day].map((part) => String(part).padStart(2, "0")).join("-");
          const utc = new Date(Date.UTC(Number(year), month - 1, day));
          const exists = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day;
          const read = normalizeDateTime(`${date}T12:00:00Z`) !== undefined;
          if (read !== exists) wrong.push(date);
        }
      }
    }
    assertEquals(wrong, []);
  },
});

Deno.test({
  name: "parseMicros() counts microseconds from the epoch, before it too",
  permissions: "none",
  fn() {
    assertEquals(
      ["1970-01-01", "1970-01-01T00:00:00.000001Z", "1969-12-31T23:59:59.999999Z", "cat"]
        .map(parseMicros),
      [0, 1, -1, undefined],
    );
    assertEquals(parseMicros("2017-01-01T02:00:00+02:00"), Date.UTC(2017, 0, 1) * 1000);
  },
});

Deno.test({
  name: "formatMicros() writes back what parseMicros() read",
  permissions: "none",
  fn() {
    for (
      const normal of [
        "1970-01-01T00:00:00.000000Z",
        "1969-12-31T23:59:59.999999Z",
        "2024-02-29T23:59:59.123456Z",
        "2255-01-01T00:00:00.000001Z",
      ]
    ) {
      assertEquals(formatMicros(parseMicros(normal)!), normal);
    }
  },
});

Deno.test({
  name: "formatMicros() stays within four-digit years at both ends",
  permissions: "none",
  fn() {
    assertEquals(
      ["0001-01-01", "9999-12-31T23:59:59.999999Z"].map((text) => formatMicros(parseMicros(text)!)),
      ["0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999968Z"],
    );
  },
});
