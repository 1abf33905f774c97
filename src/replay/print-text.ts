/** A replay for the terminal: what a manager reads first, then customers, vendors and refused calls, the worst first. */
import { counted } from '../diagnostics/count.ts';
import { paint } from '../diagnostics/paint.ts';
import { printable } from '../diagnostics/printable.ts';
import type { ReplayReport } from './report.ts';
import {
  customersTable,
  headline,
  reasonsTable,
  summaryTable,
  type Table,
  trustLines,
  vendorsTable,
} from './words.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** How many customers and vendors are told of; null for all. */
  readonly most: number | null;
}

export function printReplayText(report: ReplayReport, { colour, most }: TextOptions): string {
  const { from, to, since, until, calls, database, daysLater } = report;
  const title = (text: string): string => paint(text, 'bold', colour);
  const span =
    since === null || until === null ? '' : `, from ${shortTime(since)} to ${shortTime(until)} UTC`;
  const lines = [
    `${title('Replay')} of ${calls.toLocaleString('en-US')} calls in ${printable(database)}${span}`,
    `  old  ${printable(from.label)}`,
    `  new  ${printable(to.label)}`,
    ...(daysLater === 0 ? [] : [`  played as if they came ${daysWords(daysLater)}`]),
    '',
    title(printable(headline(report))),
  ];
  if (calls > 0) {
    lines.push('', ...tableLines(summaryTable(report)));
    lines.push(...reasonLines(title('Refused now, and not before'), report.refusedNow));
    lines.push(...reasonLines(title('Refused before, and not now'), report.refusedNoLonger));
    lines.push(...reasonLines(title('Tried, and answered no longer'), report.lost));
    lines.push('', title('Customers, the most affected first'));
    lines.push(...shownRows(customersTable(report.customers), most));
    lines.push('', title('Vendors, the most affected first'));
    lines.push(...shownRows(vendorsTable(report.vendors), most));
  }
  lines.push('', title('How far to trust it'));
  lines.push(...trustLines(report).map(text => `  ${printable(text)}`));
  return `${lines.join('\n')}\n`;
}

function reasonLines(title: string, reasons: ReplayReport['lost']): readonly string[] {
  return reasons.length === 0 ? [] : ['', title, ...tableLines(reasonsTable(reasons), 2)];
}

function shownRows({ titles, rows }: Table, most: number | null): readonly string[] {
  const shown = most === null ? rows : rows.slice(0, most);
  const more = rows.length - shown.length;
  const rest = more === 0 ? [] : [`  and ${more.toLocaleString('en-US')} more, with --all`];
  return [...tableLines({ titles, rows: shown }), ...rest];
}

/** Names at the left, numbers at the right, as columns from `leftFrom` on are read as text. */
function tableLines({ titles, rows }: Table, leftFrom: number = Number.POSITIVE_INFINITY): readonly string[] {
  const cells = [titles, ...rows].map(row => row.map(printable));
  const widths = titles.map((_, column) => Math.max(...cells.map(row => [...(row[column] ?? '')].length)));
  return cells.map(row =>
    `  ${row
      .map((cell, column) => {
        const blanks = ' '.repeat(widths[column]! - [...cell].length);
        return column === 0 || column >= leftFrom ? cell + blanks : blanks + cell;
      })
      .join('  ')}`.trimEnd(),
  );
}

function daysWords(days: number): string {
  return days < 0 ? `${counted(-days, 'day')} earlier` : `${counted(days, 'day')} later`;
}

/** `2026-01-31 12:00:00` */
function shortTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}
