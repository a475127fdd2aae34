import { assertEquals } from "@std/assert";
import { TableVersion, type TableVersionOptions } from "../../../lib/singer/table_version.ts";

const NOW_MS = 1_768_478_400_000;
const EARLIER_MS = NOW_MS - 60_000;

function version(options: Partial<TableVersionOptions>): TableVersion {
  return new TableVersion({
    isAsked: true,
    stored: undefined,
    isContinued: false,
    nowMs: NOW_MS,
    ...options,
  });
}

Deno.test("TableVersion is the time of the read's begin, kept until the table is whole", {
  permissions: "none",
}, () => {
  const read = version({});
  assertEquals([read.ofRecords, read.bookmark], [NOW_MS, { version: NOW_MS }]);
  assertEquals([read.complete(), read.bookmark], [NOW_MS, { version: null }]);
});

Deno.test("TableVersion goes on with the version of an interrupted read, and only with that", {
  permissions: "none",
}, () => {
  const continued = version({ stored: EARLIER_MS, isContinued: true });
  assertEquals([continued.ofRecords, continued.complete()], [EARLIER_MS, EARLIER_MS]);
  const anew = version({ stored: EARLIER_MS });
  assertEquals([anew.ofRecords, anew.complete()], [NOW_MS, NOW_MS]);
});

Deno.test("TableVersion activates nothing where a row may look as if gone", {
  permissions: "none",
}, () => {
  const spoilt = version({});
  spoilt.spoil();
  assertEquals([spoilt.ofRecords, spoilt.bookmark, spoilt.complete()], [
    NOW_MS,
    { version: null },
    undefined,
  ]);
  // The rows before had no version.
  const late = version({ isContinued: true });
  assertEquals([late.ofRecords, late.bookmark, late.complete()], [
    NOW_MS,
    { version: null },
    undefined,
  ]);
});

Deno.test("TableVersion says nothing unless asked, but forgets a version that rows now lack", {
  permissions: "none",
}, () => {
  const silent = version({ isAsked: false });
  assertEquals([silent.ofRecords, silent.bookmark, silent.complete()], [undefined, {}, undefined]);
  const left = version({ isAsked: false, stored: EARLIER_MS, isContinued: true });
  assertEquals([left.ofRecords, left.bookmark, left.complete()], [
    undefined,
    { version: null },
    undefined,
  ]);
});
