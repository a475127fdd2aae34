import { assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { InputError } from "../../../lib/errors.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import {
  advanceState,
  BookmarkReader,
  checkState,
  EMPTY_STATE,
  withCurrentlySyncing,
} from "../../../lib/singer/state.ts";

/** A state as the Python tap leaves it. */
const PYTHON_STATE: JsonObject = {
  currently_syncing: "chats",
  chats_last_full_sync: "2024-01-01T00:00:00.000000+00:00",
  bookmarks: {
    agents: { offset: { id: 123 } },
    bans: { offset: { id: null } },
    chats: {
      "chat.end_timestamp": "2020-01-02T00:10:00.000000Z",
      "offline_msg.timestamp": {},
      offset: { "chat.next_url": null, "offline_msg.next_url": "https://www.zopim.com/api/v2/x" },
    },
  },
};

/** What a message found, without the advice behind it. */
const findingOf = (error: Error) => error.message.split("; ")[0];

const reader = (value: JsonObject) => new BookmarkReader(value, "", "state.json");

Deno.test("checkState() returns the state as it is, bookmarks included", {
  permissions: "none",
}, () => {
  const cases: [Json, JsonObject][] = [
    [PYTHON_STATE, PYTHON_STATE],
    [{}, { bookmarks: {} }],
    [{ bookmarks: null, other: [1] }, { bookmarks: {}, other: [1] }],
    [{ bookmarks: { chats: null, agents: {} } }, { bookmarks: { chats: null, agents: {} } }],
    [{ bookmarks: {}, currently_syncing: {} }, { bookmarks: {}, currently_syncing: {} }],
  ];
  for (const [value, expected] of cases) {
    const before = structuredClone(value);
    assertEquals(checkState(value, "state.json"), expected);
    assertEquals(value, before);
  }
  assertEquals(EMPTY_STATE, { bookmarks: {} });
});

Deno.test("checkState() says what a state is that is none", { permissions: "none" }, () => {
  const cases: [Json, string][] = [
    [[], "expected a JSON object, found an array"],
    ["x", "expected a JSON object, found a string"],
    [null, "expected a JSON object, found null"],
    [
      { bookmarks: [] },
      '"bookmarks" is an array, expected an object',
    ],
    [
      { bookmarks: "2024-01-01" },
      '"bookmarks" is "2024-01-01", expected an object',
    ],
    [
      { bookmarks: { chats: "2024-01-01T00:00:00Z" } },
      '"bookmarks.chats" is "2024-01-01T00:00:00Z", expected an object',
    ],
    [
      { bookmarks: { agents: 12 } },
      '"bookmarks.agents" is 12, expected an object',
    ],
  ];
  for (const [value, found] of cases) {
    const error = assertThrows(() => checkState(value, "s.json"), InputError);
    assertEquals(findingOf(error), `Cannot use state file "s.json": ${found}`);
  }
});

Deno.test("checkState() refuses a currently_syncing that is no text", {
  permissions: "none",
}, () => {
  const cases: [Json, string][] = [
    [3, "3"],
    [true, "true"],
    [["chats"], "an array"],
    [{ a: 1 }, "an object"],
  ];
  for (const [value, found] of cases) {
    const error = assertThrows(
      () => checkState({ currently_syncing: value }, "s.json"),
      InputError,
    );
    assertEquals(
      findingOf(error),
      `Cannot use state file "s.json": "currently_syncing" is ${found}, expected a text`,
    );
  }
});

Deno.test("BookmarkReader advises to begin at start_date only where that would happen", {
  permissions: "none",
}, () => {
  const state = reader({ currently_syncing: 3, offset: { id: "x" }, at: "x" });

  const advice = [
    () => state.text("currently_syncing"),
    () => state.nested("offset").integer("id"),
    () => state.instant("at"),
  ].map((read) => assertThrows(read, InputError).message.split("; ")[1]);

  assertEquals(advice, [
    "correct it, or remove it",
    "correct it, or remove it",
    'correct it, or remove it to begin at "start_date"',
  ]);
});

Deno.test("BookmarkReader reads date-times in every form that the Python tap writes", {
  permissions: "none",
}, () => {
  const cases: [Json | undefined, string | undefined][] = [
    ["2020-01-02T00:10:00.000000Z", "2020-01-02T00:10:00Z"],
    ["2024-01-01T00:00:00.000000+00:00", "2024-01-01T00:00:00Z"],
    ["2020-01-02T02:10:00+02:00", "2020-01-02T00:10:00Z"],
    ["2010-01-01", "2010-01-01T00:00:00Z"],
    ["12/01/2010", "2010-12-01T00:00:00Z"],
    ["2010-01-01T05:00:00", "2010-01-01T05:00:00Z"],
    [{}, undefined],
    [null, undefined],
    [undefined, undefined],
  ];
  for (const [value, expected] of cases) {
    assertEquals(
      reader({ key: value }).instant("key"),
      expected === undefined ? undefined : Date.parse(expected) * 1000,
    );
  }
  assertEquals(
    reader({ key: "2024-01-01T00:00:00.123456Z" }).instant("key"),
    Date.parse("2024-01-01T00:00:00Z") * 1000 + 123_456,
  );
});

Deno.test("BookmarkReader reads texts, numbers and objects, and nothing as undefined", {
  permissions: "none",
}, () => {
  const bookmark = reader({
    text: "a",
    number: 12,
    zero: 0,
    empty: {},
    none: null,
    nested: { id: 7 },
  });

  assertEquals(bookmark.text("text"), "a");
  assertEquals(bookmark.integer("number"), 12);
  assertEquals(bookmark.integer("zero"), 0);
  assertEquals(bookmark.nested("nested").integer("id"), 7);
  for (const key of ["empty", "none", "absent"]) {
    assertEquals(bookmark.text(key), undefined);
    assertEquals(bookmark.integer(key), undefined);
    assertEquals(bookmark.instant(key), undefined);
    assertEquals(bookmark.nested(key).value, {});
  }
});

Deno.test("BookmarkReader names file, key and rule of what it cannot read", {
  permissions: "none",
}, () => {
  const chats = (value: Json) =>
    reader({ bookmarks: { chats: { key: value } } }).nested("bookmarks").nested("chats");
  const cases: [() => unknown, string][] = [
    [() => chats(1577923800).instant("key"), "1577923800, expected a text"],
    [() => chats(["2020-01-01"]).instant("key"), "an array, expected a text"],
    [() => chats({ value: "2020-01-01" }).instant("key"), "an object, expected a text"],
    [() => chats(true).instant("key"), "true, expected a text"],
    [
      () => chats("yesterday").instant("key"),
      '"yesterday", expected a date-time such as 2024-01-31T00:00:00Z',
    ],
    [
      () => chats("2024-02-30T00:00:00Z").instant("key"),
      '"2024-02-30T00:00:00Z", expected a date-time such as 2024-01-31T00:00:00Z',
    ],
    [() => chats("12").integer("key"), '"12", expected a whole number'],
    [() => chats({ id: 1 }).integer("key"), "an object, expected a whole number"],
    [() => chats(4).text("key"), "4, expected a text"],
    [() => chats(["a"]).nested("key"), "an array, expected an object"],
    [() => chats("").nested("key"), '"", expected an object'],
  ];
  for (const [read, found] of cases) {
    const error = assertThrows(read, InputError);
    assertEquals(
      findingOf(error),
      `Cannot use state file "state.json": "bookmarks.chats.key" is ${found}`,
    );
  }
});

Deno.test("BookmarkReader shows a number that is not of the kind it wants", {
  permissions: "none",
}, () => {
  for (const value of [-1, 1.5, 2 ** 53]) {
    const error = assertThrows(() => reader({ id: value }).integer("id"), InputError);
    assertEquals(
      findingOf(error),
      `Cannot use state file "state.json": "id" is ${value}, expected a whole number`,
    );
  }
});

Deno.test("BookmarkReader quotes only the beginning of a long value", {
  permissions: "none",
}, () => {
  const error = assertThrows(() => reader({ at: "x".repeat(100_000) }).instant("at"), InputError);
  assertLessOrEqual(error.message.length, 500);
});

Deno.test("withCurrentlySyncing() changes nothing else", { permissions: "none" }, () => {
  assertEquals(withCurrentlySyncing(PYTHON_STATE, null), {
    ...PYTHON_STATE,
    currently_syncing: null,
  });
  assertEquals(withCurrentlySyncing({ bookmarks: {} }, "bans"), {
    bookmarks: {},
    currently_syncing: "bans",
  });
});

Deno.test("advanceState() sets what a checkpoint names and keeps all else", {
  permissions: "none",
}, () => {
  const before = structuredClone(PYTHON_STATE);

  const state = advanceState(
    PYTHON_STATE,
    "chats",
    { "offline_msg.timestamp": "2021-01-01T00:00:00.000000Z", full_sync: null },
    { chats_last_full_sync: "2025-01-01T00:00:00.000000Z" },
  );

  assertEquals(state, {
    currently_syncing: "chats",
    chats_last_full_sync: "2025-01-01T00:00:00.000000Z",
    bookmarks: {
      agents: { offset: { id: 123 } },
      bans: { offset: { id: null } },
      chats: {
        "chat.end_timestamp": "2020-01-02T00:10:00.000000Z",
        "offline_msg.timestamp": "2021-01-01T00:00:00.000000Z",
        offset: { "chat.next_url": null, "offline_msg.next_url": "https://www.zopim.com/api/v2/x" },
        full_sync: null,
      },
    },
  });
  assertEquals(PYTHON_STATE, before);
});

Deno.test("advanceState() makes the levels that a state lacks and merges those it has", {
  permissions: "none",
}, () => {
  const progress = (key: string) => ({ full_sync: { started: "T0", [key]: "p" } });
  const cases: [JsonObject, JsonObject][] = [
    [{}, { bookmarks: { chats: { full_sync: { started: "T0", b: "p" } } } }],
    [
      { bookmarks: { chats: null } },
      { bookmarks: { chats: { full_sync: { started: "T0", b: "p" } } } },
    ],
    [
      { bookmarks: { chats: { full_sync: null } }, more: 1 },
      { bookmarks: { chats: { full_sync: { started: "T0", b: "p" } } }, more: 1 },
    ],
    [
      advanceState({}, "chats", progress("a")),
      { bookmarks: { chats: { full_sync: { started: "T0", a: "p", b: "p" } } } },
    ],
  ];
  for (const [state, expected] of cases) {
    assertEquals(advanceState(state, "chats", progress("b")), expected);
  }
});

Deno.test("advanceState() keeps keys that objects have a meaning for", {
  permissions: "none",
}, () => {
  const text = '{"bookmarks":{"__proto__":{"a":1},"constructor":{}},"__proto__":{"b":2}}';

  const state = advanceState(checkState(JSON.parse(text), "s"), "agents", { offset: { id: 3 } });

  assertEquals(
    JSON.stringify(state),
    '{"bookmarks":{"__proto__":{"a":1},"constructor":{},"agents":{"offset":{"id":3}}},' +
      '"__proto__":{"b":2}}',
  );
});
