/** A group of differences as lines, for the terminal and for the folded parts of Markdown. */
import type { DifferenceGroup, GroupRow } from './groups.ts';
import { prefixesCount } from './words.ts';

export interface GroupLine {
  readonly kind: 'title' | 'before' | 'after' | 'same' | 'cause' | 'row' | 'more';
  readonly text: string;
}

const prefixesShown = 6;

/** `all`: every prefix of its rows, too. */
export function groupLines(group: DifferenceGroup, all: boolean): readonly GroupLine[] {
  const { title, prefixes, before, after, causes, rows, left } = group;
  const isSame = before.join('\n') === after.join('\n');
  return [
    line('title', `${prefixesCount(prefixes)}: ${title}`),
    ...(isSame ? after.map(text => line('same', `via ${text}`)) : routeLines(before, after)),
    ...causes.map(text => line('cause', text)),
    ...rowTexts(rows, all).map(text => line('row', text)),
    ...(left > 0 ? [line('more', `… and ${left.toLocaleString('en-US')} more`)] : []),
  ];
}

function routeLines(before: readonly string[], after: readonly string[]): readonly GroupLine[] {
  return [
    ...before.map(text => line('before', `- ${text}`)),
    ...after.map(text => line('after', `+ ${text}`)),
  ];
}

function line(kind: GroupLine['kind'], text: string): GroupLine {
  return { kind, text };
}

const widestColumn = 48;

/** What is to be said comes first: it is of much the same length in all rows, and lists of prefixes are not. */
function rowTexts(rows: readonly GroupRow[], all: boolean): readonly string[] {
  const width = Math.max(
    0,
    ...rows.map(({ facts }) => facts.length).filter(length => length <= widestColumn),
  );
  return rows.map(row => `${row.facts.padEnd(width)}  ${numbersText(row, all)}`.trim());
}

function numbersText({ prefixes, limits, places }: GroupRow, all: boolean): string {
  const more = all ? 0 : prefixes.length - prefixesShown;
  const shown =
    more > 0 ? `${prefixes.slice(0, prefixesShown).join(', ')} and ${more} more` : prefixes.join(', ');
  const numbers = limits === '' ? shown : `${shown} (${limits})`;
  return places === '' ? numbers : `${numbers}  ${places}`;
}
