import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPrefixes, unclearGrouping } from '../../src/import/prefixes.ts';

const test = suite('import/prefixes');

function read(cell: string, hyphen: 'join' | 'range' | null = null): string {
  const result = readPrefixes(cell, hyphen);
  return 'problem' in result ? `problem: ${result.problem}` : result.prefixes.join(' ');
}

test('takes the ways in which one prefix is written', () => {
  for (const cell of ['447700', '+447700', '00447700', '44 7700', '44-7700', '+44 (7700)']) {
    assert.is(read(cell), '447700', cell);
  }
  assert.is(read('44-7'), '447');
  assert.is(read('1-242-357'), '1242357');
});

test('writes out lists', () => {
  assert.is(read('4477;4478,4479'), '4477 4478 4479');
  assert.is(read('4477; 4478 ;'), '4477 4478');
});

test('gives the country code before a blank to the whole list', () => {
  assert.is(read('44 77;78;79'), '4477 4478 4479');
  assert.is(read('+44 77, 78'), '4477 4478');
  assert.is(read('44 77;44 78'), '4477 4478');
});

test('refuses a list whose items may be whole prefixes or not', () => {
  assert.match(read('44 77;4478'), /^problem: .* is unclear/);
});

test('takes a number whose digits are grouped by commas for no list of countries', () => {
  for (const cell of ['1,242', '+1,242', '44,770', '44,770,012']) {
    assert.match(
      unclearGrouping(cell) ?? '',
      /may be one number as a spreadsheet groups its digits, or a list/,
      cell,
    );
  }
  for (const cell of ['1242', '1,1242', '351,352', '44,45', '1;242', '4477,4478', '44 77,78']) {
    assert.is(unclearGrouping(cell), null, cell);
  }
});

test('writes out ranges number by number', () => {
  assert.is(read('4477-4479'), '4477 4478 4479');
  assert.is(read('447708 - 447711'), '447708 447709 447710 447711');
  assert.is(read('1242-1243;4477'), '1242 1243 4477');
});

test('asks when a hyphen may join or make a range', () => {
  assert.match(read('44-77'), /^problem: .*--hyphen range or --hyphen join/);
  assert.match(read('4477-9'), /^problem: .*--hyphen/);
  assert.is(read('44-77', 'join'), '4477');
  assert.is(read('44-46', 'range'), '44 45 46');
  assert.is(read('447700-02', 'range'), '447700 447701 447702');
});

test('refuses a range without end', () => {
  assert.match(read('440000000-449999999'), /^problem: .*more than 10,000/);
});

test('knows what a spreadsheet does to numbers', () => {
  assert.match(read('4.42E+11'), /^problem: .*spreadsheet/);
  assert.match(read('4,42E+11'), /^problem: .*spreadsheet/);
  assert.match(read('4477.0'), /^problem: .*stored as text/);
});

test('refuses what is no prefix', () => {
  for (const cell of [
    '',
    '0',
    '07700',
    'UK',
    '44x',
    '+',
    '4477;;4478',
    '44 - ',
    `1${'2'.repeat(32)}`,
    '-44',
  ]) {
    assert.match(read(cell), /^problem: /, cell);
  }
});

test.run();
