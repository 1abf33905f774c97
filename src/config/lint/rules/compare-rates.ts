/** Two prices side by side, and how a person reads one. */
import type { RateTable } from '../../snapshot.ts';

const unitsOfOne = 1e10;
const secondsOfMinute = 60;

/**
 * How much more a second costs by row `a` of table `aTable` than by row `b`, in 10⁻¹⁰ of the currency: positive when
 * a is dearer, exactly 0 when both cost the same. What is charged once, or for the first seconds only, does not count.
 */
export function comparePerSecond(aTable: RateTable, a: number, bTable: RateTable, b: number): number {
  const [aRate, aUnit] = [aTable.rate[a]!, aTable.unitSeconds[a]!];
  const [bRate, bUnit] = [bTable.rate[b]!, bTable.unitSeconds[b]!];
  if (aUnit === bUnit) return (aRate - bRate) / aUnit;
  const [left, right] = [aRate * bUnit, bRate * aUnit];
  // Products beyond the exact integers of a double are compared with more care.
  const isExact = left <= Number.MAX_SAFE_INTEGER && right <= Number.MAX_SAFE_INTEGER;
  if (isExact && left === right) return 0;
  if (!isExact && BigInt(aRate) * BigInt(bUnit) === BigInt(bRate) * BigInt(aUnit)) return 0;
  return aRate / aUnit - bRate / bUnit;
}

/** Whether a call is billed in longer steps by row `a` than by row `b`. */
export function isCoarser(aTable: RateTable, a: number, bTable: RateTable, b: number): boolean {
  return (
    aTable.firstIncrementSeconds[a]! > bTable.firstIncrementSeconds[b]! ||
    aTable.nextIncrementSeconds[a]! > bTable.nextIncrementSeconds[b]!
  );
}

/** `0.0150`: the price of a minute, with at least four decimals and at most ten. */
export function perMinute(table: RateTable, row: number): string {
  const price = (table.rate[row]! / unitsOfOne / table.unitSeconds[row]!) * secondsOfMinute;
  return price.toFixed(10).replace(/(\.\d{4}\d*?)0+$/, '$1');
}

/** `60/60`. */
export function increments(table: RateTable, row: number): string {
  return `${table.firstIncrementSeconds[row]}/${table.nextIncrementSeconds[row]}`;
}
