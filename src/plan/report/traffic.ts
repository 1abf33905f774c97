/**
 * A plan weighted by calls that were really made: how much talk a difference touches, and what it earns or costs if
 * the same calls come again and the gateway that is tried first carries them.
 */
import { isInside } from '../../calendar/calendar.ts';
import type { Calendar } from '../../config/snapshot.ts';
import { money, moneyText } from '../../rating/money.ts';
import type { Difference, Plan } from '../plan.ts';
import { marginChange } from './margins.ts';

/** Calls of one customer's gateway to one number. */
export interface CarriedCalls {
  readonly mappingGateway: string;
  /** As dialled. */
  readonly callee: string;
  /** ms since 1970 UTC */
  readonly atMs: number;
  readonly calls: number;
  /** Of talk, together. */
  readonly seconds: number;
}

export interface PlanTraffic {
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly until: string;
  /** Between the two, at least 1: what "a day" is divided by. */
  readonly days: number;
  readonly calls: number;
  /** Whole minutes of talk, rounded. */
  readonly minutes: number;
  readonly affected: Weight;
  /** For each difference of the plan, in its order. */
  readonly differences: readonly Weight[];
}

export interface Weight {
  readonly calls: number;
  /** Whole minutes of talk, rounded. */
  readonly minutes: number;
  /** Decimal text in the currency of the new side; null when a price is not known or the currencies differ. */
  readonly marginADay: string | null;
  /** Some of it depends on who calls, which was not looked at: it is this much at most. */
  readonly atMost: boolean;
}

interface Tally {
  calls: number;
  seconds: number;
}

/** By prefix: the difference that describes numbers with it, for each length; empty where both sides are alike. */
type Described = Map<string, number[]>;

const dayMs = 86_400_000;

export class TrafficWeigher {
  readonly #plan: Plan;
  readonly #timeOf: (atMs: number) => number;
  readonly #groups: ReadonlyMap<string, readonly number[]>;
  /** By customer and time: for all callers, or for each class of them. */
  readonly #described = new Map<string, Map<string, Described>>();
  readonly #tallies: Tally[];
  readonly #all: Tally = { calls: 0, seconds: 0 };
  readonly #touched: Tally = { calls: 0, seconds: 0 };

  /** `timeOf` gives the index of the plan's time that a moment belongs to. */
  constructor(plan: Plan, timeOf: (atMs: number) => number) {
    this.#plan = plan;
    this.#timeOf = timeOf;
    this.#groups = groupsByGateway(plan);
    this.#tallies = plan.differences.map(() => ({ calls: 0, seconds: 0 }));
    for (const [index, difference] of plan.differences.entries()) this.#describe(index, difference);
  }

  add(row: CarriedCalls): void {
    count(this.#all, row);
    const time = this.#timeOf(row.atMs);
    const found = new Set<number>();
    for (const group of this.#groups.get(row.mappingGateway) ?? []) {
      for (const described of this.#described.get(`${group} ${time}`)?.values() ?? []) {
        const index = this.#find(described, row.callee);
        if (index !== null) found.add(index);
      }
    }
    for (const index of found) count(this.#tallies[index]!, row);
    if (found.size > 0) count(this.#touched, row);
  }

  /** Both in ms since 1970 UTC. */
  finish(sinceMs: number, untilMs: number): PlanTraffic {
    const days = Math.max(1, (untilMs - sinceMs) / dayMs);
    const differences = this.#tallies.map((tally, index) =>
      this.#weight(tally, this.#plan.differences[index]!, days),
    );
    return {
      since: new Date(sinceMs).toISOString(),
      until: new Date(untilMs).toISOString(),
      days: Math.round(days * 100) / 100,
      calls: this.#all.calls,
      minutes: minutesOf(this.#all),
      affected: this.#total(differences, days),
      differences,
    };
  }

  #describe(index: number, { scopes, prefix, except }: Difference): void {
    for (const { customer, times, suppositions, callers } of scopes) {
      if (!suppositions.includes(0)) continue;
      const classes = callers === null ? ['all'] : callers.map(one => JSON.stringify(one));
      for (const time of times) {
        for (const who of classes) {
          const described = this.#of(`${customer} ${time}`, who);
          described.set(prefix, [...(described.get(prefix) ?? []), index]);
          for (const other of except) if (!described.has(other)) described.set(other, []);
        }
      }
    }
  }

  #of(key: string, who: string): Described {
    const classes = this.#described.get(key) ?? new Map<string, Described>();
    this.#described.set(key, classes);
    const described: Described = classes.get(who) ?? new Map<string, number[]>();
    classes.set(who, described);
    return described;
  }

  #find(described: Described, callee: string): number | null {
    for (let length = callee.length; length >= 0; length -= 1) {
      const indexes = described.get(callee.slice(0, length));
      if (indexes === undefined) continue;
      return indexes.find(index => hasLength(this.#plan.differences[index]!, callee.length)) ?? null;
    }
    return null;
  }

  #weight(tally: Tally, difference: Difference, days: number): Weight {
    const perDay = tally.seconds === 0 ? 0n : this.#marginADay(tally, difference, days);
    return {
      calls: tally.calls,
      minutes: minutesOf(tally),
      marginADay: perDay === null ? null : moneyText(money(perDay)),
      atMost: tally.calls > 0 && dependsOnCaller(difference),
    };
  }

  #marginADay({ seconds }: Tally, difference: Difference, days: number): bigint | null {
    const { before, after } = this.#plan;
    const change = before.currency === after.currency ? marginChange(difference) : null;
    if (change === null || dependsOnCaller(difference)) return null;
    const units = (change.after - change.before) * BigInt(seconds);
    return (units * 100n) / BigInt(Math.round(6000 * days));
  }

  #total(differences: readonly Weight[], days: number): Weight {
    let margin: bigint | null = 0n;
    for (const [index, tally] of this.#tallies.entries()) {
      if (tally.seconds === 0 || margin === null) continue;
      const own = this.#marginADay(tally, this.#plan.differences[index]!, days);
      margin = own === null ? null : margin + own;
    }
    return {
      calls: this.#touched.calls,
      minutes: minutesOf(this.#touched),
      marginADay: margin === null ? null : moneyText(money(margin)),
      atMost: differences.some(({ atMost }) => atMost),
    };
  }
}

/** The plan's time that is like this moment: in the same calendars, and the first of those, which is that of now. */
export function timeClassAt(plan: Plan, calendars: readonly Calendar[], atMs: number): number {
  if (plan.times.length <= 1) return 0;
  const inside = new Set(calendars.filter(calendar => isInside(calendar, atMs)).map(({ name }) => name));
  const like = plan.times.findIndex(
    time => time.calendars.length === inside.size && time.calendars.every(name => inside.has(name)),
  );
  return Math.max(0, like);
}

function groupsByGateway(plan: Plan): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, { gateways }] of plan.customers.entries()) {
    for (const gateway of gateways) groups.set(gateway, [...(groups.get(gateway) ?? []), index]);
  }
  return groups;
}

function hasLength({ lengths }: Difference, length: number): boolean {
  return lengths === null || lengths.some(({ from, to }) => from <= length && length <= to);
}

function dependsOnCaller({ scopes }: Difference): boolean {
  return scopes.some(({ callers }) => callers !== null);
}

function count(tally: Tally, { calls, seconds }: CarriedCalls): void {
  tally.calls += calls;
  tally.seconds += seconds;
}

function minutesOf({ seconds }: Tally): number {
  return Math.round(seconds / 60);
}
