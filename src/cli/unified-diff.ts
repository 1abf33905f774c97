/** What changed between two texts, as a unified diff: hunks with three lines around each change. */
import { printable } from '../diagnostics/printable.ts';

const contextLines = 3;
/** Beyond so many comparisons a changed part is told as all that goes and all that comes. */
const comparisonsMax = 4_000_000;

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** Lines with their ends; empty when both are the same. Control characters are made visible. */
export function unifiedDiff(before: string, after: string): string {
  const script = compareLines(linesOf(before), linesOf(after));
  return hunksOf(script)
    .map(({ start, end }) => hunkText(script, start, end))
    .join('');
}

/** How many lines go and come. The order of lines says nothing in a deck. */
export function lineChanges(
  before: string,
  after: string,
): { readonly removed: number; readonly added: number } {
  const counts = new Map<string, number>();
  for (const line of linesOf(before)) counts.set(line, (counts.get(line) ?? 0) - 1);
  for (const line of linesOf(after)) counts.set(line, (counts.get(line) ?? 0) + 1);
  let [removed, added] = [0, 0];
  for (const count of counts.values()) {
    if (count < 0) removed -= count;
    else added += count;
  }
  return { removed, added };
}

function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function compareLines(old: readonly string[], young: readonly string[]): readonly Line[] {
  let top = 0;
  while (top < old.length && top < young.length && old[top] === young[top]) top++;
  let bottom = 0;
  const most = Math.min(old.length, young.length) - top;
  while (bottom < most && old[old.length - 1 - bottom] === young[young.length - 1 - bottom]) bottom++;
  const same = (lines: readonly string[]): Line[] => lines.map(text => ({ mark: ' ', text }));
  return [
    ...same(old.slice(0, top)),
    ...compareMiddle(old.slice(top, old.length - bottom), young.slice(top, young.length - bottom)),
    ...same(old.slice(old.length - bottom)),
  ];
}

/** The longest common subsequence, by the usual table. */
function compareMiddle(old: readonly string[], young: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  const width = young.length + 1;
  const isComparable = (old.length + 1) * width <= comparisonsMax;
  const lengths = isComparable ? commonLengths(old, young) : null;
  const common = (i: number, j: number) => lengths?.[i * width + j] ?? 0;
  let [i, j] = [0, 0];
  while (i < old.length || j < young.length) {
    if (lengths !== null && i < old.length && j < young.length && old[i] === young[j]) {
      lines.push({ mark: ' ', text: old[i++]! });
      j++;
    } else if (i < old.length && (j === young.length || common(i + 1, j) >= common(i, j + 1))) {
      lines.push({ mark: '-', text: old[i++]! });
    } else {
      lines.push({ mark: '+', text: young[j++]! });
    }
  }
  return lines;
}

function commonLengths(old: readonly string[], young: readonly string[]): Uint32Array {
  const width = young.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = young.length - 1; j >= 0; j--) {
      const [right, below] = [lengths[i * width + j + 1]!, lengths[(i + 1) * width + j]!];
      const place = i * width + j;
      lengths[place] = old[i] === young[j] ? lengths[place + width + 1]! + 1 : Math.max(right, below);
    }
  }
  return lengths;
}

/** Changes whose surroundings meet are one hunk. */
function hunksOf(script: readonly Line[]): readonly { readonly start: number; readonly end: number }[] {
  const hunks: { start: number; end: number }[] = [];
  for (const [index, { mark }] of script.entries()) {
    if (mark === ' ') continue;
    const start = Math.max(0, index - contextLines);
    const end = Math.min(script.length, index + contextLines + 1);
    const last = hunks.at(-1);
    if (last !== undefined && start <= last.end) last.end = end;
    else hunks.push({ start, end });
  }
  return hunks;
}

function hunkText(script: readonly Line[], start: number, end: number): string {
  const lines = script.slice(start, end);
  const range = (mark: '-' | '+') => {
    const counts = ({ mark: own }: Line) => own === ' ' || own === mark;
    const count = lines.filter(counts).length;
    const before = script.slice(0, start).filter(counts).length;
    const first = count === 0 ? before : before + 1;
    return `${mark}${first}${count === 1 ? '' : `,${count}`}`;
  };
  const text = lines.map(({ mark, text: line }) => `${mark}${printable(line)}\n`).join('');
  return `@@ ${range('-')} ${range('+')} @@\n${text}`;
}
