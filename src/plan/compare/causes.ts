/** Which lines made a difference: what both sides have to say of one number, laid side by side. */
import type { RoutingGateway, Source } from '../../config/snapshot.ts';
import { decidingPlace } from '../../routing/setting-place.ts';
import type { Cause, Place } from '../plan.ts';
import { type AttemptNumbers, missingPrice, noPrice } from './attempt-numbers.ts';
import type { AttemptList } from './attempts.ts';
import type { Caller } from './callers.ts';
import { saidOf } from './cause-words.ts';
import {
  accountOf,
  type ExplainedSide,
  priorityOf,
  refusalOf,
  Side,
  sentSource,
  wordsOf,
} from './explained-side.ts';
import { FoundCauses, type PriceCauses } from './found-causes.ts';
import { otherNumberLines, unsendableOf } from './number-causes.ts';
import type { ServedCall, SideCalls } from './side-calls.ts';
import { writtenAccount } from './written-settings.ts';

/** Of one comparison. */
export interface CauseContext {
  readonly numbers: AttemptNumbers;
  readonly prices: PriceCauses;
  /** Room to work in: by the number of a gateway, where it stands in a list; nowhere in between. */
  readonly placeOfGateway: number[];
  /** By the name of the mapping gateway: which tables its account pays by. */
  readonly ofAccounts: Map<string, readonly Cause[]>;
}

/** `known` is what both sides have been found to do with this very call; null when it is to be found out. */
export function causesOf(
  before: ExplainedSide,
  after: ExplainedSide,
  callee: string,
  caller: Caller,
  known: readonly [ServedCall, ServedCall] | null,
  context: CauseContext,
): readonly Cause[] {
  const old = new Side(before, callee, caller, known?.[0] ?? null);
  const now = new Side(after, callee, caller, known?.[1] ?? null);
  const { numbers } = context;
  const causes = new Causes(old, now, context);
  causes.ofNumber();
  if (old.served.refusal !== now.served.refusal) causes.ofRefusal();
  if (numbers.ofPrice(old.served.price) !== numbers.ofPrice(now.served.price)) causes.ofCharge();
  if (old.served.list.number !== now.served.list.number) {
    causes.ofAttempts();
    causes.ofOrder();
  }
  return causes.all.found;
}

const nowhere = -1;

/** What settings say of two orders of one customer's gateways, which very many numbers have in common. */
const ordersOfSides = new WeakMap<SideCalls, WeakMap<SideCalls, Map<string, readonly Cause[]>>>();

function ordersOf(before: SideCalls, after: SideCalls): Map<string, readonly Cause[]> {
  const ofBefore = ordersOfSides.get(before) ?? new WeakMap<SideCalls, Map<string, readonly Cause[]>>();
  ordersOfSides.set(before, ofBefore);
  const known = ofBefore.get(after) ?? new Map<string, readonly Cause[]>();
  ofBefore.set(after, known);
  return known;
}

/** One that is tried. */
interface Placed {
  readonly place: number;
  readonly rank: number;
  /** Of the gateway, by its name. */
  readonly number: number;
  readonly protect: boolean;
}

class Causes {
  readonly all = new FoundCauses();
  readonly #old: Side;
  readonly #now: Side;
  readonly #numbers: AttemptNumbers;
  readonly #context: CauseContext;
  readonly #knownOrders: Map<string, readonly Cause[]>;

  constructor(old: Side, now: Side, context: CauseContext) {
    this.#old = old;
    this.#now = now;
    this.#numbers = context.numbers;
    this.#context = context;
    this.#knownOrders = ordersOf(old.calls, now.calls);
  }

  add(...cause: Parameters<typeof causeOf>): void {
    for (const one of causeOf(...cause)) this.all.add(one);
  }

  ofNumber(): void {
    const lines = otherNumberLines(this.#old, this.#now);
    if (lines !== null) this.add('the call is routed or rated by another number', ...lines);
  }

  /** Another table is the account's doing, another row the table's. */
  ofCharge(): void {
    const { name } = this.#now.gateway;
    let ofAccount = this.#context.ofAccounts.get(name);
    if (ofAccount === undefined) {
      ofAccount = this.#ofAccount();
      this.#context.ofAccounts.set(name, ofAccount);
    }
    for (const cause of ofAccount) this.all.add(cause);
    const { numbers, prices } = this.#context;
    const before = numbers.placesOf(this.#old.calls.snapshot).numberOf(this.#old.served.price);
    const after = numbers.placesOf(this.#now.calls.snapshot).numberOf(this.#now.served.price);
    prices.addOfCustomer(before, after, this.all);
  }

  #ofAccount(): readonly Cause[] {
    const [before, after] = [accountOf(this.#old), accountOf(this.#now)];
    return (['unrated', 'privateRateTable', 'rateTables', 'rateTable'] as const).flatMap(setting => {
      const read = writtenAccount[setting]!;
      const was = JSON.stringify(read(before, this.#old.calls.snapshot));
      const now = JSON.stringify(read(after, this.#now.calls.snapshot));
      if (was === now) return [];
      const what = `${setting} of ${after.name}: ${shortOf(was)} → ${shortOf(now)}`;
      return causeOf(what, decidingPlace(before, setting), decidingPlace(after, setting));
    });
  }

  ofRefusal(): void {
    const old = refusalOf(this.#old, this.#numbers);
    const now = refusalOf(this.#now, this.#numbers);
    // Where only the old side has a line, the line is not about what the new side says.
    const isNow = now !== null && (now.place !== null || (old?.place ?? null) === null);
    const what = isNow ? now.detail : old === null ? null : `no longer so: ${old.detail}`;
    if (what !== null && (old?.place ?? now?.place ?? null) !== null) {
      this.all.add({ what, before: old?.place ?? null, after: now?.place ?? null });
    }
  }

  /** Of attempts with equal numbers there is nothing to tell, and that is mostly so. */
  ofAttempts(): void {
    const { lists } = this.#numbers;
    const { placeOfGateway } = this.#context;
    const [was, is] = [this.#old.served.list, this.#now.served.list];
    for (let place = 0; place < is.length; place++) {
      placeOfGateway[this.#gatewayOf(lists.attemptAt(is.number, place))] = place;
    }
    let shared = 0;
    for (let place = 0; place < was.length; place++) {
      const attempt = lists.attemptAt(was.number, place);
      const gateway = this.#gatewayOf(attempt);
      const other = placeOfGateway[gateway] ?? nowhere;
      placeOfGateway[gateway] = nowhere;
      if (other === nowhere) {
        this.ofLost(was.gatewayAt(place));
        continue;
      }
      shared++;
      if (lists.attemptAt(is.number, other) !== attempt) this.#ofBoth(was, place, is, other);
    }
    for (let place = 0; shared < is.length && place < is.length; place++) {
      const gateway = this.#gatewayOf(lists.attemptAt(is.number, place));
      if (placeOfGateway[gateway] === nowhere) continue;
      placeOfGateway[gateway] = nowhere;
      this.ofWon(is.gatewayAt(place));
    }
  }

  #gatewayOf(attempt: number): number {
    return this.#numbers.asked[this.#numbers.whoOf(attempt)]!.number;
  }

  ofLost({ name }: RoutingGateway): void {
    const old = this.#old.because().get(name);
    const now = this.#now.because().get(name);
    const unsendable = now === undefined || now.outcome === 'excluded' ? null : unsendableOf(this.#now, name);
    const why = unsendable ?? now;
    if (why !== undefined)
      this.add(saidOf(name, wordsOf(this.#now, why.detail, this.#numbers)), old?.source, why.source);
    else if (this.#now.served.asked !== null)
      this.add(`${name} has no prefix of the number any more`, old?.source, null);
  }

  ofWon({ name }: RoutingGateway): void {
    const old = this.#old.because().get(name);
    const now = this.#now.because().get(name);
    const unsendable = old === undefined || old.outcome === 'excluded' ? null : unsendableOf(this.#old, name);
    const why = unsendable ?? old;
    if (why !== undefined)
      this.add(
        `no longer so: ${saidOf(name, wordsOf(this.#old, why.detail, this.#numbers))}`,
        why.source,
        now?.source,
      );
    else if (this.#old.served.asked !== null && now !== undefined)
      this.add(saidOf(name, wordsOf(this.#now, now.detail, this.#numbers)), null, now.source);
  }

  #ofBoth(was: AttemptList, oldPlace: number, is: AttemptList, nowPlace: number): void {
    const numbers = this.#numbers;
    const [old, now] = [
      numbers.lists.attemptAt(was.number, oldPlace),
      numbers.lists.attemptAt(is.number, nowPlace),
    ];
    if (comparablePrice(numbers.priceOf(old)) !== comparablePrice(numbers.priceOf(now))) {
      const rows = [was.rowAt(oldPlace), is.rowAt(nowPlace)] as const;
      this.#context.prices.addOfVendor(this.#gatewayOf(now), ...rows, this.all);
    }
    if (numbers.sentOf(old) !== numbers.sentOf(now)) {
      const { name } = is.gatewayAt(nowPlace);
      const sources = [
        sentSource(this.#old, was.gatewayAt(oldPlace)),
        sentSource(this.#now, is.gatewayAt(nowPlace)),
      ] as const;
      this.add(`what ${name} is sent`, ...sources);
    }
  }

  /** Of gateways that both sides try: what puts them elsewhere among the others. */
  ofOrder(): void {
    const [was, is] = [this.#old.served.list, this.#now.served.list];
    const orders = [this.#numbers.orderOf(was.number), this.#numbers.orderOf(is.number)] as const;
    if (orders[0] === orders[1]) return;
    const key = `${orders[0]} ${orders[1]} ${this.#old.gateway.name}`;
    const known = this.#knownOrders.get(key);
    if (known !== undefined) {
      for (const cause of known) this.all.add(cause);
      return;
    }
    const found: Cause[] = [];
    const isOther = this.#ofSettings(was, is, found);
    for (const cause of found) this.all.add(cause);
    if (isOther && found.length === 0) this.#ofMatches(is);
    else this.#knownOrders.set(key, found);
  }

  /** What priorities, roles and policies say; whether the order is another at all. */
  #ofSettings(was: AttemptList, is: AttemptList, found: Cause[]): boolean {
    const add = (...cause: Parameters<typeof causeOf>) => found.push(...causeOf(...cause));
    const news = this.#placed(is, new Set(this.#placed(was, null).map(({ number }) => number)));
    const olds = this.#placed(was, new Set(news.map(({ number }) => number)));
    const isSameOrder = news.every((now, i) => {
      const old = olds[i]!;
      if (now.number !== old.number) return false;
      if (i === 0) return true;
      return (now.rank === news[i - 1]!.rank) === (old.rank === olds[i - 1]!.rank);
    });
    if (isSameOrder) return false;
    const byNumber = new Map(olds.map(old => [old.number, old]));
    for (const now of news) {
      const old = byNumber.get(now.number)!;
      const [oldGateway, gateway] = [was.gatewayAt(old.place), is.gatewayAt(now.place)];
      const [wasFirst, isFirst] = [priorityOf(this.#old, oldGateway), priorityOf(this.#now, gateway)];
      if (wasFirst !== isFirst) {
        const what = `priority ${isFirst} of ${gateway.name} instead of ${wasFirst}`;
        add(what, decidingPlace(oldGateway, 'priority'), decidingPlace(gateway, 'priority'));
      }
      if (now.protect !== old.protect) {
        const places = [
          decidingPlace(oldGateway, 'protectRoute'),
          decidingPlace(gateway, 'protectRoute'),
        ] as const;
        add(`${gateway.name} ${now.protect ? 'becomes' : 'is no longer'} a protect route`, ...places);
      }
    }
    for (const policy of ['firstRoutePolicy', 'secondRoutePolicy'] as const) {
      const [old, now] = [this.#old.gateway, this.#now.gateway];
      if (old[policy] !== now[policy]) {
        add(
          `${policy} ${now[policy]} instead of ${old[policy]}`,
          decidingPlace(old, policy),
          decidingPlace(now, policy),
        );
      }
    }
    return true;
  }

  /** Those of these gateways, or all. */
  #placed({ number: list, length }: AttemptList, gateways: ReadonlySet<number> | null): readonly Placed[] {
    const { lists, asked } = this.#numbers;
    const placed: Placed[] = [];
    let rank = 0;
    for (let place = 0; place < length; place++) {
      if (lists.beginsRankAt(list, place)) rank++;
      const { number, protect } = asked[this.#numbers.whoOf(lists.attemptAt(list, place))]!;
      if (gateways === null || gateways.has(number)) placed.push({ place, rank, number, protect });
    }
    return placed;
  }

  /** Of numbers themselves: another prefix of a gateway is the longest. */
  #ofMatches(is: AttemptList): void {
    if (this.all.found.length > 0) return;
    const tried = new Set(this.#placed(this.#old.served.list, null).map(({ number }) => number));
    for (const { place } of this.#placed(is, tried)) {
      const { name } = is.gatewayAt(place);
      const [old, now] = [this.#old.because().get(name), this.#now.because().get(name)];
      if (old?.matchedLength !== now?.matchedLength)
        this.add(`another prefix of ${name}`, old?.source, now?.source);
    }
  }
}

const longestValue = 40;

function shortOf(json: string): string {
  const text = json === 'null' ? 'none' : json.replaceAll('"', '');
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`;
}

/** None where it stands nowhere. */
function causeOf(
  what: string,
  before: Source | null | undefined,
  after: Source | null | undefined,
): readonly Cause[] {
  const places = { before: placeOf(before), after: placeOf(after) };
  return places.before === null && places.after === null ? [] : [{ what, ...places }];
}

/** What is not known and what is nothing stand in no row. */
function comparablePrice(price: number): number {
  return price === missingPrice ? noPrice : price;
}

function placeOf(source: Source | null | undefined): Place | null {
  return source === null || source === undefined ? null : { file: source.file, line: source.line };
}
