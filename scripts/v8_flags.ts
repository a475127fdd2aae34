/**
 * What V8 is told about memory, in the executable and wherever the program is measured. By itself it
 * lets the room for young objects grow to 64 MB over a long sync, for no gain in speed, and the
 * garbage among old ones to a multiple of what is in use. V8 takes none of it at run time.
 */

export const V8_FLAGS = "--v8-flags=" + [
  // The same size from the start: a short sync and a long one then need the same.
  "--min-semi-space-size=8",
  "--max-semi-space-size=8",
  "--heap-growing-percent=10",
].join();
