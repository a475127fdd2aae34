import { assertEquals, assertThrows } from "@std/assert";
import { decodeText } from "../../../lib/files.ts";
import { InputError } from "../../../lib/errors.ts";
import type { JsonObject } from "../../../lib/json.ts";
import { readStateFile, type StateReaders } from "../../../lib/singer/state_file.ts";

const NONE = { permissions: "none" } as const;

/** A file with these bytes; how often it was read as a whole. */
function fileOf(content: string | Uint8Array): StateReaders & { wholeReads: number } {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const file = {
    wholeReads: 0,
    readLines() {
      const lines: Uint8Array[] = [];
      let start = 0;
      for (let at; (at = bytes.indexOf(10, start)) >= 0; start = at + 1) {
        lines.unshift(bytes.subarray(start, at));
      }
      return [bytes.subarray(start), ...lines];
    },
    readText() {
      file.wholeReads++;
      return decodeText(bytes);
    },
  };
  return file;
}

function read(content: string | Uint8Array): { state: JsonObject; torn: boolean } {
  const { state, warnings } = readStateFile("s.jsonl", fileOf(content));
  return { state, torn: warnings.length > 0 };
}

const OLD = { bookmarks: { chats: { "chat.end_timestamp": "2026-01-01T00:00:00.000000Z" } } };
const NEW = { bookmarks: { agents: { offset: { id: 7 } } }, currently_syncing: "agents" };
const [old, young] = [JSON.stringify(OLD), JSON.stringify(NEW)];

Deno.test("readStateFile() takes the last whole line", NONE, () => {
  const cases: [content: string, state: JsonObject, torn?: true][] = [
    ["", {}],
    [" \r\n\n", {}],
    ["\ufeff", {}],
    ["{}", {}],
    [young, NEW],
    [`\ufeff${young}\n`, NEW],
    [`${old}\n${young}\n`, NEW],
    [`${old}\r\n${young}\r\n\r\n`, NEW],
    [`${old}\n{}\n`, {}],
    [JSON.stringify(NEW, null, 2), NEW],
    [`${JSON.stringify(NEW, null, 2)}\n`, NEW],
    [`{"bookmarks":\n{}\n}`, { bookmarks: {} }],
    ["what another program said\n" + young, NEW],
    // Torn at its end, by a kill or a full disk.
    [`${young}\n{"bookmarks": {"ag`, NEW, true],
    [`${old}\n${young}\n{`, NEW, true],
    [`${old}\n${young}\n{"bookmarks": {"agents": {"name": "`, NEW, true],
    [`${young}\n\0\0\0\0`, NEW, true],
    [`{}\n{"bookmarks": {"ag`, {}, true],
    // Torn, and appended to by the next run.
    [`${old}\n{"bookmarks": {"ag${young}\n`, NEW, true],
    [`{"bookmarks": {"ag${young}`, NEW, true],
    [`${old}\n\0\0\0${young}\n`, NEW, true],
    [`${old.slice(0, 30)}${old.slice(0, 11)}${young}\n`, NEW, true],
    [`${young}\n${old.slice(0, 30)}${old.slice(0, 11)}`, NEW, true],
  ];
  for (const [content, state, torn = false] of cases) {
    assertEquals({ content, ...read(content) }, { content, state, torn });
  }
});

Deno.test("readStateFile() passes over a line wherever it is torn", NONE, () => {
  const content = `${old}\n{"bookmarks": {"ü": {"name": "Zoë – 🙂"}}}\n`;
  const bytes = new TextEncoder().encode(content);
  const end = new TextEncoder().encode(`${old}\n`).length;
  for (let length = end + 1; length < bytes.length - 1; length++) {
    assertEquals({ length, ...read(bytes.subarray(0, length)) }, {
      length,
      state: OLD,
      torn: true,
    });
  }
});

Deno.test("readStateFile() reads a file of states by its last lines only", NONE, () => {
  for (const content of [`${old}\n${young}\n`, `${old}\n${young}\n{"bookmarks": {"ag`]) {
    const file = fileOf(content);
    assertEquals(readStateFile("s.jsonl", file).state, NEW);
    assertEquals(file.wholeReads, 0);
  }
});

Deno.test("readStateFile() unwraps what messages and Meltano put around a state", NONE, () => {
  const wrapped: JsonObject[] = [
    { type: "STATE", value: NEW },
    { singer_state: NEW },
    { completed: { singer_state: NEW }, partial: { singer_state: OLD } },
  ];
  for (const value of wrapped) {
    assertEquals(read(`${old}\n${JSON.stringify(value)}\n`), { state: NEW, torn: false });
    assertEquals(read(JSON.stringify(value, null, 2)), { state: NEW, torn: false });
    assertEquals(read(`${JSON.stringify(value)}\n{"compl`), { state: NEW, torn: true });
  }
  assertEquals(read('{"completed": {}, "partial": {}}'), { state: {}, torn: false });
});

Deno.test("readStateFile() says of a torn line what comes of it", NONE, () => {
  assertEquals(readStateFile("s.jsonl", fileOf(`${old}\n{"bookm`)).warnings, [
    'State file "s.jsonl" has a torn line at its end, as a killed target or a full disk leaves it: ' +
    "the last whole state counts, what came after it is read again",
  ]);
});

Deno.test("readStateFile() refuses what is no state and says what it is", NONE, () => {
  const cases: [content: string | Uint8Array, message: string][] = [
    ['{"streams": []}', "it holds a catalog, which goes with --catalog, expected"],
    ['{"access_token": "s3cret"}', "it holds a config, which goes with -c, expected"],
    [`{\n"start_date": "2026-01-01"\n}`, "it holds a config, which goes with -c, expected"],
    [`${old}\n{"streams": []}`, "it holds a catalog"],
    ['{"bookmark": {}}', 'it holds "bookmark" (did you mean "bookmarks"?), expected'],
    ['{"Bookmarks": {}}', 'it holds "Bookmarks" (did you mean "bookmarks"?), expected'],
    ['{"chats": {}}', 'it holds an object without "bookmarks", "currently_syncing"'],
    ['{"type": "RECORD", "stream": "chats", "record": {}}', "it holds a message for the target"],
    ["[]", "it holds an array, expected"],
    ["null", "it holds null, expected"],
    [`${old}\n7\n`, "it holds a number, expected"],
    ['{"singer_state": null}', "it holds null, expected"],
    ['{"type": "STATE", "value": {"streams": []}}', "it holds a catalog"],
    ['{"bookmarks": {"ag', "it is not JSON, it breaks off at line 1, column 19"],
    ["{\n", "it is not JSON, it breaks off at line 2, column 1"],
    [
      '{\n  "bookmarks": {},\n}\n',
      "none of its lines is a whole state, and it is not JSON, there is a comma too many at line 2, column 18",
    ],
    [
      'one\n{"streams": []}\n{"bo',
      "none of its lines is a whole state, and it is not JSON, unexpected text at line 1, column 1",
    ],
    [
      "[]\n[]\n[",
      "none of its lines is a whole state, and it is not JSON, unexpected text at line 2, column 1",
    ],
    [new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), "it is not UTF-8 text"],
  ];
  for (const [content, message] of cases) {
    const error = assertThrows(() => readStateFile("s.jsonl", fileOf(content)), InputError);
    const begins = error.message.replace(/^Cannot (read|use) state file "s.jsonl": /, "");
    assertEquals(begins.slice(0, message.length), message);
    assertEquals(error.message.includes("s3cret"), false);
  }
});
