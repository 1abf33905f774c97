/** Every rule that leaves a gateway out, and the same network without the rule beside it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exclusions, unavailabilities } from '../../src/routing/route-reasons.ts';
import * as rule from '../support/routing-rules.ts';
import { ask, type Case, cases, perMinute } from './filter-cases.ts';

const test = suite('routing/select-route-filters');

for (const [reason, given] of Object.entries(cases)) {
  test(`${reason} leaves a gateway out, which is the first without that rule`, () => {
    assert.is(ask(given, false).route, 'ruled spare');
    const { route, because, someBusy } = ask(given, true);
    assert.is(route, 'spare');
    assert.is(because.outcome, 'excluded');
    assert.is(because.reason, reason);
    assert.ok(because.detail.includes(given.says), because.detail);
    if (given.at !== undefined) assert.is(`${because.source.file}:${because.source.line}`, given.at);
    assert.is(someBusy, reason in unavailabilities);
  });
}

test('the rules are looked at in the order in which they are listed', () => {
  const reasons = Object.keys({ ...exclusions, ...unavailabilities });
  const all = Object.entries(cases)
    .filter(([reason]) => !['calleeNotOnNet', 'noVendorRate', 'vendorRateLocked'].includes(reason))
    .map(([, given]) => given);
  const merged: Case = {
    ruled: Object.assign({}, ...all.map(({ ruled }) => ruled), {
      groups: [rule.member(0, 11)],
      lines: 0,
    }),
    numbers: Object.assign({}, ...all.map(({ numbers }) => numbers)),
    customer: Object.assign({}, ...all.map(({ customer }) => customer)),
    vendor: Object.assign({}, ...all.map(({ vendor }) => vendor)),
    state: Object.assign({}, ...all.map(({ state }) => state)),
    request: { forwarding: '4930', caller: '9991', customerRate: perMinute(0.02) },
    says: '',
  };
  const numbers = merged.numbers!;
  const met: string[] = [];
  const [ruled, customer, vendor] = [{ ...merged.ruled! }, { ...merged.customer! }, { ...merged.vendor! }];
  let rest: Case = {
    ...merged,
    ruled,
    customer,
    vendor,
    numbers: {
      ...numbers,
      callerPrefixes: rule.prefixes('deny', ['9']),
      callerCalleePrefixes: rule.pairs('deny', ['9:4']),
    },
  };
  const remove: Readonly<Record<string, () => Case>> = {
    locked: () => ({ ...rest, ruled: { ...rest.ruled!, locked: false } }),
    vendorAccountLocked: () => ({ ...rest, vendor: { ...rest.vendor, locked: false } }),
    vendorAccountExpired: () => ({ ...rest, vendor: { ...rest.vendor, validUntilMs: null } }),
    notAllowedForMappingGateway: () => ({
      ...rest,
      customer: { ...rest.customer!, routingGateways: { deny: [] } },
    }),
    groupNotAllowedForMappingGateway: () => ({
      ...rest,
      customer: { ...rest.customer!, routingGatewayGroups: { kind: 'any' } },
    }),
    mappingGatewayNotAllowed: () => ({ ...rest, ruled: { ...rest.ruled!, mappingGateways: { deny: [] } } }),
    mappingGatewayGroupNotAllowed: () => ({
      ...rest,
      ruled: { ...rest.ruled!, mappingGatewayGroups: { kind: 'any' } },
    }),
    periodNotAvailable: () => ({ ...rest, ruled: { ...rest.ruled!, periods: [] } }),
    ...Object.fromEntries(
      (
        [
          ['callerPrefixNotAllowed', 'callerPrefixes'],
          ['calleePrefixNotAllowed', 'calleePrefixes'],
          ['forwardingPrefixNotAllowed', 'forwardingPrefixes'],
          ['callerCalleeNotAllowed', 'callerCalleePrefixes'],
          ['callerLengthNotAllowed', 'callerLengths'],
          ['calleeLengthNotAllowed', 'calleeLengths'],
          ['callerListNotAllowed', 'callerLists'],
          ['calleeListNotAllowed', 'calleeLists'],
        ] as const
      ).map(([reason, key]) => [
        reason,
        () => ({ ...rest, numbers: { ...rest.numbers, [key]: { kind: 'any' } } }),
      ]),
    ),
    calleeNotOffNet: () => ({ ...rest, numbers: {} }),
    profitBelowMinimum: () => ({ ...rest, ruled: { ...rest.ruled!, minimumProfitPercent: null } }),
    profitBelowCustomerMinimum: () => ({
      ...rest,
      customer: { ...rest.customer!, minimumProfitPercent: null },
    }),
    rateAboveMaximum: () => ({ ...rest, ruled: { ...rest.ruled!, maximumRate: null } }),
    rateAboveCustomerMaximum: () => ({ ...rest, customer: { ...rest.customer!, maximumRate: null } }),
    linesFull: () => ({ ...rest, ruled: { ...rest.ruled!, lines: null } }),
    callRateReached: () => ({ ...rest, ruled: { ...rest.ruled!, callRate: null } }),
    groupLinesFull: () => ({ ...rest, state: { ...rest.state, groupActiveLines: () => 0 } }),
    groupLinesReserved: () => ({ ...rest, ruled: { ...rest.ruled!, groups: [] } }),
    vendorLinesFull: () => ({ ...rest, vendor: { ...rest.vendor, lines: null } }),
    vendorCallRateReached: () => ({ ...rest, vendor: { ...rest.vendor, callRate: null } }),
    vendorCreditExhausted: () => ({ ...rest, state: { ...rest.state, vendorCreditExhausted: () => false } }),
    offline: () => ({ ...rest, ruled: { ...rest.ruled!, optionsCheck: false } }),
    retryAfter: () => ({ ...rest, state: { ...rest.state, unavailableUntilMs: () => 0 } }),
    callerPoolExhausted: () => ({ ...rest, ruled: { ...rest.ruled!, callerPool: null } }),
  };
  rest = { ...rest, state: { ...rest.state, groupActiveLines: () => 10 } };
  for (;;) {
    const { because } = ask(rest, true);
    if (because.outcome !== 'excluded') break;
    met.push(because.reason);
    const without = remove[because.reason];
    assert.ok(without !== undefined, because.reason);
    rest = without!();
  }

  assert.equal(
    met,
    reasons.filter(reason => remove[reason] !== undefined),
  );
});

test.run();
