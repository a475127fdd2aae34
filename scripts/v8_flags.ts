/**
 * What V8 is told about memory, in the executable and wherever the program is measured. By itself it
 * lets the room for young objects grow to 64 MB over a long sync, for no gain in speed, and the
 * garbage among old ones to a multiple of what is in use. V8 takes neither at run time.
 */

export const V8_FLAGS = "--v8-flags=--max-semi-space-size=8,--heap-growing-percent=10";
