/** A parsed configuration without errors → the Snapshot. The only place that makes one. */
import { createHash } from 'node:crypto';
import { RouteTableBuilder } from '../../routing/route-table-builder.ts';
import type { ParsedDirectory } from '../directory.ts';
import type { ParsedAccount, ParsedCalendar } from '../parsed.ts';
import type { Account, Calendar, IngressAddress, RouteTable, Snapshot } from '../snapshot.ts';
import { canonicalText } from './canonical.ts';
import {
  type Context,
  compileGatewayGroups,
  compileMappingGateway,
  compileRoutingGateway,
} from './gateways.ts';
import { CallerPools, compileNumberLists } from './numbers.ts';
import { indexIn, present } from './references.ts';
import { SharedPlaces } from './shared-places.ts';

/** Throws when something that had a diagnostic is compiled all the same. */
export function compile(directory: ParsedDirectory, commit: string | null): Snapshot {
  const levels = { switch: directory.switch.stated };
  const context = { directory, levels, places: new SharedPlaces(levels), pools: new CallerPools(directory) };
  const mappingGateways = directory.mappingGateways.all.map((gateway, index) =>
    compileMappingGateway(gateway, index, context),
  );
  const routingGateways = directory.routingGateways.all.map((gateway, index) =>
    compileRoutingGateway(gateway, index, context),
  );
  const accounts = directory.accounts.all.map((account, index) => compileAccount(account, index, context));
  const rateTables = directory.rateTables.all.map(({ name, table }) => present(table, name));
  const calendars = directory.calendars.all.map(compileCalendar);
  const gatewayGroups = compileGatewayGroups(directory);
  const onNetNumbers = directory.switch.onNetNumbers.map(list => indexIn(directory.numberLists, list));
  const ingress = { addresses: compileIngress(directory) };
  const { settings, parameters } = directory.switch;
  const meaning = {
    settings,
    parameters,
    mappingGateways,
    // The numbers of a pool are those of its lists.
    routingGateways: routingGateways.map(gateway => {
      const { callerPool } = gateway;
      return callerPool === null ? gateway : { ...gateway, callerPool: { ...callerPool, numbers: [] } };
    }),
    gatewayGroups,
    onNetNumbers,
    accounts,
    ingress,
    prefixes: directory.routingGateways.all.map(({ prefixes }) => prefixes),
    calendars: calendars.map(calendar => ({ ...calendar, zone: calendar.zone.name })),
    rates: directory.rateTables.all.map(table => [table.name, table.meaning]),
    numberLists: directory.numberLists.all.map(list => [list.name, list.meaning]),
    lrnTables: directory.lrnTables.all.map(table => [table.name, table.meaning]),
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
    gatewayGroups,
    numberLists: compileNumberLists(directory),
    onNetNumbers,
    lrnTables: directory.lrnTables.all.map(({ name, table }) => present(table, name)),
    ingress,
    routes: compileRoutes(directory),
    indexes: null,
  };
  return snapshot as Snapshot;
}

/** The symbol that marks a Snapshot as compiled. It exists for the type checker only. */
type BrandOf<T> = { readonly [K in keyof T as K extends symbol ? K : never]: T[K] };

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
