/** The run for the summary page of a job. Not a format of its own: it comes with the annotations. */
import { counted } from '../../diagnostics/count.ts';
import { escapeMarkdown, foldedText } from '../../diagnostics/print-markdown.ts';
import { isPassed, type Outcome, type Run, tallyOf } from './outcome.ts';
import { outcomeText } from './print-text.ts';
import type { ReportOptions } from './report-options.ts';
import { tallyText } from './words.ts';

/** At most `limitBytes` of UTF-8; scenarios for which there is no room any more are counted. */
export function printMarkdown(run: Run, limitBytes: number, options: ReportOptions): string {
  const head = `### class4 simulate: ${tallyText(tallyOf(run.outcomes))}\n\nseed ${run.seed}\n`;
  let left = limitBytes - bytesOf(head) - bytesOf(tail(run.outcomes.length));
  if (left < 0) return '';
  const failed = run.outcomes.filter(outcome => !isPassed(outcome));
  const kept: string[] = [];
  for (const outcome of failed) {
    const text = section(outcome, options);
    left -= bytesOf(text);
    if (left < 0) break;
    kept.push(text);
  }
  const more = failed.length - kept.length;
  return `${head}${kept.join('')}${more === 0 ? '' : tail(more)}`;
}

function section(outcome: Outcome, options: ReportOptions): string {
  const said = outcomeText(outcome, { ...options, colour: false });
  const name = escapeMarkdown(outcome.scenario.name);
  return `\n${foldedText(`✗ ${name}`, said)}`;
}

function tail(count: number): string {
  return `\n… and ${counted(count, 'more failed scenario')}.\n`;
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
