/**
 * A stream is data plus one way of reading it: an ordered sequence of pages and checkpoints. A
 * checkpoint covers the pages before it and nothing else, so the order in which a stream yields is
 * the order in which state may follow records.
 */

import { assert } from "@std/assert/assert";
import type { Clock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Log } from "../log.ts";
import type { Schema } from "../singer/schema.ts";
import type { BookmarkReader } from "../singer/state.ts";
import type { RunStart } from "../zendesk/api_clock.ts";
import type { ChatApi } from "../zendesk/client.ts";

/**
 * Rows as the API sent them, which should be objects; whoever takes a page may change them, take them
 * off it, and leaves out those that cannot be written.
 */
export interface Page {
  kind: "page";
  records: Json[];
  /** When the page was received, in epoch milliseconds. */
  extractedAt: number;
}

/** What the state may say once every page before it is written. */
export interface Checkpoint {
  kind: "checkpoint";
  /** Members to set below `bookmarks.<stream>`; what is not named stays as it is. */
  bookmark: JsonObject;
  /** Members to set at the top of the state. */
  state?: JsonObject;
  /** The same in words that a person watching understands. */
  position?: Position;
}

/** How far a stream is in time. */
export interface Position {
  /** The part of the stream that this is about, for streams read in parts. */
  part?: string;
  /** Everything up to here is read, in epoch microseconds. */
  atMicros: number;
  /** Where the part began and will end, in epoch microseconds, where that is known. */
  range?: { fromMicros: number; toMicros: number };
}

/** A full table has been read to its end: what was not among its rows is gone. */
export interface Completion {
  kind: "complete";
}

/** Where a part of the stream begins, before anything of it is read. */
export interface Beginning {
  kind: "beginning";
  position: Position;
}

/** One step of reading a stream. */
export type StreamItem = Beginning | Page | Checkpoint | Completion;

/** The steps of reading a stream, in order. */
export interface StreamItems extends AsyncIterable<StreamItem> {
  /** From where and up to where it reads, in words that follow its name in the log. */
  readonly origin: string;
  /** Whether it goes on in the middle of a table, where an earlier run was interrupted. */
  readonly isContinued?: boolean;
  /** Members of the bookmark that are so from the first STATE on that names the stream. */
  readonly outset?: JsonObject;
}

/** What a stream is handed to read with. */
export interface StreamContext {
  api: ChatApi;
  config: Config;
  /** The stream's own bookmark in the state that the run began with. */
  bookmark: BookmarkReader;
  /** The whole of that state. */
  state: BookmarkReader;
  /** When the run began: nothing newer is promised to be read. */
  runStart: RunStart;
  clock: Clock;
  log: Log;
}

/** What a stream is handed to find out whether it can be read. */
export type ProbeContext = Pick<StreamContext, "api" | "config" | "runStart" | "log">;

/** What is known of every stream, however its rows are come by. */
export interface StreamFacts {
  tapStreamId: string;
  keyProperties: readonly string[];
  replicationMethod: "FULL_TABLE" | "INCREMENTAL";
  /** The properties that order the stream's bookmarks, which depend on how it is read. */
  replicationKeys(config: Pick<Config, "chatsApi">): readonly string[];
  /** The members that its bookmark may have, those of the Python tap included. */
  bookmarkKeys: readonly string[];
  schema: Schema;
  /** Objects to which the API adds members at will: those that the schema does not name pass too. */
  openObjects?: readonly string[];
  /** Properties that this way of reading never gives, and that SCHEMA therefore does not announce. */
  absentProperties?(config: Pick<Config, "chatsApi">): readonly string[];
  /** Whether it is synced when no catalog is given. */
  selectedByDefault: boolean;
  /**
   * How discovery comes to list it: without a request, only if its probe is not refused, or as the
   * probe that proves the credentials.
   */
  discovery: "listed" | "optional" | "proof";
}

/** One resource of the API. */
export interface Stream extends StreamFacts {
  /** Asks for as little of it as the API allows. */
  probe(context: ProbeContext): Promise<unknown>;
  /**
   * Begins to read. The bookmark is checked before this returns.
   *
   * @throws {InputError} when the state holds a bookmark that cannot be read.
   */
  open(context: StreamContext): StreamItems;
}

/** A stream whose rows are part of another stream's rows, and come with its pages. */
export interface ChildStream extends StreamFacts {
  /** The other stream. */
  parent: string;
  /** The only way of reading chats that has its rows; any way when absent. */
  onlyBy?: Config["chatsApi"] | undefined;
  /** The rows in a row of the parent, as copies: the parent's own are changed when they are written. */
  rowsIn(parentRow: Json): Json[];
}

/** A stream of either sort. */
export type AnyStream = Stream | ChildStream;

/** Whether a stream comes with the pages of another. */
export function isChild(stream: AnyStream): stream is ChildStream {
  return "parent" in stream;
}

/** The stream whose pages have a stream's rows: itself, or its parent in the table of streams. */
export function sourceOf(stream: AnyStream, streams: readonly AnyStream[]): Stream {
  if (!isChild(stream)) return stream;
  const source = streams.find(({ tapStreamId }) => tapStreamId === stream.parent);
  assert(source !== undefined && !isChild(source), `${stream.tapStreamId} has no parent`);
  return source;
}
