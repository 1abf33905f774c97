import type { Lint } from './finding.ts';
import { lintConfiguration } from './lint.ts';
import { lookAround } from './look-around.ts';

/** As of this moment, in ms since 1970 UTC. */
export function lintAsOf(nowMs: number): Lint {
  return (path, directory, snapshot) => {
    const context = { directory, snapshot, nowMs };
    return lintConfiguration(context, lookAround(path, context));
  };
}
