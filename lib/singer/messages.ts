/**
 * The only door to stdout during a sync: Singer messages, gathered into large writes in the order in
 * which they came. One queue is what keeps a STATE behind its records.
 */

import { formatMicros } from "../date_time.ts";
import { escapeUnits } from "../escape.ts";
import type { JsonObject } from "../json.ts";
import type { Schema } from "./schema.ts";

/** Each write is handed to another thread, which costs more than the bytes: above this, memory does. */
const WRITE_CHARS = 256 * 1024;

/** What is more than a line of plain ASCII. */
const NON_ASCII_REGEXP = /[^\n -~]/g;

/** Takes bytes to where stdout goes, all of them, before it resolves. */
export type Write = (bytes: Uint8Array) => Promise<void>;

/** Begins each RECORD of a page: whatever its records have in common is put together once. */
export interface RecordEnvelope {
  head: string;
  tail: string;
}

/** What surrounds the records of one page; `extractedAt` in epoch milliseconds. */
export function recordEnvelope(
  tapStreamId: string,
  extractedAt: number,
  version?: number,
): RecordEnvelope {
  const member = version === undefined ? "" : `,"version":${version}`;
  return {
    head: `{"type":"RECORD","stream":${JSON.stringify(tapStreamId)},"record":`,
    tail: `${member},"time_extracted":"${formatMicros(extractedAt * 1000)}"}\n`,
  };
}

/** Writes Singer messages, many to a write, never part of one. */
export class MessageWriter {
  readonly #write: Write;
  readonly #encoder = new TextEncoder();
  #pending: string[] = [];
  #pendingChars = 0;
  /** The text of the last message if that was a STATE. */
  #lastState: string | undefined;
  #broken = false;
  /** Readers on Windows mostly expect the encoding of their machine, which has ASCII in common. */
  readonly #isAscii: boolean;

  constructor(write: Write, { platform }: { platform?: typeof Deno.build.os } = {}) {
    this.#write = write;
    this.#isAscii = platform === "windows";
  }

  /** Whether so much is waiting that it should be flushed. */
  get isFull(): boolean {
    return this.#pendingChars >= WRITE_CHARS;
  }

  schema(
    tapStreamId: string,
    schema: Schema,
    keyProperties: readonly string[],
    bookmarkProperties?: readonly string[],
  ): void {
    const message = {
      type: "SCHEMA",
      stream: tapStreamId,
      schema,
      key_properties: keyProperties,
      ...(bookmarkProperties && { bookmark_properties: bookmarkProperties }),
    };
    this.#append(JSON.stringify(message) + "\n");
    this.#lastState = undefined;
  }

  /** A RECORD; `record` is its JSON text. */
  record(envelope: RecordEnvelope, record: string): void {
    this.#append(envelope.head + record + envelope.tail);
    this.#lastState = undefined;
  }

  /** Whatever a target holds of the stream in another version is gone. */
  activateVersion(tapStreamId: string, version: number): void {
    const message = { type: "ACTIVATE_VERSION", stream: tapStreamId, version };
    this.#append(JSON.stringify(message) + "\n");
    this.#lastState = undefined;
  }

  /** A STATE, unless the message before it is the same one. */
  state(value: JsonObject): void {
    const text = `{"type":"STATE","value":${JSON.stringify(value)}}\n`;
    if (text === this.#lastState) return;
    this.#append(text);
    this.#lastState = text;
  }

  /** Whether a write has failed, and nothing more can be written. */
  get isBroken(): boolean {
    return this.#broken;
  }

  /** Resolves when everything handed in so far is written. After a failed write it does nothing. */
  async flush(): Promise<void> {
    if (this.#broken || this.#pendingChars === 0) return;
    const bytes = this.#encoder.encode(this.#pending.join(""));
    this.#pending = [];
    this.#pendingChars = 0;
    try {
      await this.#write(bytes);
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  #append(line: string): void {
    const written = this.#isAscii ? escapeUnits(line, NON_ASCII_REGEXP) : line;
    this.#pending.push(written);
    this.#pendingChars += written.length;
  }
}
