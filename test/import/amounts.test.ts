import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Conversion, convert, DecimalSurvey, exact, plainAmount } from '../../src/import/amounts.ts';

const test = suite('import/amounts');

function verdict(...amounts: readonly string[]): string {
  const survey = new DecimalSurvey();
  for (const [index, amount] of amounts.entries()) survey.see(amount, index + 2);
  const result = survey.verdict();
  return typeof result === 'string' ? result : result.problem;
}

const plain: Conversion = { exchangeRate: null, times: 1, per: 1, roundTo: null };

test('one clear amount decides for the whole file', () => {
  assert.is(verdict('1.250', '0.0125'), 'point');
  assert.is(verdict('1,250', '0,0125'), 'comma');
  assert.is(verdict('1,250', '1,234.5'), 'point');
  assert.is(verdict('5', '12'), 'point');
});

test('asks when every amount can be read both ways', () => {
  assert.match(verdict('7', '1,250'), /"1,250" in line 3 may be 1250 or 1\.250.*--decimal/);
  assert.match(verdict('2.125'), /--decimal/);
});

test('names both lines when a file contradicts itself', () => {
  assert.match(verdict('0.5', '0,5'), /point in line 2 .* comma in line 3/);
});

test('takes thousands separators only where they can stand', () => {
  assert.is(plainAmount('1,234.5', 'point'), '1234.5');
  assert.is(plainAmount('1 234,5', 'comma'), '1234.5');
  assert.is(plainAmount('.5', 'point'), '0.5');
  assert.is(plainAmount('12,34.5', 'point'), null);
  assert.is(plainAmount('0,125', 'point'), null);
  assert.is(plainAmount('1.2.3', 'point'), null);
  assert.is(plainAmount('-', 'point'), null);
});

test('multiplies exactly and rounds half up only where it must', () => {
  const exchangeRate = exact('0.92');
  assert.equal(convert('0.0125', { ...plain, exchangeRate }), { rate: 115_000_000, rounded: false });
  const third = convert('0.00000000005', { ...plain, exchangeRate: exact('1') });
  assert.equal(third, { rate: 1, rounded: true });
});

test('turns prices per second into prices per minute, and back only when that is exact', () => {
  assert.equal(convert('0.0002', { ...plain, times: 60 }), { rate: 120_000_000, rounded: false });
  assert.equal(convert('0.06', { ...plain, per: 60 }), { rate: 10_000_000, rounded: false });
  assert.match((convert('0.1', { ...plain, per: 60 }) as { problem: string }).problem, /--round/);
  assert.equal(convert('0.1', { ...plain, per: 60, roundTo: 6 }), { rate: 16_670_000, rounded: true });
});

test('refuses more than 10 decimals unless told to round, but not zeros behind them', () => {
  assert.match((convert('0.01250000000001', plain) as { problem: string }).problem, /--round 10/);
  assert.equal(convert('0.012500000000000', plain), { rate: 125_000_000, rounded: false });
});

test('an amount written either way is read as the same number', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 999_999 }),
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 10 }),
      (whole, fraction) => {
        const grouped = whole.toString().replace(/\B(?=(\d{3})+$)/g, ',');
        const expected = `${whole}.${fraction}`;
        assert.is(plainAmount(`${grouped}.${fraction}`, 'point'), expected);
        assert.is(plainAmount(`${grouped.replaceAll(',', '.')},${fraction}`, 'comma'), expected);
      },
    ),
  );
});

test.run();
