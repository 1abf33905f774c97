import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { behaviourFor, callSeed, numberInBurst } from '../../../src/sim/world/chance.ts';
import { answer, fail, rule } from './scenarios.ts';

const test = suite('sim/world/chance');

const refuses = { steps: [fail(0, 503)] };
const answers = { steps: [answer(0)] };

function statusOf(
  rules: Parameters<typeof behaviourFor>[0]['rules'],
  invite: Partial<Parameters<typeof behaviourFor>[1]> = {},
): 'refused' | 'answered' {
  const { steps } = behaviourFor(
    { rules, optionsStatus: 200 },
    { gateway: 'one', ordinal: 1, callee: '442079460000', seed: 1, leg: 0, ...invite },
  );
  return steps[0]!.kind === 'fail' ? 'refused' : 'answered';
}

test('every x at the end of a number is a digit of the place in the burst', () => {
  assert.is(numberInBurst('4420794600xx', 7), '442079460007');
  assert.is(numberInBurst('4420794600xx', 42), '442079460042');
  assert.is(numberInBurst('4420794600xx', 142), '442079460042');
  assert.is(numberInBurst('x', 3), '3');
});

test('a number without x at its end is the same for every call of the burst', () => {
  assert.is(numberInBurst('442079460000', 7), '442079460000');
  assert.is(numberInBurst('x442', 7), 'x442');
});

test('the calls of a scenario have seeds of their own, which the scenario’s seed decides', () => {
  const seeds = new Set<number>();
  for (let call = 0; call < 20; call++) {
    for (let place = 0; place < 500; place++) seeds.add(callSeed(1, call, place));
  }
  assert.is(seeds.size, 10_000);
  assert.is(callSeed(1, 3, 4), callSeed(1, 3, 4));
  assert.is.not(callSeed(1, 3, 4), callSeed(2, 3, 4));
  for (const seed of seeds) assert.ok(Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 48);
});

test('the first rule that fits counts', () => {
  const rules = [rule(refuses, { firstCall: 2, lastCall: 3 }), rule(answers)];
  const results = [1, 2, 3, 4].map(ordinal => statusOf(rules, { ordinal }));
  assert.equal(results, ['answered', 'refused', 'refused', 'answered']);
});

test('a rule may be for some numbers only', () => {
  const rules = [rule(refuses, { calleePrefix: '4420' }), rule(answers)];
  assert.is(statusOf(rules), 'refused');
  assert.is(statusOf(rules, { callee: '441179460000' }), 'answered');
});

test('a rule with a probability is drawn for each INVITE, and as often as it says', () => {
  const rules = [rule(refuses, { probability: 0.2 }), rule(answers)];
  let refused = 0;
  for (let seed = 0; seed < 10_000; seed++) if (statusOf(rules, { seed }) === 'refused') refused++;
  assert.ok(refused > 1_850 && refused < 2_150, `${refused} of 10,000`);
  assert.is(statusOf([rule(refuses, { probability: 0 }), rule(answers)]), 'answered');
});

test('two gateways, and two attempts at one, are drawn for independently', () => {
  const rules = [rule(refuses, { probability: 0.5 }), rule(answers)];
  let different = 0;
  for (let seed = 0; seed < 1000; seed++) {
    if (statusOf(rules, { seed }) !== statusOf(rules, { seed, gateway: 'two' })) different++;
    if (statusOf(rules, { seed }) !== statusOf(rules, { seed, leg: 1 })) different++;
  }
  assert.ok(different > 900 && different < 1100, `${different} of 2,000`);
});

test.run();
