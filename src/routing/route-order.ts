/**
 * The order inside a group of equally long prefixes: priority (lower first), then what the mapping gateway's policies
 * say, then least loaded, then fewest calls carried, then name. It is total, so the result depends on nothing but
 * the state.
 *
 * Policy `asr` has the gateway with the higher answer-seizure ratio first. One that is not known yet counts as 1: a new
 * gateway is tried before it is judged. One that is not measured takes no part and counts as 0, since it would never
 * be judged and for ever keep the calls from those that are. Policy `rate` has the lower price per second first; gateways that do not take
 * part in it count as the dearest.
 */
import type { RoutePolicy, Snapshot } from '../config/snapshot.ts';
import type { RoutingState } from './gateway-availability.ts';
import type { TimedSettings } from './timed-settings.ts';

/** Gaps of a Shell sort (Ciura): in place and without memory, for a pair of gateways and for thousands. */
const gaps: readonly number[] = [1750, 701, 301, 132, 57, 23, 10, 4, 1];

/** 10⁻¹⁰ currency units per second: about where prices lie, so that a key tells most of them apart. */
const usualPrice = 1_000_000;

/** Of one group: what it is ordered by. Gateways by their index. */
export interface OrderRequest {
  /** Policies other than `none`, the first to count first. */
  readonly policies: readonly RoutePolicy[];
  /** 10⁻¹⁰ currency units per second; Infinity where the gateway takes no part. Asked for policy `rate` alone. */
  readonly price: (gateway: number) => number;
}

export class RouteOrder {
  readonly #settings: TimedSettings;
  /** By gateway: what counts for an answer-seizure ratio that is not known. */
  readonly #unknownAsr: Uint8Array;
  /** Place among all gateways by name, by UTF-16 code units. */
  readonly #nameRank: Uint16Array;
  /** By gateway, of the group being ordered. */
  readonly #load: Float64Array;
  readonly #carried: Float64Array;
  /** By place in the group being ordered. */
  readonly #key: Float64Array;
  #state: RoutingState | null = null;
  #first: RoutePolicy = 'none';
  #second: RoutePolicy = 'none';
  #price: OrderRequest['price'] = noPrice;

  constructor(snapshot: Snapshot, settings: TimedSettings) {
    const gateways = snapshot.routingGateways;
    this.#settings = settings;
    this.#unknownAsr = Uint8Array.from(gateways, ({ calculateQuality }) => (calculateQuality ? 1 : 0));
    this.#nameRank = new Uint16Array(gateways.length);
    const byName = [...gateways].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const [rank, gateway] of byName.entries()) this.#nameRank[gateway.index] = rank;
    this.#load = new Float64Array(gateways.length);
    this.#carried = new Float64Array(gateways.length);
    this.#key = new Float64Array(gateways.length);
  }

  /** Orders the first `count` gateway indexes of `group` in place, the first to try first. None of them is full. */
  sort(group: Uint16Array, count: number, state: RoutingState, request: OrderRequest): void {
    if (count < 2) return;
    const keys = this.#key;
    const { priorityRank, lines: linesOf } = this.#settings;
    const first = request.policies[0] ?? 'none';
    this.#state = state;
    this.#first = first;
    this.#second = request.policies[1] ?? 'none';
    this.#price = request.price;
    for (let i = 0; i < count; i++) {
      const gateway = group[i]!;
      const lines = linesOf[gateway]!;
      // A gateway without a line limit has a load of 0 whatever it carries.
      const load = lines === Number.POSITIVE_INFINITY ? 0 : state.activeLines(gateway) / lines;
      this.#load[gateway] = load;
      this.#carried[gateway] = state.callsCarried(gateway);
      const next = first === 'none' ? load : keyOf(first, this.#standing(first, gateway));
      // Rising with priority and what counts next, and mostly enough to tell two gateways apart.
      keys[i] = priorityRank[gateway]! + next;
    }
    for (const gap of gaps) {
      if (gap < count) this.#sortWithGap(group, count, gap);
    }
  }

  /** What the policy makes of the gateway: the less goes first. */
  #standing(policy: RoutePolicy, gateway: number): number {
    if (policy === 'asr') return -(this.#state!.asr(gateway) ?? this.#unknownAsr[gateway]!);
    return policy === 'rate' ? this.#price(gateway) : 0;
  }

  #sortWithGap(group: Uint16Array, count: number, gap: number): void {
    const keys = this.#key;
    for (let i = gap; i < count; i++) {
      const gateway = group[i]!;
      const key = keys[i]!;
      let j = i;
      while (j >= gap) {
        const other = keys[j - gap]!;
        if (key > other || (key === other && !this.#before(gateway, group[j - gap]!))) break;
        group[j] = group[j - gap]!;
        keys[j] = other;
        j -= gap;
      }
      group[j] = gateway;
      keys[j] = key;
    }
  }

  /** Asked for the few pairs alone that their keys do not tell apart. */
  #before(a: number, b: number): boolean {
    const { priorityRank } = this.#settings;
    if (priorityRank[a] !== priorityRank[b]) return priorityRank[a]! < priorityRank[b]!;
    if (this.#first !== 'none') {
      const byFirst = this.#compare(this.#first, a, b);
      if (byFirst !== 0) return byFirst < 0;
      const bySecond = this.#compare(this.#second, a, b);
      if (bySecond !== 0) return bySecond < 0;
    }
    if (this.#load[a] !== this.#load[b]) return this.#load[a]! < this.#load[b]!;
    if (this.#carried[a] !== this.#carried[b]) return this.#carried[a]! < this.#carried[b]!;
    return this.#nameRank[a]! < this.#nameRank[b]!;
  }

  #compare(policy: RoutePolicy, a: number, b: number): -1 | 0 | 1 {
    const ofA = this.#standing(policy, a);
    const ofB = this.#standing(policy, b);
    if (ofA === ofB) return 0;
    return ofA < ofB ? -1 : 1;
  }
}

function noPrice(): number {
  return Number.POSITIVE_INFINITY;
}

/**
 * Rises with the standing, and never falls by what doubles round off: each operation is monotone. Stays from 0 up to,
 * not including, 1.
 */
function keyOf(policy: RoutePolicy, standing: number): number {
  if (policy === 'asr') return (1 + standing) / 2;
  if (standing === Number.POSITIVE_INFINITY) return 0.75;
  return 0.75 * (1 - usualPrice / (standing + usualPrice));
}
