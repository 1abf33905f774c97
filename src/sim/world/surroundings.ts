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
  /** By the clock of the switch (ms since 1970 UTC). */
  readonly nowMs: number;
  /** By a clock that nobody sets (ms since 1970 UTC): what goes on outside of the switch goes by it. */
  readonly steadyMs: number;
  /** null unless it was asked for. */
  readonly trace: Trace | null;
  /** Lets the caller or the leg do something at a time of `steadyMs`; only the latest such time counts for each. */
  schedule(who: ActiveCall | Leg, atMs: number): void;
  /** Gives the switch an input of now, and carries out what it wants. */
  give(input: CallInput): void;
}
