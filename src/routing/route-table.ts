/** How the entries of a route table are read. */
import type { RouteTable } from '../config/snapshot.ts';

/** In a step of `RouteTable.steps`: the gateway. */
export const stepGateway = 0xffff;
/** The entry is in Expiration mode. */
export const stepExpires = 1 << 16;
/** Another entry of the same prefix stands behind this one. */
export const stepGoesOn = 1 << 17;

/** The entry of the same prefix that follows this one, or -1. */
export function nextEntry({ steps }: RouteTable, entry: number): number {
  return (steps[entry]! & stepGoesOn) === 0 ? -1 : entry + 1;
}
