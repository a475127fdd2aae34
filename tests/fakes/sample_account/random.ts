/** Chance that falls the same way each time, so that a day of the sample account never changes. */

/** Draws for one thing, such as the third chat of a day. */
export interface Draw {
  /** At least 0, less than 1. */
  fraction(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  /** Whether something with this probability happens. */
  happens(probability: number): boolean;
  one<const Choices extends readonly unknown[]>(choices: Choices): Choices[number];
}

/** The draws that belong to a seed, a whole number (the generator is mulberry32). */
export function drawFor(seed: number): Draw {
  let state = Math.imul(seed, 0x9e3779b1);
  const fraction = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    fraction,
    whole: (from, to) => from + Math.floor(fraction() * (to - from + 1)),
    happens: (probability) => fraction() < probability,
    one: (choices) => choices[Math.floor(fraction() * choices.length)],
  };
}
