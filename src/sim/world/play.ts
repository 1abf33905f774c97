import type { Snapshot } from '../../config/snapshot.ts';
import type { Played } from '../scenario/played.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { PlayOptions } from './play-options.ts';
import { World } from './world.ts';

/**
 * Plays a scenario in virtual time, in a world of its own: nothing of it is left for the next one, and the same
 * configuration, scenario and seed yield the same result. It never throws for what a scenario or a switch does: a
 * switch that does what it must not leaves violations.
 */
export function playScenario(snapshot: Snapshot, scenario: Scenario, options: PlayOptions = {}): Played {
  return new World(snapshot, scenario, options).play();
}
