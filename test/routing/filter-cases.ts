/** A network with one rule in it that leaves a gateway out, for every rule there is; and what is decided there. */
import type { NumberRules } from '../../src/config/snapshot.ts';
import type { exclusions, unavailabilities } from '../../src/routing/route-reasons.ts';
import {
  type Because,
  type RouteRequest,
  type RoutingState,
  selectRoute,
} from '../../src/routing/select-route.ts';
import { dailyCalendar } from '../support/calendars.ts';
import * as rule from '../support/routing-rules.ts';
import { idleState, requestFor } from '../support/routing-state.ts';
import {
  buildSnapshot,
  type MappingGatewayDescription,
  type RoutingGatewayDescription,
  type SnapshotDescription,
} from '../support/snapshot-builder.ts';

export interface Case {
  /** On top of a network in which the gateway `ruled` comes first. */
  readonly ruled?: Partial<RoutingGatewayDescription>;
  readonly numbers?: Partial<NumberRules>;
  readonly customer?: Partial<MappingGatewayDescription>;
  readonly network?: Partial<SnapshotDescription>;
  readonly vendor?: {
    readonly locked?: boolean;
    readonly unrated?: boolean;
    readonly [key: string]: unknown;
  };
  readonly request?: Partial<RouteRequest>;
  readonly state?: Partial<RoutingState>;
  /** Part of the sentence. */
  readonly says: string;
  /** `file:line`, where it is not left to the object itself. */
  readonly at?: string;
}

export const noon = 12 * 3_600_000;
export const callee = '447700900123';
const own = 'gateways/routing/ruled.yaml:1';

function network(given: Case, isRuled: boolean): SnapshotDescription {
  const vendor = isRuled ? (given.vendor ?? {}) : {};
  return {
    calendars: [dailyCalendar('midday', 11 * 60, 13 * 60), dailyCalendar('night', 0, 60)],
    gatewayGroups: [
      { name: 'shared', lines: 10 },
      { name: 'evening', lines: 10 },
    ],
    numberLists: [
      { name: 'bad', numbers: ['447700900123'], prefixes: ['999'] },
      { name: 'ours', prefixes: ['4477'] },
    ],
    onNetNumbers: ['ours'],
    rates: [
      { name: 'deck', rows: [{ prefix: '44', rate: '0.01', line: 7 }] },
      { name: 'elsewhere', rows: [{ prefix: '33', rate: '0.01' }] },
      { name: 'closed', rows: [{ prefix: '44', rate: '0.01', locked: true, line: 9 }] },
    ],
    accounts: [{ name: 'vendor', kind: 'vendor', rateTable: 'deck', ...vendor }],
    ...(isRuled ? given.network : {}),
    mappingGateways: [{ name: 'customer', ...(isRuled ? given.customer : {}) }],
    routingGateways: [
      {
        name: 'ruled',
        prefixes: ['44'],
        priority: 1,
        clearingAccount: 'vendor',
        ...(isRuled ? given.ruled : {}),
        numbers: isRuled ? (given.numbers ?? {}) : {},
      },
      { name: 'spare', prefixes: ['44'], priority: 2 },
    ],
  };
}

/** The route without and with the rule, and why the gateway `ruled` is in or out. */
export function ask(given: Case, isRuled: boolean): { route: string; because: Because; someBusy: boolean } {
  const snapshot = buildSnapshot(network(given, isRuled));
  const state = { ...idleState, ...(isRuled ? given.state : {}) };
  const request = requestFor(callee, { atMs: noon, ...given.request });
  const { attempts, because, someBusy } = selectRoute(snapshot, state, request, true);
  const route = attempts.map(({ gateway }) => snapshot.routingGateways[gateway]!.name).join(' ');
  return { route, someBusy, because: because.find(({ gateway }) => gateway === 0)! };
}

export const perMinute = (price: number) => ({ amount: price * 1e10, seconds: 60 });
const pool = {
  lists: [],
  numbers: [],
  linesPerNumber: 1,
  order: 'random' as const,
  source: rule.ruleSource(4),
};

export const cases: Readonly<Record<keyof typeof exclusions | keyof typeof unavailabilities, Case>> = {
  locked: { ruled: { locked: true }, says: 'the gateway is locked', at: own },
  vendorAccountLocked: { vendor: { locked: true }, says: 'vendor is locked', at: 'accounts/vendor.yaml:1' },
  vendorAccountExpired: { vendor: { validUntilMs: noon }, says: 'vendor has expired' },
  notAllowedForMappingGateway: {
    customer: { routingGateways: { deny: ['ruled'] } },
    says: 'customer may not use it',
    at: 'gateways/mapping/customer.yaml:1',
  },
  groupNotAllowedForMappingGateway: {
    customer: { routingGatewayGroups: rule.groupFilter('deny', [0], 5) },
    ruled: { groups: [rule.member(1), rule.member(0)] },
    says: 'customer may not use the groups evening, shared',
    at: 'rule.yaml:5',
  },
  mappingGatewayNotAllowed: {
    ruled: { mappingGateways: { deny: ['customer'] } },
    says: 'does not take calls of customer',
  },
  mappingGatewayGroupNotAllowed: {
    ruled: { mappingGatewayGroups: rule.groupFilter('allow', [0], 6) },
    says: 'does not take calls of customer, which has no group',
    at: 'rule.yaml:6',
  },
  periodNotAvailable: {
    ruled: { periods: [rule.period(0, { available: false })] },
    says: 'takes no calls while midday counts',
    at: 'rule.yaml:1',
  },
  callerPrefixNotAllowed: {
    numbers: { callerPrefixes: rule.prefixes('deny', ['1'], 11) },
    says: 'the caller 1 ',
    at: 'rule.yaml:11',
  },
  calleePrefixNotAllowed: {
    numbers: { calleePrefixes: rule.prefixes('allow', ['33'], 12) },
    says: `the callee ${callee} `,
    at: 'rule.yaml:12',
  },
  forwardingPrefixNotAllowed: {
    numbers: { forwardingPrefixes: rule.prefixes('deny', ['49'], 13) },
    request: { forwarding: '4930' },
    says: '4930 pass, which forwarded the call',
    at: 'rule.yaml:13',
  },
  callerCalleeNotAllowed: {
    numbers: { callerCalleePrefixes: rule.pairs('deny', ['1:447'], 14) },
    says: `1 call ${callee}`,
    at: 'rule.yaml:14',
  },
  callerLengthNotAllowed: {
    numbers: { callerLengths: rule.lengths([11], 15) },
    says: 'no callers of 1 character',
    at: 'rule.yaml:15',
  },
  calleeLengthNotAllowed: {
    numbers: { calleeLengths: rule.lengths([11, 33], 16) },
    says: 'no callees of 12 characters',
    at: 'rule.yaml:16',
  },
  callerListNotAllowed: {
    numbers: { callerLists: rule.lists('deny', [0], 17) },
    request: { caller: '9991' },
    says: 'the caller 9991 ',
    at: 'rule.yaml:17',
  },
  calleeListNotAllowed: {
    numbers: { calleeLists: rule.lists('deny', [0], 18) },
    says: `the callee ${callee} `,
    at: 'rule.yaml:18',
  },
  calleeNotOnNet: {
    numbers: { calleeNetwork: 'on-net' },
    request: { untaggedCallee: '449' },
    says: 'only numbers of our own customers, and 449 is none',
  },
  calleeNotOffNet: { numbers: { calleeNetwork: 'off-net' }, says: 'no numbers of our own customers' },
  noVendorRate: {
    ruled: { checkRate: true },
    vendor: { rateTable: 'elsewhere' },
    says: `elsewhere has no rate for ${callee}`,
  },
  vendorRateLocked: {
    ruled: { checkRate: true },
    vendor: { rateTable: 'closed' },
    says: 'the rate of closed',
    at: 'rates/closed.yaml:9',
  },
  profitBelowMinimum: {
    ruled: { checkRate: true, minimumProfitPercent: 51 },
    request: { customerRate: perMinute(0.02) },
    says: 'a profit of 50 % would be left, and ruled asks for 51 %',
  },
  profitBelowCustomerMinimum: {
    customer: { minimumProfitPercent: 51 },
    request: { customerRate: perMinute(0.02) },
    says: 'a profit of 50 % would be left, and customer asks for 51 %',
  },
  rateAboveMaximum: {
    ruled: { checkRate: true, maximumRate: perMinute(0.0099) },
    says: `the price of vendor for ${callee} is above the maximum of ruled`,
  },
  rateAboveCustomerMaximum: {
    customer: { maximumRate: perMinute(0.0099) },
    says: 'above the maximum of customer',
  },
  linesFull: {
    ruled: { lines: 3 },
    state: { activeLines: gateway => (gateway === 0 ? 3 : 0) },
    says: 'all its 3 lines',
  },
  callRateReached: {
    ruled: { callRate: { calls: 2, perSeconds: 1 } },
    state: { callRateReached: () => true },
    says: '2 calls per second',
  },
  groupLinesFull: {
    ruled: { groups: [rule.member(1, 0, 19), rule.member(0, 0, 20)] },
    state: { groupActiveLines: group => (group === 0 ? 10 : 0) },
    says: 'all 10 lines of the group shared',
    at: 'groups/shared.yaml:1',
  },
  groupLinesReserved: {
    ruled: { groups: [rule.member(0, 3, 21)] },
    state: { groupActiveLines: () => 8 },
    says: '2 of 10 lines of the group shared are free, and it leaves 3 to others',
    at: 'rule.yaml:21',
  },
  vendorLinesFull: {
    vendor: { lines: 4 },
    state: { vendorLinesFull: () => true },
    says: 'all 4 lines of its',
  },
  vendorCallRateReached: {
    vendor: { callRate: { calls: 1, perSeconds: 5 } },
    state: { vendorCallRateReached: () => true },
    says: '1 call per 5 seconds',
  },
  vendorCreditExhausted: {
    state: { vendorCreditExhausted: account => account === 0 },
    says: 'the credit of its clearing account vendor',
  },
  offline: { ruled: { optionsCheck: true }, state: { isOffline: () => true }, says: 'OPTIONS' },
  retryAfter: {
    state: { unavailableUntilMs: gateway => (gateway === 0 ? noon + 1 : 0) },
    says: 'Retry-After',
  },
  callerPoolExhausted: {
    ruled: { callerPool: pool },
    state: { callerPoolExhausted: () => true },
    says: 'caller pool',
    at: 'rule.yaml:4',
  },
};
