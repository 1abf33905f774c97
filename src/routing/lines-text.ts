/** Limits that are reached, in words: a limit of one or of none is a limit like any other. */
import type { CallRate } from '../config/snapshot.ts';

/** What somebody else has: `owner` is a name, or what stands for one in a sentence. */
export function noLineLeftOf(owner: string, lines: number): string {
  if (lines === 0) return `${owner} has no lines`;
  return lines === 1 ? `the only line of ${owner} is in use` : `all ${lines} lines of ${owner} are in use`;
}

/** What a gateway itself has. `condition` says while what it has so many; empty for always. */
export function noOwnLineLeft(lines: number, condition: string = ''): string {
  if (lines === 0) return `it has no lines${condition === '' ? '' : ` ${condition}`}`;
  if (condition === '') return lines === 1 ? 'its only line is in use' : `all its ${lines} lines are in use`;
  return lines === 1
    ? `the only line that it has ${condition} is in use`
    : `all the ${lines} lines that it has ${condition} are in use`;
}

/** `10 calls per second` */
export function callRateText({ calls, perSeconds }: CallRate): string {
  const period = perSeconds === 1 ? 'second' : `${perSeconds} seconds`;
  return `${calls} ${calls === 1 ? 'call' : 'calls'} per ${period}`;
}
