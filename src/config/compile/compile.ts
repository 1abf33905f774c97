/** A parsed configuration without errors → the Snapshot. The only place that makes one. */
import { createHash } from 'node:crypto';
import { RouteTableBuilder } from '../../routing/route-table-builder.ts';
import type { Named, ParsedDirectory } from '../directory.ts';
import type { TextAt } from '../parse/fields.ts';
import type {
  ParsedAccount,
  ParsedCalendar,
  ParsedMappingGateway,
  ParsedNames,
  ParsedObject,
  ParsedRoutingGateway,
} from '../parsed.ts';
import { type Levels, Settings } from '../resolve/settings.ts';
import type {
  Account,
  Calendar,
  IngressAddress,
  MappingGateway,
  NameFilter,
  RouteTable,
  RoutingGateway,
  Snapshot,
} from '../snapshot.ts';
import { canonicalText } from './canonical.ts';
import { compileNumberRules, noDialPlans } from './numbers.ts';
import { SharedPlaces } from './shared-places.ts';

/** What the objects of one configuration are compiled with. */
interface Context {
  readonly directory: ParsedDirectory;
  readonly levels: Levels;
  readonly places: SharedPlaces;
}

/** Throws when something that had a diagnostic is compiled all the same. */
export function compile(directory: ParsedDirectory, commit: string | null): Snapshot {
  const levels = { switch: directory.switch.stated };
  const context = { directory, levels, places: new SharedPlaces(levels) };
  const mappingGateways = directory.mappingGateways.all.map((gateway, index) =>
    compileMappingGateway(gateway, index, context),
  );
  const routingGateways = directory.routingGateways.all.map((gateway, index) =>
    compileRoutingGateway(gateway, index, context),
  );
  const accounts = directory.accounts.all.map((account, index) => compileAccount(account, index, context));
  const rateTables = directory.rateTables.all.map(({ name, table }) => present(table, name));
  const calendars = directory.calendars.all.map(compileCalendar);
  const ingress = { addresses: compileIngress(directory) };
  const { settings, parameters } = directory.switch;
  const meaning = {
    settings,
    parameters,
    mappingGateways,
    routingGateways,
    accounts,
    ingress,
    prefixes: directory.routingGateways.all.map(({ prefixes }) => prefixes),
    calendars: calendars.map(calendar => ({ ...calendar, zone: calendar.zone.name })),
    rates: directory.rateTables.all.map(table => [table.name, table.meaning]),
  };
  const snapshot: Omit<Snapshot, keyof BrandOf<Snapshot>> = {
    hash: createHash('sha256').update(canonicalText(meaning)).digest('hex'),
    commit,
    switch: settings,
    parameters,
    mappingGateways,
    routingGateways,
    accounts,
    rateTables,
    calendars,
    gatewayGroups: [],
    numberLists: [],
    onNetNumbers: [],
    lrnTables: [],
    ingress,
    routes: compileRoutes(directory),
  };
  return snapshot as Snapshot;
}

/** The symbol that marks a Snapshot as compiled. It exists for the type checker only. */
type BrandOf<T> = { readonly [K in keyof T as K extends symbol ? K : never]: T[K] };

function compileMappingGateway(
  gateway: ParsedMappingGateway,
  index: number,
  { directory, levels, places }: Context,
): MappingGateway {
  const settings = new Settings('mapping-gateway', gateway.stated, levels);
  return {
    index,
    name: gateway.name,
    source: gateway.place,
    places: places.of('mapping-gateway', gateway.stated),
    account: indexIn(directory.accounts, gateway.account),
    authentication: gateway.authentication,
    locked: gateway.locked,
    lines: gateway.lines,
    callRate: gateway.callRate,
    numbers: compileNumberRules(gateway),
    routingGateways: compileNames(gateway.routingGateways, directory.routingGateways),
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
    protectRouteDelayMs: settings.milliseconds('protectRouteDelaySeconds'),
    maxCallDurationSeconds: gateway.maxCallDurationSeconds,
    callProceedingTimeoutMs: gateway.callProceedingTimeoutMs,
    replaceFailedReason: gateway.replaceFailedReason,
  };
}

function compileRoutingGateway(
  gateway: ParsedRoutingGateway,
  index: number,
  { directory, levels, places }: Context,
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
    locked: gateway.locked,
    lines: gateway.lines,
    callRate: gateway.callRate,
    numbers: compileNumberRules({ callerPrefixes: null, calleePrefixes: null }),
    mappingGateways: compileNames(gateway.mappingGateways, directory.mappingGateways),
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

function compileAccount(account: ParsedAccount, index: number, { directory, places }: Context): Account {
  return {
    index,
    name: account.name,
    source: account.place,
    places: places.of('account', account.stated),
    kind: present(account.kind, account.name),
    locked: account.locked,
    overdraftLimit: account.overdraftLimit,
    rateTable: account.rateTable === null ? null : indexIn(directory.rateTables, account.rateTable),
    timedRateTables: account.timedRateTables.map(({ calendar, rateTable }) => ({
      calendar: indexIn(directory.calendars, calendar),
      rateTable: indexIn(directory.rateTables, rateTable),
    })),
    privateRateTable:
      account.privateRateTable === null ? null : indexIn(directory.rateTables, account.privateRateTable),
    unrated: account.unrated,
    validUntilMs: account.validUntilMs,
    lines: account.lines,
    callRate: account.callRate,
    maxCallDurationSeconds: account.maxCallDurationSeconds,
  };
}

function compileCalendar(calendar: ParsedCalendar, index: number): Calendar {
  const { name, place, zone, week, exceptions } = calendar;
  return { index, name, source: place, zone: present(zone, name), week, exceptions };
}

function compileIngress(directory: ParsedDirectory): IngressAddress[] {
  return directory.mappingGateways.all.flatMap((gateway, mappingGateway) =>
    gateway.addresses.map(({ address, prefixBits, port, place }) => ({
      mappingGateway,
      address,
      prefixBits,
      port,
      source: place,
    })),
  );
}

function compileRoutes(directory: ParsedDirectory): RouteTable {
  const gateways = directory.routingGateways.all;
  const builder = new RouteTableBuilder(gateways.reduce((sum, { prefixes }) => sum + prefixes.length, 0));
  for (const [index, gateway] of gateways.entries()) {
    for (const { prefix, expiration, place } of gateway.prefixes) {
      const duplicate = builder.add(prefix, index, expiration, place.line);
      if (duplicate !== null) throw new Error(`the prefix ${prefix} of ${gateway.name} is compiled twice`);
    }
  }
  return builder.build();
}

function compileNames(filter: ParsedNames | null, known: Named<ParsedObject>): NameFilter {
  if (filter === null) return { kind: 'any' };
  const indexes = filter.names.map(name => indexIn(known, name)).sort((a, b) => a - b);
  return { kind: filter.kind, indexes, source: filter.place };
}

function indexIn(known: Named<ParsedObject>, reference: TextAt | null): number {
  const index = known.indexOf(present(reference, 'a reference').text);
  if (index < 0) throw new Error(`the name ${reference?.text} is compiled without being checked`);
  return index;
}

function present<T>(value: T | null, name: string): T {
  if (value === null) throw new Error(`${name} is compiled although it has errors`);
  return value;
}
