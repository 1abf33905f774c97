/** What `class4 plan` says, in the format and at the places that were asked for. */
import { relative } from 'node:path';
import { workflowCommand } from '../diagnostics/workflow-command.ts';
import { planJsonPieces } from '../plan/report/print-json.ts';
import { commentLimits, printPlanMarkdown } from '../plan/report/print-markdown.ts';
import { printPlanText } from '../plan/report/print-text.ts';
import type { PlanReport } from '../plan/report/report.ts';
import type { Io } from './io.ts';
import { addToJobSummary } from './job-summary.ts';
import { writeReport } from './report-file.ts';
import { paint } from './table.ts';

export const planFormats = ['text', 'json', 'markdown', 'github'] as const;
export type PlanFormat = (typeof planFormats)[number];

export interface PlanOutput {
  readonly format: PlanFormat;
  /** Absolute; null for standard output. */
  readonly output: string | null;
  /** Where Markdown goes, too: absolute; null for nowhere. */
  readonly markdown: string | null;
  /** Where JSON goes, too: absolute; null for nowhere. */
  readonly jsonFile: string | null;
  readonly comment: boolean;
  readonly all: boolean;
  /** The configuration directory: absolute. */
  readonly directory: string;
}

/** Of each group of differences. */
export const rowsShown = 10;

export async function reportPlan(report: PlanReport, asked: PlanOutput, io: Io): Promise<void> {
  const { format, output, markdown, jsonFile, all } = asked;
  const most = all ? null : rowsShown;
  const text = (colour: boolean): string => printPlanText(report, { colour, most });
  const print = (limitCharacters: number): string =>
    printPlanMarkdown(report, { limitCharacters, configuration: configurationName(asked.directory, io) });
  if (jsonFile !== null) writeReport(jsonFile, planJsonPieces(report));
  if (markdown !== null) writeReport(markdown, print(commentLimits.github));
  const main = (colour: boolean): Iterable<string> => {
    if (format === 'json') return planJsonPieces(report);
    return [format === 'markdown' ? print(commentLimits.github) : text(colour)];
  };
  if (output === null) for (const piece of main(io.colour)) io.out(piece);
  else {
    writeReport(output, main(false));
    io.out(text(io.colour));
  }
  tellGuards(report, format, io);
  // A summary may have 1 MiB, and a character has at most 4 bytes.
  if (format === 'github')
    addToJobSummary('plan', bytes => print(Math.min(commentLimits.gitlab, Math.floor(bytes / 4))), io);
  if (asked.comment) {
    const onlyUpdate = report.summary.same && report.guards.length === 0;
    const { postComment } = await import('./comment/post-comment.ts');
    await postComment(
      service => ({ text: print(commentLimits[service]), onlyUpdate }),
      format !== 'github',
      io,
    );
  }
}

function tellGuards({ guards }: PlanReport, format: PlanFormat, io: Io): void {
  for (const { message, hint } of guards) {
    io.err(`${paint('class4 plan:', 'red', io.colour)} ${message}\n  → ${hint}\n`);
    if (format === 'github') {
      io.out(`${workflowCommand('error', { title: 'class4 plan' }, `${message}\n→ ${hint}`)}\n`);
    }
  }
}

/** Where the configuration lies in its repository, for the marker of its comment. */
function configurationName(directory: string, io: Io): string {
  const tops = [io.env['GITHUB_WORKSPACE'], io.env['CI_PROJECT_DIR'], io.workingDirectory];
  const top = tops.find(
    path => path !== undefined && path !== '' && !relative(path, directory).startsWith('..'),
  );
  const path = relative(top ?? directory, directory);
  return path === '' ? '.' : path;
}
