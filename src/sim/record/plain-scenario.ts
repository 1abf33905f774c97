/** What of a recorded scenario nobody decides. */
import type { GivenState } from '../../call/given-state.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import { schemaDefaults } from '../files/defaults.ts';
import { completeGiven } from '../files/given.ts';
import type { ScenarioCall } from '../scenario/scenario.ts';

/** All but who calls whom. */
export const nothingSpecial: Omit<
  ScenarioCall,
  'via' | 'source' | 'caller' | 'callee' | 'forwarding' | 'hangUpAfterMs'
> = {
  place: { file: 'recorded.yaml', line: 1, column: 1 },
  name: null,
  atMs: 0,
  timerCapable: schemaDefaults().timers,
  cancelAfterMs: null,
  count: 1,
  intervalMs: 0,
  expect: [],
};

/** As where a scenario says nothing: every account has plenty, and nothing else is so. */
export function plentyOfMoney(snapshot: Snapshot): GivenState {
  return completeGiven(snapshot, []);
}
