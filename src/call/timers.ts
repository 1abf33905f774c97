/**
 * The named timers of a call, as data. A call has at most one deadline at a time: the stage of the current
 * attempt (or the end of the whole wait for ringing) while it hunts, the nearer one of `maxDuration` and `credit` while it is answered.
 * The protect delay needs no timer: it only matters when an attempt has ended, and is compared then.
 */
import type { AttemptTimeouts } from '../config/snapshot.ts';

/** The stages of an attempt, each with its own timer (SS_SIP_TIMEOUT_*). */
export type AttemptStage = 'invite' | 'trying' | 'progress' | 'progressSdp' | 'ringing';

/**
 * `callProceeding` is the end of the caller's patience without ringing or early media, whatever the attempt is doing;
 * `credit` is the time to extend the credit hold, or the end of the talk it covers.
 */
export type CallTimer = AttemptStage | 'callProceeding' | 'maxDuration' | 'credit';

export function stageTimeoutMs(timeouts: AttemptTimeouts, stage: AttemptStage): number {
  switch (stage) {
    case 'invite':
      return timeouts.inviteMs;
    case 'trying':
      return timeouts.tryingMs;
    case 'progress':
      return timeouts.progressMs;
    case 'progressSdp':
      return timeouts.progressSdpMs;
    case 'ringing':
      return timeouts.ringingMs;
  }
}

/** The stage that a provisional response announces; 181, 182 and 199 say as much as a 183. */
export function stageOf(status: number, hasSdp: boolean): AttemptStage {
  if (status <= 100) return 'trying';
  if (status === 180) return 'ringing';
  return hasSdp ? 'progressSdp' : 'progress';
}

/** The caller hears something: a ringing tone of its own making, or the early media. */
export function isHeardByCaller(stage: AttemptStage): boolean {
  return stage === 'ringing' || stage === 'progressSdp';
}

const ranks: Readonly<Record<AttemptStage, number>> = {
  invite: 0,
  trying: 1,
  progress: 2,
  progressSdp: 3,
  ringing: 3,
};

const visitBits: Readonly<Record<AttemptStage, number>> = {
  invite: 1,
  trying: 2,
  progress: 4,
  progressSdp: 8,
  ringing: 16,
};

/** The stages an attempt has been in, as bits. */
export type VisitedStages = number;

export const inviteVisited: VisitedStages = visitBits.invite;

export function visit(visited: VisitedStages, stage: AttemptStage): VisitedStages {
  return visited | visitBits[stage];
}

/**
 * Whether an attempt moves on to `announced`, which restarts its timer. A gateway repeats its provisional
 * responses (RFC 3261 §13.3.1.1 asks for one a minute), so a stage is entered once, or it would never time out;
 * and a ringing phone does not stop ringing because a 183 without SDP or a late 100 follows.
 */
export function movesTo(announced: AttemptStage, current: AttemptStage, visited: VisitedStages): boolean {
  return (visited & visitBits[announced]) === 0 && ranks[announced] >= ranks[current];
}

/** The words on the call detail record for an attempt during which the wait for ringing was over. */
export const callProceedingTimeoutReason = 'Call proceeding timeout';

/** The words on the call detail record for an attempt that the caller did not wait for. */
export const callerCancelledReason = 'Caller cancelled';

/** The words on the call detail record for an attempt that stayed in a stage for too long. */
export const timeoutReasons: Readonly<Record<AttemptStage, string>> = {
  invite: 'INVITE timeout',
  trying: 'Trying timeout',
  progress: 'Session progress timeout',
  progressSdp: 'Session progress with SDP timeout',
  ringing: 'Ringing timeout',
};
