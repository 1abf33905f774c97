import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isReportFormat, printRun, reportFormats } from '../../../src/sim/report/print.ts';
import { printMarkdown } from '../../../src/sim/report/print-markdown.ts';
import { seedText } from '../../../src/sim/report/print-text.ts';
import { assertFits, assertGoldenText } from '../../support/golden-text.ts';
import { broken, failed, failedBurst, options, passed, runOf } from './runs.ts';

const test = suite('sim/report/print');

const everything = runOf(passed('UK fixed goes to acme'), failed, broken, failedBurst);

for (const format of reportFormats) {
  test(`everything that can happen is told as ${format}`, () => {
    const text = printRun(everything, format, options);

    assertGoldenText(`simulate/${format}.txt`, text);
    assert.ok(text.endsWith('\n'));
    assert.not.match(text, '\u001b');
  });
}

test('what goes well is told in a few lines, with the seed first', () => {
  const run = runOf(passed('one'), passed('two', { calls: 500 }));

  assert.is(
    `${seedText(run.seed)}${printRun(run, 'text', options)}`,
    'seed 20260302\nconfig/ci/scenarios/uk.yaml  2 scenarios, 501 calls\n2 scenarios, 501 calls, 2 passed, 0 failed\n',
  );
});

test('only text on a terminal has colour', () => {
  for (const format of reportFormats) {
    const text = printRun(everything, format, { ...options, colour: true });
    assert.is(text.includes('\u001b'), format === 'text', format);
  }
});

test('all but commands to copy fits a terminal of 100 columns', () => {
  assertFits(printRun(everything, 'text', options).replace(/^ *→ .*$/gm, ''));
});

test('annotations end at ten, and the rest is counted', () => {
  const many = runOf(...Array.from({ length: 8 }, () => failed));
  const lines = printRun(many, 'github', options).trimEnd().split('\n');

  assert.is(lines.filter(line => line.startsWith('::error ')).length, 10);
  assert.match(lines.at(-1)!, '6 more findings');
});

test('the summary of a job has what went wrong, as far as there is room', () => {
  const text = printMarkdown(everything, 1024 * 1024, options);

  assertGoldenText('simulate/markdown.txt', text);
  const many = runOf(...Array.from({ length: 50 }, () => failed));
  const short = printMarkdown(many, 5000, options);
  assert.ok(Buffer.byteLength(short) <= 5000);
  assert.match(short, /… and 4\d more failed scenarios\./);
  assert.is(printMarkdown(many, 20, options), '');
});

test('hostile names break no format', () => {
  const name = '</testcase>\u0000::error::%0a\u001b[2J # skip';
  const run = runOf(passed(name, { scenario: { ...failed.scenario, name }, failures: failed.failures }));

  for (const format of reportFormats) {
    const text = printRun(run, format, options);
    assert.not.match(text, /[\u0000\u001b]/);
    if (format === 'github')
      assert.ok(text.split('\n').every(line => line === '' || /^::(?:error|notice) /.test(line)));
    if (format === 'junit') assert.not.match(text, '</testcase>\\u');
    if (format === 'tap') assert.match(text, '\\# skip');
  }
});

test('a format is known by its name', () => {
  assert.equal(reportFormats, ['text', 'json', 'junit', 'github', 'tap']);
  assert.ok(isReportFormat('tap'));
  assert.not(isReportFormat('toString'));
});

test.run();
