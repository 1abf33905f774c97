import type { CallerPool } from '../config/snapshot.ts';
import type { PoolUse } from '../routing/caller-pool.ts';

/**
 * How the caller pool of one gateway is in use. It goes by the numbers themselves, so that it survives a reload that
 * changes the pool: a number that has left it counts until its last call is over, and counts again when it comes back.
 */
export class CallerPoolState implements PoolUse {
  taken = 0;
  readonly #calls = new Map<string, number>();
  #total = 0;
  #version = 0;
  /** What was found out last, of which pool and which version of the counts. */
  #known: { readonly pool: CallerPool; readonly version: number; readonly usedUp: boolean } | null = null;

  callsWith(number: string): number {
    return this.#calls.get(number) ?? 0;
  }

  take(number: string): void {
    this.#calls.set(number, this.callsWith(number) + 1);
    this.#total++;
    this.taken++;
    this.#version++;
  }

  give(number: string): void {
    const calls = this.callsWith(number);
    if (calls === 0) throw new Error(`the caller pool gave back ${number}, which it had not lent`);
    if (calls === 1) this.#calls.delete(number);
    else this.#calls.set(number, calls - 1);
    this.#total--;
    this.#version++;
  }

  /** Every number of the pool has all the calls at once that it may have. */
  isUsedUp(pool: CallerPool): boolean {
    const { numbers, linesPerNumber } = pool;
    if (linesPerNumber === null) return numbers.length === 0;
    // With fewer calls than the pool has room for, some number of it must be free.
    if (this.#total < numbers.length * linesPerNumber) return false;
    const known = this.#known;
    if (known !== null && known.pool === pool && known.version === this.#version) return known.usedUp;
    const usedUp = numbers.every(number => this.callsWith(number) >= linesPerNumber);
    this.#known = { pool, version: this.#version, usedUp };
    return usedUp;
  }
}
