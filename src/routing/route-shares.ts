/** A percentage split of a mapping gateway's calls over route tags (VOS3000: proportionCalleePrefixs). */
import type { RouteShares } from '../config/snapshot.ts';
import { Draws, textHash } from './draws.ts';

/** Shares never change, so this only saves time. */
const orders = new WeakMap<RouteShares, Uint16Array>();

/**
 * Index of the share that gets the call in this slot: a mapping gateway counts its calls from 0, and call n is in slot
 * n. The shares take turns in one order that is shuffled by the gateway's name and then repeated, so that of any calls
 * in a row, as many as the weights add up to, each share gets exactly its weight. Weights with a common divisor are
 * reduced by it first: 60 and 40 are exact over every 5 calls already.
 */
export function shareOfSlot(shares: RouteShares, gateway: string, slot: number): number {
  let order = orders.get(shares);
  if (order === undefined) {
    order = orderOf(shares, gateway);
    orders.set(shares, order);
  }
  return order[slot % order.length]!;
}

function orderOf({ shares, total }: RouteShares, gateway: string): Uint16Array {
  const divisor = shares.reduce((common, { weight }) => commonDivisor(common, weight), total);
  const order = new Uint16Array(total / divisor);
  let filled = 0;
  for (const [index, { weight }] of shares.entries()) {
    order.fill(index, filled, filled + weight / divisor);
    filled += weight / divisor;
  }
  if (filled !== order.length) throw new Error(`the route shares of ${gateway} do not add up to ${total}`);
  const draws = new Draws(textHash(gateway));
  for (let last = order.length - 1; last > 0; last--) {
    const other = draws.below(last + 1);
    const swapped = order[last]!;
    order[last] = order[other]!;
    order[other] = swapped;
  }
  return order;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
