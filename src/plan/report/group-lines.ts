/** A group of differences as lines, for the terminal and for the folded parts of Markdown. */
import type { DifferenceGroup } from './groups.ts';
import type { GroupRow } from './rows.ts';
import { prefixesCount } from './words.ts';

export interface GroupLine {
  /** A `row` goes on in the lines of kind `rest` behind it; a `lead` says what made the rows behind it. */
  readonly kind: 'title' | 'before' | 'after' | 'same' | 'cause' | 'lead' | 'row' | 'rest' | 'more';
  readonly text: string;
}

const prefixesShown = 4;

/** `all`: every prefix of its rows, too. */
export function groupLines(group: DifferenceGroup, all: boolean): readonly GroupLine[] {
  const { title, prefixes, before, after, causes, rows, left } = group;
  const isSame = before.join('\n') === after.join('\n');
  return [
    line('title', `${prefixesCount(prefixes)}: ${title}`),
    ...(isSame ? after.map(text => line('same', `via ${text}`)) : routeLines(before, after)),
    ...causes.map(text => line('cause', text)),
    ...rowLines(rows, all),
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

const widestColumn = 56;

/** Where rows that stand together have a line of the files in common, it is told once, above them. */
function rowLines(rows: readonly GroupRow[], all: boolean): readonly GroupLine[] {
  const numbers = rows.map(row => numbersText(row, all));
  const width = Math.max(0, ...numbers.map(({ length }) => length).filter(length => length <= widestColumn));
  const isLed =
    rows.every(({ places }) => places !== '') && rows.some((row, i) => row.places === rows[i - 1]?.places);
  return rows.flatMap((row, i) => {
    const leads = isLed && row.places !== rows[i - 1]?.places ? row.causes : [];
    return [
      ...leads.map(text => line('lead', text)),
      ...linesOfRow(numbers[i]!, isLed ? { ...row, places: '' } : row, width).map(({ kind, text }) =>
        line(kind, isLed ? `  ${text}` : text),
      ),
    ];
  });
}

/** Numbers first, and beside them what is said of them, or below where there are very many. */
function linesOfRow(numbers: string, { facts, places }: GroupRow, width: number): readonly GroupLine[] {
  const told = facts.filter(text => text !== '');
  const last = told.length - 1;
  const texts = told.map((text, i) => (i === last && places !== '' ? `${text}  ${places}` : text));
  if (last < 0) return [line('row', places === '' ? numbers : `${numbers.padEnd(width)}  ${places}`)];
  const [beside, below] = numbers.length <= width ? [texts[0]!, texts.slice(1)] : ['', texts];
  return [
    line('row', `${numbers.padEnd(width)}  ${beside}`.trimEnd()),
    ...below.map(text => line('rest', `${' '.repeat(width)}  ${text}`)),
  ];
}

/** `4477 (4–5 digits); 447700, 447723 and 12 more` */
function numbersText({ numbers }: GroupRow, all: boolean): string {
  const count = numbers.reduce((sum, { prefixes }) => sum + prefixes.length, 0);
  let room = all ? count : Math.min(count, prefixesShown);
  const more = count - room;
  const texts: string[] = [];
  for (const { prefixes, limits } of numbers) {
    if (room <= 0) break;
    const shown = prefixes.slice(0, room).join(', ');
    room -= prefixes.length;
    texts.push(limits === '' ? shown : `${shown} (${limits})`);
  }
  return `${texts.join('; ')}${more > 0 ? ` and ${more} more` : ''}`;
}
