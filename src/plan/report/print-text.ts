/** A plan for the terminal: the summary first, then every customer with what is different, the worst first. */
import { paint } from '../../diagnostics/paint.ts';
import { printable } from '../../diagnostics/printable.ts';
import type { Plan } from '../plan.ts';
import { type GroupLine, groupLines } from './group-lines.ts';
import { groupsOf } from './groups.ts';
import { type Section, sectionsOf } from './order.ts';
import type { PlanReport } from './report.ts';
import { settingLines, settingsTitle } from './setting-lines.ts';
import { headline, legendLines, summaryLines } from './summary-lines.ts';
import { prefixesCount } from './words.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** How many rows of each group are told, and ten times as many groups of each section; null for all. */
  readonly most: number | null;
}

export function printPlanText(report: PlanReport, options: TextOptions): string {
  const { plan, from, to } = report;
  const lines = [
    `${paint('Plan', 'bold', options.colour)} from ${printable(from.label)} to ${printable(to.label)}`,
    '',
    paint(headline(report), 'bold', options.colour),
    ...indentedTable(summaryLines(report)),
    ...legendOf(plan, options.colour),
  ];
  for (const section of sectionsOf(plan, report.traffic))
    lines.push('', ...sectionLines(report, section, options));
  const settings = settingLines(plan);
  if (settings.length > 0) lines.push('', settingsTitle, ...settings.map(text => `  ${printable(text)}`));
  if (plan.limits.length > 0) {
    lines.push('', 'Not compared exactly');
    lines.push(
      ...plan.limits.map(
        ({ detail, source }) =>
          `  ${printable(`${source === null ? '' : `${source.file}:${source.line} `}${detail}`)}`,
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

function legendOf(plan: Plan, colour: boolean): readonly string[] {
  const lines = legendLines(plan).map(text => `  ${paint(text, 'faint', colour)}`);
  return lines.length === 0 ? [] : ['', ...lines];
}

function indentedTable(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${printable(text)}`);
}

function sectionLines(
  report: PlanReport,
  section: Section,
  { colour, most }: TextOptions,
): readonly string[] {
  const { plan, traffic } = report;
  const { groups, left } = groupsOf(plan, section, traffic, most);
  const more = `${left.groups.toLocaleString('en-US')} more kinds of changes, for ${prefixesCount(left.prefixes)}`;
  return [
    paint(printable(sectionTitle(section)), 'bold', colour),
    ...groups.flatMap(group => groupLines(group, most === null).map(line => shown(line, colour))),
    ...(left.groups === 0 ? [] : [`  … and ${more}: --all tells them`]),
  ];
}

/** Customers, and by which gateways their calls come where that is not plain from the name. */
export function sectionTitle({ accounts, gateways }: Section): string {
  const names = listed(accounts);
  const via = listed(gateways);
  return names === via ? names : `${names}, via ${via}`;
}

const namesShown = 8;

function listed(names: readonly string[]): string {
  const more = names.length - namesShown;
  return more > 0 ? `${names.slice(0, namesShown).join(', ')} and ${more} more` : names.join(', ');
}

function shown(line: GroupLine, colour: boolean): string {
  const { kind } = line;
  const text = printable(line.text);
  if (kind === 'title') return `  ${text}`;
  if (kind === 'before') return `    ${paint(text, 'red', colour)}`;
  if (kind === 'after') return `    ${paint(text, 'green', colour)}`;
  if (kind === 'cause') return `    ${paint(text, 'faint', colour)}`;
  if (kind === 'lead') return `      ${paint(text, 'faint', colour)}`;
  return kind === 'same' ? `    ${text}` : `      ${text}`;
}
