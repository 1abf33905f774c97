import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DialPlan } from '../../../src/routing/dial-plan/dial-plan.ts';
import { fixedLength, hasRun, parseDialPlan } from '../../../src/routing/dial-plan/parse.ts';
import { possibilities, rewrite, ruleFor } from '../../../src/routing/dial-plan/rewrite.ts';
import { Draws } from '../../../src/routing/draws.ts';
import { rulesOfText } from '../../support/dial-plans.ts';

const test = suite('routing/dial-plan/rewrite');

const source = { file: 'test', line: 1, column: 1 };

function planOf(text: string): DialPlan {
  const { plan, problems } = parseDialPlan(rulesOfText(text).map(rule => ({ text: rule, source })));
  assert.equal(problems, []);
  return plan;
}

function rewritten(text: string, number: string, seed = 1): string {
  return rewrite(planOf(text), number, new Draws(seed)).number;
}

test('the rest of a number is kept behind the target', () => {
  assert.is(rewritten('0:44', '02079460000'), '442079460000');
  assert.is(rewritten('0044:', '00442079460000'), '2079460000');
  assert.is(rewritten('+:', '+442079460000'), '442079460000');
});

test('a number that no rule fits stays as it is', () => {
  const { number, rule } = rewrite(planOf('0:44'), '33142685300', new Draws(1));

  assert.is(number, '33142685300');
  assert.is(rule, null);
});

test('the longest original wins, whatever the order of the rules', () => {
  for (const text of ['0:44,00:,000:9', '000:9,0:44,00:', '00:,000:9,0:44']) {
    assert.is(rewritten(text, '0207'), '44207');
    assert.is(rewritten(text, '0044207'), '44207');
    assert.is(rewritten(text, '000207'), '9207');
  }
});

test('one rule is applied, never a second one to its result', () => {
  assert.is(rewritten('1:22,22:1', '1555'), '22555');
});

test('* in an original is any run, and in a target what it stood for', () => {
  assert.is(rewritten('*:a*', '442079460000'), 'a442079460000');
  assert.is(rewritten('*:a*', ''), 'a');
  assert.is(rewritten('0*:44*', '0207'), '44207');
  assert.is(rewritten('1*9:*', '1234956'), '23456');
});

test('* in the target of an original without one is all that the original fits', () => {
  assert.is(rewritten('44:00*', '44207'), '0044207');
});

test('? in an original is exactly one digit', () => {
  assert.is(rewritten('1??4:9', '12345'), '95');
  assert.is(rewritten('1??4:9', '1234'), '9');
  assert.is(rewritten('1??4:9', '1a345'), '1a345');
});

test('an original with more places wins over one with fewer, and digits over ? of as many places', () => {
  assert.is(rewritten('44??:a,447:b', '44790'), 'a0');
  assert.is(rewritten('44?:a,447:b', '44790'), 'b90');
});

test('$ keeps the digit at its place', () => {
  assert.is(rewritten('0134:$$$', '0134131'), '013131');
  assert.is(rewritten('0134:$9$', '0134131'), '093131');
});

test('L, E, G and F test the length of the whole number', () => {
  const plan = 'L5:a*,E5:b*,G5:c*';
  assert.is(rewritten(plan, '1234'), 'a1234');
  assert.is(rewritten('4E11:9', '4'.repeat(11)), `9${'4'.repeat(10)}`);
  assert.is(rewritten('4E11:9', '4'.repeat(12)), '4'.repeat(12));
  assert.is(rewritten('4F11:9', '4'.repeat(12)), `9${'4'.repeat(11)}`);
  assert.is(rewritten('\\E11:9', 'E115'), '95');
});

test('alternatives, ranges and random digits are drawn from the seed of the call', () => {
  const plan = planOf('1:2;3;4,5:100-199,6:7??');
  const drawn = (number: string) =>
    new Set(Array.from({ length: 4000 }, (_, seed) => rewrite(plan, number, new Draws(seed)).number));

  assert.equal([...drawn('1')].sort(), ['2', '3', '4']);
  assert.is(drawn('5').size, 100);
  assert.ok([...drawn('5')].every(number => /^1\d\d$/.test(number)));
  assert.is(drawn('6').size, 100);
  assert.is(rewrite(plan, '5', new Draws(7)).number, rewrite(plan, '5', new Draws(7)).number);
});

test('a range keeps its leading zeros', () => {
  assert.match(rewritten('1:0001-0009', '1'), /^000[1-9]$/);
});

/** Rules that may fit each other's numbers. */
const anyOriginal = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('1', '2', '?', '*'), minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '', 'L4', 'E3', 'G2', 'F3'),
  )
  .map(([pattern, length]) => pattern.replace(/\*+/g, '*') + length)
  .filter(text => (text.match(/\*/g) ?? []).length <= 3);

const anyTarget = fc.string({ unit: fc.constantFrom('7', '8', '9'), maxLength: 3 });

const anyNumber = fc.string({ unit: fc.constantFrom('1', '2', '3', 'a'), maxLength: 7 });

/** What an original fits of a number, by the regular expression that it is; null when it does not. */
function bruteFit(original: string, number: string): string | null {
  const lengths = [...original.matchAll(/([LEGF])(\d+)/g)];
  for (const [, is, digits] of lengths) {
    const length = Number(digits);
    if (is === 'L' && !(number.length < length)) return null;
    if (is === 'E' && number.length !== length) return null;
    if (is === 'G' && !(number.length > length)) return null;
    if (is === 'F' && number.length === length) return null;
  }
  const plain = original.replace(/[LEGF]\d+/g, '');
  const pattern = [...plain].map((character, at) => {
    if (character === '?') return '\\d';
    if (character !== '*') return character;
    return at === plain.length - 1 ? '.*$' : '.*?';
  });
  return new RegExp(`^${pattern.join('')}`).exec(number)?.[0] ?? null;
}

test('finds the rule and the rest that trying every rule as a regular expression finds', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(anyOriginal, anyTarget), { maxLength: 20, selector: ([original]) => original }),
      anyNumber,
      (rules, number) => {
        const plan = planOf(rules.map(([original, target]) => `${original}:${target}`).join(','));
        const fitting = plan.rules.filter(
          ({ text }) => bruteFit(text.slice(0, text.indexOf(':')), number) !== null,
        );
        const best = Math.max(0, ...fitting.map(({ original }) => fixedLength(original)));

        const rule = ruleFor(plan, number);

        assert.is(rule === null, fitting.length === 0);
        if (rule === null) return;
        assert.is(fixedLength(rule.original), best);
        assert.is(rule.text, fitting[0]!.text);
        const [original, target] = rule.text.split(':') as [string, string];
        const rest = number.slice(bruteFit(original, number)!.length);
        assert.is(rewrite(plan, number, new Draws(0)).number, target + rest);
      },
    ),
    { numRuns: 5000 },
  );
});

test('an original with a run never wins over one without that fixes as many places', () => {
  const rule = ruleFor(planOf('44*:a,44:b'), '4412');

  assert.is(hasRun(rule!.original), false);
});

test('a plan of thousands of rules finds what one of the fitting rules alone would do', () => {
  const texts = Array.from({ length: 5000 }, (_, i) => `${i}:x${i}y`);
  const plan = planOf(texts.join(','));

  assert.is(rewrite(plan, '49995', new Draws(0)).number, 'x4999y5');
  assert.is(rewrite(plan, '7', new Draws(0)).number, 'x7y');
});

test('runs are fitted without trying every way of dividing a number among them', () => {
  const number = '1'.repeat(20_000);

  assert.is(rewritten('*1*1*1x:9', number), number);
  assert.is(rewritten('*1*1*1x:9', `${number}x`), '9');
});

test('what chance can make of a number is told, and nothing where nothing is left to it', () => {
  const told = (text: string, number: string) => possibilities(planOf(text), number);

  assert.equal(told('0:44', '0207'), []);
  assert.equal(told('0:44', '1207'), []);
  assert.equal(told('*:44??', '1'), ['44??']);
  assert.equal(told('0:44;45;46?', '0207'), ['44207', '45207', '46?207']);
  assert.equal(told('00:100-199', '005'), ['[100-199]5']);
});

test('every rewriting is among the possibilities', () => {
  const plan = planOf('0:44;45?;$*,1?:100-150;9??,2:8');
  fc.assert(
    fc.property(fc.stringMatching(/^[0-2]\d{0,6}$/), fc.nat(), (number, seed) => {
      const { number: after } = rewrite(plan, number, new Draws(seed));
      const patterns = possibilities(plan, number).map(one =>
        one.replace('[100-150]', '1([0-4][0-9]|50)').replaceAll('?', '[0-9]'),
      );
      if (patterns.length === 0) return after === rewrite(plan, number, new Draws(seed + 1)).number;
      return patterns.some(pattern => new RegExp(`^${pattern}$`).test(after));
    }),
  );
});

test.run();
