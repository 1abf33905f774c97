/**
 * The order inside a group of equally long prefixes: priority (lower first), then least loaded, then fewest
 * calls carried, then name. It is total, so the result depends on nothing but the state.
 */
import type { Snapshot } from '../config/snapshot.ts';
import type { RoutingState } from './gateway-availability.ts';

/** Gaps of a Shell sort (Ciura): in place and without memory, for a pair of gateways and for thousands. */
const gaps: readonly number[] = [1750, 701, 301, 132, 57, 23, 10, 4, 1];

export class RouteOrder {
  readonly #priority: Float64Array;
  /** Place of the gateway's priority among the different priorities there are. */
  readonly #priorityRank: Uint16Array;
  /** Place among all gateways by name, by UTF-16 code units. */
  readonly #nameRank: Uint16Array;
  readonly #lines: Float64Array;
  /** By gateway, of the group being ordered. */
  readonly #load: Float64Array;
  readonly #carried: Float64Array;
  /** By place in the group. */
  readonly #key: Float64Array;

  constructor(snapshot: Snapshot) {
    const gateways = snapshot.routingGateways;
    this.#priority = Float64Array.from(gateways, gateway => gateway.priority);
    const priorities = [...new Set(this.#priority)].sort((a, b) => a - b);
    const rankOf = new Map(priorities.map((priority, rank) => [priority, rank]));
    this.#priorityRank = Uint16Array.from(gateways, gateway => rankOf.get(gateway.priority)!);
    // A gateway without a line limit has a load of 0 whatever it carries.
    this.#lines = Float64Array.from(gateways, gateway => gateway.lines ?? Number.POSITIVE_INFINITY);
    this.#nameRank = new Uint16Array(gateways.length);
    const byName = [...gateways].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const [rank, gateway] of byName.entries()) this.#nameRank[gateway.index] = rank;
    this.#load = new Float64Array(gateways.length);
    this.#carried = new Float64Array(gateways.length);
    this.#key = new Float64Array(gateways.length);
  }

  /** Orders the first `count` gateway indexes of `group` in place, the first to try first. None of them is full. */
  sort(group: Uint16Array, count: number, state: RoutingState): void {
    if (count < 2) return;
    const keys = this.#key;
    for (let i = 0; i < count; i++) {
      const gateway = group[i]!;
      const load = state.activeLines(gateway) / this.#lines[gateway]!;
      this.#load[gateway] = load;
      this.#carried[gateway] = state.callsCarried(gateway);
      // Rising with priority and load, and mostly enough to tell two gateways apart.
      keys[i] = this.#priorityRank[gateway]! + load;
    }
    for (const gap of gaps) {
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
  }

  #before(a: number, b: number): boolean {
    if (this.#priority[a] !== this.#priority[b]) return this.#priority[a]! < this.#priority[b]!;
    if (this.#load[a] !== this.#load[b]) return this.#load[a]! < this.#load[b]!;
    if (this.#carried[a] !== this.#carried[b]) return this.#carried[a]! < this.#carried[b]!;
    return this.#nameRank[a]! < this.#nameRank[b]!;
  }
}
