/**
 * The lines of a file, the last one first. A file that is appended to for years is then read no
 * further than the line that matters.
 */

import { concat } from "@std/bytes/concat";

const LINE_FEED = 10;

/** The first block from the end; each further one is twice as large, so a long line costs no more. */
const FIRST_BLOCK_BYTES = 64 * 1024;

/**
 * The lines of a file from its end to its beginning, without their line feeds; what stands behind the
 * last line feed, which may be nothing, is the first. Throws what the runtime throws.
 */
export function* linesFromEnd(path: string): Generator<Uint8Array> {
  using file = Deno.openSync(path);
  const { isFile, size } = file.statSync();
  if (isFile) {
    yield* splitFromEnd(size, (start, end) => readBlock(file, start, end));
  } else {
    // A pipe has no end to begin at.
    const whole = readPipe(file);
    yield* splitFromEnd(whole.length, (start, end) => whole.subarray(start, end));
  }
}

function* splitFromEnd(
  size: number,
  read: (start: number, end: number) => Uint8Array,
): Generator<Uint8Array> {
  let rest = new Uint8Array();
  let blockBytes = FIRST_BLOCK_BYTES;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - blockBytes);
    rest = concat([read(start, end), rest]);
    for (let at; (at = rest.lastIndexOf(LINE_FEED)) >= 0;) {
      yield rest.subarray(at + 1);
      rest = rest.subarray(0, at);
    }
    end = start;
    blockBytes *= 2;
  }
  yield rest;
}

function readBlock(file: Deno.FsFile, start: number, end: number): Uint8Array {
  const block = new Uint8Array(end - start);
  file.seekSync(start, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < block.length) {
    const count = file.readSync(block.subarray(filled));
    // Someone has cut the file short meanwhile.
    if (count === null) break;
    filled += count;
  }
  return block.subarray(0, filled);
}

function readPipe(file: Deno.FsFile): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (;;) {
    const block = new Uint8Array(FIRST_BLOCK_BYTES);
    const count = file.readSync(block);
    if (count === null) return concat(blocks);
    blocks.push(block.subarray(0, count));
  }
}
