/** What a new deck changes: new and withdrawn prefixes, rises and falls, the worst first. */
import type { ImportedRow } from './rows.ts';

/** A row of the deck that the configuration has. */
export interface OldRow {
  readonly prefix: string;
  /** 10⁻¹⁰ currency units per unit. */
  readonly rate: number;
  readonly unitSeconds: number;
  readonly firstSeconds: number;
  readonly nextSeconds: number;
  readonly fromMs: number;
}

export interface PriceChange {
  readonly prefix: string;
  readonly destination: string;
  /** 10⁻¹⁰ currency units per unit of the new deck; the old price as a plain number, for people. */
  readonly oldRate: number;
  readonly newRate: number;
  readonly percent: number;
  /** Line in the vendor's file. */
  readonly line: number;
}

export interface Changes {
  /** Prefixes of the old deck. */
  readonly before: number;
  readonly common: number;
  readonly newPrefixes: readonly string[];
  readonly withdrawnPrefixes: readonly string[];
  readonly rises: number;
  readonly falls: number;
  readonly unchanged: number;
  readonly otherIncrements: number;
  /** Beyond the limit, the largest first. */
  readonly jumps: readonly PriceChange[];
}

/** What rows without increments are charged by. */
export interface Defaults {
  readonly unitSeconds: number;
  readonly firstSeconds: number;
  readonly nextSeconds: number;
}

/**
 * Compares the newest price of each prefix: the one that starts last, in both decks. A change of more than
 * `jumpPercent` is a jump.
 */
export function compare(
  old: readonly OldRow[],
  rows: readonly ImportedRow[],
  defaults: Defaults,
  jumpPercent: number,
): Changes {
  const before = new Map<string, OldRow>();
  for (const row of old) {
    const known = before.get(row.prefix);
    if (known === undefined || known.fromMs < row.fromMs) before.set(row.prefix, row);
  }
  const prefixesBefore = before.size;
  const newPrefixes: string[] = [];
  const jumps: PriceChange[] = [];
  let [common, rises, falls, otherIncrements] = [0, 0, 0, 0];
  for (const [index, row] of rows.entries()) {
    // Sorted by prefix and start, so the newest of a prefix is its last.
    if (rows[index + 1]?.prefix === row.prefix) continue;
    const was = before.get(row.prefix);
    if (was === undefined) {
      newPrefixes.push(row.prefix);
      continue;
    }
    before.delete(row.prefix);
    common++;
    if (incrementsDiffer(was, row, defaults)) otherIncrements++;
    const oldRate = (was.rate * defaults.unitSeconds) / was.unitSeconds;
    const order = comparePrices(row.rate, defaults.unitSeconds, was.rate, was.unitSeconds);
    if (order > 0) rises++;
    if (order < 0) falls++;
    if (order === 0) continue;
    const percent = oldRate === 0 ? Number.POSITIVE_INFINITY : ((row.rate - oldRate) / oldRate) * 100;
    if (Math.abs(percent) <= jumpPercent) continue;
    const { prefix, destination, line } = row;
    jumps.push({ prefix, destination, oldRate, newRate: row.rate, percent, line });
  }
  jumps.sort((a, b) => Math.abs(b.percent) - Math.abs(a.percent) || (a.prefix < b.prefix ? -1 : 1));
  const withdrawnPrefixes = [...before.keys()].sort();
  const unchanged = common - rises - falls;
  return {
    ...{ before: prefixesBefore, common, newPrefixes, withdrawnPrefixes },
    ...{ rises, falls, unchanged, otherIncrements, jumps },
  };
}

/** Prices per unit, compared without rounding. */
function comparePrices(a: number, aUnit: number, b: number, bUnit: number): number {
  if (aUnit === bUnit) return a - b;
  const difference = BigInt(a) * BigInt(bUnit) - BigInt(b) * BigInt(aUnit);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

function incrementsDiffer(was: OldRow, row: ImportedRow, defaults: Defaults): boolean {
  const first = row.firstSeconds === 0 ? defaults.firstSeconds : row.firstSeconds;
  const next = row.nextSeconds === 0 ? defaults.nextSeconds : row.nextSeconds;
  return was.firstSeconds !== first || was.nextSeconds !== next;
}

/** Changes of fewer prefixes than this are never too many. */
const leastPrefixes = 10;
const mostShare = 0.3;

/** Why a change looks like a mistake (a wrong column, decimal sign or currency), or null. */
export function suspicion(changes: Changes, jumpPercent: number): string | null {
  const { before, common, jumps, withdrawnPrefixes } = changes;
  if (jumps.length >= leastPrefixes && jumps.length > common * mostShare) {
    return `${share(jumps.length, common)} of the prices that were known change by more than ${jumpPercent} %`;
  }
  if (withdrawnPrefixes.length >= leastPrefixes && withdrawnPrefixes.length > before * mostShare) {
    return `${share(withdrawnPrefixes.length, before)} of the prefixes would be gone`;
  }
  return null;
}

function share(part: number, whole: number): string {
  return `${Math.round((part / whole) * 100)} %`;
}
