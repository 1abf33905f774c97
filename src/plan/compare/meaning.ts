/** What objects of a configuration mean for calls, as text that two sides can compare: without places and indexes. */
import { isInside } from '../../calendar/calendar.ts';
import type {
  Account,
  GatewayPeriod,
  GroupMembership,
  MappingGateway,
  NameFilter,
  NumberListFilter,
  NumberRules,
  RoutingGateway,
  Snapshot,
} from '../../config/snapshot.ts';
import { passesGroupFilter, passesNameFilter } from '../../routing/number-filter.ts';
import { dialPlansIn } from '../../routing/number-steps.ts';

/** Names of lists and tables of ported numbers that hold something else than on the other side. */
export interface ChangedTables {
  readonly lists: ReadonlySet<string>;
  readonly lrnTables: ReadonlySet<string>;
}

/** For one side, at all times or at one; texts of both sides are equal exactly when the meaning is. */
export class Meanings {
  readonly #snapshot: Snapshot;
  readonly #changed: ChangedTables;
  /** Stands behind the name of what is not the same on the other side. */
  readonly #side: string;
  readonly #calendars: readonly string[];
  /** ms since 1970 UTC; null for all times. */
  readonly #atMs: number | null;
  /** By calendar. */
  readonly #isInside: readonly boolean[];

  constructor(snapshot: Snapshot, changed: ChangedTables, side: 'before' | 'after', atMs: number | null) {
    this.#snapshot = snapshot;
    this.#changed = changed;
    this.#side = side;
    this.#calendars = snapshot.calendars.map(plain);
    this.#atMs = atMs;
    this.#isInside = snapshot.calendars.map(calendar => atMs !== null && isInside(calendar, atMs));
  }

  parameters(): string {
    const { routeTags, freeNumbers, freeSeconds, callRate } = this.#snapshot.parameters;
    return plain({ routeTags, freeNumbers, freeSeconds, callRate });
  }

  routingGateway(gateway: RoutingGateway): string {
    const { mappingGateways } = this.#snapshot;
    const { places, address, timeouts, hunting, stopCodes, maxCallDurationSeconds, ...rest } = gateway;
    return plain({
      ...rest,
      ...usable(gateway),
      callerPool: gateway.callerPool === null ? null : { ...gateway.callerPool, lists: [] },
      clearingAccount: this.#account(gateway.clearingAccount),
      numbers: this.#numbers(gateway.numbers),
      mappingGateways: namesOf(gateway.mappingGateways, mappingGateways),
      mappingGatewayGroups: namesOf(gateway.mappingGatewayGroups, this.#snapshot.gatewayGroups),
      groups: this.#groups(gateway.groups),
      ...this.#timed(gateway),
    });
  }

  /** Without its name and that of its account: gateways of which it is equal are served alike. */
  mappingGateway(gateway: MappingGateway): string {
    const { routingGateways, gatewayGroups, lrnTables } = this.#snapshot;
    const { places, name, authentication, replaceFailedReason, ...rest } = gateway;
    const { lrn } = gateway;
    const table = lrn === null ? null : lrnTables[lrn.table]!.name;
    return plain({
      ...rest,
      ...usable(gateway),
      maxCallDurationSeconds: null,
      callProceedingTimeoutMs: null,
      protectRouteDelayMs: 0,
      account: { ...(this.#account(gateway.account) as object), name: null },
      numbers: this.#numbers(gateway.numbers),
      routingGateways: namesOf(gateway.routingGateways, routingGateways),
      routingGatewayGroups: namesOf(gateway.routingGatewayGroups, gatewayGroups),
      groups: this.#groups(gateway.groups),
      ...this.#timed(gateway),
      lrn: lrn === null ? null : { ...lrn, table: this.#marked(table!, this.#changed.lrnTables) },
      takenBy: routingGateways
        .filter(one => one.mappingGateways.kind !== 'any' || one.mappingGatewayGroups.kind !== 'any')
        .filter(
          one =>
            passesNameFilter(one.mappingGateways, gateway.index) &&
            passesGroupFilter(one.mappingGatewayGroups, gateway.groups),
        )
        .map(one => one.name),
    });
  }

  #account(index: number): unknown {
    const { accounts, rateTables } = this.#snapshot;
    const account: Account = accounts[index]!;
    const tableName = (table: number | null) => (table === null ? null : rateTables[table]!.name);
    const { name, kind, locked, unrated, validUntilMs, lines, callRate } = account;
    return {
      name,
      kind,
      locked,
      unrated,
      validUntilMs: this.#atMs === null || validUntilMs === null ? validUntilMs : this.#atMs < validUntilMs,
      ...usable({ lines, callRate }),
      rateTable: tableName(account.rateTable),
      privateRateTable: tableName(account.privateRateTable),
      timedRateTables: this.#counting(account.timedRateTables).map(({ calendar, rateTable }) => ({
        calendar: this.#calendarOf(calendar),
        rateTable: tableName(rateTable),
      })),
    };
  }

  #numbers(rules: NumberRules): unknown {
    return {
      ...rules,
      callerLists: this.#lists(rules.callerLists, true),
      calleeLists: this.#lists(rules.calleeLists, false),
    };
  }

  /** What lists of callees hold is compared number by number elsewhere. */
  #lists(filter: NumberListFilter, withContent: boolean): unknown {
    if (filter.kind === 'any') return filter;
    const names = filter.lists.map(list => this.#snapshot.numberLists[list]!.name);
    return {
      kind: filter.kind,
      lists: names.map(name => (withContent ? this.#marked(name, this.#changed.lists) : name)),
    };
  }

  #marked(name: string, changed: ReadonlySet<string>): string {
    return changed.has(name) ? `${name} ${this.#side}` : name;
  }

  #groups(groups: readonly GroupMembership[]): unknown {
    return groups.map(({ group, reservedLines }) => {
      const { name, lines, timedLines } = this.#snapshot.gatewayGroups[group]!;
      const timed = this.#counting(timedLines).map(one => ({
        calendar: this.#calendarOf(one.calendar),
        lines: one.lines,
      }));
      return { name, lines, timed, reservedLines };
    });
  }

  #timed(gateway: MappingGateway | RoutingGateway): object {
    const { dialPlans, periodDialPlans } = gateway;
    const periods: readonly GatewayPeriod[] = gateway.periods;
    if (this.#atMs === null) {
      return {
        periods: periods.map(period => ({ ...period, calendar: this.#calendarOf(period.calendar) })),
        dialPlans: plans(dialPlans),
        periodDialPlans: periodDialPlans.map(plans),
      };
    }
    const [period] = this.#counting(periods);
    return {
      periods: period === undefined ? [] : [{ ...period, calendar: null, dialPlans: null }],
      dialPlans: plans(dialPlansIn(gateway, period ?? null)),
      periodDialPlans: [],
    };
  }

  /** Of settings that calendars choose among the first whose calendar it is counts. */
  #counting<Timed extends { readonly calendar: number }>(timed: readonly Timed[]): readonly Timed[] {
    if (this.#atMs === null) return timed;
    const counting = timed.find(({ calendar }) => this.#isInside[calendar]);
    return counting === undefined ? [] : [counting];
  }

  #calendarOf(calendar: number): string | null {
    return this.#atMs === null ? this.#calendars[calendar]! : null;
  }
}

/** On a switch on which nothing is going on, limits keep calls away only where they allow none. */
function usable({
  lines,
  callRate,
}: Pick<Account, 'lines' | 'callRate'>): Pick<Account, 'lines' | 'callRate'> {
  return {
    lines: lines === 0 ? 0 : null,
    callRate: callRate !== null && callRate.calls < 1 ? callRate : null,
  };
}

function namesOf(filter: NameFilter, objects: readonly { readonly name: string }[]): unknown {
  if (filter.kind === 'any') return filter;
  return { kind: filter.kind, names: filter.indexes.map(index => objects[index]!.name).sort() };
}

function plans(plan: MappingGateway['dialPlans']): unknown {
  return Object.entries(plan).map(([kind, { rules }]) => [
    kind,
    rules.map(({ text }: { text: string }) => text),
  ]);
}

const withoutMeaning = new Set(['source', 'index', 'places']);

function plain(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (withoutMeaning.has(key)) return undefined;
    return typeof inner === 'bigint' ? inner.toString() : inner;
  });
}
