import { assertEquals, assertThrows } from "@std/assert";
import { decodeText, type InputKind, readJsonFile } from "../../lib/files.ts";
import { InputError } from "../../lib/errors.ts";

const WRONG_CONTENT: [kind: InputKind, text: string, message: string][] = [
  ["config", "", 'Cannot read config file "f.json": it is empty, expected a JSON object'],
  ["config", " \n", 'Cannot read config file "f.json": it is empty, expected a JSON object'],
  [
    "catalog",
    "",
    'Cannot read catalog file "f.json": it is empty, expected a JSON object as --discover prints it',
  ],
  ["config", "[]", 'Cannot read config file "f.json": found an array, expected a JSON object'],
  ["config", "null", 'Cannot read config file "f.json": found null, expected a JSON object'],
  ["config", '"x"', 'Cannot read config file "f.json": found a string, expected a JSON object'],
  ["config", "7", 'Cannot read config file "f.json": found a number, expected a JSON object'],
  ["config", "true", 'Cannot read config file "f.json": found true, expected a JSON object'],
  [
    "catalog",
    "[]",
    'Cannot read catalog file "f.json": found an array, expected a JSON object as --discover ' +
    "prints it",
  ],
  [
    "config",
    '{"access_token": "s3cret"\n "start_date": "2020-01-01"}',
    'Cannot read config file "f.json": it is not JSON, unexpected text at line 2, column 2',
  ],
  [
    "config",
    '{"access_token": s3cret}',
    'Cannot read config file "f.json": it is not JSON, unexpected text at line 1, column 18',
  ],
  [
    "config",
    "access_token: s3cret",
    'Cannot read config file "f.json": it is not JSON, unexpected text at line 1, column 1',
  ],
  [
    "config",
    '{"access_token": {',
    'Cannot read config file "f.json": it is not JSON, it breaks off at line 1, column 19',
  ],
  [
    "catalog",
    '{"streams": []}\n{"streams": []}\n',
    'Cannot read catalog file "f.json": it is not JSON, unexpected text at line 2, column 1',
  ],
  [
    "config",
    '{"access_token": "s3cret",\n"start_date": "2020-01-01" , \n}',
    'Cannot read config file "f.json": it is not JSON, there is a comma too many at line 2, column 28',
  ],
  [
    "catalog",
    '{"streams": [{},]}',
    'Cannot read catalog file "f.json": it is not JSON, there is a comma too many at line 1, column 16',
  ],
];

const READ_ERRORS: [error: Error, message: string][] = [
  [
    new Deno.errors.NotFound("os error 2"),
    'Cannot read state file "f.json": no such file, check the path after -s; for a first run make ' +
    'an empty one: touch "f.json"',
  ],
  [
    new Deno.errors.IsADirectory("os error 21"),
    'Cannot read state file "f.json": it is a directory, expected a JSON file',
  ],
  [
    new Deno.errors.PermissionDenied("os error 13"),
    'Cannot read state file "f.json": permission denied, let the user who runs the tap read it',
  ],
  [
    new Deno.errors.NotCapable("Requires read access"),
    'Cannot read state file "f.json": permission denied, let the user who runs the tap read it',
  ],
  [
    new TypeError("The encoded data is not valid"),
    'Cannot read state file "f.json": it is not UTF-8 text, save it as UTF-8',
  ],
  [
    new Error("Input/output error (os error 5)"),
    'Cannot read state file "f.json": Input/output error (os error 5)',
  ],
];

Deno.test("readJsonFile() returns the object, with or without a byte order mark", {
  permissions: "none",
}, () => {
  const read = (text: string) => readJsonFile("config", "f.json", () => text);
  assertEquals(read('{"a": "é"}\n'), { a: "é" });
  assertEquals(read('\ufeff{"a": 1}'), { a: 1 });
  assertEquals(read("{}"), {});
});

Deno.test("readJsonFile() reads the path it is given", { permissions: "none" }, () => {
  const paths: string[] = [];
  readJsonFile("config", "a b/c.json", (path) => {
    paths.push(path);
    return "{}";
  });
  assertEquals(paths, ["a b/c.json"]);
});

for (const [kind, text, message] of WRONG_CONTENT) {
  Deno.test(`readJsonFile() refuses the ${kind} ${JSON.stringify(text)}`, {
    permissions: "none",
  }, () => {
    const error = assertThrows(() => readJsonFile(kind, "f.json", () => text), InputError);
    assertEquals(error.message, message);
  });
}

for (const [thrown, message] of READ_ERRORS) {
  Deno.test(`readJsonFile() explains ${thrown.name}`, { permissions: "none" }, () => {
    const readText = () => {
      throw thrown;
    };
    const error = assertThrows(() => readJsonFile("state", "f.json", readText), InputError);
    assertEquals(error.message, message);
  });
}

Deno.test("readJsonFile() keeps a strange file name on the line", { permissions: "none" }, () => {
  const error = assertThrows(() => readJsonFile("config", 'a"\nb', () => "[]"), InputError);
  assertEquals(
    error.message,
    'Cannot read config file "a\\"\\nb": found an array, expected a JSON object',
  );
});

Deno.test("decodeText() reads UTF-8 and refuses the rest", { permissions: "none" }, () => {
  assertEquals(decodeText(new TextEncoder().encode("\ufeffé😀")), "é😀");
  assertThrows(() => decodeText(new Uint8Array([0xff, 0xfe, 0x7b, 0x00])), TypeError);
});
