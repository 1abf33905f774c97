/** How far the prices of whole rate tables reach: who can never lose against whom, seen without going through prefixes. */
import type { RateTable } from '../../snapshot.ts';
import type { Network } from '../network/network.ts';

/** The same end of everything that a row is compared by. */
export interface Extremes {
  /** Price per second, in 10⁻¹⁰ currency units. */
  readonly perSecond: number;
  readonly firstSeconds: number;
  readonly nextSeconds: number;
}

interface Priced {
  /** A price list of the network. */
  readonly list: number;
}

/** Over all rows, in effect or not, so that what is ruled out here is ruled out at every prefix. */
export class PriceExtremes {
  readonly #network: Network;
  /** By rate table, made when it is asked for. */
  readonly #ofTable = new Map<number, readonly [lowest: Extremes, highest: Extremes]>();

  constructor(network: Network) {
    this.#network = network;
  }

  /** Infinity where there are no rows. */
  lowest(of: readonly Priced[]): Extremes {
    return this.#tablesOf(of).reduce((a, b) => combined(a, this.#of(b)[0], Math.min), all(Infinity));
  }

  /** -Infinity where there are no rows. */
  highest(of: readonly Priced[]): Extremes {
    return this.#tablesOf(of).reduce((a, b) => combined(a, this.#of(b)[1], Math.max), all(-Infinity));
  }

  #tablesOf(of: readonly Priced[]): readonly number[] {
    return [...new Set(of.flatMap(({ list }) => this.#network.lists[list]!))];
  }

  #of(table: number): readonly [lowest: Extremes, highest: Extremes] {
    let known = this.#ofTable.get(table);
    if (known === undefined) {
      known = extremesOf(this.#network.snapshot.rateTables[table]!);
      this.#ofTable.set(table, known);
    }
    return known;
  }
}

/** Whether some row of a vendor may cost more, or be billed in longer steps, than some row that customers pay by. */
export function mayLose(customers: Extremes, vendors: Extremes): boolean {
  // Quotients are rounded, so those that look equal may differ.
  return vendors.perSecond >= customers.perSecond || mayBeCoarser(customers, vendors);
}

export function mayBeCoarser(customers: Extremes, vendors: Extremes): boolean {
  return vendors.firstSeconds > customers.firstSeconds || vendors.nextSeconds > customers.nextSeconds;
}

function extremesOf(table: RateTable): readonly [lowest: Extremes, highest: Extremes] {
  const { rate, unitSeconds } = table;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let row = 0; row < table.rowCount; row++) {
    const perSecond = rate[row]! / unitSeconds[row]!;
    if (perSecond < lowest) lowest = perSecond;
    if (perSecond > highest) highest = perSecond;
  }
  const [shortestFirst, longestFirst] = endsOf(table.firstIncrementSeconds);
  const [shortestNext, longestNext] = endsOf(table.nextIncrementSeconds);
  return [
    { perSecond: lowest, firstSeconds: shortestFirst, nextSeconds: shortestNext },
    { perSecond: highest, firstSeconds: longestFirst, nextSeconds: longestNext },
  ];
}

function endsOf(column: Uint32Array): readonly [smallest: number, largest: number] {
  let smallest = Infinity;
  let largest = -Infinity;
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return [smallest, largest];
}

function combined(a: Extremes, b: Extremes, choose: (a: number, b: number) => number): Extremes {
  return {
    perSecond: choose(a.perSecond, b.perSecond),
    firstSeconds: choose(a.firstSeconds, b.firstSeconds),
    nextSeconds: choose(a.nextSeconds, b.nextSeconds),
  };
}

function all(value: number): Extremes {
  return { perSecond: value, firstSeconds: value, nextSeconds: value };
}
