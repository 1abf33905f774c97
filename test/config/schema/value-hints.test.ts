import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTime } from '../../../src/config/parse/time.ts';
import { strangeCharacter } from '../../../src/config/schema/strange-characters.ts';
import { numberHint, prefixHint, priceHint, timeHint } from '../../../src/config/schema/value-hints.ts';
import { isPrefixText } from '../../../src/prefixes/prefix-text.ts';
import { parseRate } from '../../../src/rating/decimal.ts';

const test = suite('config/schema/value-hints');

/** What a hint says to write. */
function proposed(hint: string | undefined): string | null {
  const match = /Write (?:it without an exponent: )?"?([^\s",:]+(?:T\S+?)?)"?(?:[,:.]|\s|$)/.exec(hint ?? '');
  return match?.[1]?.replace(/\.$/, '') ?? null;
}

test('what is proposed for a price without an exponent is the same price', () => {
  const property = fc.property(
    fc.nat(99_999),
    fc.nat(4),
    fc.integer({ min: -5, max: 5 }),
    (digits, decimals, exponent) => {
      const mantissa = (digits / 10 ** decimals).toFixed(decimals);
      const written = proposed(priceHint(`${mantissa}e${exponent}`));

      assert.ok(written !== null);
      assert.is(Number(written), Number(`${mantissa}e${exponent}`));
      if (Number(written) < 900_000) assert.ok(parseRate(written) !== null, written);
    },
  );
  fc.assert(property, { includeErrorInReport: true });
});

test('what is proposed for a prefix is a prefix', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[+]?[0-9]{1,4}[ .\-()/_][0-9]{1,6}$/), text => {
      const written = proposed(prefixHint(text));
      assert.ok(written === null || isPrefixText(written), `${text} ${written}`);
    }),
    { includeErrorInReport: true },
  );
});

test('what is proposed for a time is a time', () => {
  const times = [
    '2030-1-31',
    '20300131',
    '2030-01-31 12:00 UTC',
    '2030-01-31T12:00:00+0100',
    '2030-01-31 9:00+1',
  ];
  for (const time of times) {
    const written =
      /Write (?:month and day with two digits: )?(\S+)\.$/.exec(timeHint(time) ?? '')?.[1] ?? '';
    assert.ok(parseTime(written) !== null, `${time}: ${timeHint(time)}`);
  }
});

test('a number in quotes, with a unit or with separators is told without', () => {
  assert.is(numberHint('10', undefined), 'Write 10, without quotes.');
  assert.is(numberHint('30 seconds', 's'), 'Write 30: the number is in seconds.');
  assert.is(numberHint('2 min', 's'), 'Write the number alone, in seconds.');
  assert.is(numberHint('1,000', undefined), 'Write 1000: thousands are not separated.');
  assert.is(numberHint('ten', undefined), undefined);
});

test('names the first character that is not what it looks like', () => {
  assert.is(strangeCharacter('lines'), null);
  assert.is(strangeCharacter('Zürich'), null);
  assert.is(strangeCharacter('l\u0456nes'), 'Character 2 of it is a Cyrillic letter (U+0456).');
  assert.is(strangeCharacter('\u{1f600}\u00a0'), 'Character 2 of it is a no-break space (U+00A0).');
});

test.run();
