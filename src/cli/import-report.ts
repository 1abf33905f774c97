/** What an import did, for people and for programs. */

import { printable } from '../diagnostics/printable.ts';
import type { PriceChange } from '../import/compare.ts';
import type { ImportOutcome } from '../import/import-rates.ts';
import { grouped } from '../import/problems.ts';
import { formatRate } from '../rating/decimal.ts';
import { formatTable, paint } from './table.ts';

export interface Report {
  readonly outcome: ImportOutcome;
  /** The vendor's file, as the user wrote it. */
  readonly file: string;
  readonly table: string;
  readonly against: string;
  readonly jumpPercent: number;
  readonly dryRun: boolean;
  /** As the user can open them. */
  readonly written: readonly string[];
  readonly colour: boolean;
}

const shownProblems = 20;
const shownChanges = 10;

export function reportJson({ outcome, file, table, against, jumpPercent, dryRun, written }: Report): unknown {
  const { source, read, rows, problems, changes, refused } = outcome;
  return {
    table,
    file,
    refused,
    dryRun,
    source,
    rows: { read: read?.read ?? 0, skipped: read?.skipped.length ?? 0, inDeck: rows },
    problems: problems.all,
    notices: problems.notices,
    changes:
      changes === null ? null : { against, jumpPercent, ...changes, jumps: changes.jumps.map(jumpJson) },
    written,
  };
}

function jumpJson({ prefix, destination, oldRate, newRate, percent, line }: PriceChange): unknown {
  const rounded = Number.isFinite(percent) ? Math.round(percent * 100) / 100 : null;
  return {
    prefix,
    destination,
    oldRate: decimal(oldRate),
    newRate: decimal(newRate),
    percent: rounded,
    line,
  };
}

/** An old price of another unit need not be a whole number of 10⁻¹⁰; people get it rounded. */
function decimal(rate: number): string {
  return formatRate(Math.round(rate));
}

export function reportText(report: Report): string {
  const { outcome, file, table, dryRun, written, colour } = report;
  const { read, rows, problems, refused } = outcome;
  const lines: string[] = [];
  for (const { line, message } of problems.all.slice(0, shownProblems)) {
    const place = line === null ? file : `${file}:${line}`;
    const word = refused ? paint('error', 'red', colour) : paint('skipped', 'yellow', colour);
    lines.push(printable(`${place} `) + word + printable(` ${message}`));
  }
  const more = problems.all.length - shownProblems;
  if (more > 0) lines.push(`… and ${grouped(more)} more; --report json lists all`);
  for (const notice of problems.notices) lines.push(`note: ${printable(notice)}`);
  lines.push(...changesText(report));
  if (refused) {
    const bad =
      read === null || read.skipped.length === 0
        ? ''
        : `${grouped(read.skipped.length)} of ${grouped(read.read)} rows cannot be used; `;
    lines.push(`${bad}nothing was written`);
  } else {
    const skipped = read!.skipped.length === 0 ? '' : `, ${grouped(read!.skipped.length)} skipped`;
    const counts = `${table}: ${grouped(read!.read)} rows read${skipped}, ${grouped(rows)} in the deck`;
    lines.push(`${counts}; the switch can load it`);
    lines.push(writtenText(written, dryRun));
  }
  return `${lines.join('\n')}\n`;
}

function writtenText(written: readonly string[], dryRun: boolean): string {
  if (written.length === 0) return 'nothing changes';
  return `${dryRun ? 'would write' : 'wrote'} ${written.join(', ')}`;
}

function changesText({ outcome: { changes }, against, jumpPercent, colour }: Report): readonly string[] {
  if (changes === null) return [];
  const { common, newPrefixes, withdrawnPrefixes, rises, falls, unchanged, otherIncrements, jumps } = changes;
  const lines = [
    `against ${against}: ${grouped(newPrefixes.length)} new, ${grouped(withdrawnPrefixes.length)} withdrawn, ${grouped(common)} in both`,
    `prices: ${grouped(rises)} rise, ${grouped(falls)} fall, ${grouped(unchanged)} stay; ${grouped(otherIncrements)} with other increments`,
    ...prefixList('new', newPrefixes),
    ...prefixList('withdrawn', withdrawnPrefixes),
  ];
  if (jumps.length === 0) return lines;
  lines.push(paint(`${grouped(jumps.length)} by more than ${jumpPercent} %:`, 'yellow', colour));
  const rows = jumps
    .slice(0, shownChanges)
    .map(jump => [
      jump.prefix,
      decimal(jump.oldRate),
      decimal(jump.newRate),
      Number.isFinite(jump.percent)
        ? `${jump.percent > 0 ? '+' : ''}${jump.percent.toFixed(1)} %`
        : 'was free',
      jump.destination,
    ]);
  const columns = [
    { title: 'prefix' },
    { title: 'was', align: 'right' as const },
    { title: 'is', align: 'right' as const },
    { title: 'change', align: 'right' as const },
    { title: 'destination' },
  ];
  lines.push(formatTable(columns, rows).trimEnd());
  if (jumps.length > shownChanges) lines.push(`… and ${grouped(jumps.length - shownChanges)} more`);
  return lines;
}

function prefixList(word: string, prefixes: readonly string[]): readonly string[] {
  if (prefixes.length === 0) return [];
  const more = prefixes.length > shownChanges ? ', …' : '';
  return [`${word}: ${prefixes.slice(0, shownChanges).join(', ')}${more}`];
}
