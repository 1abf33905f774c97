/** What would change in a text, for people: a few lines, with what is taken away and what is put there. */

import { printable } from '../diagnostics/printable.ts';

const mostLines = 24;
/** Longer changes are shown as all that goes and all that comes. */
const comparedLines = 400;

/** Lines with `-`, `+` or a space before them, the last one without a line end. */
export function shortDiff(before: string, after: string): string {
  const [old, young] = [before.split('\n'), after.split('\n')];
  let top = 0;
  while (top < old.length && top < young.length && old[top] === young[top]) top++;
  let bottom = 0;
  while (
    bottom < old.length - top &&
    bottom < young.length - top &&
    old[old.length - 1 - bottom] === young[young.length - 1 - bottom]
  ) {
    bottom++;
  }
  const gone = old.slice(top, old.length - bottom);
  const come = young.slice(top, young.length - bottom);
  const changes =
    gone.length <= comparedLines && come.length <= comparedLines
      ? compare(gone, come)
      : [
          ...gone.slice(0, mostLines / 2).map(line => `- ${line}`),
          ...come.slice(0, mostLines / 2).map(line => `+ ${line}`),
        ];
  const shown = changes.slice(0, mostLines);
  const more = gone.length + come.length > comparedLines || changes.length > mostLines;
  return [`@@ line ${top + 1} @@`, ...shown, ...(more ? ['  …'] : [])].map(visible).join('\n');
}

/** The longest common subsequence, by the usual table. */
function compare(old: readonly string[], young: readonly string[]): string[] {
  const width = young.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = young.length - 1; j >= 0; j--) {
      const [right, below] = [lengths[i * width + j + 1]!, lengths[(i + 1) * width + j]!];
      lengths[i * width + j] =
        old[i] === young[j] ? lengths[(i + 1) * width + j + 1]! + 1 : Math.max(right, below);
    }
  }
  const changes: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < young.length) {
    if (i < old.length && j < young.length && old[i] === young[j]) {
      changes.push(`  ${old[i]}`);
      i++;
      j++;
    } else if (
      j === young.length ||
      (i < old.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)
    ) {
      changes.push(`- ${old[i++]}`);
    } else {
      changes.push(`+ ${young[j++]}`);
    }
  }
  return changes;
}

/** Control characters must not move the cursor, and a carriage return is worth seeing. */
function visible(line: string): string {
  const text = line.length > 160 ? `${line.slice(0, 159)}…` : line;
  // What turns the direction of writing would show another diff than there is.
  return printable(text).replaceAll('\ufeff', '\\ufeff');
}
