/** What the callers and the gateways need of the world around them. */
import type { CallInput, OptionsResultInput } from '../../call/inputs.ts';
import type { ActiveCall, Leg } from './active-call.ts';
import type { Trace } from './trace.ts';

/** An OPTIONS that a gateway or our own SIP server will have a result for. */
export interface OptionsAnswer {
  readonly kind: 'options';
  readonly result: Omit<OptionsResultInput, 'atMs'>;
  /** Counts the processes of the switch: what one has asked concerns no other. */
  readonly process: number;
}

export interface Surroundings {
  readonly nowMs: number;
  /** null unless it was asked for. */
  readonly trace: Trace | null;
  /** Lets the caller, the leg or the answer do something later; only the latest such time counts for each. */
  schedule(who: ActiveCall | Leg, atMs: number): void;
  /** Gives the switch an input of now, and carries out what it wants. */
  give(input: CallInput): void;
}
