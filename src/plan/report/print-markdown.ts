/**
 * A plan as a comment of a pull request: the summary in the open, the details folded, the worst first, and never longer
 * than a comment may be.
 */
import { escapeMarkdown, foldedText } from '../../diagnostics/print-markdown.ts';
import { type GroupLine, groupLines } from './group-lines.ts';
import { type DifferenceGroup, groupsOf } from './groups.ts';
import { sectionsOf } from './order.ts';
import { sectionTitle } from './print-text.ts';
import type { PlanReport } from './report.ts';
import { settingLines, settingsTitle } from './setting-lines.ts';
import { headline, legendLines, summaryLines } from './summary-lines.ts';
import { prefixesCount } from './words.ts';

/** GitHub counts characters, and so do we; GitLab takes 1,000,000. */
export const commentLimits = { github: 65_536, gitlab: 1_000_000 } as const;

export interface MarkdownOptions {
  readonly limitCharacters: number;
  /** Says which configuration it is about: a repository may have several, each with its own comment. */
  readonly configuration: string;
}

/** A comment that begins with this is the one to update. */
export function commentMarker(configuration: string): string {
  return `<!-- class4 plan ${configuration.replace(/[^\w./-]/g, '_').replaceAll('--', '__')} -->`;
}

export function printPlanMarkdown(
  report: PlanReport,
  { limitCharacters, configuration }: MarkdownOptions,
): string {
  const head = headOf(report, configuration);
  const parts = partsOf(report);
  const whole = head + parts.map(({ text }) => text).join('');
  if (whole.length <= limitCharacters) return whole;
  return fitted(head, parts, limitCharacters);
}

/** Something folded. What has no room is left out from the end, and counted. */
interface Part {
  readonly text: string;
  /** The same in pieces, the worst first, to be cut anywhere between them. */
  readonly title: string;
  readonly blocks: readonly string[];
}

function headOf(report: PlanReport, configuration: string): string {
  const { guards, from, to } = report;
  const rows = summaryLines(report).map(
    ([name, text]) => `| ${escapeMarkdown(name)} | ${escapeMarkdown(text)} |\n`,
  );
  const table = rows.length === 0 ? '' : `\n| | |\n|---|---|\n${rows.join('')}`;
  const notes = legendLines(report.plan)
    .map(text => `\n${escapeMarkdown(text)}\n`)
    .join('');
  const refused = guards.map(
    ({ message, hint }) => `> ❌ ${escapeMarkdown(message)}. ${escapeMarkdown(hint)}\n>\n`,
  );
  return `${commentMarker(configuration)}
### class4 plan: ${escapeMarkdown(headline(report))}

From ${escapeMarkdown(from.label)} to ${escapeMarkdown(to.label)}.
${refused.length === 0 ? '' : `\n${refused.join('')}`}${table}${notes}`;
}

function partsOf(report: PlanReport): readonly Part[] {
  const { plan, traffic } = report;
  const parts = sectionsOf(plan, traffic).map(section => {
    const prefixes = new Set(section.differences.map(({ difference }) => difference.prefix)).size;
    const blocks = groupsOf(plan, section, traffic, null).groups.flatMap(blocksOf);
    return part(`${sectionTitle(section)}: ${prefixesCount(prefixes)}`, blocks);
  });
  const settings = settingLines(plan).map(text => `${text}\n`);
  const limits = plan.limits.map(
    ({ detail, source }) => `${source === null ? '' : `${source.file}:${source.line} `}${detail}\n`,
  );
  if (settings.length > 0) parts.push(part(settingsTitle, settings));
  if (limits.length > 0) parts.push(part('Not compared exactly', limits));
  return parts;
}

function part(title: string, blocks: readonly string[]): Part {
  return { text: folded(title, blocks), title, blocks };
}

/** A group may be longer than a comment: it is cut between its rows, each of which keeps its lines together. */
function blocksOf(group: DifferenceGroup): readonly string[] {
  const blocks: string[] = [];
  let begun = '';
  let hasRow = false;
  for (const { kind, text } of groupLines(group, true)) {
    // What stands above the first row belongs to it.
    const isNext = hasRow && (kind === 'row' || kind === 'lead');
    if (isNext) {
      blocks.push(begun);
      [begun, hasRow] = ['', false];
    }
    begun += indented(kind, text);
    hasRow ||= kind === 'row';
  }
  return [...blocks, begun];
}

const inRows: ReadonlySet<GroupLine['kind']> = new Set(['lead', 'row', 'rest']);

function indented(kind: GroupLine['kind'], text: string): string {
  if (kind === 'title') return `\n${text}\n`;
  return inRows.has(kind) ? `    ${text}\n` : `  ${text}\n`;
}

function folded(title: string, blocks: readonly string[]): string {
  return `\n${foldedText(escapeMarkdown(title), blocks.join('').replace(/^\n/, ''))}`;
}

function fitted(head: string, parts: readonly Part[], limit: number): string {
  // No tail is longer than the one that counts them all.
  let room =
    limit -
    head.length -
    tail(
      parts,
      parts.reduce((sum, { blocks }) => sum + blocks.length, 0),
    ).length;
  let text = head;
  let left = 0;
  const missing: Part[] = [];
  for (const one of parts) {
    if (missing.length === 0 && one.text.length <= room) {
      text += one.text;
      room -= one.text.length;
      continue;
    }
    const kept = missing.length === 0 ? beginning(one, room) : 0;
    if (kept > 0) text += folded(one.title, one.blocks.slice(0, kept));
    left += one.blocks.length - kept;
    missing.push(one);
  }
  return `${text}${tail(missing, left)}`.slice(0, limit);
}

/** How many blocks fit from the beginning on. */
function beginning({ title, blocks }: Part, room: number): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (folded(title, blocks.slice(0, middle)).length <= room) low = middle;
    else high = middle - 1;
  }
  return low;
}

function tail(missing: readonly Part[], left: number): string {
  const where = missing.length === 0 ? '' : ` of ${missing.length.toLocaleString('en-US')} sections`;
  return `\nThere is no room here for ${left.toLocaleString('en-US')} more entries${where}, which are less severe; the artifact of the job and \`class4 plan --all\` have everything.\n`;
}
