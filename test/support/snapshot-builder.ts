/** Snapshots by hand: a test names only what it is about, everything else gets a plain default. */
import { RoutingIndexer } from '../../src/config/compile/routing-indexes.ts';
import type {
  Account,
  Calendar,
  CallLevel,
  GatewayGroup,
  IngressAddress,
  LrnTable,
  NumberList,
  Parameters,
  RateTable,
  Snapshot,
  SwitchSettings,
} from '../../src/config/snapshot.ts';
import { PrefixTrieBuilder } from '../../src/prefixes/prefix-trie-builder.ts';
import { parseRate } from '../../src/rating/decimal.ts';
import { parseMoney } from '../../src/rating/money.ts';
import { RateTableBuilder } from '../../src/rating/rate-table-builder.ts';
import { parseStages } from '../../src/rating/stages.ts';
import { parseCidr } from '../../src/routing/ip-address.ts';
import { RouteTableBuilder } from '../../src/routing/route-table-builder.ts';
import {
  buildMappingGateway,
  buildRoutingGateway,
  indexOfName,
  type MappingGatewayDescription,
  noPlaces,
  type RoutingGatewayDescription,
  sourceOf,
} from './gateway-builder.ts';

export type {
  MappingGatewayDescription,
  PrefixDescription,
  RoutingGatewayDescription,
} from './gateway-builder.ts';
export { anyNumbers } from './gateway-builder.ts';

export interface AccountDescription
  extends Partial<
    Omit<Account, 'index' | 'rateTable' | 'timedRateTables' | 'privateRateTable' | 'overdraftLimit'>
  > {
  readonly name: string;
  /** Name of a rate table; without one the account is unrated unless it says otherwise. */
  readonly rateTable?: string;
  /** Names of calendars and rate tables. */
  readonly timedRateTables?: readonly { readonly calendar: string; readonly rateTable: string }[];
  readonly privateRateTable?: string;
  /** Decimal text. */
  readonly overdraftLimit?: string;
}

export interface RateDescription {
  readonly prefix: string;
  /** Decimal text: price per unit. */
  readonly rate: string;
  readonly unitSeconds?: number;
  /** `first/next` in seconds; `60/60` when absent. */
  readonly increments?: string;
  /** Decimal text. */
  readonly connectFee?: string;
  readonly locked?: boolean;
  readonly freeSeconds?: number;
  /** `seconds:fee;…` */
  readonly stages?: string;
  readonly level?: CallLevel;
  readonly effectiveFromMs?: number;
  readonly effectiveUntilMs?: number;
  readonly line?: number;
}

export interface RateTableDescription {
  readonly name: string;
  readonly rows: readonly RateDescription[];
}

export interface SnapshotDescription {
  /** As of a configuration that was not loaded for many calls. */
  readonly withoutIndexes?: boolean;
  readonly hash?: string;
  readonly commit?: string | null;
  readonly switch?: Partial<SwitchSettings>;
  readonly parameters?: Partial<Parameters>;
  readonly mappingGateways?: readonly MappingGatewayDescription[];
  readonly routingGateways?: readonly RoutingGatewayDescription[];
  readonly accounts?: readonly AccountDescription[];
  readonly rates?: readonly RateTableDescription[];
  readonly calendars?: readonly Omit<Calendar, 'index'>[];
  readonly lrnTables?: readonly LrnTable[];
  readonly gatewayGroups?: readonly GatewayGroupDescription[];
  readonly numberLists?: readonly NumberListDescription[];
  /** Names of number lists. */
  readonly onNetNumbers?: readonly string[];
}

export interface GatewayGroupDescription extends Partial<Omit<GatewayGroup, 'index'>> {
  readonly name: string;
}

export interface NumberListDescription {
  readonly name: string;
  /** Exact ones. */
  readonly numbers?: readonly string[];
  readonly prefixes?: readonly string[];
}

export const defaultParameters: Parameters = {
  places: noPlaces,
  timeouts: {
    inviteMs: 10_000,
    tryingMs: 20_000,
    progressMs: 20_000,
    progressSdpMs: 120_000,
    ringingMs: 120_000,
  },
  resendIntervalsMs: [500, 1000, 2000, 4000, 4000, 4000, 4000, 4000, 4000, 4000],
  hunting: {
    stopAfterInviteTimeout: false,
    stopAfterUserBusy: true,
    stopAfterSdp: true,
    stopAfterRinging: false,
    stopOn6xx: true,
    untilConnect: false,
  },
  gatewaySwitchLimit: null,
  protectRouteDelayMs: 0,
  maxCallDurationSeconds: null,
  noTimerCapSeconds: 7200,
  replyUnauthorized: true,
  recordIllegalCalls: true,
  holdTimePrecisionMs: 50,
  feePrecision: 6,
  freeSeconds: 0,
  freeNumbers: [],
  creditHoldStepSeconds: 60,
  verifyVendorCredit: true,
  callRate: null,
  recordUnanswered: true,
  recordServerHangUp: true,
  routeTags: [],
  quality: { enabled: false, windowSeconds: 3600, sliceSeconds: 60 },
  optionsPeriodMs: 60_000,
};

const defaultSwitch: SwitchSettings = {
  name: 'test',
  currency: 'USD',
  sip: { listen: [{ transport: 'udp', address: '127.0.0.1', port: 5060 }], server: { kind: 'embedded' } },
  store: { path: 'var/class4.db' },
  history: { versions: 200, days: 400, compiledVersions: 10, megabytes: 4000 },
};

/**
 * Builds a Snapshot with the tables that a configuration would give it. Objects refer to each other by name;
 * a name that does not exist throws. Prefixes stand on lines 1, 2, … of `gateways/routing/<name>.yaml`.
 */
export function buildSnapshot(description: SnapshotDescription): Snapshot {
  const parameters = { ...defaultParameters, ...description.parameters };
  const rateTables = (description.rates ?? []).map(buildRateTable);
  const accounts = buildAccounts(description, rateTables);
  const mappingNames = (description.mappingGateways ?? []).map(gateway => gateway.name);
  const routingNames = (description.routingGateways ?? []).map(gateway => gateway.name);
  const mappingGateways = (description.mappingGateways ?? []).map((gateway, index) =>
    buildMappingGateway(gateway, index, { parameters, accounts, routingNames }),
  );
  const routingGateways = (description.routingGateways ?? []).map((gateway, index) =>
    buildRoutingGateway(gateway, index, { parameters, accounts, mappingNames }),
  );
  const plain: Omit<Snapshot, keyof Snapshot & symbol> = {
    hash: description.hash ?? 'hash-of-a-test',
    commit: description.commit ?? null,
    switch: { ...defaultSwitch, ...description.switch },
    parameters,
    mappingGateways,
    routingGateways,
    accounts,
    rateTables,
    calendars: (description.calendars ?? []).map((calendar, index) => ({ ...calendar, index })),
    gatewayGroups: (description.gatewayGroups ?? []).map((group, index) => ({
      source: sourceOf(`groups/${group.name}.yaml`),
      places: noPlaces,
      lines: null,
      timedLines: [],
      ...group,
      index,
    })),
    numberLists: (description.numberLists ?? []).map(buildNumberList),
    onNetNumbers: (description.onNetNumbers ?? []).map(name =>
      indexOfName(
        (description.numberLists ?? []).map(list => list.name),
        name,
      ),
    ),
    lrnTables: description.lrnTables ?? [],
    ingress: { addresses: buildIngress(description) },
    routes: buildRoutes(description),
    indexes: null,
  };
  const indexes = description.withoutIndexes ? null : new RoutingIndexer().of(plain as Snapshot);
  return { ...plain, indexes } as Snapshot;
}

function buildNumberList({ name, numbers, prefixes }: NumberListDescription, index: number): NumberList {
  const values = new Map<string, number>();
  for (const number of numbers ?? []) values.set(number, 1);
  for (const prefix of prefixes ?? []) values.set(prefix, (values.get(prefix) ?? 0) | 2);
  const builder = new PrefixTrieBuilder(values.size);
  for (const [text, value] of values) builder.set(text, value);
  return {
    index,
    name,
    source: sourceOf(`numbers/${name}.yaml`),
    entries: builder.build(),
    entryCount: values.size,
  };
}

function buildRateTable(description: RateTableDescription, index: number): RateTable {
  const builder = new RateTableBuilder(description.rows.length);
  for (const [i, row] of description.rows.entries()) {
    const [first, next] = (row.increments ?? '60/60').split('/').map(Number);
    const clash = builder.add({
      prefix: row.prefix,
      rate: price(row.rate),
      unitSeconds: row.unitSeconds ?? 60,
      firstIncrementSeconds: first!,
      nextIncrementSeconds: next!,
      connectFee: price(row.connectFee ?? '0'),
      locked: row.locked ?? false,
      effectiveFromMs: row.effectiveFromMs ?? Number.NEGATIVE_INFINITY,
      effectiveUntilMs: row.effectiveUntilMs ?? Number.POSITIVE_INFINITY,
      line: row.line ?? i + 1,
      freeSeconds: row.freeSeconds ?? null,
      stages: parseStages(row.stages ?? 'none')!,
      level: row.level ?? null,
    });
    if (clash !== null) throw new Error(`rates ${description.name}: row ${i} overlaps line ${clash}`);
  }
  const file = `rates/${description.name}.yaml`;
  return builder.build({ index, name: description.name, source: sourceOf(file), rowFile: file });
}

function buildAccounts(description: SnapshotDescription, rateTables: readonly RateTable[]): Account[] {
  const named: AccountDescription[] = [...(description.accounts ?? [])];
  const known = new Set(named.map(account => account.name));
  for (const gateway of description.mappingGateways ?? []) {
    if (gateway.account === undefined) named.push({ name: `${gateway.name}-customer`, kind: 'customer' });
    else if (!known.has(gateway.account)) throw new Error(`no account ${gateway.account}`);
  }
  for (const gateway of description.routingGateways ?? []) {
    if (gateway.clearingAccount === undefined) named.push({ name: `${gateway.name}-vendor`, kind: 'vendor' });
    else if (!known.has(gateway.clearingAccount)) throw new Error(`no account ${gateway.clearingAccount}`);
  }
  const vendors = new Set((description.routingGateways ?? []).map(gateway => gateway.clearingAccount));
  const tableNames = rateTables.map(table => table.name);
  return named.map((account, index) => {
    const { rateTable, timedRateTables, privateRateTable, overdraftLimit, ...rest } = account;
    const calendarNames = (description.calendars ?? []).map(calendar => calendar.name);
    return {
      source: sourceOf(`accounts/${account.name}.yaml`),
      places: noPlaces,
      kind: vendors.has(account.name) ? 'vendor' : 'customer',
      locked: false,
      unrated: rateTable === undefined,
      validUntilMs: null,
      maxCallDurationSeconds: null,
      lines: null,
      callRate: null,
      ...rest,
      index,
      rateTable: rateTable === undefined ? null : indexOfName(tableNames, rateTable),
      timedRateTables: (timedRateTables ?? []).map(timed => ({
        calendar: indexOfName(calendarNames, timed.calendar),
        rateTable: indexOfName(tableNames, timed.rateTable),
      })),
      privateRateTable: privateRateTable === undefined ? null : indexOfName(tableNames, privateRateTable),
      overdraftLimit: parseMoney(overdraftLimit ?? '0')!,
    };
  });
}

function buildIngress(description: SnapshotDescription): IngressAddress[] {
  return (description.mappingGateways ?? []).flatMap((gateway, mappingGateway) =>
    (gateway.addresses ?? []).map(one => {
      const cidr = parseCidr(typeof one === 'string' ? one : one.address);
      if (cidr === null) throw new Error(`no address: ${JSON.stringify(one)}`);
      const port = typeof one === 'string' ? null : one.port;
      return { ...cidr, mappingGateway, port, source: sourceOf(`gateways/mapping/${gateway.name}.yaml`) };
    }),
  );
}

function buildRoutes(description: SnapshotDescription): Snapshot['routes'] {
  const builder = new RouteTableBuilder();
  for (const [index, gateway] of (description.routingGateways ?? []).entries()) {
    for (const [i, given] of (gateway.prefixes ?? []).entries()) {
      const entry = typeof given === 'string' ? { prefix: given } : given;
      const mode = entry.mode ?? gateway.prefixMode ?? 'extension';
      const clash = builder.add(entry.prefix, index, mode === 'expiration', entry.line ?? i + 1);
      if (clash !== null) throw new Error(`${gateway.name} has prefix ${entry.prefix} twice`);
    }
  }
  return builder.build();
}

function price(text: string): number {
  const rate = parseRate(text);
  if (rate === null) throw new Error(`no price: ${text}`);
  return rate;
}
