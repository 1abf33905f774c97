/** A replay for a pull request: what a manager reads in the open, the tables folded. */
import { escapeMarkdown } from '../diagnostics/print-markdown.ts';
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

/** Of each table: a comment has an end. */
const rowsShown = 50;

export function printReplayMarkdown(report: ReplayReport): string {
  const { from, to, calls, guards } = report;
  const folded: readonly (readonly [string, Table])[] = [
    ['Refused now, and not before', reasonsTable(report.refusedNow)],
    ['Refused before, and not now', reasonsTable(report.refusedNoLonger)],
    ['Tried, and answered no longer', reasonsTable(report.lost)],
    ['Customers, the most affected first', customersTable(report.customers)],
    ['Vendors, the most affected first', vendorsTable(report.vendors)],
  ];
  return [
    `### class4 replay: ${escapeMarkdown(headline(report))}\n`,
    `${calls.toLocaleString('en-US')} recorded calls, from ${escapeMarkdown(from.label)} to ${escapeMarkdown(to.label)}.\n`,
    ...guards.map(({ message }) => `> ❌ ${escapeMarkdown(message)}\n`),
    ...(calls === 0 ? [] : [table(summaryTable(report))]),
    ...folded.filter(([, { rows }]) => rows.length > 0).map(([title, rows]) => fold(title, table(rows))),
    fold(
      'How far to trust it',
      trustLines(report)
        .map(line => `* ${escapeMarkdown(line)}\n`)
        .join(''),
    ),
  ].join('\n');
}

function table({ titles, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |\n`;
  const more = rows.length - rowsShown;
  const rest = more > 0 ? `\nand ${more.toLocaleString('en-US')} more.\n` : '';
  const head = line(titles) + line(titles.map((_, column) => (column === 0 ? '---' : '---:')));
  return head + rows.slice(0, rowsShown).map(line).join('') + rest;
}

function fold(title: string, text: string): string {
  return `<details><summary>${title}</summary>\n\n${text}\n</details>\n`;
}
