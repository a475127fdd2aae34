/** Counts in the words of a message. */

/** So many of something: `1 chat`, `2 chats`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
