/** Gateways and their groups, with everything they refer to by index. */
import type { ParsedDirectory } from '../directory.ts';
import type { ParsedMappingGateway, ParsedRoutingGateway } from '../parsed.ts';
import type { ParsedGateway } from '../parsed-routing.ts';
import { type Levels, Settings } from '../resolve/settings.ts';
import type {
  DialPlans,
  GatewayGroup,
  GatewayPeriod,
  GroupMembership,
  MappingGateway,
  NumberRules,
  RateLimit,
  RoutingGateway,
} from '../snapshot.ts';
import { type CallerPools, compileNumberRules, compilePrefixes } from './numbers.ts';
import { compileNames, indexIn, present } from './references.ts';
import type { SharedPlaces } from './shared-places.ts';

/** What the objects of one configuration are compiled with. */
export interface Context {
  readonly directory: ParsedDirectory;
  readonly levels: Levels;
  readonly places: SharedPlaces;
  readonly pools: CallerPools;
}

export function compileMappingGateway(
  gateway: ParsedMappingGateway,
  index: number,
  { directory, levels, places }: Context,
): MappingGateway {
  const settings = new Settings('mapping-gateway', gateway.stated, levels);
  const { routeShares, lrn } = gateway;
  return {
    index,
    name: gateway.name,
    source: gateway.place,
    places: places.of('mapping-gateway', gateway.stated),
    account: indexIn(directory.accounts, gateway.account),
    authentication: gateway.authentication,
    ...compileGateway(gateway, directory),
    callRate: gateway.callRate,
    routingGateways: compileNames(gateway.routingGateways, directory.routingGateways),
    routingGatewayGroups: compileNames(gateway.routingGatewayGroups, directory.gatewayGroups),
    firstRoutePolicy: gateway.firstRoutePolicy,
    secondRoutePolicy: gateway.secondRoutePolicy,
    callLevel: gateway.callLevel,
    routeShares:
      routeShares === null
        ? null
        : {
            shares: routeShares.shares.map(({ tag, percent, place }) => {
              return { tag, weight: percent, source: place };
            }),
            total: routeShares.shares.reduce((sum, { percent }) => sum + percent, 0),
            source: routeShares.place,
          },
    lrn: lrn === null ? null : compileLrn(lrn, directory),
    protectRouteDelayMs: settings.milliseconds('protectRouteDelaySeconds'),
    maxCallDurationSeconds: gateway.maxCallDurationSeconds,
    callProceedingTimeoutMs: gateway.callProceedingTimeoutMs,
    replaceFailedReason: gateway.replaceFailedReason,
  };
}

function compileLrn(
  { table, place, ...settings }: NonNullable<ParsedMappingGateway['lrn']>,
  directory: ParsedDirectory,
): NonNullable<MappingGateway['lrn']> {
  return { table: indexIn(directory.lrnTables, table), ...settings, source: place };
}

export function compileRoutingGateway(
  gateway: ParsedRoutingGateway,
  index: number,
  { directory, levels, places, pools }: Context,
): RoutingGateway {
  const settings = new Settings('routing-gateway', gateway.stated, levels);
  return {
    index,
    name: gateway.name,
    source: gateway.place,
    places: places.of('routing-gateway', gateway.stated),
    clearingAccount: indexIn(directory.accounts, gateway.clearingAccount),
    address: present(gateway.address, gateway.name),
    priority: gateway.priority,
    prefixMode: gateway.prefixMode,
    protectRoute: gateway.protectRoute,
    ...compileGateway(gateway, directory),
    callRate: gateway.callRate,
    mappingGateways: compileNames(gateway.mappingGateways, directory.mappingGateways),
    mappingGatewayGroups: compileNames(gateway.mappingGatewayGroups, directory.gatewayGroups),
    callerPool: pools.compile(gateway.callerPool),
    rateByNumberSent: gateway.rateByNumberSent,
    leastCostRouting: gateway.leastCostRouting,
    calculateQuality: settings.boolean('calculateQuality'),
    optionsCheck: gateway.optionsCheck,
    checkRate: gateway.checkRate,
    timeouts: {
      inviteMs: settings.milliseconds('timeouts.inviteSeconds'),
      tryingMs: settings.milliseconds('timeouts.tryingSeconds'),
      progressMs: settings.milliseconds('timeouts.progressSeconds'),
      progressSdpMs: settings.milliseconds('timeouts.progressSdpSeconds'),
      ringingMs: settings.milliseconds('timeouts.ringingSeconds'),
    },
    hunting: {
      stopAfterInviteTimeout: settings.boolean('hunting.stopAfterInviteTimeout'),
      stopAfterUserBusy: settings.boolean('hunting.stopAfterUserBusy'),
      stopAfterSdp: settings.boolean('hunting.stopAfterSdp'),
      stopAfterRinging: settings.boolean('hunting.stopAfterRinging'),
      stopOn6xx: settings.boolean('hunting.stopOn6xx'),
      untilConnect: settings.boolean('hunting.untilConnect'),
    },
    stopCodes: gateway.stopCodes,
    maxCallDurationSeconds: gateway.maxCallDurationSeconds,
  };
}

/** What mapping and routing gateways have in common. */
interface CommonSettings {
  readonly locked: boolean;
  readonly lines: number | null;
  readonly numbers: NumberRules;
  readonly groups: readonly GroupMembership[];
  readonly periods: readonly GatewayPeriod[];
  readonly dialPlans: DialPlans;
  readonly periodDialPlans: readonly DialPlans[];
  readonly minimumProfitPercent: number | null;
  readonly maximumRate: RateLimit | null;
}

function compileGateway(gateway: ParsedGateway, directory: ParsedDirectory): CommonSettings {
  const periodDialPlans: DialPlans[] = [];
  const periods = gateway.periods.map((period): GatewayPeriod => {
    const { calendar, place, available, lines, priority, callerPrefixes, calleePrefixes, dialPlans } = period;
    return {
      calendar: indexIn(directory.calendars, calendar),
      source: place,
      available,
      lines,
      priority,
      callerPrefixes: callerPrefixes === null ? null : compilePrefixes(callerPrefixes),
      calleePrefixes: calleePrefixes === null ? null : compilePrefixes(calleePrefixes),
      dialPlans: dialPlans === null ? -1 : periodDialPlans.push(dialPlans) - 1,
    };
  });
  return {
    locked: gateway.locked,
    lines: gateway.lines,
    numbers: compileNumberRules(gateway.numbers, directory),
    groups: gateway.groups.map(({ group, reservedLines, place }) => {
      return { group: indexIn(directory.gatewayGroups, group), reservedLines, source: place };
    }),
    periods,
    dialPlans: gateway.dialPlans,
    periodDialPlans,
    minimumProfitPercent: gateway.minimumProfitPercent,
    maximumRate: gateway.maximumRate,
  };
}

export function compileGatewayGroups(directory: ParsedDirectory): readonly GatewayGroup[] {
  return directory.gatewayGroups.all.map(({ name, place, lines, linesPlace, timedLines }, index) => ({
    index,
    name,
    source: place,
    places: {
      settings: lines === null ? [] : ['lines'],
      at: lines === null ? [] : [linesPlace.line, linesPlace.column],
      inherited: {},
    },
    lines,
    timedLines: timedLines.map(timed => ({
      calendar: indexIn(directory.calendars, timed.calendar),
      lines: timed.lines,
      source: timed.place,
    })),
  }));
}
