/**
 * What V8 is told, in the executable and wherever the program is measured. It takes none of it at run
 * time.
 */

export const V8_FLAGS = "--v8-flags=" + [
  // By itself V8 lets the room for young objects grow to 64 MB over a long sync, for no gain in speed.
  // The same size from the start: a short sync and a long one then need the same.
  "--min-semi-space-size=8",
  "--max-semi-space-size=8",
  // Else garbage among old objects may grow to a multiple of what is in use.
  "--heap-growing-percent=10",
  // So little room is cleared sooner by one thread than divided among several.
  "--no-parallel-scavenge",
  // Called a few times for each request, a function costs more to compile than it ever gives back.
  "--invocation-count-for-maglev=2000",
].join();
