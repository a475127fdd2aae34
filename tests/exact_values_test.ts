/**
 * Whole syncs of answers with numbers and texts that other programs change or stop at: what is written
 * holds every digit that came, and nothing that a database cannot store.
 */

import { assertEquals, assertMatch } from "@std/assert";
import { parseExactly } from "../lib/exact_number.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { type Draw, drawFor } from "./fakes/sample_account/random.ts";
import { recordsOf, runStreams, type StreamsRun } from "./run_streams.ts";
import pythonCatalog from "./fakes/python_catalog.json" with { type: "json" };

const API_ROOT = "http://127.0.0.1:1/api/v2/chat";

/** An API that answers these texts, by path below its root. */
function fetchTexts(texts: Record<string, string>): typeof fetch {
  return (input) => {
    const path = new URL(`${input}`).pathname.slice(new URL(API_ROOT).pathname.length + 1);
    return Promise.resolve(new Response(texts[path] ?? "[]"));
  };
}

/** A whole read of one stream whose list is this text. */
function runList(stream: string, text: string, catalog?: Json): Promise<StreamsRun> {
  const asked = catalog === undefined ? { only: [stream] } : { catalog };
  return runStreams({ apiRoot: API_ROOT, ...asked, fetch: fetchTexts({ [stream]: text }) });
}

/** A number in one of the ways in which JSON can write it, at most 400 digits long. */
function drawNumber(draw: Draw): string {
  const digits = (most: number) =>
    Array.from({ length: draw.whole(1, most) }, () => draw.whole(0, 9)).join("");
  const whole = draw.happens(0.2) ? "0" : `${draw.whole(1, 9)}${digits(30).slice(1)}`;
  const fraction = draw.happens(0.5) ? "" : `.${digits(30)}`;
  const exponent = draw.happens(0.7)
    ? ""
    : `${draw.one(["e", "E"])}${draw.one(["", "+", "-"])}${draw.whole(0, 250)}`;
  return `${draw.one(["", "-"])}${whole}${fraction}${exponent}`;
}

/** The integer that a number is without its fraction, if 64 bits hold it: in another way than the tap. */
function wholeOf(number: string): string | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e(.*))?$/i.exec(number)!;
  const shift = Number(exponent);
  const all = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, shift + 300));
  const integer = BigInt(`${sign}1`) *
    (all / 10n ** BigInt(fraction.length + Math.max(0, shift + 300) - shift));
  return BigInt.asIntN(64, integer) === integer ? `${integer}` : undefined;
}

Deno.test("JSON in is JSON out, digit for digit, wherever a number stands", {
  permissions: "none",
}, async () => {
  const draw = drawFor(20260115);
  for (let round = 0; round < 300; round++) {
    const number = drawNumber(draw);
    // Only an answer with such an integer is looked at digit by digit.
    const long = "12345678901234567890";
    const open = `{"limit":${number},"nested":[{"at":[${number}]}],"long":${long}}`;
    const [departments, triggers, account] = await Promise.all([
      runList(
        "departments",
        `[{"id":1,"name":${number},"members":[${number}],"settings":${open}}]`,
      ),
      runList("triggers", `[{"id":2,"definition":{"condition":["eq",${number},${long}]}}]`),
      runList(
        "account",
        `{"account_key":"k","plan":{"price":${number}},"billing":{"city":${long}}}`,
      ),
    ]);

    const whole = wholeOf(number);
    assertEquals(written(departments), [
      `{"id":1,"name":"${number}","members":[${whole ?? "null"}],"settings":${open}}`,
    ], number);
    assertEquals(written(triggers), [
      JSON.stringify({ id: 2, definition: { condition: `["eq",${number},${long}]` } }),
    ], number);
    assertEquals(written(account), [
      `{"account_key":"k","plan":{"price":${number}},"billing":{"city":"${long}"}}`,
    ], number);
  }
});

Deno.test("doubles come out as they came, without a look at their digits", {
  permissions: "none",
}, async () => {
  const draw = drawFor(7);
  const doubles = Array.from(
    { length: 1_000 },
    () => (draw.fraction() - 0.5) * 10 ** draw.whole(-20, 20),
  );
  const text = JSON.stringify({ limits: doubles });
  const run = await runList("departments", `[{"id":1,"settings":${text}}]`);
  assertEquals(written(run), [`{"id":1,"settings":${text}}`]);
  assertEquals(run.lines.filter((line) => line.startsWith("WARNING")), []);
});

/** The RECORD messages' records as they were written. */
function written({ output }: StreamsRun): string[] {
  return output.split("\n")
    .flatMap((line) =>
      /^\{"type":"RECORD".*?"record":(.*),"time_extracted":/.exec(line)?.[1] ?? []
    );
}

Deno.test(
  "agents whose ids are beyond 2^53 are paged through, and taken up again, by every digit",
  {
    permissions: "none",
  },
  async () => {
    const ids = Array.from({ length: 5 }, (_, index) => 9007199254740991n + BigInt(index) * 2n);
    const asked: string[] = [];
    const stop = new AbortController();
    const api: typeof fetch = (input) => {
      const { searchParams } = new URL(`${input}`);
      const since = searchParams.get("since_id")!;
      asked.push(since);
      if (asked.length === 3) stop.abort(new Error("interrupted"));
      const rows = ids.filter((id) => id >= BigInt(since)).slice(0, 2).map((id) => `{"id":${id}}`);
      return Promise.resolve(new Response(`[${rows}]`));
    };
    const settings = { apiRoot: API_ROOT, only: ["agents"], agentsPageLimit: 2, fetch: api };
    const first = await runStreams({ ...settings, signal: stop.signal });
    const state = first.messages.at(-1)!.value as JsonObject;
    const offset = ((state.bookmarks as JsonObject).agents as JsonObject).offset as JsonObject;
    assertEquals(offset, { id: 9007199254740998 });

    const second = await runStreams({
      ...settings,
      state: parseExactly(JSON.stringify(state)) as JsonObject,
    });
    const came = new Set([...written(first), ...written(second)]);
    assertEquals([...came], ids.map((id) => `{"id":${id}}`));
    assertEquals(asked, [
      "0",
      "9007199254740994",
      "9007199254740998",
      "9007199254740998",
      "9007199254741000",
    ]);
  },
);

Deno.test(
  "texts arrive storable, names in open objects and JSON texts too, and the log says where",
  {
    permissions: "none",
  },
  async () => {
    const odd = String.raw`a\u0000b\ud83dc\udca9\ud83d\udca9`;
    const good = "a\ufffdb\ufffdc\ufffd💩";
    const departments = await runList(
      "departments",
      `[{"id":1,"name":"${odd}","settings":{"${odd}":"x","nested":{"${odd}":["${odd}"]}}},` +
        `{"id":2,"name":"${odd}","description":"fine \\u0001 é"}]`,
    );
    assertEquals(recordsOf(departments), [
      { id: 1, name: good, settings: { nested: { [good]: [good] }, [good]: "x" } },
      { id: 2, name: good, description: "fine \u0001 é" },
    ]);
    const warning = (count: string, path: string) =>
      `WARNING Stream "departments": ${count} of "${path}" had NUL or half a surrogate pair, at which ` +
      "databases stop: U+FFFD took its place";
    assertEquals(departments.lines.filter((line) => line.startsWith("WARNING")), [
      warning("1 value", "settings.nested"),
      warning("1 value", `settings.nested.${good}[]`),
      warning("2 values", "name"),
      warning("1 value", "settings"),
    ]);

    const triggers = await runList("triggers", `[{"id":1,"definition":{"actions":[["${odd}"]]}}]`);
    assertEquals(recordsOf(triggers), [
      { id: 1, definition: { actions: JSON.stringify([[good]]) } },
    ]);
  },
);

Deno.test("names in an open object that would become the same stay apart", {
  permissions: "none",
}, async () => {
  const settings = String.raw`{"a\ufffd":2,"a\u0000":1,"a\ud83d":3}`;
  const run = await runList("departments", `[{"id":1,"settings":${settings}}]`);
  assertEquals(recordsOf(run), [
    { id: 1, settings: { "a\ufffd": 2, "a\ufffd\ufffd": 1, "a\ufffd\ufffd\ufffd": 3 } },
  ]);
});

Deno.test("a catalog of the Python tap reads a null in a boolean that cannot be null as false", {
  permissions: "none",
}, async () => {
  const rows =
    `[{"id":1,"roles":{"administrator":null,"owner":true},"enabled":null,"skills":["7"]}]`;
  const python = await runList("agents", rows, only(pythonCatalog, "agents"));
  assertEquals(recordsOf(python), [
    { id: 1, roles: { administrator: false, owner: true }, enabled: null, skills: [7] },
  ]);
  assertEquals(python.error, undefined);
});

Deno.test("a catalog of the Python tap keeps its union for unread, and open objects whole", {
  permissions: "none",
}, async () => {
  const settings = '{"chat_enabled":1,"start":"2017-04-24","n":12345678901234567890}';
  const departments = await runList(
    "departments",
    `[{"id":1,"settings":${settings}}]`,
    only(pythonCatalog, "departments"),
  );
  assertEquals(written(departments), [`{"id":1,"settings":${settings}}`]);

  const chats = only(pythonCatalog, "chats").streams as JsonObject[];
  const unread = ((chats[0]!.schema as JsonObject).properties as JsonObject).unread;
  assertEquals(unread, { type: ["null", "boolean", "integer"] });
});

Deno.test("a row with an id beyond 64 bits is left out, and the others are written", {
  permissions: "none",
}, async () => {
  const run = await runList("skills", `[{"id":9223372036854775808},{"id":9223372036854775807}]`);
  assertEquals(written(run), [`{"id":9223372036854775807}`]);
  const [error] = run.lines.filter((line) => line.startsWith("ERROR"));
  assertMatch(error!, /id 9223372036854775808: "id" is a number beyond its type, expected integer/);
});

/** The catalog with one stream left in it. */
function only(catalog: Json, stream: string): JsonObject {
  const { streams } = structuredClone(catalog) as { streams: JsonObject[] };
  return { streams: streams.filter(({ tap_stream_id }) => tap_stream_id === stream) };
}
