/** The settings of gateways as their files write them, from a Snapshot. */
import type {
  CallRate,
  DialPlans,
  LengthFilter,
  MappingGateway,
  NameFilter,
  NumberFilter,
  NumberListFilter,
  PairFilter,
  RateLimit,
  RoutingGateway,
  Snapshot,
} from '../../config/snapshot.ts';
import { formatRate } from '../../rating/decimal.ts';
import type { DialPlan } from '../../routing/dial-plan/dial-plan.ts';

/**
 * By path of the file, what it means; null where nothing is said and that means nothing. A mapping or a list is one
 * setting. The order within `dialPlans` is that of the fit, and not that of the file.
 */
export type Written<T> = Readonly<Record<string, (object: T, snapshot: Snapshot) => unknown>>;

export function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

export function callRateText(rate: CallRate | null): unknown {
  return rate === null ? null : { calls: rate.calls, perSeconds: rate.perSeconds };
}

function prefixes(filter: NumberFilter): unknown {
  return filter.kind === 'any' ? null : { [filter.kind]: filter.prefixes };
}

function pairs(filter: PairFilter): unknown {
  if (filter.kind === 'any') return null;
  return { [filter.kind]: filter.pairs.map(({ caller, callee }) => ({ caller, callee })) };
}

/** `7-15` */
function lengths(filter: LengthFilter): unknown {
  if (filter.kind === 'any') return null;
  const bits = (BigInt(filter.high >>> 0) << 32n) | BigInt(filter.low >>> 0);
  const ranges: string[] = [];
  for (let length = 0; length < 64; length++) {
    if (!hasBit(bits, length)) continue;
    const from = length;
    while (length < 63 && hasBit(bits, length + 1)) length++;
    ranges.push(from === length ? `${from}` : `${from}-${length}`);
  }
  return ranges;
}

function hasBit(bits: bigint, bit: number): boolean {
  return ((bits >> BigInt(bit)) & 1n) === 1n;
}

function lists(filter: NumberListFilter, { numberLists }: Snapshot): unknown {
  return filter.kind === 'any' ? null : { [filter.kind]: filter.lists.map(list => numberLists[list]!.name) };
}

function names(filter: NameFilter, objects: readonly { readonly name: string }[]): unknown {
  return filter.kind === 'any' ? null : { [filter.kind]: filter.indexes.map(index => objects[index]!.name) };
}

function rules({ rules: all }: DialPlan): unknown {
  return all.length === 0 ? null : all.map(({ text }) => text);
}

function allRules({ caller, callee, forwarding }: DialPlans): unknown {
  return { caller: rules(caller), callee: rules(callee), forwarding: rules(forwarding) };
}

function rateLimit(limit: RateLimit | null): unknown {
  return limit === null ? null : { rate: formatRate(limit.amount), perSeconds: limit.seconds };
}

const anyGateway: Written<MappingGateway | RoutingGateway> = {
  locked: ({ locked }) => locked,
  lines: ({ lines }) => lines,
  callRate: ({ callRate }) => callRateText(callRate),
  groups: ({ groups }, { gatewayGroups }) =>
    groups.length === 0
      ? null
      : groups.map(({ group, reservedLines }) => ({ group: gatewayGroups[group]!.name, reservedLines })),
  callerPrefixes: ({ numbers }) => prefixes(numbers.callerPrefixes),
  calleePrefixes: ({ numbers }) => prefixes(numbers.calleePrefixes),
  forwardingPrefixes: ({ numbers }) => prefixes(numbers.forwardingPrefixes),
  callerCalleePrefixes: ({ numbers }) => pairs(numbers.callerCalleePrefixes),
  callerLengths: ({ numbers }) => lengths(numbers.callerLengths),
  calleeLengths: ({ numbers }) => lengths(numbers.calleeLengths),
  callerLists: ({ numbers }, all) => lists(numbers.callerLists, all),
  calleeLists: ({ numbers }, all) => lists(numbers.calleeLists, all),
  calleeNetwork: ({ numbers }) => numbers.calleeNetwork,
  minimumProfitPercent: ({ minimumProfitPercent }) => minimumProfitPercent,
  maximumRate: ({ maximumRate }) => rateLimit(maximumRate),
  'dialPlans.caller': ({ dialPlans }) => rules(dialPlans.caller),
  'dialPlans.callee': ({ dialPlans }) => rules(dialPlans.callee),
  'dialPlans.forwarding': ({ dialPlans }) => rules(dialPlans.forwarding),
  periods: ({ periods, periodDialPlans }, { calendars }) =>
    periods.length === 0
      ? null
      : periods.map(period => ({
          calendar: calendars[period.calendar]!.name,
          available: period.available,
          lines: period.lines,
          priority: period.priority,
          callerPrefixes: period.callerPrefixes === null ? null : prefixes(period.callerPrefixes),
          calleePrefixes: period.calleePrefixes === null ? null : prefixes(period.calleePrefixes),
          dialPlans: period.dialPlans < 0 ? null : allRules(periodDialPlans[period.dialPlans]!),
        })),
};

export const writtenMappingGateway: Written<MappingGateway> = {
  ...anyGateway,
  account: ({ account }, { accounts }) => accounts[account]!.name,
  authentication: ({ authentication }) => authentication,
  routingGateways: ({ routingGateways }, all) => names(routingGateways, all.routingGateways),
  routingGatewayGroups: ({ routingGatewayGroups }, all) => names(routingGatewayGroups, all.gatewayGroups),
  firstRoutePolicy: ({ firstRoutePolicy }) => firstRoutePolicy,
  secondRoutePolicy: ({ secondRoutePolicy }) => secondRoutePolicy,
  callLevel: ({ callLevel }) => callLevel,
  routeShares: ({ routeShares }) =>
    routeShares?.shares.map(({ tag, weight }) => ({ tag, share: weight })) ?? null,
  lrn: ({ lrn }, { lrnTables }) => {
    if (lrn === null) return null;
    const { source, table, ...settings } = lrn;
    return { table: lrnTables[table]!.name, ...settings };
  },
  protectRouteDelaySeconds: ({ protectRouteDelayMs }) => seconds(protectRouteDelayMs),
  maxCallDurationSeconds: ({ maxCallDurationSeconds }) => maxCallDurationSeconds,
  callProceedingTimeoutSeconds: ({ callProceedingTimeoutMs }) => seconds(callProceedingTimeoutMs),
  replaceFailedReason: ({ replaceFailedReason: replaced }) =>
    replaced === null
      ? null
      : [
          ...replaced.codes.map(({ from, to }) => ({ from, to })),
          ...(replaced.other === null ? [] : [{ from: 'other', to: replaced.other }]),
        ],
};

export const writtenRoutingGateway: Written<RoutingGateway> = {
  ...anyGateway,
  clearingAccount: ({ clearingAccount }, { accounts }) => accounts[clearingAccount]!.name,
  address: ({ address: { host, port } }) => (port === null ? host : `${host}:${port}`),
  transport: ({ address: { transport } }) => transport,
  optionsCheck: ({ optionsCheck }) => optionsCheck,
  prefixMode: ({ prefixMode }) => prefixMode,
  priority: ({ priority }) => priority,
  protectRoute: ({ protectRoute }) => protectRoute,
  mappingGateways: ({ mappingGateways }, all) => names(mappingGateways, all.mappingGateways),
  mappingGatewayGroups: ({ mappingGatewayGroups }, all) => names(mappingGatewayGroups, all.gatewayGroups),
  checkRate: ({ checkRate }) => checkRate,
  leastCostRouting: ({ leastCostRouting }) => leastCostRouting,
  rateByNumberSent: ({ rateByNumberSent }) => rateByNumberSent,
  calculateQuality: ({ calculateQuality }) => calculateQuality,
  callerPool: ({ callerPool: pool }, { numberLists }) =>
    pool === null
      ? null
      : {
          lists: pool.lists.map(list => numberLists[list]!.name),
          linesPerNumber: pool.linesPerNumber,
          order: pool.order,
        },
  'timeouts.inviteSeconds': ({ timeouts }) => seconds(timeouts.inviteMs),
  'timeouts.tryingSeconds': ({ timeouts }) => seconds(timeouts.tryingMs),
  'timeouts.progressSeconds': ({ timeouts }) => seconds(timeouts.progressMs),
  'timeouts.progressSdpSeconds': ({ timeouts }) => seconds(timeouts.progressSdpMs),
  'timeouts.ringingSeconds': ({ timeouts }) => seconds(timeouts.ringingMs),
  'hunting.stopCodes': ({ stopCodes }) =>
    stopCodes.length === 0 ? null : stopCodes.map(({ from, to }) => (from === to ? from : `${from}-${to}`)),
  'hunting.untilConnect': ({ hunting }) => hunting.untilConnect,
  'hunting.stopAfterInviteTimeout': ({ hunting }) => hunting.stopAfterInviteTimeout,
  'hunting.stopAfterUserBusy': ({ hunting }) => hunting.stopAfterUserBusy,
  'hunting.stopAfterSdp': ({ hunting }) => hunting.stopAfterSdp,
  'hunting.stopAfterRinging': ({ hunting }) => hunting.stopAfterRinging,
  'hunting.stopOn6xx': ({ hunting }) => hunting.stopOn6xx,
  maxCallDurationSeconds: ({ maxCallDurationSeconds }) => maxCallDurationSeconds,
};
