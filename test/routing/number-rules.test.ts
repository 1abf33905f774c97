/** The rules about numbers asked one by one, as mapping gateways ask them, and all at once, as routing does. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findMappingGateway } from '../../src/routing/ingress.ts';
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

test('a prefix that is no text of a number is looked for all the same', () => {
  const strange = {
    callerPrefixes: rule.prefixes('deny', ['4 9', '33']),
    calleePrefixes: rule.prefixes('deny', ['é']),
    forwardingPrefixes: rule.prefixes('allow', ['1-']),
    callerCalleePrefixes: rule.pairs('deny', ['5:é', '(:44']),
  };
  const snapshot = buildSnapshot({
    routingGateways: Object.entries(strange).map(([kind, filter]) => ({
      name: kind,
      numbers: { [kind]: filter },
    })),
  });
  const settings = settingsAt(snapshot, 0);
  const index = new NumberRuleIndex(snapshot, settings);
  const numbers = (caller: string, callee: string, forwarding: string | null) => {
    return { caller, callee, untaggedCallee: callee, forwarding };
  };
  const all = [
    numbers('4 92', '44', '1-2'),
    numbers('5', 'é1', null),
    numbers('(1', '441', '12'),
    numbers('49', '4', '1-'),
  ];
  const seen = all.flatMap(each =>
    snapshot.routingGateways.map(gateway => {
      index.begin(each);
      const refusal = index.refusalOf(gateway.index);
      assert.is(refusal, numberRefusal(snapshot, gateway.numbers, null, each));
      return refusal;
    }),
  );

  assert.is(new Set(seen).size, 5);
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

test('a plus sign in front of a number leads past no rule', () => {
  const deny = {
    callerPrefixes: rule.prefixes('deny', ['49']),
    calleePrefixes: rule.prefixes('deny', ['1900']),
  };
  const snapshot = buildSnapshot({
    mappingGateways: [{ name: 'customer', addresses: ['192.0.2.1'], calleePrefixes: { deny: ['1900'] } }],
    routingGateways: [
      { name: 'prefixes', numbers: deny },
      { name: 'pairs', numbers: { callerCalleePrefixes: rule.pairs('deny', ['49:44']) } },
      { name: 'lengths', numbers: { callerLengths: rule.lengths([4]) } },
      { name: 'lists', numbers: { callerLists: rule.lists('deny', [0]) } },
    ],
    numberLists: [{ name: 'fraud', numbers: ['4912'] }],
  });
  const refusals = (caller: string, callee: string) =>
    snapshot.routingGateways.map(({ numbers }) =>
      numberRefusal(snapshot, numbers, null, { caller, callee, untaggedCallee: callee, forwarding: null }),
    );
  const found = (callee: string) =>
    findMappingGateway(snapshot, { address: '192.0.2.1', port: 5060 }, '1', callee, 0).kind;

  assert.equal(refusals('4912', '4420'), [
    'callerPrefixNotAllowed',
    'callerCalleeNotAllowed',
    null,
    'callerListNotAllowed',
  ]);
  assert.equal(refusals('+4912', '+4420'), refusals('4912', '4420'));
  assert.is(refusals('1', '+19001')[0], 'calleePrefixNotAllowed');
  assert.is(refusals('+49123', '44')[2], 'callerLengthNotAllowed');
  assert.is(found('19001'), 'numberNotAllowed');
  assert.is(found('+19001'), 'numberNotAllowed');
  assert.is(found('+4420'), 'found');
});

test.run();
