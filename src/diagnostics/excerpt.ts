/** A source line with a caret under the place of a finding, as wide as a terminal shows it. */
import { printable } from './printable.ts';

export interface Excerpt {
  /** The line, or the part of it around the caret, without tabs and control characters. */
  readonly text: string;
  /** Stands under `text`: blanks, then `^~~~`. */
  readonly marker: string;
}

const widestExcerpt = 100;
const shownBefore = 40;
const tabWidth = 4;

/** One character as it is shown. */
interface Cell {
  readonly text: string;
  /** In columns of a terminal. */
  readonly width: number;
  /** Where it begins in the line, in UTF-16 code units from 0. */
  readonly at: number;
}

/** `column` counts UTF-16 code units from 1; beyond the end of the line it means the end. */
export function excerptOf(line: string, column: number): Excerpt {
  // A place that knows only its line has column 1, and blanks are never what is meant.
  const start = column === 1 ? Math.max(0, line.search(/[^ ]/)) : Math.min(column - 1, line.length);
  const end = start + tokenAt(line, start).length;
  if (isPlain(line)) return plainExcerpt(line, start, end);
  const cells = cellsOf(line);
  const next = cells.findIndex(({ at }) => at > start);
  const marked = start === line.length ? cells.length : (next < 0 ? cells.length : next) - 1;
  const { from, to } = windowAround(cells, marked);
  const shown = cells.slice(from, to);
  const ellipsisBefore = from > 0 ? '…' : '';
  const ellipsisAfter = to < cells.length ? '…' : '';
  const indent = ellipsisBefore.length + widthOf(cells.slice(from, marked));
  const length = widthOf(cells.slice(marked, to).filter(({ at }) => at < end));
  return {
    text: `${ellipsisBefore}${shown.map(({ text }) => text).join('')}${ellipsisAfter}`.trimEnd(),
    marker: `${' '.repeat(indent)}^${'~'.repeat(Math.max(0, length - 1))}`,
  };
}

/** Nothing but characters that are shown as they are, one column each. */
function isPlain(line: string): boolean {
  return /^[\x20-\x7e]*$/.test(line);
}

/** As for any other line. Almost all are of this kind, and long lists of prefixes are among them. */
function plainExcerpt(line: string, start: number, end: number): Excerpt {
  const from = line.length <= widestExcerpt ? 0 : Math.max(0, start - shownBefore);
  const to = line.length <= widestExcerpt ? line.length : Math.min(line.length, from + widestExcerpt);
  const ellipsisBefore = from > 0 ? '…' : '';
  const ellipsisAfter = to < line.length ? '…' : '';
  const indent = ellipsisBefore.length + start - from;
  return {
    text: `${ellipsisBefore}${line.slice(from, to)}${ellipsisAfter}`.trimEnd(),
    marker: `${' '.repeat(indent)}^${'~'.repeat(Math.max(0, Math.min(to, end) - start - 1))}`,
  };
}

/**
 * The word that begins at `start` (from 0): a quoted text with its quotes, or everything up to a blank or to what
 * divides values in YAML and CSV. Empty when nothing of the kind begins there.
 */
export function tokenAt(line: string, start: number): string {
  const rest = line.slice(start, start + widestExcerpt);
  const quoted = /^"(?:[^"\\]|\\.)*"|^'[^']*'/.exec(rest);
  if (quoted !== null) return quoted[0];
  // The place of a quoted CSV field is behind its quote.
  const within = line[start - 1] === '"' ? /^[^"]+(?=")/.exec(rest) : null;
  if (within !== null) return within[0];
  return /^(?:[^\s,;:#{}[\]"']|[:#"'](?=[^\s,;{}[\]]))+/.exec(rest)?.[0] ?? '';
}

function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  let column = 0;
  for (const character of line) {
    const text = character === '\t' ? ' '.repeat(tabWidth - (column % tabWidth)) : printable(character);
    const width = text.length > 1 && text !== character ? text.length : characterWidth(text);
    cells.push({ text, width, at });
    at += character.length;
    column += width;
  }
  return cells;
}

/** The part of a long line that is shown: some of what stands before the mark, and then as much as there is room for. */
function windowAround(
  cells: readonly Cell[],
  marked: number,
): { readonly from: number; readonly to: number } {
  if (widthOf(cells) <= widestExcerpt) return { from: 0, to: cells.length };
  let from = marked;
  for (let room = shownBefore; from > 0 && room >= cells[from - 1]!.width; from--)
    room -= cells[from - 1]!.width;
  let to = from;
  for (let room = widestExcerpt; to < cells.length && room >= cells[to]!.width; to++)
    room -= cells[to]!.width;
  return { from, to };
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const invisible = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** Columns that a terminal gives to a character: two for East Asian and emoji, none for marks on another one. */
function characterWidth(character: string): number {
  if (character < '\u0300') return 1;
  if (invisible.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
