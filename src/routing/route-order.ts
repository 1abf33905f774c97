/**
 * The order inside a group of equally long prefixes: priority (lower first), then least loaded, then fewest
 * calls carried, then name. It is total, so the result depends on nothing but the state.
 */
import type { Snapshot } from '../config/snapshot.ts';
import type { RoutingState } from './gateway-availability.ts';

/** Gaps of a Shell sort (Ciura): fast from a pair of gateways to a few thousand, in place and without memory. */
const gaps: readonly number[] = [1750, 701, 301, 132, 57, 23, 10, 4, 1];

export class RouteOrder {
  readonly #priority: Float64Array;
  /** Place among all gateways by name, by UTF-16 code units. */
  readonly #nameRank: Uint32Array;
  readonly #lines: Float64Array;
  /** Of the group being ordered, by gateway. */
  readonly #load: Float64Array;
  readonly #carried: Float64Array;

  constructor(snapshot: Snapshot) {
    const gateways = snapshot.routingGateways;
    this.#priority = Float64Array.from(gateways, gateway => gateway.priority);
    // A gateway without a line limit has a load of 0 whatever it carries.
    this.#lines = Float64Array.from(gateways, gateway => gateway.lines ?? Number.POSITIVE_INFINITY);
    this.#nameRank = new Uint32Array(gateways.length);
    const byName = [...gateways].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const [rank, gateway] of byName.entries()) this.#nameRank[gateway.index] = rank;
    this.#load = new Float64Array(gateways.length);
    this.#carried = new Float64Array(gateways.length);
  }

  /** Orders the first `count` gateway indexes of `group` in place, the first to try first. */
  sort(group: Uint16Array, count: number, state: RoutingState): void {
    if (count < 2) return;
    for (let i = 0; i < count; i++) {
      const gateway = group[i]!;
      this.#load[gateway] = state.activeLines(gateway) / this.#lines[gateway]!;
      this.#carried[gateway] = state.callsCarried(gateway);
    }
    for (const gap of gaps) {
      for (let i = gap; i < count; i++) {
        const gateway = group[i]!;
        let j = i;
        while (j >= gap && this.#before(gateway, group[j - gap]!)) {
          group[j] = group[j - gap]!;
          j -= gap;
        }
        group[j] = gateway;
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
