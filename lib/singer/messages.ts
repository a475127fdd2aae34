/**
 * The only door to stdout during a sync: Singer messages, gathered into large writes in the order in
 * which they came. One queue is what keeps a STATE behind its records.
 */

import { formatMicros } from "../date_time.ts";
import { escapeUnits } from "../escape.ts";
import type { JsonObject } from "../json.ts";
import { Utf8Buffer } from "../utf8_buffer.ts";
import type { Schema } from "./schema.ts";

/** Each write is handed to another thread, which costs more than the bytes: above this, memory does. */
const WRITE_BYTES = 256 * 1024;

/** Room for a write and the message that completes it, which is rarely longer than this. */
const BUFFER_BYTES = WRITE_BYTES + 64 * 1024;

/** What is more than a line of plain ASCII. */
const NON_ASCII_REGEXP = /[^\n -~]/g;

/** Takes bytes to where stdout goes, all of them, before it resolves. */
export type Write = (bytes: Uint8Array) => Promise<void>;

/** What the RECORDs of a page have in common, as bytes, put together once. */
export interface RecordEnvelope {
  head: Uint8Array;
  tail: Uint8Array;
}

const encoder = new TextEncoder();

/** What surrounds the records of one page; `extractedAt` in epoch milliseconds. */
export function recordEnvelope(
  tapStreamId: string,
  extractedAt: number,
  version?: number,
): RecordEnvelope {
  const member = version === undefined ? "" : `,"version":${version}`;
  return {
    head: encoder.encode(`{"type":"RECORD","stream":${JSON.stringify(tapStreamId)},"record":`),
    tail: encoder.encode(`${member},"time_extracted":"${formatMicros(extractedAt * 1000)}"}\n`),
  };
}

/** Writes Singer messages, many to a write, never part of one. */
export class MessageWriter {
  readonly #write: Write;
  #pending = new Utf8Buffer(BUFFER_BYTES);
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
    return this.#pending.length >= WRITE_BYTES;
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
    this.#pending.addBytes(envelope.head);
    this.#append(record);
    this.#pending.addBytes(envelope.tail);
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
    if (this.#broken || this.#pending.length === 0) return;
    const { bytes } = this.#pending;
    this.#pending = new Utf8Buffer(BUFFER_BYTES);
    try {
      await this.#write(bytes);
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  #append(text: string): void {
    this.#pending.addText(this.#isAscii ? escapeUnits(text, NON_ASCII_REGEXP) : text);
  }
}
