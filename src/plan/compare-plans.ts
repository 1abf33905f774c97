/** The exact effect of a change: what both sides do with every number that can be dialled, and what is not the same. */
import type { Snapshot, Source } from '../config/snapshot.ts';
import type { Money } from '../rating/money.ts';
import { AlikeMoments } from './compare/alike-moments.ts';
import { AttemptNumbers } from './compare/attempt-numbers.ts';
import { type Caller, type Callers, callersOf } from './compare/callers.ts';
import { type CauseContext, causesOf } from './compare/causes.ts';
import { type Changes, type Customer, type CustomerPair, changesBetween } from './compare/changes.ts';
import { ComparedDifference, inOrder } from './compare/compared-difference.ts';
import { FoundCauses, PriceCauses } from './compare/found-causes.ts';
import { changedNearby } from './compare/nearby-causes.ts';
import { NumberPairs } from './compare/number-pairs.ts';
import { Outcomes } from './compare/outcomes.ts';
import { RegionWalk, type Space, same } from './compare/regions.ts';
import { type Findings, type Found, type FoundEntries, type Row, Rows, scopesOf } from './compare/rows.ts';
import { settingChanges } from './compare/settings.ts';
import { shortestPrefixes } from './compare/shortest-prefixes.ts';
import { type ServedCall, type ServedCalls, SideCalls } from './compare/side-calls.ts';
import { type Moment, momentsOf } from './compare/times.ts';
import { Teller, type Told, ToldByNumbers, toldOutcomes } from './compare/told.ts';
import type {
  CallerClass,
  Cause,
  Difference,
  Plan,
  PlanLimit,
  PlanOptions,
  Scope,
  SettingChange,
  Supposition,
} from './plan.ts';
import { CustomerSpace } from './space/customer-space.ts';
import { type SideRules, sideRules } from './space/side-rules.ts';
import { symbolsOf } from './space/symbols.ts';
import { VendorTables } from './space/vendor-tables.ts';

const defaults = { longest: 32, mostTimes: 24, mostCallers: 16, mostRegions: 2_000_000 };

/** Compares two configurations. Deterministic: the same sides at the same time give the same plan. */
export function comparePlans(before: Snapshot, after: Snapshot, options: PlanOptions): Plan {
  return new Comparison(before, after, options).plan();
}

/** What one label says. */
interface Meaning {
  readonly told: Told;
  /** The call that it was found with, and what made the difference to it. */
  readonly customer: CustomerPair;
  readonly callee: string;
  readonly caller: Caller;
  readonly sides: readonly [SideCalls, SideCalls];
  readonly causes: readonly Cause[];
}

class Comparison {
  readonly #before: Snapshot;
  readonly #after: Snapshot;
  readonly #options: PlanOptions;
  readonly #space: Space;
  readonly #changes: Changes;
  readonly #moments: readonly Moment[];
  readonly #suppositions: readonly Supposition[];
  readonly #rules: readonly [SideRules, SideRules];
  readonly #rows: Rows;
  readonly #numbers = new AttemptNumbers();
  readonly #outcomes = new Outcomes(this.#numbers);
  readonly #teller = new Teller(this.#outcomes, this.#numbers);
  /** Outcomes of both sides; a label is one more than the number of its pair. */
  readonly #labels = new NumberPairs();
  readonly #causeContext: CauseContext;
  readonly #scopes = new Map<Found, readonly Scope[]>();
  readonly #charges: readonly [(price: number) => Money, (price: number) => Money];
  readonly #meanings: Meaning[] = [];
  readonly #limits = new Map<string, PlanLimit>();
  /** By customer and time. */
  readonly #callers = new Map<string, Callers>();
  readonly #vendors = new Map<Snapshot, Map<number, VendorTables>>();
  /** Once somebody asks for them. */
  #settings: SettingChange[] | null = null;
  readonly #sides = new Map<string, readonly [SideCalls, SideCalls]>();
  readonly #alike: AlikeMoments<Findings>;

  constructor(before: Snapshot, after: Snapshot, options: PlanOptions) {
    const symbols = options.symbols ?? symbolsOf(before, after);
    this.#before = before;
    this.#after = after;
    this.#options = options;
    this.#space = {
      symbols: symbols.replace('+', ''),
      plus: symbols.includes('+'),
      longest: options.longest ?? defaults.longest,
    };
    this.#changes = changesBetween(before, after);
    const { moments, leftOut } = momentsOf(
      before,
      after,
      options.nowMs,
      options.mostTimes ?? defaults.mostTimes,
    );
    if (leftOut > 0) this.#limit('times', `${leftOut} more moments were not compared`, null);
    this.#moments = moments;
    const known = new Set([...before.routingGateways, ...after.routingGateways].map(({ name }) => name));
    const down = [...new Set(options.down ?? [])].filter(name => known.has(name)).sort();
    this.#suppositions = [{ down: [] }, ...down.map(name => ({ down: [name] }))];
    this.#rules = [sideRules(before), sideRules(after)];
    const numbers = this.#numbers;
    const prices = new PriceCauses(numbers.placesOf(before), numbers.placesOf(after), number =>
      numbers.gatewayName(number),
    );
    this.#causeContext = { numbers, prices, placeOfGateway: [], ofAccounts: new Map() };
    this.#charges = [this.#outcomes.chargesOf(before), this.#outcomes.chargesOf(after)];
    this.#alike = new AlikeMoments(before, after, moments);
    this.#rows = new Rows(this.#space.longest);
  }

  plan(): Plan {
    const { groups, customers, extent } = this.#changes;
    const order = [...groups].sort((a, b) => (a.gateways[0]! < b.gateways[0]! ? -1 : 1));
    const indexes = new Map(order.map((group, index) => [group, index]));
    for (const [time, moment] of this.#moments.entries()) {
      for (const customer of this.#changes.customersAt(moment.atMs)) {
        this.#compareAt(customer, indexes.get(customer.group)!, time, moment);
      }
    }
    return {
      before: sideOf(this.#before),
      after: sideOf(this.#after),
      space: { symbols: this.#space.symbols + (this.#space.plus ? '+' : ''), longest: this.#space.longest },
      times: this.#moments.map(({ time }) => time),
      suppositions: this.#suppositions,
      customers: order,
      differences: this.#differences(customers, order),
      settings: this.#settings ?? settingChanges(this.#before, this.#after),
      limits: [...this.#limits.values()],
      extent,
    };
  }

  #compareAt(customer: Customer, index: number, time: number, moment: Moment): void {
    const { callers, found } = this.#alike.recall(customer, time, () => this.#compare(customer, moment));
    this.#callers.set(`${index} ${time}`, callers);
    this.#rows.addAll(found, index, time);
  }

  #compare(customer: Customer, moment: Moment): Findings {
    const [ofBefore, ofAfter] = this.#rules;
    const { before, after, changes } = customer;
    const spaces = [
      new CustomerSpace(ofBefore, before, moment.atMs, this.#vendorsAt(this.#before, moment), changes),
      new CustomerSpace(ofAfter, after, moment.atMs, this.#vendorsAt(this.#after, moment), changes),
    ];
    const callers = this.#callersOf(customer, moment);
    const found: FoundEntries[] = [];
    for (const [supposition, { down }] of this.#suppositions.entries()) {
      const sides = this.#sidesAt(moment, down);
      for (const caller of callers.classes) {
        const walk = new RegionWalk(
          spaces,
          customer.everything,
          this.#space,
          this.#options.mostRegions ?? defaults.mostRegions,
          number => this.#labelOf(customer, sides, number, caller),
        );
        const root = walk.walk();
        this.#noteLimits(walk, customer);
        const entries = shortestPrefixes(root, prefix => this.#symbolsAfter(prefix));
        found.push({ entries, supposition, caller: classOf(caller) });
      }
    }
    return { callers, found };
  }

  #symbolsAfter(prefix: string): readonly string[] {
    const { symbols, plus } = this.#space;
    return prefix === '' && plus ? [...symbols, '+'] : [...symbols];
  }

  #callersOf({ before, after }: Customer, { atMs }: Moment): Callers {
    const sides = [
      { snapshot: this.#before, gateway: before },
      { snapshot: this.#after, gateway: after },
    ];
    const callers = callersOf(sides, atMs, this.#options.mostCallers ?? defaults.mostCallers);
    if (callers.leftOut > 0) {
      const detail = `${callers.leftOut} more classes of callers of ${after.name} were not compared`;
      this.#limit('callers', detail, null);
    }
    if (callers.beginningsLeftOut > 0) {
      const count = callers.beginningsLeftOut.toLocaleString('en-US');
      const detail = `${count} more callers of lists and rules of ${after.name} were not told apart from others`;
      this.#limit('callers', detail, null);
    }
    return callers;
  }

  #sidesAt({ atMs }: Moment, down: readonly string[]): readonly [SideCalls, SideCalls] {
    const key = `${atMs} ${down.join()}`;
    const known = this.#sides.get(key);
    if (known !== undefined) return known;
    const sides = [
      new SideCalls(this.#before, atMs, down, this.#numbers),
      new SideCalls(this.#after, atMs, down, this.#numbers),
    ] as const;
    this.#sides.set(key, sides);
    return sides;
  }

  #vendorsAt(side: Snapshot, { atMs }: Moment): VendorTables {
    const known = this.#vendors.get(side)?.get(atMs);
    if (known !== undefined) return known;
    const vendors = new VendorTables(side, atMs);
    const ofSide = this.#vendors.get(side) ?? new Map<number, VendorTables>();
    this.#vendors.set(side, ofSide.set(atMs, vendors));
    return vendors;
  }

  #labelOf(
    customer: Customer,
    sides: readonly [SideCalls, SideCalls],
    callee: string,
    caller: Caller,
  ): number {
    const [before, after] = sides;
    const numbers = { callee, ...caller };
    const old = before.serve(customer.before, numbers);
    const now = after.serve(customer.after, numbers);
    this.#noteChance(old);
    this.#noteChance(now);
    const outcomes = [
      this.#outcomes.numberOfCalls(old.calls),
      this.#outcomes.numberOfCalls(now.calls),
    ] as const;
    if (outcomes[0] === outcomes[1]) return same;
    const place = this.#labels.of(...outcomes);
    if (place === this.#meanings.length) {
      const served = [old.calls[0]!, now.calls[0]!] as const;
      const causes = this.#causesOfCall(customer, sides, callee, caller, served);
      const told = this.#told(old, now, outcomes);
      this.#meanings.push({ told, customer, callee, caller, sides, causes });
    }
    return place + 1;
  }

  #told({ calls: old }: ServedCalls, { calls: now }: ServedCalls, outcomes: readonly [number, number]): Told {
    if (old.length > 1 || now.length > 1) {
      return toldOutcomes(
        this.#outcomes.ofCalls(this.#before, old),
        this.#outcomes.ofCalls(this.#after, now),
      );
    }
    return new ToldByNumbers(
      this.#teller,
      { outcome: outcomes[0], chance: old[0]!.chance, charges: this.#charges[0] },
      { outcome: outcomes[1], chance: now[0]!.chance, charges: this.#charges[1] },
    );
  }

  #noteChance({ calls, incomplete, sampled }: ServedCalls): void {
    if (incomplete !== null)
      this.#limit('chance', 'a rule can make more numbers than were looked at', incomplete);
    if (sampled === null || new Set(calls.map(call => this.#outcomes.numberOfCall(call))).size < 2) return;
    this.#limit('chance', 'chance was asked some times only, and came to more than one thing', sampled);
  }

  #noteLimits(walk: RegionWalk, { group }: Customer): void {
    const { exhausted, beyond } = walk.limits;
    const name = group.gateways[0]!;
    if (exhausted)
      this.#limit('numbers', `too many prefixes make a difference for ${name}; the rest was left out`, null);
    for (const source of beyond) {
      this.#limit(
        'numbers',
        `a rule looks for digits that may stand anywhere in a number of ${name}`,
        source,
      );
    }
  }

  #limit(kind: PlanLimit['kind'], detail: string, source: Source | null): void {
    const place = source === null ? null : { file: source.file, line: source.line };
    this.#limits.set(`${kind} ${detail} ${place?.file}:${place?.line}`, { kind, detail, source: place });
  }

  #differences(customers: readonly CustomerPair[], order: readonly Customer['group'][]): Difference[] {
    const byIndex = new Map(customers.map(customer => [order.indexOf(customer.group), customer]));
    return inOrder(this.#rows.all.map(row => this.#difference(row, byIndex.get(row.found[0]!.customer)!)));
  }

  #difference(row: Row, customer: CustomerPair): Difference {
    const meaning = this.#meanings[row.label - 1]!;
    const { prefix, except, lengths, examples, found } = row;
    return new ComparedDifference(
      {
        scopes: this.#scopesOf(found),
        prefix,
        except,
        lengths,
        causes: this.#causesOf(customer, found[0]!, examples, meaning),
        example: examples[0] ?? prefix,
      },
      meaning.told,
    );
  }

  /** Nearly all differences were found once, and very many at the same place. */
  #scopesOf(found: readonly Found[]): readonly Scope[] {
    const [first, ...more] = found;
    const known = more.length === 0 ? this.#scopes.get(first!) : undefined;
    if (known !== undefined) return known;
    const scopes = scopesOf(found, (index, time) => this.#classesAt(index, time));
    if (more.length === 0) this.#scopes.set(first!, scopes);
    return scopes;
  }

  #classesAt(index: number, time: number): readonly CallerClass[] | null {
    const callers = this.#callers.get(`${index} ${time}`)!;
    return callers.distinct ? callers.classes.map(classOf) : null;
  }

  #causesOf(
    customer: CustomerPair,
    { time, supposition, caller }: Found,
    examples: readonly string[],
    meaning: Meaning,
  ): readonly Cause[] {
    const { down } = this.#suppositions[supposition]!;
    const sides = this.#sidesAt(this.#moments[time]!, down);
    const isFoundHere =
      meaning.customer.group === customer.group &&
      meaning.sides === sides &&
      meaning.caller.caller === caller.example &&
      meaning.caller.forwarding === caller.forwarding;
    const asked = { caller: caller.example, forwarding: caller.forwarding };
    const causes = new FoundCauses();
    for (const example of examples) {
      const found =
        isFoundHere && meaning.callee === example
          ? meaning.causes
          : this.#causesOfCall(customer, sides, example, asked, null);
      for (const cause of found) causes.add(cause);
    }
    if (causes.found.length > 0) return causes.found;
    this.#settings ??= settingChanges(this.#before, this.#after);
    const { name } = this.#after.accounts[customer.after.account]!;
    const tried = [...meaning.told.before, ...meaning.told.after].flatMap(({ attempts }) => attempts);
    const gateways = tried.map(({ gateway }) => gateway);
    return changedNearby(this.#settings, { customer: customer.after, account: name, gateways });
  }

  #causesOfCall(
    { before, after }: CustomerPair,
    [old, now]: readonly [SideCalls, SideCalls],
    callee: string,
    caller: Caller,
    served: readonly [ServedCall, ServedCall] | null,
  ): readonly Cause[] {
    return causesOf(
      { calls: old, gateway: before },
      { calls: now, gateway: after },
      ...([callee, caller, served, this.#causeContext] as const),
    );
  }
}

function classOf({ caller, forwarding }: Caller): CallerClass {
  return { example: caller, forwarding };
}

function sideOf({ hash, commit, switch: settings }: Snapshot): Plan['before'] {
  return { hash, commit, currency: settings.currency };
}
