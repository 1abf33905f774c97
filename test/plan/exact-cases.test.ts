/** Small pairs of networks of which plans once said something that is not so. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noPlaces } from '../support/gateway-builder.ts';
import * as rule from '../support/routing-rules.ts';
import type { SnapshotDescription } from '../support/snapshot-builder.ts';
import { checkPair } from './check-pair.ts';
import { noPlan, planOf } from './network-parts.ts';

const test = suite('plan/exact-cases');

const cheap = { name: 'cheap', rows: [{ prefix: '', rate: '0.01' }] };
const dear = { name: 'dear', rows: [{ prefix: '', rate: '0.03' }] };

const plain: SnapshotDescription = {
  rates: [cheap, dear],
  accounts: [
    { name: 'customer', rateTable: 'dear', overdraftLimit: '10' },
    { name: 'vendor', rateTable: 'cheap', overdraftLimit: '10' },
  ],
  mappingGateways: [{ name: 'm0', account: 'customer' }],
  routingGateways: [{ name: 'g0', clearingAccount: 'vendor', prefixes: [''], places: noPlaces }],
};

function withCalleePlan(kind: 'mappingGateways' | 'routingGateways', texts: readonly string[]) {
  const [gateway] = plain[kind]!;
  const dialPlans = { callee: planOf(texts), caller: noPlan, forwarding: noPlan };
  return { ...plain, [kind]: [{ ...gateway, dialPlans }] } as SnapshotDescription;
}

test('a number of which a routing gateway would be sent nothing is told apart from longer ones', () => {
  checkPair({ before: plain, after: withCalleePlan('routingGateways', ['12:']) }, false);
  checkPair({ before: plain, after: withCalleePlan('routingGateways', ['1?:']) }, false);
  checkPair({ before: plain, after: withCalleePlan('routingGateways', ['1*:*']) }, false);
});

test('a number that the dial plan of a mapping gateway makes empty is told apart from longer ones', () => {
  checkPair({ before: plain, after: withCalleePlan('mappingGateways', ['12:']) }, false);
  checkPair({ before: plain, after: withCalleePlan('mappingGateways', ['1?:']) }, false);
  checkPair({ before: plain, after: withCalleePlan('mappingGateways', ['1*:*']) }, false);
});

test('calls that were forwarded are told apart where no forwarded call is taken, whoever forwarded it', () => {
  const [gateway] = plain.routingGateways!;
  for (const forwardingPrefixes of [rule.prefixes('allow', []), rule.prefixes('deny', [''])]) {
    const after = { ...plain, routingGateways: [{ ...gateway!, numbers: { forwardingPrefixes } }] };
    const { differences } = checkPair({ before: plain, after }, false);
    assert.ok(differences.every(({ scopes }) => scopes.every(({ callers }) => callers !== null)));
  }
});

test('a caller of whom a dial plan leaves nothing is told apart from others that the rule fits', () => {
  for (const kind of ['mappingGateways', 'routingGateways'] as const) {
    const [gateway] = plain[kind]!;
    const dialPlans = { caller: planOf(['2:']), callee: noPlan, forwarding: noPlan };
    const after = { ...plain, [kind]: [{ ...gateway, dialPlans }] } as SnapshotDescription;
    const { differences } = checkPair({ before: plain, after }, false);
    const callers = differences.flatMap(({ scopes }) => scopes.flatMap(scope => scope.callers ?? []));
    assert.ok(new Set(callers.map(({ example }) => example)).size > 1);
  }
});

test('callers are told apart whom a rule with any digit and a prefix have in common', () => {
  const [gateway] = plain.routingGateways!;
  const filtered = {
    ...plain,
    routingGateways: [{ ...gateway!, numbers: { callerPrefixes: rule.prefixes('allow', ['2']) } }],
  };
  const dialPlans = { caller: planOf(['?2:3']), callee: noPlan, forwarding: noPlan };
  const after = { ...filtered, mappingGateways: [{ ...plain.mappingGateways![0]!, dialPlans }] };
  const { differences } = checkPair({ before: filtered, after }, false);

  const lost = differences.filter(({ kinds }) => kinds.includes('unroutable'));
  const callers = lost.flatMap(({ scopes }) => scopes.flatMap(scope => scope.callers ?? []));
  assert.ok(callers.some(({ example }) => example.startsWith('22')));
});

test('what chance may come to otherwise is no difference of its own', () => {
  const [gateway] = plain.routingGateways!;
  const before = withCalleePlan('mappingGateways', ['1:2;3']);
  const after = { ...before, routingGateways: [gateway!, { ...gateway!, name: 'g1' }] };
  const { differences } = checkPair({ before, after }, false);

  assert.ok(differences.length > 0);
  for (const { kinds } of differences) assert.equal(kinds, ['routesWon']);
});

test('gateways that stand alike are told in no order, since load and earlier calls decide it', () => {
  const [gateway] = plain.routingGateways!;
  const both = { ...plain, routingGateways: [gateway!, { ...gateway!, name: 'g1' }] };
  const { differences } = checkPair({ before: plain, after: both }, false);

  assert.equal(
    differences.map(({ after }) => after[0]!.attempts.map(({ rank }) => rank)),
    [[0, 0]],
  );
});

test.run();
