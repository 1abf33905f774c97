/** How a scenario is played. */

import type { CallFault } from '../../call/call-fault.ts';
import type { SwitchInput } from '../../call/inputs.ts';
import type { SwitchOutput } from '../../call/outputs.ts';
import type { Switch, SwitchOptions } from '../../call/switch.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { InviteObserver, PlayedCall } from '../scenario/played.ts';

/** What the world needs of the switch of all calls (call/switch.ts). */
export interface SimulatedCore extends Pick<Switch, 'view' | 'draining' | 'calls'> {
  handle(input: SwitchInput): readonly SwitchOutput[];
  nextDeadlineMs(): number | null;
  takeFaults(): readonly CallFault[];
}

export interface PlannedReload {
  readonly atMs: number;
  readonly snapshot: Snapshot;
  readonly sharePercent?: number;
}

export interface PlayOptions {
  /** Takes the place of the scenario's own seed: a whole number below 2⁴⁸. */
  readonly seed?: number;
  /** Keep the story of every call, or of some, for ladders. */
  readonly trace?: boolean | ((callId: string) => boolean);
  readonly onInvite?: InviteObserver;
  /** Takes each call when it has ended; `Played.calls` stays empty then, however many there are. */
  readonly onCall?: (call: PlayedCall) => void;
  /**
   * Configurations that take the place of the one before, in the order of their times (ms after the beginning). With a
   * share of the new calls (percent) they are tried beside it until the next one without.
   */
  readonly reloads?: readonly PlannedReload[];
  /** Another switch than the real one, to see that a wrong one is caught. */
  readonly newCore?: (options: SwitchOptions) => SimulatedCore;
}
