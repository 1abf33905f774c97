/** What came of a scenario, whoever played it: the simulator or a live switch. Expectations look at this alone. */
import type { SnapshotView } from '../../call/gateway-state.ts';
import type { InviteInput } from '../../call/inputs.ts';
import type { CallDetailRecord } from '../../cdr/record.ts';
import type { Money } from '../../rating/money.ts';
import type { Scenario, ScenarioCall } from './scenario.ts';

export interface PlayedCall {
  readonly call: ScenarioCall;
  /** The position of `call` in its scenario, and of this one in its burst, from 0. */
  readonly callIndex: number;
  readonly burstIndex: number;
  readonly callId: string;
  /** With the digits of its place in a burst. */
  readonly caller: string;
  readonly callee: string | null;
  /** ms since 1970 UTC */
  readonly startedAtMs: number;
  /** When the caller got its first response above 100, and its final one; null when it got none. */
  readonly firstResponseAtMs: number | null;
  readonly finalStatus: number | null;
  readonly finalReason: string | null;
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number | null;
  /** The gateways that were sent an INVITE, in order. */
  readonly attempts: readonly PlayedAttempt[];
  /** null when the configuration wants none. */
  readonly record: CallDetailRecord | null;
  /** Neither its sides nor the configuration ever ended it, so that whoever played it did; its end says nothing. */
  readonly isGivenUp: boolean;
}

export interface PlayedAttempt {
  readonly gateway: string;
  readonly atMs: number;
  readonly caller: string;
  readonly callee: string;
  readonly forwarding: string | null;
}

/** Something that must never happen, whatever is configured: a bug of the switch. */
export interface Violation {
  /** Stable: `billedTwice`, `limitPassed`, `legLeaked` … */
  readonly invariant: string;
  readonly atMs: number;
  /** A sentence. */
  readonly detail: string;
  readonly callId: string | null;
}

/** One line of the story of a call, for its ladder. */
export interface TraceEvent {
  readonly atMs: number;
  readonly callId: string;
  /** `caller`, `switch`, or the name of a routing gateway. */
  readonly from: string;
  readonly to: string;
  /** `INVITE 4420…`, `183 Session Progress (SDP)`, `CANCEL`, or a remark such as `ringing timeout`. */
  readonly text: string;
}

/** Is shown the switch right before it takes each INVITE, when all that was due has happened; for reading. */
export type InviteObserver = (
  before: { readonly view: SnapshotView; readonly draining: boolean },
  invite: InviteInput,
) => void;

export interface Played {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly calls: readonly PlayedCall[];
  /** By account, when the last call had ended. */
  readonly balances: ReadonlyMap<string, Money>;
  readonly lowestBalances: ReadonlyMap<string, Money>;
  readonly gatewayPeakLines: ReadonlyMap<string, number>;
  readonly peakCalls: number;
  /** ms since 1970 UTC */
  readonly endedAtMs: number;
  /** The play was stopped because more calls than these were to be up at once; null when it came to its end. */
  readonly mostCallsAtOnce: number | null;
  readonly violations: readonly Violation[];
  /** null unless it was asked for. */
  readonly trace: readonly TraceEvent[] | null;
}
