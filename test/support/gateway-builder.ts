/** The gateways of a Snapshot by hand; see snapshot-builder.ts. */
import type {
  Account,
  DialPlans,
  MappingGateway,
  NameFilter,
  NumberFilter,
  NumberRules,
  Parameters,
  RoutingGateway,
  Source,
} from '../../src/config/snapshot.ts';
import { emptyDialPlan } from '../../src/routing/dial-plan/dial-plan.ts';

type NameList = { readonly allow: readonly string[] } | { readonly deny: readonly string[] };

export type PrefixDescription =
  | string
  | { readonly prefix: string; readonly mode?: 'extension' | 'expiration'; readonly line?: number };

export interface RoutingGatewayDescription
  extends Partial<
    Omit<
      RoutingGateway,
      'index' | 'clearingAccount' | 'mappingGateways' | 'address' | 'timeouts' | 'hunting' | 'numbers'
    >
  > {
  readonly name: string;
  /** Name of the vendor account; one named `<gateway>-vendor` is made up when absent. */
  readonly clearingAccount?: string;
  readonly prefixes?: readonly PrefixDescription[];
  /** Names of mapping gateways. */
  readonly mappingGateways?: NameList;
  readonly numbers?: Partial<NumberRules>;
  readonly address?: Partial<RoutingGateway['address']>;
  readonly timeouts?: Partial<RoutingGateway['timeouts']>;
  readonly hunting?: Partial<RoutingGateway['hunting']>;
}

export interface MappingGatewayDescription
  extends Partial<Omit<MappingGateway, 'index' | 'account' | 'routingGateways' | 'numbers'>> {
  readonly name: string;
  /** Name of the customer account; one named `<gateway>-customer` is made up when absent. */
  readonly account?: string;
  /** `address`, `address/bits`, or these with a port for authentication `ip-port`. */
  readonly addresses?: readonly (string | { readonly address: string; readonly port: number })[];
  /** Names of routing gateways. */
  readonly routingGateways?: NameList;
  readonly callerPrefixes?: NameList;
  readonly calleePrefixes?: NameList;
  readonly numbers?: Partial<NumberRules>;
}

export const anyNumbers: NumberRules = {
  callerPrefixes: { kind: 'any' },
  calleePrefixes: { kind: 'any' },
  forwardingPrefixes: { kind: 'any' },
  callerCalleePrefixes: { kind: 'any' },
  callerLengths: { kind: 'any' },
  calleeLengths: { kind: 'any' },
  callerLists: { kind: 'any' },
  calleeLists: { kind: 'any' },
  calleeNetwork: 'any',
};

const noDialPlans: DialPlans = {
  caller: emptyDialPlan,
  callee: emptyDialPlan,
  forwarding: emptyDialPlan,
};

export const noPlaces = { settings: [], at: [], inherited: {} };

export function buildMappingGateway(
  description: MappingGatewayDescription,
  index: number,
  context: {
    readonly parameters: Parameters;
    readonly accounts: readonly Account[];
    readonly routingNames: readonly string[];
  },
): MappingGateway {
  const { account, addresses, routingGateways, callerPrefixes, calleePrefixes, numbers, ...rest } =
    description;
  const source = sourceOf(`gateways/mapping/${description.name}.yaml`);
  return {
    source,
    places: noPlaces,
    authentication: (addresses ?? []).some(one => typeof one !== 'string') ? 'ip-port' : 'ip',
    locked: false,
    lines: null,
    callRate: null,
    protectRouteDelayMs: context.parameters.protectRouteDelayMs,
    maxCallDurationSeconds: null,
    callProceedingTimeoutMs: null,
    replaceFailedReason: null,
    routingGatewayGroups: { kind: 'any' },
    groups: [],
    periods: [],
    dialPlans: noDialPlans,
    periodDialPlans: [],
    firstRoutePolicy: 'none',
    secondRoutePolicy: 'none',
    callLevel: 'international',
    routeShares: null,
    minimumProfitPercent: null,
    maximumRate: null,
    lrn: null,
    ...rest,
    index,
    account: indexOfName(
      context.accounts.map(one => one.name),
      account ?? `${description.name}-customer`,
    ),
    numbers: {
      ...anyNumbers,
      callerPrefixes: numberFilter(callerPrefixes, source),
      calleePrefixes: numberFilter(calleePrefixes, source),
      ...numbers,
    },
    routingGateways: nameFilter(routingGateways, context.routingNames, source),
  };
}

export function buildRoutingGateway(
  description: RoutingGatewayDescription,
  index: number,
  context: {
    readonly parameters: Parameters;
    readonly accounts: readonly Account[];
    readonly mappingNames: readonly string[];
  },
): RoutingGateway {
  const {
    clearingAccount,
    prefixes: _,
    mappingGateways,
    address,
    timeouts,
    hunting,
    numbers,
    ...rest
  } = description;
  const source = sourceOf(`gateways/routing/${description.name}.yaml`);
  return {
    source,
    places: noPlaces,
    priority: 100,
    prefixMode: 'extension',
    protectRoute: false,
    locked: false,
    lines: null,
    callRate: null,
    checkRate: false,
    stopCodes: [],
    maxCallDurationSeconds: null,
    mappingGatewayGroups: { kind: 'any' },
    groups: [],
    periods: [],
    dialPlans: noDialPlans,
    periodDialPlans: [],
    callerPool: null,
    rateByNumberSent: false,
    leastCostRouting: false,
    minimumProfitPercent: null,
    maximumRate: null,
    calculateQuality: false,
    optionsCheck: false,
    ...rest,
    numbers: { ...anyNumbers, ...numbers },
    index,
    clearingAccount: indexOfName(
      context.accounts.map(one => one.name),
      clearingAccount ?? `${description.name}-vendor`,
    ),
    address: { host: '127.0.0.1', port: 5080 + index, transport: 'udp', ...address },
    mappingGateways: nameFilter(mappingGateways, context.mappingNames, source),
    timeouts: { ...context.parameters.timeouts, ...timeouts },
    hunting: { ...context.parameters.hunting, ...hunting },
  };
}

function nameFilter(list: NameList | undefined, names: readonly string[], source: Source): NameFilter {
  if (list === undefined) return { kind: 'any' };
  if ('allow' in list) {
    return { kind: 'allow', indexes: list.allow.map(name => indexOfName(names, name)), source };
  }
  return { kind: 'deny', indexes: list.deny.map(name => indexOfName(names, name)), source };
}

function numberFilter(list: NameList | undefined, source: Source): NumberFilter {
  if (list === undefined) return { kind: 'any' };
  if ('allow' in list) return { kind: 'allow', prefixes: list.allow, source };
  return { kind: 'deny', prefixes: list.deny, source };
}

export function indexOfName(names: readonly string[], name: string): number {
  const index = names.indexOf(name);
  if (index < 0) throw new Error(`nothing is named ${name}`);
  return index;
}

export function sourceOf(file: string): Source {
  return { file, line: 1, column: 1 };
}
