/**
 * Where a text stops being JSON. The runtime's own message names the place only sometimes and
 * quotes the text around it, which in a config file may be the token.
 */

const SPACE_REGEXP = /[ \t\r\n]*/y;
// The length is limited because a long match of one class exhausts the engine's stack.
// deno-lint-ignore no-control-regex
const PLAIN_REGEXP = /[^"\\\u0000-\u001f]{1,9999}/y;
const ESCAPE_REGEXP = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SCALAR_REGEXP = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Deeper nesting counts as an error: each level is a call, and calls are limited. */
const DEEPEST = 1000;

/**
 * The offset at which the text stops being JSON: the text's length when it breaks off, undefined
 * when it is JSON.
 */
export function findJsonError(text: string): number | undefined {
  let offset = 0;

  function take(regexp: RegExp): boolean {
    regexp.lastIndex = offset;
    if (!regexp.test(text)) return false;
    offset = regexp.lastIndex;
    return true;
  }

  function takeMark(mark: string): boolean {
    take(SPACE_REGEXP);
    if (text[offset] !== mark) return false;
    offset++;
    return true;
  }

  function takeValue(depth: number): boolean {
    if (depth > DEEPEST) return false;
    if (takeMark("{")) return takeItems("}", () => takeMember(depth));
    if (takeMark("[")) return takeItems("]", () => takeValue(depth + 1));
    return text[offset] === '"' ? takeString() : take(SCALAR_REGEXP);
  }

  function takeString(): boolean {
    if (!takeMark('"')) return false;
    while (take(PLAIN_REGEXP) || take(ESCAPE_REGEXP)) continue;
    if (text[offset] !== '"') return false;
    offset++;
    return true;
  }

  function takeItems(end: string, takeItem: () => boolean): boolean {
    if (takeMark(end)) return true;
    do {
      if (!takeItem()) return false;
    } while (takeMark(","));
    return takeMark(end);
  }

  function takeMember(depth: number): boolean {
    return takeString() && takeMark(":") && takeValue(depth + 1);
  }

  if (!takeValue(0)) return offset;
  take(SPACE_REGEXP);
  return offset === text.length ? undefined : offset;
}

/** What is wrong with a text that is not JSON, and at which offset. */
export function explainJsonError(text: string): { offset: number; problem: string } {
  const offset = findJsonError(text) ?? text.length;
  if (offset === text.length) return { offset, problem: "it breaks off" };
  const before = text.slice(0, offset).trimEnd();
  if (before.endsWith(",") && "}]".includes(text[offset]!)) {
    return { offset: before.length - 1, problem: "there is a comma too many" };
  }
  return { offset, problem: "unexpected text" };
}

/** The same in words, with line and column. */
export function describeJsonError(text: string): string {
  const { offset, problem } = explainJsonError(text);
  const { line, column } = positionAt(text, offset);
  return `${problem} at line ${line}, column ${column}`;
}

/** Line and column of an offset, both counted from 1. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}
