/**
 * What the live engine sees of SIP: inputs come out, outputs go in. One implementation speaks through
 * drachtio-srf (sip/adapter.ts); nothing above it knows SIP messages.
 */
import type { CallInput, InviteInput, OptionsResultInput, SipServerLostInput } from '../call/inputs.ts';
import type { SipOutput } from '../call/outputs.ts';

type WithoutTime<Input> = Input extends unknown ? Omit<Input, 'atMs'> : never;

/** The engine adds the time, and to a call its seed. */
export type SipInput = WithoutTime<
  Omit<InviteInput, 'seed'> | CallInput | OptionsResultInput | SipServerLostInput
>;

export interface SipPort {
  /** Carries out one output; never throws for what the network does. Unknown calls and legs are ignored. */
  perform(output: SipOutput): void;
  /** Resolves once the SIP server accepts our requests; rejects with what to do when it refuses the secret. */
  connect(): Promise<void>;
  /** Stops taking messages and closes the connection to the SIP server. */
  close(): Promise<void>;
  /** Counters of traffic by stable name, for `class4 status`. */
  counters(): Readonly<Record<string, number>>;
  /** False while the SIP server behind is away. */
  readonly connected: boolean;
}
