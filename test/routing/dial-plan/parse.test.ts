import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDialPlan } from '../../../src/routing/dial-plan/parse.ts';
import { rulesOfText } from '../../support/dial-plans.ts';

const test = suite('routing/dial-plan/parse');

function problemsOf(text: string): string[] {
  const source = { file: 'test', line: 1, column: 1 };
  const written = rulesOfText(text).map(rule => ({ text: rule, source }));
  return parseDialPlan(written).problems.map(({ rule, message }) => `${rule.text} ${message}`);
}

for (const [text, problem] of [
  ['44', '44 must be original:target, with one colon'],
  ['1:2:3', '1:2:3 must be original:target, with one colon'],
  [':44', ':44 has no original before the colon; * fits every number'],
  ['4 4:1', '4 4:1 has a space in it'],
  ['44:1.2', '44:1.2 has "." in "1.2", which no number has'],
  ['٤٤:1', '٤٤:1 has "٤" in "٤٤", which no number has'],
  ['**:1', '**:1 has ** in its original, where one * says the same'],
  ['1*2*3*4*:1', '1*2*3*4*:1 has more than 3 * in its original'],
  ['L:1', 'L:1 has L without a length behind it; write \\L for the letter itself'],
  ['44:1;;2', '44:1;;2 has an empty alternative in its target'],
  ['44:$$$', '44:$$$ keeps the digit at place 3, which its original does not reach'],
  ['4*:**', '4*:** has more * in its target than in its original'],
  ['44:10-9', '44:10-9 has a range from 10 to 9, which differ in length'],
  ['44:19-10', '44:19-10 has a range from 19 down to 10'],
  ['44:1-2-3', '44:1-2-3 has "1-2-3" in its target, where a range is two numbers with a dash between them'],
  [
    '44:1234567890123456-1234567890123457',
    '44:1234567890123456-1234567890123457 has a range of numbers with more than 15 digits',
  ],
  ['44:1\\', '44:1\\ ends with a backslash'],
  [`${'1'.repeat(65)}:2`, `${'1'.repeat(65)}:2 has an original of more than 64 characters`],
  [`1:${'2'.repeat(65)}`, `1:${'2'.repeat(65)} has a target of more than 64 characters`],
  ['44:1,44:2', '44:2 has the same original as another rule'],
] as const) {
  test(`says of ${text.slice(0, 20)} what is wrong with it`, () => {
    assert.equal(problemsOf(text), [problem]);
  });
}

test('a rule that is wrong does not hide the others', () => {
  const source = { file: 'test', line: 1, column: 1 };
  const { plan, problems } = parseDialPlan([
    { text: 'x y:1', source },
    { text: '0:44', source },
  ]);

  assert.is(problems.length, 1);
  assert.equal(
    plan.rules.map(({ text }) => text),
    ['0:44'],
  );
});

test.run();
