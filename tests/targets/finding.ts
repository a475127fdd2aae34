/** What a trial throws when something is not as it should be; anything else is a bug of the runner. */

/** The message says what was found. */
export class Finding extends Error {
  override name = "Finding";
}
