/** Which known name an unknown one was meant to be, for messages that ask "did you mean". */

const LONGEST_NAME = 60;

/** The candidate nearest to `name`, case and separators aside; undefined when none is near. */
export function nearest<Name extends string>(
  name: string,
  candidates: readonly Name[],
): Name | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const wanted = squeeze(name);
  let best: Name | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const known = squeeze(candidate);
    const distance = editDistance(wanted, known);
    const near = distance <= Math.max(wanted.length, known.length) / 3 ||
      (wanted.length >= 5 && known.includes(wanted));
    if (near && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** How many insertions, deletions and replacements of a character lead from one text to the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}
