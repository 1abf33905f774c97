/** The summary page of a GitHub Actions job: a file that each step may add Markdown to. */
import { appendFileSync, statSync } from 'node:fs';
import type { Io } from './io.ts';

/** GitHub throws away the whole summary of a step that passes this. */
const limitBytes = 1024 * 1024;

/**
 * `print` writes Markdown of at most so many bytes. Does nothing outside of a job. A summary that cannot be written is
 * said, and changes nothing else.
 */
export function addToJobSummary(command: string, print: (limitBytes: number) => string, io: Io): void {
  const path = io.env['GITHUB_STEP_SUMMARY'] ?? '';
  if (path === '') return;
  try {
    const written = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const text = print(limitBytes - written - 1);
    if (text !== '') appendFileSync(path, written === 0 ? text : `\n${text}`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    io.err(`class4 ${command}: the summary of the job cannot be written: ${code}\n`);
  }
}
