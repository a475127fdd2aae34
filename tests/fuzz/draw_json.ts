/** JSON at random but the same for the same seed, with a liking for what means something. */

import type { Json, JsonObject } from "../../lib/json.ts";
import type { Draw } from "../fakes/sample_account/random.ts";

/** Names and values that are drawn more often than others. */
export interface Vocabulary {
  names: readonly string[];
  values: readonly Json[];
}

const ODD_NAMES = [
  "",
  "__proto__",
  "constructor",
  "toString",
  "0",
  "ü\u202e",
  "a.b",
  "x".repeat(70),
];
const ODD_VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  -0,
  2 ** 53,
  "",
  " ",
  "0",
  "true",
  "null",
  "\u0000\n",
  "x".repeat(300),
];

/** Any value, at most `depth` levels deep. */
export function drawJson(draw: Draw, vocabulary: Vocabulary, depth = 4): Json {
  if (depth === 0 || draw.happens(0.4)) return drawScalar(draw, vocabulary);
  if (draw.happens(0.3)) {
    return drawMany(draw, () => drawJson(draw, vocabulary, depth - 1));
  }
  return drawObject(draw, vocabulary, depth);
}

/** Any object, at most `depth` levels deep. */
export function drawObject(draw: Draw, vocabulary: Vocabulary, depth = 4): JsonObject {
  const members = drawMany(draw, () => [
    draw.happens(0.9) ? draw.one(vocabulary.names) : draw.one(ODD_NAMES),
    drawJson(draw, vocabulary, depth - 1),
  ]);
  return Object.fromEntries(members);
}

/** A text that is nearly the given one: some of it left out, doubled or replaced. */
export function drawMistyped(draw: Draw, text: string): string {
  const at = draw.whole(0, text.length);
  const length = draw.whole(1, 5);
  const odd = draw.one(["", "{", "}", "[", "]", '"', ",", ":", "\\", "\u0000", "1e999", "null"]);
  return draw.one([
    text.slice(0, at),
    text.slice(0, at) + text.slice(at + length),
    text.slice(0, at) + text.slice(Math.max(0, at - length)),
    text.slice(0, at) + odd + text.slice(at),
  ]);
}

function drawScalar(draw: Draw, { values }: Vocabulary): Json {
  return draw.happens(0.7) ? draw.one(values)! : draw.one(ODD_VALUES)!;
}

function drawMany<Item>(draw: Draw, make: () => Item): Item[] {
  return Array.from({ length: draw.whole(0, 4) }, make);
}
