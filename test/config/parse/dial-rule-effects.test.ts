import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  lengthsThatFit,
  overtakenRules,
  resultLengths,
} from '../../../src/config/parse/dial-rule-effects.ts';
import { parseDialPlan } from '../../../src/routing/dial-plan/parse.ts';
import { rewrite, ruleFor } from '../../../src/routing/dial-plan/rewrite.ts';
import { Draws } from '../../../src/routing/draws.ts';

const test = suite('config/parse/dial-rule-effects');

const source = { file: 'f', line: 1, column: 1 };

function planOf(...rules: readonly string[]) {
  return parseDialPlan(rules.map(text => ({ text, source }))).plan;
}

function overtaken(...rules: readonly string[]): readonly string[] {
  return overtakenRules(planOf(...rules).rules).map(([rule, by]) => `${rule.text} by ${by.text}`);
}

test('a rule is overtaken by a better one for all of its numbers', () => {
  assert.equal(overtaken('0:1', '0*:2'), ['0*:2 by 0:1']);
  assert.equal(overtaken('?*:1', '?:2'), ['?*:1 by ?:2']);
  assert.equal(overtaken('0E5:1', '0E5L9:2'), ['0E5:1 by 0E5L9:2']);
});

test('a rule that has numbers of its own is not overtaken', () => {
  assert.equal(overtaken('0:1', '00:2', '*:3', '?:4', '0*0:5'), []);
  assert.equal(overtaken('0E5:1', '0*:2'), []);
  assert.equal(overtaken('0L5:1', '0G5:2', '0E5:3'), []);
});

const part = fc.constantFrom('0', '1', '?', '*');
const lengthTest = fc.constantFrom('', '', '', 'L3', 'E2', 'G2', 'F4', 'E1');
const original = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), lengthTest, lengthTest)
  .map(([parts, one, other]) => `${parts.join('')}${one}${other}`.replace(/\*+/g, '*'));
const target = fc.constantFrom('', '7', '77', '?', '$', '*', '7*', '7;88', '10-19');
const rules = fc.array(
  fc.tuple(original, target).map(([from, to]) => `${from}:${to}`),
  { minLength: 1, maxLength: 6 },
);

/** All numbers of the digits 0 and 1, and some of another one, up to a length. */
const numbers = Array.from({ length: 6 }, (_, length) => length).flatMap(length =>
  Array.from({ length: 3 ** length }, (_, i) => i.toString(3).padStart(length, '0').slice(0, length)),
);

test('what is said of a rule is true of every number', () => {
  const property = fc.property(rules, texts => {
    const plan = planOf(...texts);
    const never = new Set(overtakenRules(plan.rules).map(([rule]) => rule));
    for (const number of numbers) {
      const rule = ruleFor(plan, number);
      if (rule === null) continue;
      assert.not.ok(never.has(rule), `${rule.text} counts for ${number} in ${texts.join()}`);
      assert.ok(lengthsThatFit(rule.original).includes(number.length), `${rule.text} fits ${number}`);
      const { shortest, longest } = resultLengths(rule);
      const made = rewrite(plan, number, new Draws(1)).number.length;
      assert.ok(made >= shortest && made <= longest, `${rule.text} makes ${made} of ${number}`);
    }
  });
  fc.assert(property, { numRuns: 300 });
});

test.run();
