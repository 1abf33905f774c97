import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addToJobSummary } from '../../src/cli/job-summary.ts';
import { printMarkdown } from '../../src/diagnostics/print-markdown.ts';
import { withFiles } from '../config/directories.ts';
import { many } from '../diagnostics/findings.ts';

const test = suite('cli/job-summary');

/** What is said on standard error. */
function add(path: string, findings = many(1, 1)): string {
  let said = '';
  const io = {
    out: () => assert.unreachable('the summary is not for standard output'),
    err: (text: string) => {
      said += text;
    },
    colour: false,
    env: path === '' ? {} : { GITHUB_STEP_SUMMARY: path },
    workingDirectory: '/',
  };
  addToJobSummary('validate', limitBytes => printMarkdown(findings, limitBytes), io);
  return said;
}

test('adds to what other steps have written', () => {
  withFiles({ 'summary.md': '# Tests\n' }, directory => {
    const path = join(directory, 'summary.md');
    assert.is(add(path), '');

    assert.match(readFileSync(path, 'utf8'), /^# Tests\n\n### class4: 1 error and 1 warning\n/);
  });
});

test('makes the file when there is none, and does nothing outside of a job', () => {
  withFiles({}, directory => {
    const path = join(directory, 'summary.md');
    assert.is(add(path), '');
    assert.match(readFileSync(path, 'utf8'), /^### class4/);
  });
  assert.is(add(''), '');
});

test('never makes a summary larger than GitHub takes', () => {
  withFiles({}, directory => {
    const path = join(directory, 'summary.md');
    for (const written of [0, 1, 500_000, 1_048_000, 1_048_575, 1_048_576]) {
      writeFileSync(path, 'x'.repeat(written));
      add(path, many(4000, 8000));
      const { length } = readFileSync(path);
      assert.ok(length <= 1_048_576 && length >= written, `${written}: ${length}`);
      if (written < 1_000_000) assert.ok(length > 1_048_000, `${written}: ${length}`);
    }
  });
});

test('a summary that cannot be written is said and does no harm', () => {
  assert.match(
    add('/nonexistent/summary.md'),
    /^class4 validate: the summary of the job cannot be written: ENOENT\n$/,
  );
});

test.run();
