/** Small pairs of networks of which plans once said something that is not so. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { comparePlans } from '../../src/plan/compare-plans.ts';
import { lrnTable } from '../support/dial-plans.ts';
import { noPlaces } from '../support/gateway-builder.ts';
import * as rule from '../support/routing-rules.ts';
import { buildSnapshot, type SnapshotDescription } from '../support/snapshot-builder.ts';
import { checkPair } from './check-pair.ts';
import { noPlan, nowMs, planOf } from './network-parts.ts';

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

test('a class of callers is told by one whose number can be sent, where there are longer ones in it', () => {
  const [gateway] = plain.routingGateways!;
  const rewriting = {
    ...gateway!,
    dialPlans: { caller: planOf(['?2:3']), callee: noPlan, forwarding: noPlan },
  };
  const denying = {
    ...gateway!,
    name: 'g1',
    numbers: { callerPrefixes: rule.prefixes('deny', ['12', 'a']) },
  };
  const before = { ...plain, routingGateways: [rewriting, denying, { ...gateway!, name: 'g2' }] };
  const after = { ...plain, routingGateways: [gateway!, denying, { ...gateway!, name: 'g2' }] };
  const { differences } = checkPair({ before, after }, false);

  const callers = differences.flatMap(({ scopes }) => scopes.flatMap(scope => scope.callers ?? []));
  const short = callers.filter(({ example }) => example.length <= 32 && /^\d2/.test(example));
  assert.ok(short.some(({ example }) => !example.startsWith('12')));
});

test('what chance may come to otherwise is no difference of its own', () => {
  const [gateway] = plain.routingGateways!;
  const before = withCalleePlan('mappingGateways', ['1:2;3']);
  const after = { ...before, routingGateways: [gateway!, { ...gateway!, name: 'g1' }] };
  const { differences } = checkPair({ before, after }, false);

  assert.ok(differences.length > 0);
  for (const { kinds } of differences) assert.equal(kinds, ['routesWon']);
});

test('a number that two dial plans leave as it was is no other number', () => {
  const before = {
    ...withCalleePlan('mappingGateways', ['2E3:1']),
    routingGateways: withCalleePlan('routingGateways', ['*1:2']).routingGateways!,
  };
  const { differences } = checkPair({ before, after: plain }, false);

  assert.ok(differences.length > 0);
  assert.ok(differences.every(({ example }) => example !== '222'));
});

test('one number that rules of different form make alike is no other number', () => {
  const found = withCalleePlan('routingGateways', ['*1:2']);
  const { differences } = checkPair(
    { before: found, after: withCalleePlan('routingGateways', ['1:2']) },
    false,
  );

  assert.ok(differences.length > 0);
  assert.ok(differences.every(({ prefix }) => !prefix.startsWith('1')));
});

test('a number is sent alike where a rule that looks within it comes before one that replaces its beginning', () => {
  const routed = withCalleePlan('routingGateways', ['?:a']);
  const mapped = { ...withCalleePlan('mappingGateways', ['*1:2']), routingGateways: routed.routingGateways! };
  const { differences } = checkPair({ before: routed, after: mapped }, false);

  assert.ok(differences.length > 0);
  assert.ok(differences.every(({ prefix }) => !prefix.startsWith('1')));
});

test('another number is sent where chance has other numbers to choose from', () => {
  const routed = withCalleePlan('routingGateways', ['1:a;12']);
  const mapped = { ...withCalleePlan('mappingGateways', ['12:']), routingGateways: routed.routingGateways! };
  const { differences } = checkPair({ before: mapped, after: routed }, false);

  const isOneByChance = ({ example }: { readonly example: string }) => example.startsWith('121');
  assert.ok(differences.some(isOneByChance));
  for (const { kinds } of differences.filter(isOneByChance)) assert.equal(kinds, ['numberSent']);
});

test('numbers are told apart where they become too long to be sent', () => {
  const after = withCalleePlan('mappingGateways', ['1:11']);
  for (const longest of [31, 32, 33, 34]) checkPair({ before: plain, after, symbols: '1', longest }, false);
  const { differences } = checkPair({ before: plain, after, symbols: '1', longest: 34 }, false);

  const lost = differences.filter(({ kinds }) => kinds.includes('unroutable'));
  assert.equal(
    lost.map(({ lengths }) => lengths),
    [[{ from: 32, to: 32 }]],
  );
});

test('what chance makes too long to be sent keeps a gateway from some calls, and both is told', () => {
  const { routingGateways } = withCalleePlan('routingGateways', ['1:1;12']);
  const drawing = {
    ...plain,
    routingGateways: [...routingGateways!, { ...routingGateways![0]!, name: 'g1' }],
  };
  for (const [before, after] of [
    [plain, drawing],
    [drawing, { ...drawing, mappingGateways: [{ ...plain.mappingGateways![0]!, firstRoutePolicy: 'rate' }] }],
    [drawing, { ...drawing, routingGateways: [drawing.routingGateways[0]!] }],
  ] as const) {
    for (const longest of [31, 32, 33]) checkPair({ before, after, symbols: '1', longest }, false);
  }
  const { differences, limits } = checkPair(
    { before: plain, after: drawing, symbols: '1', longest: 32 },
    false,
  );

  assert.equal(limits, []);
  const longest = differences.find(({ lengths }) => lengths?.some(({ from }) => from === 32));
  assert.equal(longest!.after.map(({ refusal, attempts }) => [refusal, attempts.length]).sort(), [
    [null, 1],
    [null, 1],
    [null, 2],
    ['NoAvailableRouter', 0],
  ]);
});

test('a vendor that is rated by a number that chance makes is told with every price that it may ask', () => {
  const { routingGateways } = withCalleePlan('routingGateways', ['12:?1']);
  const rows = [...cheap.rows, { prefix: '31', rate: '0' }];
  const before = {
    ...plain,
    rates: [{ name: 'cheap', rows }, dear],
    routingGateways: [{ ...routingGateways![0]!, rateByNumberSent: true }],
  };
  const after = { ...before, routingGateways: [] };
  const { differences, limits } = checkPair({ before, after }, false);

  assert.equal(
    limits.map(({ kind }) => kind),
    ['chance'],
  );
  const [drawn] = differences.filter(({ example }) => example === '12' || example.startsWith('12'));
  const rates = drawn!.before.map(({ attempts }) => attempts[0]!.rate!.rate);
  assert.equal(rates.sort(), ['0', '0.01']);
});

test('ported numbers are told apart by what they are rated by, in each form in which they are dialled', () => {
  const table = lrnTable('222222 - NY', '2222222222 2222232222 -', '222223 - CA');
  const source = rule.ruleSource(1);
  const prices = { intrastatePrefix: '3', interstatePrefix: '21', undeterminedPrefix: '' };
  const lrn = {
    table: 0,
    eatPrefixDigits: 0,
    onFailure: 'continue',
    routeByLrn: false,
    ...prices,
    source,
  } as const;
  const rows = [
    { prefix: '', rate: '0.03' },
    { prefix: '3', rate: '0.01' },
    { prefix: '21', rate: '0.02' },
  ];
  const before = { ...plain, lrnTables: [table], rates: [cheap, { name: 'dear', rows }] };
  for (const routeByLrn of [false, true]) {
    for (const onFailure of ['continue', 'reject'] as const) {
      const mappingGateways = [{ ...plain.mappingGateways![0]!, lrn: { ...lrn, routeByLrn, onFailure } }];
      const pair = { before, after: { ...before, mappingGateways }, longest: 12 };
      assert.ok(checkPair({ ...pair, symbols: '2' }, false).differences.length > 0);
      checkPair({ ...pair, symbols: '12', longest: 11 }, false);
    }
  }
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

test('free seconds of the switch are told of every price, also where both sides share their tables', () => {
  const before = buildSnapshot(plain);
  const after = { ...before, hash: 'other', parameters: { ...before.parameters, freeSeconds: 3 } };
  const { differences } = comparePlans(before, after, { nowMs, symbols: '12', longest: 2 });
  assert.equal(
    differences.map(({ prefix, kinds }) => [prefix, kinds]),
    [['', ['customerRate', 'vendorRate']]],
  );
  const free = (side: 'before' | 'after') => {
    const { rate, attempts } = differences[0]![side][0]!;
    return [rate, attempts[0]!.rate].map(price => price!.freeSeconds);
  };
  assert.equal(
    [free('before'), free('after')],
    [
      [0, 0],
      [3, 3],
    ],
  );
});

test.run();
