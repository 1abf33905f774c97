/** How the rules that leave gateways out take groups, periods, prices and numbers. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NumberRules } from '../../src/config/snapshot.ts';
import * as rule from '../support/routing-rules.ts';
import { requestFor } from '../support/routing-state.ts';
import { ask, callee, noon, perMinute } from './filter-cases.ts';

const test = suite('routing/filter-semantics');

test('an allowed group is enough, and a gateway without a group is in none', () => {
  const member = { ruled: { groups: [rule.member(0), rule.member(1)] }, says: '' };
  const only = (indexes: number[]) => ({ routingGatewayGroups: rule.groupFilter('allow', indexes) });

  assert.is(ask({ ...member, customer: only([1]) }, true).route, 'ruled');
  assert.is(ask({ customer: only([1]), says: '' }, true).route, '');
});

test('a call that nobody forwarded passes every rule about the forwarding number', () => {
  const numbers = { forwardingPrefixes: rule.prefixes('allow', ['49']) };

  assert.is(ask({ numbers, says: '' }, true).route, 'ruled spare');
  assert.is(ask({ numbers, request: { forwarding: '' }, says: '' }, true).route, 'spare');
});

test('the prefixes, lines and priority of the first period that fits stand in the place of the gateway’s', () => {
  const during = rule.period(0, {
    lines: 2,
    priority: 9,
    calleePrefixes: rule.prefixes('deny', ['447']),
  });
  const free = rule.period(0, { lines: 2, priority: 9 });
  const other = rule.period(1, { available: false });
  const busy = { activeLines: () => 2 };
  const ruled = (periods: ReturnType<typeof rule.period>[]) => ({ ruled: { lines: 1, periods }, says: '' });

  assert.is(ask(ruled([other, during]), true).because.reason, 'calleePrefixNotAllowed');
  assert.is(ask(ruled([free, during]), true).route, 'spare ruled', 'the second one does not count');
  assert.is(
    ask({ ...ruled([free]), state: busy }, true).because.detail,
    'all the 2 lines that it has while midday counts are in use',
  );
  assert.is(ask({ ...ruled([other]), state: { activeLines: () => 0 } }, true).route, 'ruled spare');
  assert.is(
    ask({ ...ruled([other]), request: { atMs: 3_599_999 } }, true).because.reason,
    'periodNotAvailable',
  );
  assert.is(ask({ ...ruled([other]), request: { atMs: 3_600_000 } }, true).route, 'ruled spare');
});

test('lines of a group for a time stand in the place of its lines, up or down', () => {
  const timed = (lines: number) => ({
    gatewayGroups: [
      { name: 'shared', lines: 5, timedLines: [{ calendar: 0, lines, source: rule.ruleSource(8) }] },
      { name: 'evening' },
    ],
  });
  const full = (lines: number, active: number, atMs: number) =>
    ask(
      {
        ruled: { groups: [rule.member(0)] },
        network: timed(lines),
        state: { groupActiveLines: () => active },
        request: { atMs },
        says: '',
      },
      true,
    );

  assert.is(full(8, 7, noon).route, 'ruled spare');
  assert.is(full(8, 7, 0).route, 'spare');
  assert.is(full(2, 2, noon).because.source.line, 8);
  assert.is(full(2, 2, 0).route, 'ruled spare');
});

test('profits and prices on the very limit pass, however the price is put', () => {
  const limits = {
    ruled: { checkRate: true, minimumProfitPercent: 30, maximumRate: { amount: 7e7, seconds: 60 } },
    says: '',
  };
  const at = (rate: string, unitSeconds: number) =>
    ask(
      {
        ...limits,
        network: { rates: [{ name: 'deck', rows: [{ prefix: '44', rate, unitSeconds }] }] },
        request: { customerRate: perMinute(0.01) },
      },
      true,
    ).because.reason;

  assert.is(at('0.007', 60), 'candidate');
  assert.is(at('0.42', 3600), 'candidate');
  assert.is(at('0.0070000001', 60), 'profitBelowMinimum');
  assert.is(at('0.4200000001', 3600), 'profitBelowMinimum');
});

test('a profit just below the minimum is not shown as the minimum', () => {
  const { because } = ask(
    {
      ruled: { checkRate: true, minimumProfitPercent: 30 },
      network: { rates: [{ name: 'deck', rows: [{ prefix: '44', rate: '0.0070000001' }] }] },
      request: { customerRate: perMinute(0.01) },
      says: '',
    },
    true,
  );

  assert.match(because.detail, /^a profit of 29\.99 % would be left, and ruled asks for 30 %$/);
});

test('a negative minimum allows that much of a loss, and a call that is free for the customer asks nothing', () => {
  const at = (percent: number, price: number | null) =>
    ask(
      {
        ruled: { checkRate: true, minimumProfitPercent: percent },
        request: { customerRate: price === null ? null : perMinute(price) },
        says: '',
      },
      true,
    ).because.reason;

  assert.is(at(-25, 0.008), 'candidate');
  assert.is(at(-24, 0.008), 'profitBelowMinimum');
  assert.is(at(0, 0), 'profitBelowMinimum');
  assert.is(at(99, null), 'candidate');
});

test('limits of a routing gateway need rates to be checked; those of a mapping gateway need a rate alone', () => {
  const customerRate = perMinute(0.001);
  const unchecked = { minimumProfitPercent: 0, maximumRate: perMinute(0) };
  const noRate = { vendor: { rateTable: 'elsewhere' } };

  assert.is(ask({ ruled: unchecked, request: { customerRate }, says: '' }, true).because.reason, 'candidate');
  assert.is(
    ask({ customer: unchecked, request: { customerRate }, says: '' }, true).because.reason,
    'profitBelowCustomerMinimum',
  );
  assert.is(
    ask({ customer: unchecked, ...noRate, request: { customerRate }, says: '' }, true).because.reason,
    'candidate',
  );
});

test('a gateway rated by the number that is sent is asked with that number', () => {
  const rated = {
    ruled: { checkRate: true, rateByNumberSent: true },
    request: { numberSentToRate: () => '33123' },
    says: '33123',
  };

  assert.is(ask(rated, true).because.reason, 'noVendorRate');
  assert.is(ask({ ...rated, ruled: { checkRate: true } }, true).because.reason, 'candidate');
});

test('route tags are no part of what lengths and lists go by, but of what prefixes go by', () => {
  const request = requestFor('gold447700900123', { untaggedCallee: callee, calleeToRate: callee });
  const given = (numbers: Partial<NumberRules>) =>
    ask({ ruled: { prefixes: ['gold', '44'] }, numbers, request, says: '' }, true).because.reason;

  assert.is(given({ calleeLengths: rule.lengths([12]) }), 'candidate');
  assert.is(given({ calleeLists: rule.lists('deny', [0]) }), 'calleeListNotAllowed');
  assert.is(given({ calleePrefixes: rule.prefixes('allow', ['gold44']) }), 'candidate');
});

test('any text may stand for a number', () => {
  const strange = [
    '',
    'abc',
    '+4420',
    '٤٤٢٠',
    '4'.repeat(40),
    '44\u0000',
    '44 20',
    '😀',
    '*#',
    'x'.repeat(5000),
  ];
  const numbers: Partial<NumberRules> = {
    callerPrefixes: rule.prefixes('deny', ['4420']),
    callerCalleePrefixes: rule.pairs('deny', ['4420:4420']),
    callerLengths: rule.lengths(Array.from({ length: 64 }, (_, i) => i)),
    calleeLists: rule.lists('deny', [0]),
    calleeNetwork: 'off-net',
  };
  for (const callee of strange) {
    for (const caller of strange) {
      const request = requestFor(callee, { caller, forwarding: caller, atMs: noon });
      const { route } = ask({ numbers, request, says: '' }, true);
      const matches = callee.startsWith('44');
      const passes = caller !== '+4420' && caller.length < 64 && callee.length < 64;
      assert.is(route, !matches ? '' : passes ? 'ruled spare' : 'spare', `${caller} calls ${callee}`);
    }
  }
});

test('no lines at all are a gateway that is always full', () => {
  const { route, someBusy, because } = ask({ ruled: { lines: 0 }, says: '' }, true);

  assert.equal([route, someBusy, because.reason], ['spare', true, 'linesFull']);
});

test.run();
