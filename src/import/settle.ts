/** Sorts rows and settles what several of one prefix say, so that exactly one price counts at any time. */
import { formatMoment } from './dates.ts';
import type { DuplicatePolicy, ImportOptions } from './options.ts';
import type { Problems } from './problems.ts';
import type { ImportedRow } from './rows.ts';

/** By prefix, then by start; null, with problems, when rows contradict each other and no option decides. */
export function settle(
  rows: ImportedRow[],
  options: ImportOptions,
  problems: Problems,
): ImportedRow[] | null {
  rows.sort(inOrder);
  const settled: ImportedRow[] = [];
  let contradictions = 0;
  for (const row of rows) {
    const before = settled.at(-1);
    if (before === undefined || before.prefix !== row.prefix || before.untilMs <= row.fromMs)
      settled.push(row);
    else if (before.fromMs === row.fromMs && before.untilMs === row.untilMs) {
      const kept = sameTime(before, row, options.duplicates, problems);
      if (kept === null) contradictions++;
      else settled[settled.length - 1] = kept;
    } else if (options.endEarlier && before.fromMs < row.fromMs && before.untilMs <= row.untilMs) {
      problems.notice('prices end where a newer one of the same prefix begins', before.line);
      settled[settled.length - 1] = { ...before, untilMs: row.fromMs };
      settled.push(row);
    } else {
      contradictions++;
      problems.add('overlap', row.line, overlapMessage(before, row));
    }
  }
  return contradictions === 0 ? settled : null;
}

function inOrder(a: ImportedRow, b: ImportedRow): number {
  if (a.prefix !== b.prefix) return a.prefix < b.prefix ? -1 : 1;
  if (a.fromMs !== b.fromMs) return a.fromMs < b.fromMs ? -1 : 1;
  if (a.untilMs !== b.untilMs) return a.untilMs < b.untilMs ? -1 : 1;
  return a.line - b.line;
}

/** `first` stands above `second` in the file. */
function sameTime(
  first: ImportedRow,
  second: ImportedRow,
  policy: DuplicatePolicy | null,
  problems: Problems,
): ImportedRow | null {
  if (saysTheSame(first, second)) {
    problems.notice('rows that repeat a prefix with the same price were merged', second.line);
    return first;
  }
  if (policy === null) {
    const what = first.rate === second.rate ? 'the same price on other terms' : 'another price';
    const where = first.line === second.line ? 'within its own list' : `in line ${first.line}`;
    return problems.add(
      'duplicate',
      second.line,
      `the prefix ${second.prefix} has ${what} for the same time ${where}; say --duplicates first, last, highest or lowest`,
    );
  }
  problems.notice(`of several prices for one prefix the ${policy} was kept`, second.line);
  if (policy === 'first') return first;
  if (policy === 'last') return second;
  if (policy === 'highest') return second.rate > first.rate ? second : first;
  return second.rate < first.rate ? second : first;
}

function saysTheSame(a: ImportedRow, b: ImportedRow): boolean {
  return (
    a.rate === b.rate &&
    a.firstSeconds === b.firstSeconds &&
    a.nextSeconds === b.nextSeconds &&
    a.connectFee === b.connectFee &&
    a.locked === b.locked
  );
}

function overlapMessage(before: ImportedRow, row: ImportedRow): string {
  const both = `the prefix ${row.prefix} has prices ${period(before)} (line ${before.line}) and ${period(row)}, which overlap`;
  const nested = before.untilMs > row.untilMs || before.fromMs === row.fromMs;
  return nested
    ? `${both}; give one of them another start or end`
    : `${both}; say --overlaps end-earlier to end the older one where the newer begins`;
}

function period({ fromMs, untilMs }: ImportedRow): string {
  const from = fromMs === -Infinity ? 'always' : `from ${formatMoment(fromMs)}`;
  return untilMs === Infinity ? from : `${from} until ${formatMoment(untilMs)}`;
}
