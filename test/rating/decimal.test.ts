import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatRate, parseRate } from '../../src/rating/decimal.ts';

const test = suite('rating/decimal');

test('reads decimal text exactly', () => {
  const texts: readonly (readonly [string, number])[] = [
    ['0', 0],
    ['0.0', 0],
    ['1', 1e10],
    ['0.0125', 125_000_000],
    ['0.0000000001', 1],
    ['0.1', 1_000_000_000],
    ['12.3400000000', 123_400_000_000],
    ['007.5', 75_000_000_000],
    ['900719.9254740991', Number.MAX_SAFE_INTEGER],
  ];
  for (const [text, rate] of texts) assert.is(parseRate(text), rate, text);
});

test('refuses everything that is no plain decimal within range', () => {
  // biome-ignore format: one text a line would hide which kinds of mistake stand together
  const texts = [
    '', '.', '1.', '.5', '1..2', '1.2.3', '-1', '+1', ' 1', '1 ', '1e3', '0x10', '1,5', '1_000', 'NaN', 'free',
    '0.00000000001', '0.00000000010', '900719.9254740992', '900720', '99999999999999999999', '9007199254740992',
    '\u0661', '1\u0000',
  ];
  for (const text of texts) assert.is(parseRate(text), null, JSON.stringify(text));
});

test('writes the shortest text that reads back the same', () => {
  assert.is(formatRate(0), '0');
  assert.is(formatRate(1), '0.0000000001');
  assert.is(formatRate(125_000_000n), '0.0125');
  assert.is(formatRate(12 * 1e10), '12');
  fc.assert(
    fc.property(fc.maxSafeNat(), rate => {
      assert.is(parseRate(formatRate(rate)), rate);
      assert.is(formatRate(BigInt(rate)), formatRate(rate));
    }),
  );
});

test('agrees with integer arithmetic on every decimal text', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(digits, digits, (whole, fraction) => {
      const exact = fraction.length > 10 ? null : BigInt(whole + fraction.padEnd(10, '0'));
      const expected = exact === null || exact > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(exact);
      assert.is(parseRate(`${whole}.${fraction}`), expected);
    }),
  );
});

test.run();
