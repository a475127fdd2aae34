/** Which known name an unknown one was meant to be, for messages that ask "did you mean". */

import { minBy } from "@std/collections/min-by";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

const LONGEST_NAME = 60;

/** The candidate nearest to `name`, case and separators aside; undefined when none is near. */
export function nearest<Name extends string>(
  name: string,
  candidates: readonly Name[],
): Name | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const wanted = squeeze(name);
  const near = candidates
    .map((candidate) => {
      const known = squeeze(candidate);
      return { candidate, known, distance: levenshteinDistance(wanted, known) };
    })
    .filter(({ known, distance }) =>
      distance <= Math.max(wanted.length, known.length) / 3 ||
      (wanted.length >= 5 && known.includes(wanted))
    );
  return minBy(near, ({ distance }) => distance)?.candidate;
}

/** The candidate with the least distance, however great that is; undefined only when there is none. */
export function closest<Name extends string>(
  name: string,
  candidates: readonly Name[],
): Name | undefined {
  return minBy(candidates, (candidate) => levenshteinDistance(squeeze(name), squeeze(candidate)));
}

function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
