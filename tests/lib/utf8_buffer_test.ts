import { assertEquals } from "@std/assert";
import { Utf8Buffer } from "../../lib/utf8_buffer.ts";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("Utf8Buffer holds texts and bytes one after the other, however much room it began with", {
  permissions: "none",
}, () => {
  const texts = ["", "a", "é", "€", "🙂", "x".repeat(100), "ключ値🙂".repeat(40), "\ud83d", "\n"];
  const encoder = new TextEncoder();
  for (const room of [1, 2, 3, 4, 7, 64, 1_000]) {
    const buffer = new Utf8Buffer(room);
    for (const text of texts) {
      buffer.addText(text);
      buffer.addBytes(encoder.encode(text));
    }
    const expected = encoder.encode(texts.flatMap((text) => [text, text]).join("|"));
    assertEquals(decode(buffer.bytes), decode(expected).replaceAll("|", ""), `room for ${room}`);
    assertEquals(buffer.length, buffer.bytes.length);
  }
});
