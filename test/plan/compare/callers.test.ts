/** Which callers the rules of both sides tell apart, where lists are long. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { type Callers, callersOf } from '../../../src/plan/compare/callers.ts';
import { snapshotOf } from '../../config/directories.ts';
import { network } from '../edits/network.ts';

const test = suite('plan/compare/callers');

/** bell may not call from these numbers, and its dial plan has these rules before, and those after. */
function callersOfBell(listed: readonly string[], plans: readonly (readonly string[])[]): Callers {
  const sides = plans.map(rules => {
    const snapshot: Snapshot = snapshotOf({
      ...network,
      'number-lists/many.yaml': 'file: many.txt\n',
      'number-lists/many.txt': `${listed.join('\n')}\n`,
      'gateways/mapping/bell.yaml': `${network['gateways/mapping/bell.yaml']}callerLists: { deny: [many] }\ndialPlans: { caller: ${JSON.stringify(rules)} }\n`,
    });
    return { snapshot, gateway: snapshot.mappingGateways.find(({ name }) => name === 'bell')! };
  });
  return callersOf(sides, 0, 100);
}

function numbers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `44${7_000_000 + 7 * i}`);
}

test('whom two rules for any digit have in common is told apart beside as many callers as are looked at', () => {
  // Together with the first of these patterns there are 20,000 beginnings without the last two.
  const rules = ['1', '2', '3'].map(first => `${first}?1?:81`);
  for (const count of [3, 19_988]) {
    const { classes, beginningsLeftOut } = callersOfBell(numbers(count), [
      [...rules, '4?1?:81'],
      [...rules, '4??2:82'],
    ]);
    assert.is(beginningsLeftOut, 0);
    assert.ok(
      classes.some(({ caller }) => /^4\d12/.test(caller)),
      `${count}: ${classes.map(({ caller }) => caller).join()}`,
    );
  }
});

test('what rules have in common is counted as left out where it is too much', () => {
  const { beginningsLeftOut } = callersOfBell(numbers(20_000), [['4?1?:81'], ['4??2:82']]);
  // The two samples, their beginning, and what fits both.
  assert.is(beginningsLeftOut, 4);
});

test.run();
