/**
 * Texts gathered as UTF-8. Adding them up and encoding the sum would copy each of them once more, and
 * leave that copy to the garbage collector.
 */
export class Utf8Buffer {
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** Begins with room for so many bytes. */
  constructor(room: number) {
    this.#bytes = new Uint8Array(room);
  }

  /** How many bytes were gathered. */
  get length(): number {
    return this.#length;
  }

  /** What was gathered so far, in place. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Adds a text; halves of surrogate pairs become U+FFFD. */
  addText(text: string): void {
    const { read, written } = this.#encoder.encodeInto(text, this.#bytes.subarray(this.#length));
    this.#length += written;
    if (read === text.length) return;
    const rest = text.slice(read);
    this.#grow(rest.length);
    this.addText(rest);
  }

  /** Adds UTF-8 as it is. */
  addBytes(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Makes room for so many bytes more, at least. */
  #grow(more: number): void {
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}
