/** What `class4 replay` says, in the format and at the places that were asked for. */
import { workflowCommand } from '../../diagnostics/workflow-command.ts';
import { printReplayJson } from '../../replay/print-json.ts';
import { printReplayMarkdown } from '../../replay/print-markdown.ts';
import { printReplayText } from '../../replay/print-text.ts';
import type { ReplayReport } from '../../replay/report.ts';
import type { Io } from '../io.ts';
import { writeReport } from '../report-file.ts';
import { paint } from '../table.ts';

export const replayFormats = ['text', 'json', 'markdown', 'github'] as const;
export type ReplayFormat = (typeof replayFormats)[number];

export interface ReplayOutput {
  readonly format: ReplayFormat;
  /** Absolute; null for standard output. */
  readonly output: string | null;
  /** Where Markdown and JSON go, too: absolute; null for nowhere. */
  readonly markdown: string | null;
  readonly jsonFile: string | null;
  readonly all: boolean;
}

/** Of customers and of vendors. */
const rowsShown = 10;

export function reportReplay(report: ReplayReport, asked: ReplayOutput, io: Io): void {
  const { format, output, markdown, jsonFile, all } = asked;
  const text = (colour: boolean): string => printReplayText(report, { colour, most: all ? null : rowsShown });
  if (jsonFile !== null) writeReport(jsonFile, printReplayJson(report));
  if (markdown !== null) writeReport(markdown, printReplayMarkdown(report));
  const main =
    format === 'json' ? printReplayJson(report) : format === 'markdown' ? printReplayMarkdown(report) : null;
  if (output === null) io.out(main ?? text(io.colour));
  else {
    writeReport(output, main ?? text(false));
    io.out(text(io.colour));
  }
  for (const { message } of report.guards) {
    io.err(`${paint('class4 replay:', 'red', io.colour)} ${message}\n`);
    if (format === 'github') io.out(`${workflowCommand('error', { title: 'class4 replay' }, message)}\n`);
  }
}
