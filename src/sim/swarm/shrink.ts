/**
 * Makes a scenario that fails as small as it gets: without the calls and events that it fails without as well (delta
 * debugging: Zeller and Hildebrandt 2002), and then plainer and plainer.
 */
import type { Scenario } from '../scenario/scenario.ts';
import { simpler } from './simplify.ts';

/** The scenario is played once for each trial: so many are enough, and soon over. */
const mostTrials = 3000;

/** `play` names the invariants that a scenario breaks. What is returned breaks `invariant`, as `scenario` does. */
export function shrunk(
  scenario: Scenario,
  invariant: string,
  play: (candidate: Scenario) => readonly string[],
): Scenario {
  let trials = 0;
  const fails = (candidate: Scenario): boolean =>
    trials++ < mostTrials && play(candidate).includes(invariant);
  let best = scenario;
  for (;;) {
    const before = best;
    best = withFewer(best, fails);
    best = plainer(best, fails);
    if (best === before) return best;
  }
}

type Part = { readonly call: Scenario['calls'][number] } | { readonly event: Scenario['events'][number] };

function withFewer(scenario: Scenario, fails: (candidate: Scenario) => boolean): Scenario {
  const build = (parts: readonly Part[]): Scenario => ({
    ...scenario,
    calls: parts.flatMap(part => ('call' in part ? part.call : [])),
    events: parts.flatMap(part => ('event' in part ? part.event : [])),
  });
  const all: readonly Part[] = [
    ...scenario.events.map(event => ({ event })),
    ...scenario.calls.map(call => ({ call })),
  ];
  const left = fewest(all, parts => parts.some(part => 'call' in part) && fails(build(parts)));
  return left.length === all.length ? scenario : build(left);
}

/** A part of `all` that fails, of which nothing can be left out. */
function fewest<T>(all: readonly T[], fails: (some: readonly T[]) => boolean): readonly T[] {
  let left = all;
  for (let size = Math.ceil(left.length / 2); size >= 1; ) {
    let isSmaller = false;
    for (let at = 0; at < left.length; ) {
      const without = [...left.slice(0, at), ...left.slice(at + size)];
      if (without.length > 0 && fails(without)) {
        left = without;
        isSmaller = true;
      } else at += size;
    }
    if (size === 1 && !isSmaller) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return left;
}

function plainer(scenario: Scenario, fails: (candidate: Scenario) => boolean): Scenario {
  let best = scenario;
  for (let isPlainer = true; isPlainer; ) {
    isPlainer = false;
    for (const candidate of simpler(best)) {
      if (!fails(candidate)) continue;
      best = candidate;
      isPlainer = true;
      break;
    }
  }
  return best;
}
