import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judge, summary } from './gate.ts';

const test = suite('support/gate');

function output(total: number, passed: number, skipped: number): string {
  return `  Total:     ${total}\n\u001b[32m  Passed:    ${passed}\u001b[39m\n  Skipped:   ${skipped}\n  Duration:  1ms\n`;
}

function run(text: string, exitCode = 0) {
  return judge({ file: 'a.test.js', exitCode, signal: null, output: text });
}

test('a file whose tests all ran and passed is accepted', () => {
  assert.equal(run(output(3, 3, 0)).problems, []);
  assert.is(run(output(3, 3, 0)).passed, 3);
});

test('a green exit with fewer passes than tests is refused', () => {
  const verdict = run(output(2, 0, 0));

  assert.is(verdict.failed, 2);
  assert.equal(verdict.problems, ['passed 0 of 2 tests']);
});

test('a file that never ran its suite is refused', () => {
  assert.is(run('').failed, 1);
  assert.is(run(output(0, 0, 0)).failed, 1);
});

test('a failing exit code is refused even when the totals look right', () => {
  assert.is(run(output(3, 3, 0), 1).failed, 1);
});

test('a skipped test needs a printed reason', () => {
  assert.is(run(output(3, 3, 1)).failed, 1);
  assert.is(run(`SKIPPED ipv6: this machine has no IPv6\n${output(3, 3, 1)}`).failed, 0);
});

test('a file ended by a signal is refused', () => {
  const verdict = judge({ file: 'a.test.js', exitCode: null, signal: 'SIGKILL', output: output(1, 1, 0) });

  assert.is(verdict.failed, 1);
});

test('the closing line sums over the files', () => {
  assert.is(summary([run(output(3, 3, 0)), run(output(2, 1, 0))]), '4 passed, 1 failed');
});

test.run();
