/**
 * The gate in front of uvu. A uvu file can exit with 0 although a hook threw, a suite was never run or tests
 * were left out; so a file counts as passed only when its own totals say that every test ran and passed.
 */
import { stripVTControlCharacters } from 'node:util';

export interface FileRun {
  readonly file: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly output: string;
}

export interface Verdict {
  readonly file: string;
  readonly passed: number;
  /** Tests that failed or never ran; a file that gave no totals counts as one. */
  readonly failed: number;
  /** Why the file did not pass, empty when it did. */
  readonly problems: readonly string[];
  /** Reasons given for tests that were left out. */
  readonly skipReasons: readonly string[];
}

/** A test file prints this line, once for each test it leaves out, through `skipBecause`. */
const skipLine = /^SKIPPED (.+): (.+)$/gm;

export function judge(run: FileRun): Verdict {
  const text = stripVTControlCharacters(run.output);
  const total = lastNumber(text, /^\s*Total:\s+(\d+)/gm);
  const passed = lastNumber(text, /^\s*Passed:\s+(\d+)/gm);
  const skipped = lastNumber(text, /^\s*Skipped:\s+(\d+)/gm);
  const skipReasons = [...text.matchAll(skipLine)].map(match => `${match[1]}: ${match[2]}`);
  const problems: string[] = [];
  if (run.signal !== null) problems.push(`was ended by ${run.signal}`);
  if (run.exitCode !== 0 && run.signal === null) problems.push(`exited with ${run.exitCode}`);
  if (total === null || passed === null || skipped === null) {
    problems.push('printed no totals: it crashed, or its suite is never run');
    return { file: run.file, passed: 0, failed: 1, problems, skipReasons };
  }
  if (total === 0) problems.push('ran no test');
  if (passed !== total) problems.push(`passed ${passed} of ${total} tests`);
  if (skipped !== skipReasons.length) {
    problems.push(`skipped ${skipped} tests but gave ${skipReasons.length} reasons`);
  }
  const failed = total - passed;
  return {
    file: run.file,
    passed,
    failed: problems.length > 0 ? Math.max(failed, 1) : failed,
    problems,
    skipReasons,
  };
}

function lastNumber(text: string, pattern: RegExp): number | null {
  const last = [...text.matchAll(pattern)].at(-1);
  return last === undefined ? null : Number(last[1]);
}

/** The one line that ends a test run. */
export function summary(verdicts: readonly Verdict[]): string {
  const passed = verdicts.reduce((sum, verdict) => sum + verdict.passed, 0);
  const failed = verdicts.reduce((sum, verdict) => sum + verdict.failed, 0);
  return `${passed} passed, ${failed} failed`;
}
