/** Where each setting of the files is in a Snapshot, in the words of the file: what `config show` must print. */
import type { Kind } from '../../../src/config/kinds.ts';
import type {
  Account,
  CallRate,
  DialPlans,
  GatewayGroup,
  LengthFilter,
  MappingGateway,
  NameFilter,
  NumberFilter,
  NumberListFilter,
  PairFilter,
  RoutingGateway,
  Snapshot,
} from '../../../src/config/snapshot.ts';
import { formatRate } from '../../../src/rating/decimal.ts';
import type { DialPlan } from '../../../src/routing/dial-plan/dial-plan.ts';
import { rangeText } from './shown-values.ts';

type Compiled<T> = Readonly<Record<string, (object: T, snapshot: Snapshot) => unknown>>;

const seconds = (ms: number | null) => (ms === null ? null : ms / 1000);
const calls = (rate: CallRate | null) => rate?.calls ?? null;
const perSeconds = (rate: CallRate | null) => rate?.perSeconds ?? null;

function prefixesOf(filter: NumberFilter, kind: 'allow' | 'deny'): unknown {
  return filter.kind === kind ? filter.prefixes : null;
}

type Gateway = MappingGateway | RoutingGateway;

function kindOf({ kind }: { readonly kind: 'any' | 'allow' | 'deny' }): unknown {
  return kind === 'any' ? null : kind;
}

function pairsOf(filter: PairFilter, kind: 'allow' | 'deny'): unknown {
  return filter.kind === kind ? filter.pairs.map(({ caller, callee }) => `${caller}:${callee}`) : null;
}

/** Every length for itself. */
function lengthsOf(filter: LengthFilter): unknown {
  if (filter.kind === 'any') return null;
  const bits = (BigInt(filter.high) << 32n) | BigInt(filter.low);
  return Array.from({ length: 64 }, (_, i) => i).filter(i => ((bits >> BigInt(i)) & 1n) === 1n);
}

function listsOf(filter: NumberListFilter, kind: 'allow' | 'deny', { numberLists }: Snapshot): unknown {
  return filter.kind === kind ? filter.lists.map(list => numberLists[list]!.name) : null;
}

/** The better fit stands first in a Snapshot. */
function rulesOf({ rules }: DialPlan): unknown {
  return rules.length === 0 ? null : rules.map(({ text }) => text).sort();
}

function allRulesOf({ caller, callee, forwarding }: DialPlans): unknown {
  return { caller: rulesOf(caller), callee: rulesOf(callee), forwarding: rulesOf(forwarding) };
}

function bare(filter: NumberFilter): unknown {
  return filter.kind === 'any' ? null : { [filter.kind]: filter.prefixes };
}

/** In the order of the alphabet, as the objects are. */
function namesOf(
  filter: NameFilter,
  kind: 'allow' | 'deny',
  objects: readonly { readonly name: string }[],
): unknown {
  return filter.kind === kind ? filter.indexes.map(index => objects[index]!.name) : null;
}

/** What both kinds of gateways have. */
const anyGateway: Compiled<MappingGateway | RoutingGateway> = {
  locked: ({ locked }) => locked,
  lines: ({ lines }) => lines,
  callRate: ({ callRate }) => callRate,
  'callRate.calls': ({ callRate }) => calls(callRate),
  'callRate.perSeconds': ({ callRate }) => perSeconds(callRate),
  groups: ({ groups }, { gatewayGroups }) =>
    groups.length === 0
      ? null
      : groups.map(({ group, reservedLines }) => ({ group: gatewayGroups[group]!.name, reservedLines })),
  ...Object.fromEntries(
    (['callerPrefixes', 'calleePrefixes', 'forwardingPrefixes'] as const).flatMap(key => [
      [key, ({ numbers }: Gateway) => kindOf(numbers[key])],
      [`${key}.allow`, ({ numbers }: Gateway) => prefixesOf(numbers[key], 'allow')],
      [`${key}.deny`, ({ numbers }: Gateway) => prefixesOf(numbers[key], 'deny')],
    ]),
  ),
  callerCalleePrefixes: ({ numbers }) => kindOf(numbers.callerCalleePrefixes),
  'callerCalleePrefixes.allow': ({ numbers }) => pairsOf(numbers.callerCalleePrefixes, 'allow'),
  'callerCalleePrefixes.deny': ({ numbers }) => pairsOf(numbers.callerCalleePrefixes, 'deny'),
  callerLengths: ({ numbers }) => lengthsOf(numbers.callerLengths),
  calleeLengths: ({ numbers }) => lengthsOf(numbers.calleeLengths),
  ...Object.fromEntries(
    (['callerLists', 'calleeLists'] as const).flatMap(key => [
      [key, ({ numbers }: Gateway) => kindOf(numbers[key])],
      [`${key}.allow`, ({ numbers }: Gateway, all: Snapshot) => listsOf(numbers[key], 'allow', all)],
      [`${key}.deny`, ({ numbers }: Gateway, all: Snapshot) => listsOf(numbers[key], 'deny', all)],
    ]),
  ),
  calleeNetwork: ({ numbers }) => numbers.calleeNetwork,
  minimumProfitPercent: ({ minimumProfitPercent }) => minimumProfitPercent,
  maximumRate: ({ maximumRate }) => maximumRate,
  'maximumRate.rate': ({ maximumRate }) => (maximumRate === null ? null : formatRate(maximumRate.amount)),
  'maximumRate.perSeconds': ({ maximumRate }) => maximumRate?.seconds ?? null,
  'dialPlans.caller': ({ dialPlans }) => rulesOf(dialPlans.caller),
  'dialPlans.callee': ({ dialPlans }) => rulesOf(dialPlans.callee),
  'dialPlans.forwarding': ({ dialPlans }) => rulesOf(dialPlans.forwarding),
  periods: ({ periods, periodDialPlans }, all) =>
    periods.length === 0
      ? null
      : periods.map(period => ({
          calendar: all.calendars[period.calendar]!.name,
          available: period.available,
          lines: period.lines,
          priority: period.priority,
          callerPrefixes: period.callerPrefixes === null ? null : bare(period.callerPrefixes),
          calleePrefixes: period.calleePrefixes === null ? null : bare(period.calleePrefixes),
          dialPlans: period.dialPlans < 0 ? null : allRulesOf(periodDialPlans[period.dialPlans]!),
        })),
};

const mappingGateway: Compiled<MappingGateway> = {
  ...anyGateway,
  account: ({ account }, { accounts }) => accounts[account]!.name,
  authentication: ({ authentication }) => authentication,
  addresses: ({ index }, { ingress }) =>
    ingress.addresses.filter(one => one.mappingGateway === index).map(rangeText),
  routingGateways: ({ routingGateways: { kind } }) => (kind === 'any' ? null : kind),
  'routingGateways.allow': ({ routingGateways }, all) =>
    namesOf(routingGateways, 'allow', all.routingGateways),
  'routingGateways.deny': ({ routingGateways }, all) => namesOf(routingGateways, 'deny', all.routingGateways),
  routingGatewayGroups: ({ routingGatewayGroups: { kind } }) => (kind === 'any' ? null : kind),
  'routingGatewayGroups.allow': ({ routingGatewayGroups }, all) =>
    namesOf(routingGatewayGroups, 'allow', all.gatewayGroups),
  'routingGatewayGroups.deny': ({ routingGatewayGroups }, all) =>
    namesOf(routingGatewayGroups, 'deny', all.gatewayGroups),
  firstRoutePolicy: ({ firstRoutePolicy }) => firstRoutePolicy,
  secondRoutePolicy: ({ secondRoutePolicy }) => secondRoutePolicy,
  callLevel: ({ callLevel }) => callLevel,
  routeShares: ({ routeShares }) =>
    routeShares?.shares.map(({ tag, weight }) => ({ tag, share: weight })) ?? null,
  lrn: ({ lrn }) => lrn,
  'lrn.table': ({ lrn }, { lrnTables }) => (lrn === null ? null : lrnTables[lrn.table]!.name),
  'lrn.eatPrefixDigits': ({ lrn }) => lrn?.eatPrefixDigits ?? null,
  'lrn.onFailure': ({ lrn }) => lrn?.onFailure ?? null,
  'lrn.intrastatePrefix': ({ lrn }) => lrn?.intrastatePrefix ?? null,
  'lrn.interstatePrefix': ({ lrn }) => lrn?.interstatePrefix ?? null,
  'lrn.undeterminedPrefix': ({ lrn }) => lrn?.undeterminedPrefix ?? null,
  'lrn.routeByLrn': ({ lrn }) => lrn?.routeByLrn ?? null,
  protectRouteDelaySeconds: ({ protectRouteDelayMs }) => seconds(protectRouteDelayMs),
  maxCallDurationSeconds: ({ maxCallDurationSeconds }) => maxCallDurationSeconds,
  callProceedingTimeoutSeconds: ({ callProceedingTimeoutMs }) => seconds(callProceedingTimeoutMs),
  replaceFailedReason: ({ replaceFailedReason: replaced }) =>
    replaced === null
      ? null
      : [...replaced.codes, ...(replaced.other === null ? [] : [{ from: 'other', to: replaced.other }])],
};

const routingGateway: Compiled<RoutingGateway> = {
  ...anyGateway,
  mappingGatewayGroups: ({ mappingGatewayGroups: { kind } }) => (kind === 'any' ? null : kind),
  'mappingGatewayGroups.allow': ({ mappingGatewayGroups }, all) =>
    namesOf(mappingGatewayGroups, 'allow', all.gatewayGroups),
  'mappingGatewayGroups.deny': ({ mappingGatewayGroups }, all) =>
    namesOf(mappingGatewayGroups, 'deny', all.gatewayGroups),
  optionsCheck: ({ optionsCheck }) => optionsCheck,
  leastCostRouting: ({ leastCostRouting }) => leastCostRouting,
  rateByNumberSent: ({ rateByNumberSent }) => rateByNumberSent,
  calculateQuality: ({ calculateQuality }) => calculateQuality,
  callerPool: ({ callerPool }) => callerPool,
  'callerPool.lists': ({ callerPool }, { numberLists }) =>
    callerPool?.lists.map(list => numberLists[list]!.name) ?? null,
  'callerPool.linesPerNumber': ({ callerPool }) => callerPool?.linesPerNumber ?? null,
  'callerPool.order': ({ callerPool }) => callerPool?.order ?? null,
  clearingAccount: ({ clearingAccount }, { accounts }) => accounts[clearingAccount]!.name,
  address: ({ address: { host, port } }) => ({ host, port }),
  transport: ({ address: { transport } }) => transport,
  prefixes: ({ index }, snapshot) => countOfPrefixes(snapshot, index),
  prefixMode: ({ prefixMode }) => prefixMode,
  priority: ({ priority }) => priority,
  protectRoute: ({ protectRoute }) => protectRoute,
  mappingGateways: ({ mappingGateways: { kind } }) => (kind === 'any' ? null : kind),
  'mappingGateways.allow': ({ mappingGateways }, all) =>
    namesOf(mappingGateways, 'allow', all.mappingGateways),
  'mappingGateways.deny': ({ mappingGateways }, all) => namesOf(mappingGateways, 'deny', all.mappingGateways),
  checkRate: ({ checkRate }) => checkRate,
  'timeouts.inviteSeconds': ({ timeouts }) => seconds(timeouts.inviteMs),
  'timeouts.tryingSeconds': ({ timeouts }) => seconds(timeouts.tryingMs),
  'timeouts.progressSeconds': ({ timeouts }) => seconds(timeouts.progressMs),
  'timeouts.progressSdpSeconds': ({ timeouts }) => seconds(timeouts.progressSdpMs),
  'timeouts.ringingSeconds': ({ timeouts }) => seconds(timeouts.ringingMs),
  'hunting.stopCodes': ({ stopCodes }) =>
    stopCodes.length === 0
      ? null
      : stopCodes.map(({ from, to }) => (from === to ? from : `${Math.floor(from / 100)}xx`)),
  'hunting.untilConnect': ({ hunting }) => hunting.untilConnect,
  'hunting.stopAfterInviteTimeout': ({ hunting }) => hunting.stopAfterInviteTimeout,
  'hunting.stopAfterUserBusy': ({ hunting }) => hunting.stopAfterUserBusy,
  'hunting.stopAfterSdp': ({ hunting }) => hunting.stopAfterSdp,
  'hunting.stopAfterRinging': ({ hunting }) => hunting.stopAfterRinging,
  'hunting.stopOn6xx': ({ hunting }) => hunting.stopOn6xx,
  maxCallDurationSeconds: ({ maxCallDurationSeconds }) => maxCallDurationSeconds,
};

const account: Compiled<Account> = {
  kind: ({ kind }) => kind,
  rateTable: ({ rateTable }, { rateTables }) => (rateTable === null ? null : rateTables[rateTable]!.name),
  rateTables: ({ timedRateTables }, { calendars, rateTables }) =>
    timedRateTables.length === 0
      ? null
      : timedRateTables.map(one => ({
          calendar: calendars[one.calendar]!.name,
          rateTable: rateTables[one.rateTable]!.name,
        })),
  privateRateTable: ({ privateRateTable }, { rateTables }) =>
    privateRateTable === null ? null : rateTables[privateRateTable]!.name,
  unrated: ({ unrated }) => unrated,
  overdraftLimit: ({ overdraftLimit }) => String(overdraftLimit),
  locked: ({ locked }) => locked,
  validUntil: ({ validUntilMs }) => validUntilMs,
  lines: ({ lines }) => lines,
  callRate: ({ callRate }) => callRate,
  'callRate.calls': ({ callRate }) => calls(callRate),
  'callRate.perSeconds': ({ callRate }) => perSeconds(callRate),
  maxCallDurationSeconds: ({ maxCallDurationSeconds }) => maxCallDurationSeconds,
};

const gatewayGroup: Compiled<GatewayGroup> = {
  lines: ({ lines }) => lines,
  timedLines: ({ timedLines }, { calendars }) =>
    timedLines.length === 0
      ? null
      : timedLines.map(({ calendar, lines }) => ({ calendar: calendars[calendar]!.name, lines })),
};

const root: Compiled<unknown> = {
  onNetNumbers: (_, { onNetNumbers, numberLists }) =>
    onNetNumbers.length === 0 ? null : onNetNumbers.map(list => numberLists[list]!.name),
  name: (_, { switch: { name } }) => name,
  currency: (_, { switch: { currency } }) => currency,
  'sip.listen': (_, { switch: { sip } }) => sip.listen,
  'sip.server': (_, { switch: { sip } }) => sip.server.kind,
  'sip.server.host': (_, { switch: { sip } }) => (sip.server.kind === 'drachtio' ? sip.server.host : null),
  'sip.server.port': (_, { switch: { sip } }) => (sip.server.kind === 'drachtio' ? sip.server.port : null),
  'sip.server.secret.env': (_, { switch: { sip } }) =>
    sip.server.kind === 'drachtio' && 'env' in sip.server.secret ? sip.server.secret.env : null,
  'store.path': (_, { switch: { store } }) => store.path,
  'history.versions': (_, { switch: { history } }) => history.versions,
  'history.days': (_, { switch: { history } }) => history.days,
  'history.compiledVersions': (_, { switch: { history } }) => history.compiledVersions,
  'history.megabytes': (_, { switch: { history } }) => history.megabytes,
  'plan.allow.routes': (_, { switch: { plan } }) => plan?.allow.routes ?? null,
  'plan.allow.rates': (_, { switch: { plan } }) => plan?.allow.rates ?? null,
  rollout: (_, { switch: { rollout } }) => rollout ?? null,
  'rollout.canaryPercent': (_, { switch: { rollout } }) => rollout?.canaryPercent ?? null,
  'rollout.forMinutes': (_, { switch: { rollout } }) => (rollout?.forMs ?? 600_000) / 60_000,
  'rollout.abort.asrDropPoints': (_, { switch: { rollout } }) => rollout?.asrDropPoints ?? 5,
  'rollout.abort.pddRiseSeconds': (_, { switch: { rollout } }) => (rollout?.pddRiseMs ?? 1000) / 1000,
  'rollout.abort.minimumCalls': (_, { switch: { rollout } }) => rollout?.minimumCalls ?? 200,
  'hunting.stopOn6xx': (_, { parameters: { hunting } }) => hunting.stopOn6xx,
  'hunting.stopAfterRinging': (_, { parameters: { hunting } }) => hunting.stopAfterRinging,
  ...parameters({
    SS_SIP_TIMEOUT_INVITE: ({ timeouts }) => seconds(timeouts.inviteMs),
    SS_SIP_TIMEOUT_TRYING: ({ timeouts }) => seconds(timeouts.tryingMs),
    SS_SIP_TIMEOUT_SESSION_PROGRESS: ({ timeouts }) => seconds(timeouts.progressMs),
    SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP: ({ timeouts }) => seconds(timeouts.progressSdpMs),
    SS_SIP_TIMEOUT_RINGING: ({ timeouts }) => seconds(timeouts.ringingMs),
    SS_SIP_RESEND_INTERVAL: ({ resendIntervalsMs }) => resendIntervalsMs.map(seconds),
    SS_SIP_SEND_RETRY: ({ resendIntervalsMs }) => resendIntervalsMs.length,
    SS_GATEWAY_SWITCH_LIMIT: ({ gatewaySwitchLimit }) => gatewaySwitchLimit,
    SS_GATEWAY_SWITCH_UNTIL_CONNECT: ({ hunting }) => hunting.untilConnect,
    SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY: ({ hunting }) => hunting.stopAfterUserBusy,
    SS_SIP_STOP_SWITCH_AFTER_SDP: ({ hunting }) => hunting.stopAfterSdp,
    SS_SIP_USER_AGENT_STOP_SWITCH_AFTER_INVITE_TIMEOUT: ({ hunting }) => hunting.stopAfterInviteTimeout,
    SS_TRY_PROTECT_ROUTE_DELAY: ({ protectRouteDelayMs }) => seconds(protectRouteDelayMs),
    SERVER_GATEWAY_ROUTE_PREFIX: ({ routeTags }) => routeTags,
    SS_GATEWAY_ASR_CALCULATE: ({ quality }) => quality.enabled,
    SS_GATEWAY_QUALITY_RESERVE_TIME: ({ quality }) => quality.windowSeconds,
    SS_GATEWAY_QUALITY_RESERVE_SEPARATE: ({ quality }) => quality.sliceSeconds,
    SS_SIP_OPTIONS_CHECK_PERIOD: ({ optionsPeriodMs }) => seconds(optionsPeriodMs),
    SS_MAX_CPS: ({ callRate }) => calls(callRate),
    SS_MAX_CALL_DURATION: ({ maxCallDurationSeconds }) => maxCallDurationSeconds,
    SS_SIP_NO_TIMER_REINVITE_INTERVAL: ({ noTimerCapSeconds }) => noTimerCapSeconds,
    SS_REPLY_UNAUTHORIZED: ({ replyUnauthorized }) => replyUnauthorized,
    SERVER_BILLING_RECORD_ILLEGAL_CALL: ({ recordIllegalCalls }) => recordIllegalCalls,
    SERVER_BILLING_RECORD_ZERO_HOLD_TIME: ({ recordUnanswered }) => recordUnanswered,
    SERVER_BILLING_RECORD_SERVER_HANG_UP: ({ recordServerHangUp }) => recordServerHangUp,
    SERVER_BILLING_HOLD_TIME_PRECISION: ({ holdTimePrecisionMs }) => holdTimePrecisionMs,
    SERVER_BILLING_FEE_PRECISION: ({ feePrecision }) => feePrecision,
    SERVER_BILLING_FREE_TIME: ({ freeSeconds }) => freeSeconds,
    SERVER_BILLING_FREE_E164S: ({ freeNumbers }) => freeNumbers,
    SERVER_BILLING_PREVENT_OVERDRAFT_ADVANCE_TIME: ({ creditHoldStepSeconds }) => creditHoldStepSeconds / 60,
    SERVER_VERIFY_CLEARING_CUSTOMER_REMAIN_MONEY_LIMIT: ({ verifyVendorCredit }) => verifyVendorCredit,
  }),
};

function parameters(
  byName: Readonly<Record<string, (parameters: Snapshot['parameters']) => unknown>>,
): Compiled<unknown> {
  return Object.fromEntries(
    Object.entries(byName).map(([name, value]) => [
      `parameters.${name}`,
      (_: unknown, snapshot: Snapshot) => value(snapshot.parameters),
    ]),
  );
}

function countOfPrefixes({ routes }: Snapshot, gateway: number): number {
  return [...routes.gateway.subarray(0, routes.entryCount)].filter(one => one === gateway).length;
}

/** The compiled value in the words of the file; throws for a setting that nobody has said here where to find. */
export function compiledValue(snapshot: Snapshot, kind: Kind, name: string, path: string): unknown {
  const find = <T extends { readonly name: string }>(all: readonly T[], compiled: Compiled<T>) =>
    known(compiled, kind, path)(all.find(one => one.name === name)!, snapshot);
  switch (kind) {
    case 'switch':
      return known(root, kind, path)(null, snapshot);
    case 'mapping-gateway':
      return find(snapshot.mappingGateways, mappingGateway);
    case 'routing-gateway':
      return find(snapshot.routingGateways, routingGateway);
    case 'account':
      return find(snapshot.accounts, account);
    case 'gateway-group':
      return find(snapshot.gatewayGroups, gatewayGroup);
    default:
      throw new Error(`no values of a ${kind} are known here`);
  }
}

function known<T>(compiled: Compiled<T>, kind: Kind, path: string): Compiled<T>[string] {
  const value = compiled[path];
  if (value === undefined)
    throw new Error(`say in ${import.meta.url} where ${path} of a ${kind} is in a Snapshot`);
  return value;
}
