/** Numbers of callers that are taken from a pool (VOS3000: rewriteRulesInCallerUseE164Group). */
import type { CallerPool } from '../config/snapshot.ts';
import type { Draws } from './draws.ts';

/** How a gateway's pool is in use now. */
export interface PoolUse {
  /** Calls with this number that are up or being tried at the gateway. */
  callsWith(number: string): number;
  /** How many numbers were taken so far; a pool that rotates goes on from there. */
  readonly taken: number;
}

/** A pool that nobody uses. */
export const idlePool: PoolUse = { callsWith: () => 0, taken: 0 };

/** The number to call with, or null when every number has all the calls at once that it may have. */
export function callerFromPool(pool: CallerPool, use: PoolUse, draws: Draws): string | null {
  const { numbers, linesPerNumber, order } = pool;
  const count = numbers.length;
  if (count === 0) return null;
  const start = order === 'random' ? draws.below(count) : use.taken % count;
  const stride = order === 'random' && linesPerNumber !== null ? strideThrough(count, draws) : 1;
  for (let i = 0; i < count; i++) {
    const number = numbers[(start + i * stride) % count]!;
    if (linesPerNumber === null || use.callsWith(number) < linesPerNumber) return number;
  }
  return null;
}

/** A step that meets every place once, so that the numbers behind busy ones are not taken more often than others. */
function strideThrough(count: number, draws: Draws): number {
  if (count < 3) return 1;
  let stride = 1 + draws.below(count - 1);
  while (!sharesNoDivisor(stride, count)) stride = (stride % (count - 1)) + 1;
  return stride;
}

function sharesNoDivisor(a: number, b: number): boolean {
  return b === 0 ? a === 1 : sharesNoDivisor(b, a % b);
}
