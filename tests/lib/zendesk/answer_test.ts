import { assertEquals, assertThrows } from "@std/assert";
import type { Json, JsonObject } from "../../../lib/json.ts";
import {
  objectAnswer,
  objectIn,
  optionalCount,
  optionalText,
  rows,
  rowsIn,
  ShapeError,
} from "../../../lib/zendesk/answer.ts";

/** The message of the ShapeError that `read` throws. */
function complaint(read: () => unknown): string {
  return assertThrows(read, ShapeError).message;
}

Deno.test({
  name: "objectAnswer() returns an object and names whatever else it finds",
  permissions: "none",
  fn() {
    assertEquals(objectAnswer({ a: 1 }), { a: 1 });
    const found: [Json, string][] = [
      [[], "an array"],
      [null, "null"],
      ["secret", "a string"],
      [1, "a number"],
      [false, "false"],
    ];
    for (const [body, what] of found) {
      assertEquals(complaint(() => objectAnswer(body)), `an object was expected, found ${what}`);
    }
  },
});

Deno.test({
  name: "objectIn() returns the member and refuses one that is absent or not an object",
  permissions: "none",
  fn() {
    assertEquals(objectIn({ docs: { "1": null } }, "docs"), { "1": null });
    assertEquals(
      complaint(() => objectIn({}, "docs")),
      '"docs": an object was expected, found nothing',
    );
    assertEquals(
      complaint(() => objectIn({ docs: [] }, "docs")),
      '"docs": an object was expected, found an array',
    );
    assertEquals(complaint(() => objectIn([], "docs")), "an object was expected, found an array");
  },
});

Deno.test({
  name:
    "rows() returns a list whatever its rows are, for one odd row must not keep back the others",
  permissions: "none",
  fn() {
    assertEquals(rows([]), []);
    assertEquals(rows([{ id: 1 }, {}]), [{ id: 1 }, {}]);
    assertEquals(complaint(() => rows({})), "an array was expected, found an object");
    assertEquals(rows([{ id: 1 }, null, 3]), [{ id: 1 }, null, 3]);
  },
});

Deno.test({
  name: "rowsIn() returns the member's rows and refuses an answer without them",
  permissions: "none",
  fn() {
    assertEquals(rowsIn({ results: [{ id: "1" }], count: 1 }, "results"), [{ id: "1" }]);
    assertEquals(
      complaint(() => rowsIn({ count: 1 }, "results")),
      '"results": an array was expected, found nothing',
    );
    assertEquals(rowsIn({ results: [[]] }, "results"), [[]]);
  },
});

Deno.test({
  name: "optionalText() takes null and absence for nothing, and text only for something",
  permissions: "none",
  fn() {
    const answer: JsonObject = { text: "a", empty: "", null: null, number: 0 };
    assertEquals(optionalText(answer, "text"), "a");
    assertEquals(optionalText(answer, "empty"), "");
    assertEquals(optionalText(answer, "null"), undefined);
    assertEquals(optionalText(answer, "absent"), undefined);
    assertEquals(
      complaint(() => optionalText(answer, "number")),
      '"number": text was expected, found a number',
    );
  },
});

Deno.test({
  name: "optionalCount() takes whole numbers from 0 and nothing else",
  permissions: "none",
  fn() {
    const answer: JsonObject = {
      zero: 0,
      many: 10_001,
      null: null,
      text: "1",
      less: -1,
      half: 0.5,
    };
    assertEquals(optionalCount(answer, "zero"), 0);
    assertEquals(optionalCount(answer, "many"), 10_001);
    assertEquals(optionalCount(answer, "null"), undefined);
    assertEquals(optionalCount(answer, "absent"), undefined);
    assertEquals(
      complaint(() => optionalCount(answer, "text")),
      '"text": a count was expected, found a string',
    );
    assertEquals(
      complaint(() => optionalCount(answer, "less")),
      '"less": a count was expected, found -1',
    );
    assertEquals(
      complaint(() => optionalCount(answer, "half")),
      '"half": a count was expected, found 0.5',
    );
  },
});
