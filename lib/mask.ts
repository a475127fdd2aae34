/**
 * Takes secrets out of text. A secret is also masked where only its beginning is left, because what
 * comes from files and from the API is cut to length before it is shown, and where JSON or a host
 * name writes it in another way.
 */

/** Characters of a secret that give it away; shorter secrets are masked as a whole. */
const TELLING_CHARS = 6;

const MASK = "***";

/** Secrets that were named, and texts without them. */
export class Mask {
  readonly #spellings: string[] = [];
  #beginnings: RegExp | undefined;

  /** From here on this secret is masked. */
  conceal(secret: string): void {
    if (secret === "") return;
    const inJson = jsonSpelling(secret);
    this.#spellings.push(secret, inJson, jsonSpelling(inJson));
    this.#beginnings = new RegExp(this.#spellings.map(beginning).join("|"), "i");
  }

  /** The text with every secret masked. */
  apply(text: string): string {
    let masked = "";
    let rest = text;
    for (let match; (match = this.#beginnings?.exec(rest));) {
      const secret = rest.slice(match.index);
      const lengths = this.#spellings.map((spelling) => sharedLength(secret, spelling));
      masked += rest.slice(0, match.index) + MASK;
      rest = secret.slice(Math.max(...lengths));
    }
    return masked + rest;
  }
}

/** How many characters two texts have in common from their beginning, letter case aside. */
function sharedLength(a: string, b: string): number {
  let length = 0;
  // Upper case, as regular expressions compare: lower case tells apart what they hold for equal.
  while (length < b.length && a[length]?.toUpperCase() === b[length]!.toUpperCase()) length++;
  return length;
}

function beginning(spelling: string): string {
  return spelling.slice(0, TELLING_CHARS).replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function jsonSpelling(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
