/**
 * Holds what a command printed to what a page shows of it. Times, ports and the like differ from run to run; hashes
 * and the ids of calls do, too, but what is one on the page is one on the terminal. `…` stands for anything: alone in
 * a line for lines, otherwise for the rest of a cell or a line.
 */

/** Hashes and ids as the page has them, and what stands for each of them this time. */
export type Names = ReadonlyMap<string, string>;

interface Kind {
  readonly shown: RegExp;
  readonly actual: string;
  /** The same text stands for the same thing wherever it is. */
  readonly isName?: true;
}

const time = '\\d{4}-\\d\\d-\\d\\d(?:[ T]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?Z?)?';
/** A number of digits only is a telephone number. */
const mixed = '\\b(?=\\d*[a-f])(?=[a-f]*\\d)';

const kinds: readonly Kind[] = [
  // After an edit the switch may have been faster than whoever types `class4 reload`.
  {
    shown: /^Applied: new calls use [0-9a-f]{64}\.$/,
    actual: '(?:Applied: new calls use [0-9a-f]{64}\\.|Unchanged: [0-9a-f]{64} serves\\.)',
  },
  { shown: /\b[0-9a-f]{64}\b/, actual: '[0-9a-f]{64}', isName: true },
  { shown: new RegExp(`${mixed}[0-9a-f]{12}\\b`), actual: '[0-9a-f]{12}', isName: true },
  { shown: new RegExp(`${mixed}[0-9a-f]{7,8}\\b`), actual: '[0-9a-f]{7,40}', isName: true },
  {
    shown: /\b[0-9a-z]{9}-[0-9a-f]{8}-[0-9a-z]{7}\b/,
    actual: '[0-9a-z]{9}-[0-9a-f]{8}-[0-9a-z]{7}',
    isName: true,
  },
  { shown: new RegExp(`\\b${time}`), actual: time },
  { shown: /(?<=\b127(?:\.\d+){3}:)\d+/, actual: '\\d+' },
  { shown: /\b(?:\d+:)?\d+:\d\d\b/, actual: '(?:\\d+:)?\\d+:\\d\\d' },
  { shown: /\b\d+(?:\.\d+)? m?s\b/, actual: '\\d+(?:\\.\\d+)? m?s' },
  { shown: /\banna@noc-1\b/, actual: '\\S+(?: as \\S+)?@\\S+' },
  { shown: /(?<=process )\d+/, actual: '\\d+' },
  { shown: /…/, actual: '.*' },
  { shown: / +/, actual: ' +' },
];
const anyKind = new RegExp(kinds.map(({ shown }) => `(${shown.source})`).join('|'), 'g');

/** What is known of the names after these lines; null when what was printed is something else. */
export function compareLines(
  shown: readonly string[],
  printed: readonly string[],
  known: Names,
): Names | null {
  const [first, ...moreShown] = shown;
  if (first === undefined) return printed.length === 0 ? known : null;
  const [line, ...morePrinted] = printed;
  if (first === '…') {
    const skipped = compareLines(moreShown, printed, known);
    return skipped === null && line !== undefined ? compareLines(shown, morePrinted, known) : skipped;
  }
  const learned = line === undefined ? null : compareLine(first, line, known);
  return learned === null ? null : compareLines(moreShown, morePrinted, learned);
}

/** The command of the page with the names of this time. */
export function commandOfNow(command: string, names: Names): string {
  let line = command;
  for (const [shown, actual] of names) line = line.replaceAll(shown, actual);
  return line;
}

function compareLine(shown: string, printed: string, known: Names): Names | null {
  const { pattern, names } = patternOf(shown.trim());
  const found = pattern.exec(printed.trim());
  if (found === null) return null;
  const learned = new Map(known);
  for (const [index, name] of names.entries()) {
    const actual = found[index + 1]!;
    if (!learns(learned, name, actual)) return null;
    // Commands take the beginning of a hash.
    if (name.length === 64 && !learns(learned, name.slice(0, 12), actual.slice(0, 12))) return null;
  }
  return learned;
}

function learns(names: Map<string, string>, shown: string, actual: string): boolean {
  const known = names.get(shown);
  if (known === undefined) names.set(shown, actual);
  return known === undefined || known === actual;
}

/** Columns are as wide as what stands in them. */
function patternOf(shown: string): { readonly pattern: RegExp; readonly names: readonly string[] } {
  const names: string[] = [];
  let pattern = '';
  let end = 0;
  for (const match of shown.matchAll(anyKind)) {
    const [text, ...groups] = match;
    const { actual, isName } = kinds[groups.findIndex(group => group !== undefined)]!;
    if (isName) names.push(text);
    pattern += escaped(shown.slice(end, match.index)) + (isName ? `(${actual})` : actual);
    end = match.index + text.length;
  }
  return { pattern: new RegExp(`^${pattern}${escaped(shown.slice(end))}$`), names };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
