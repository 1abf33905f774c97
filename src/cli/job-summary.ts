/** The summary page of a GitHub Actions job: a file that each step may add Markdown to. */
import { appendFileSync, statSync } from 'node:fs';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PrintOptions } from '../diagnostics/print.ts';
import { printMarkdown } from '../diagnostics/print-markdown.ts';
import type { Io } from './io.ts';

/** GitHub throws away the whole summary of a step that passes this. */
const limitBytes = 1024 * 1024;

/** Does nothing outside of a job. A summary that cannot be written is said, and changes nothing else. */
export function addToJobSummary(diagnostics: readonly Diagnostic[], options: PrintOptions, io: Io): void {
  const path = io.env['GITHUB_STEP_SUMMARY'] ?? '';
  if (path === '') return;
  try {
    const written = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const text = printMarkdown(diagnostics, limitBytes - written - 1, options);
    if (text !== '') appendFileSync(path, written === 0 ? text : `\n${text}`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    io.err(`class4 validate: the summary of the job cannot be written: ${code}\n`);
  }
}
