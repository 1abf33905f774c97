import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatDuration, formatTable, paint } from '../../src/cli/table.ts';

const test = suite('cli/table');

test('columns are as wide as their widest cell and numbers stand to the right', () => {
  const text = formatTable(
    [{ title: 'gateway' }, { title: 'lines', align: 'right' }, { title: 'note' }],
    [
      ['acme', '7', ''],
      ['a-long-name', '1200', 'full'],
    ],
  );

  assert.is(text, 'gateway      lines  note\nacme             7\na-long-name   1200  full\n');
});

test('control characters and direction marks are shown, not obeyed', () => {
  assert.is(formatTable([{ title: 'x' }], [['\u001b[2J\u202e']]), 'x\n\\u001b[2J\\u202e\n');
});

test('durations are read at a glance', () => {
  assert.equal([0, 61, 3600, 36_061].map(formatDuration), ['0:00', '1:01', '1:00:00', '10:01:01']);
});

test('colour stays away when it is not wanted', () => {
  assert.is(paint('x', 'red', false), 'x');
  assert.is.not(paint('x', 'red', true), 'x');
});

test.run();
