/** A call detail record becomes a scenario: the gateways do what they did, and what came of it is expected. */
import type { SourceAddress } from '../../call/inputs.ts';
import type { CallDetailRecord, CdrAttempt } from '../../cdr/record.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import { usualBehaviour } from '../files/behaviour.ts';
import type { BehaviourStep, CallBehaviour, GatewayBehaviour } from '../scenario/behaviour.ts';
import type { PlayedCall } from '../scenario/played.ts';
import type { Scenario, ScenarioCall, ScenarioEvent } from '../scenario/scenario.ts';
import { expectationsOf } from './expectations.ts';
import { nothingSpecial, plentyOfMoney } from './plain-scenario.ts';

/** What of an attempt says how the gateway behaves. */
export type RecordedAttempt = Pick<
  CdrAttempt,
  'delayMs' | 'ringDelayMs' | 'status' | 'receivedStatus' | 'reason' | 'outcome'
>;

/** `name` is null for one that says which call it was. */
export function recordedScenario(
  snapshot: Snapshot,
  stored: CallDetailRecord,
  name: string | null,
): Scenario {
  const record = { ...stored, attempts: attemptsOf(stored) };
  const { startedAtMs, answeredAtMs, endedAtMs, endedBy, endReason, attempts, mappingGateway: via } = record;
  const call: ScenarioCall = {
    ...nothingSpecial,
    via,
    source: sourceOfRecord(record),
    caller: record.caller,
    callee: record.callee === '' ? null : record.callee,
    forwarding: record.forwarding,
    hangUpAfterMs: answeredAtMs !== null && endedBy === 'caller' ? endedAtMs - answeredAtMs : null,
    cancelAfterMs: endReason === 'CallerCancel' ? endedAtMs - startedAtMs : null,
  };
  const from = via === null ? '' : ` via ${via}`;
  return {
    name: name ?? `Call ${record.callId}: ${record.callee}${from}`,
    place: call.place,
    seed: 0,
    startMs: startedAtMs,
    given: plentyOfMoney(snapshot),
    gateways: new Map(attempts.map(attempt => [attempt.gateway, behaviourOf(attempt, record)])),
    otherGateways: usualBehaviour,
    calls: [{ ...call, expect: expectationsOf(playedOf(record, call), call.place) }],
    events: eventsOf(record, call),
    expect: [],
    virtualOnly: null,
  };
}

/** Of a call that was interrupted only the gateway that carried it is known. */
export function attemptsOf(
  record: Pick<
    CallDetailRecord,
    'attempts' | 'routingGateway' | 'answeredAtMs' | 'startedAtMs' | 'caller' | 'callee'
  > &
    Partial<Pick<CallDetailRecord, 'sentCaller' | 'sentCallee'>>,
): readonly CdrAttempt[] {
  const { attempts, routingGateway, answeredAtMs, startedAtMs, sentCaller, sentCallee } = record;
  if (attempts.length > 0 || routingGateway === null || answeredAtMs === null) return attempts;
  const numbers = { caller: sentCaller ?? record.caller, callee: sentCallee ?? record.callee };
  const answered = { ringDelayMs: null, status: 200, reason: 'OK', outcome: 'answered' } as const;
  const delayMs = answeredAtMs - startedAtMs;
  return [{ gateway: routingGateway, ...numbers, address: '', startedAtMs, delayMs, ...answered }];
}

/** `192.0.2.1:5060;udp`, `[2001:db8::1]:5060;tcp`; null for anything else. */
export function sourceOf(text: string): SourceAddress | null {
  const match = /^\[?(.+?)\]?:(\d+);(udp|tcp)$/.exec(text);
  if (match === null) return null;
  return { address: match[1]!, port: Number(match[2]), transport: match[3] === 'tcp' ? 'tcp' : 'udp' };
}

function sourceOfRecord({ sourceAddress }: CallDetailRecord): SourceAddress {
  const source = sourceOf(sourceAddress);
  if (source === null) throw new Error(`a record has the source address ${sourceAddress}`);
  return source;
}

/** What the gateway did in the attempt. It hangs up after so much talk, if it was the one who did. */
export function callBehaviourOf(attempt: RecordedAttempt, hangUpAfterMs: number | null): CallBehaviour {
  return {
    reaction: isSilent(attempt) ? 'silent' : 'script',
    steps: isSilent(attempt) ? [] : stepsOf(attempt),
    onCancel: 'ends',
    hangUpAfterMs,
    diesAfterMs: null,
    sendsMedia: true,
  };
}

function behaviourOf(attempt: CdrAttempt, record: CallDetailRecord): GatewayBehaviour {
  const { answeredAtMs, endedAtMs, endedBy } = record;
  const hangsUp = attempt.outcome === 'answered' && answeredAtMs !== null && endedBy === 'callee';
  const behaviour = callBehaviourOf(attempt, hangsUp ? endedAtMs - answeredAtMs : null);
  return { ...usualBehaviour, rules: usualBehaviour.rules.map(rule => ({ ...rule, behaviour })) };
}

/** What a gateway last said before a timeout, by the name of the timeout (call/timers.ts). */
const saidBefore: Readonly<
  Record<string, Pick<Extract<BehaviourStep, { kind: 'provisional' }>, 'status' | 'sdp'>>
> = {
  'Trying timeout': { status: 100, sdp: false },
  'Session progress timeout': { status: 183, sdp: false },
  'Session progress with SDP timeout': { status: 183, sdp: true },
};
const ringing = { status: 180, sdp: false };

function isSilent({ outcome, reason, ringDelayMs }: RecordedAttempt): boolean {
  return outcome === 'timeout' && ringDelayMs === null && saidBefore[reason] === undefined;
}

function stepsOf(attempt: RecordedAttempt): readonly BehaviourStep[] {
  const { outcome, ringDelayMs, delayMs, status, receivedStatus, reason } = attempt;
  const said = outcome === 'timeout' ? (saidBefore[reason] ?? ringing) : ringing;
  const heard = ringDelayMs !== null || outcome === 'timeout';
  const before: BehaviourStep[] = heard ? [{ kind: 'provisional', afterMs: ringDelayMs ?? 0, ...said }] : [];
  const afterMs = delayMs - (ringDelayMs ?? 0);
  if (outcome === 'answered') return [...before, { kind: 'answer', afterMs }];
  if (outcome === 'failed') {
    const refusal = { status: receivedStatus ?? status, reason, retryAfterSeconds: null, contact: null };
    return [...before, { kind: 'fail', afterMs, ...refusal }];
  }
  // An attempt that was taken back had not come to its end; at least it was alive.
  return before.length > 0 ? before : [{ kind: 'provisional', afterMs: 0, status: 100, sdp: false }];
}

/** Ends that come from outside of the call. */
const endings: Partial<
  Readonly<Record<CallDetailRecord['endReason'], 'releaseCalls' | 'restart' | 'shutdown'>>
> = {
  ForcedRelease: 'releaseCalls',
  Interrupted: 'restart',
  Shutdown: 'shutdown',
};

function eventsOf(record: CallDetailRecord, { place }: ScenarioCall): readonly ScenarioEvent[] {
  // A switch that shuts down turns new calls away, too.
  const kind = record.attempts.length === 0 ? undefined : endings[record.endReason];
  if (kind === undefined) return [];
  // What is known of a call that was interrupted within its first second is only that it had been answered.
  const endedAtMs = Math.max(record.endedAtMs, (record.answeredAtMs ?? record.startedAtMs) + 1);
  return [{ kind, atMs: endedAtMs - record.startedAtMs, place }];
}

function playedOf(record: CallDetailRecord, call: ScenarioCall): PlayedCall {
  const { callId, caller, callee, startedAtMs, postDialDelayMs, answeredAtMs, endedAtMs, attempts } = record;
  return {
    call,
    callIndex: 0,
    burstIndex: 0,
    callId,
    caller,
    callee,
    startedAtMs,
    firstResponseAtMs: postDialDelayMs === null ? null : startedAtMs + postDialDelayMs,
    finalStatus: record.status,
    finalReason: null,
    answeredAtMs,
    endedAtMs,
    attempts: attempts.map(({ gateway, startedAtMs: atMs, caller, callee, forwarding = null }) => {
      return { gateway, atMs, caller, callee, forwarding };
    }),
    record,
    isGivenUp: false,
  };
}
