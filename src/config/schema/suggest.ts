/** The name of `known` that `text` is most likely a misspelling of, or null when none is near. */
export function suggest(text: string, known: Iterable<string>): string | null {
  const wanted = text.toLowerCase();
  const farthest = Math.max(1, Math.floor(text.length / 3));
  let best: string | null = null;
  let bestDistance = farthest + 1;
  for (const name of known) {
    if (Math.abs(name.length - text.length) >= bestDistance) continue;
    const distance = editDistance(wanted, name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` – did you mean "…"?`, or nothing. */
export function didYouMean(text: string, known: Iterable<string>): string {
  const name = text.length > 64 ? null : suggest(text, known);
  return name === null ? '' : ` (did you mean "${name}"?)`;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let distance = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, beforeLast[j - 2]! + 1);
      }
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
