/** The rules about numbers asked one by one, as mapping gateways ask them, and all at once, as routing does. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NumberRuleIndex } from '../../src/routing/number-rule-index.ts';
import { numberRefusal } from '../../src/routing/number-rules.ts';
import { settingsAt } from '../../src/routing/timed-settings.ts';
import * as rule from '../support/routing-rules.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { randomNetwork } from './reference/random-networks.ts';

const test = suite('routing/number-rules');

test('asked one by one or all at once, the same rule refuses the same numbers', () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 1000; seed++) {
    const { snapshot, requests } = randomNetwork(seed);
    let index: NumberRuleIndex | null = null;
    for (const request of requests) {
      const settings = settingsAt(snapshot, request.atMs);
      index ??= new NumberRuleIndex(snapshot, settings);
      index.begin(request);
      for (const { index: gateway, numbers } of snapshot.routingGateways) {
        const refusal = numberRefusal(snapshot, numbers, settings.routingPeriod(gateway), request);
        assert.is(index.refusalOf(gateway), refusal, `seed ${seed}`);
        if (refusal !== null) seen.add(refusal);
      }
    }
  }

  assert.is(seen.size, 10);
});

test('no number of more than 63 characters has an allowed length', () => {
  const snapshot = buildSnapshot({
    routingGateways: [
      { name: 'all', numbers: { callerLengths: rule.lengths(Array.from({ length: 64 }, (_, i) => i)) } },
    ],
  });
  const { numbers } = snapshot.routingGateways[0]!;
  const refusalOf = (caller: string) =>
    numberRefusal(snapshot, numbers, null, { caller, callee: '', untaggedCallee: '', forwarding: null });

  assert.is(refusalOf('9'.repeat(63)), null);
  assert.is(refusalOf('9'.repeat(64)), 'callerLengthNotAllowed');
  assert.is(refusalOf('9'.repeat(96)), 'callerLengthNotAllowed');
});

test.run();
