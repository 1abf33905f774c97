/** Plays a scenario, judges it, and plays it again for its story when it went wrong: chance has its seed, so it goes wrong again. */
import type { Snapshot } from '../../config/snapshot.ts';
import { explainCall } from '../../explain/explain-call.ts';
import { ExplainError } from '../../explain/explain-error.ts';
import type { Explanation } from '../../explain/explanation.ts';
import { type Failure, Judgement } from '../expect/expect.ts';
import type { InviteObserver, PlayedCall, TraceEvent, Violation } from '../scenario/played.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { playScenario } from '../world/play.ts';
import type { PlayOptions } from '../world/play-options.ts';
import type { Outcome, Story } from './outcome.ts';

export interface JudgeOptions {
  /** How many calls have their story told. */
  readonly mostStories: number;
  /** Hears of each call that has ended, once. */
  readonly onCall?: (call: PlayedCall) => void;
  /** The switch to play against in place of a plain one, the first time. */
  readonly newCore?: PlayOptions['newCore'];
}

const noRecord = 'no record';

/** `snapshot` is what the scenario is played against. */
export function judgeScenario(
  snapshot: Snapshot,
  scenario: Scenario,
  { mostStories, onCall, newCore }: JudgeOptions,
): Outcome {
  const judgement = new Judgement(scenario);
  const first: string[] = [];
  const played = playScenario(snapshot, scenario, {
    onCall: call => {
      judgement.take(call);
      if (first.length < mostStories) first.push(call.callId);
      onCall?.(call);
    },
    ...(newCore === undefined ? {} : { newCore }),
  });
  const failures = judgement.failures(played);
  const { violations } = played;
  const { calls, reasons } = judgement.totals();
  if (failures.length === 0 && violations.length === 0) {
    return { scenario, calls, failures, violations, stories: [], ends: new Map() };
  }
  const wanted = wantedCalls(failures, violations, first).slice(0, mostStories);
  const stories = tellStories(snapshot, scenario, new Set(wanted));
  return { scenario, calls, failures, violations, stories, ends: endsOf(calls, reasons) };
}

/** Where only all calls together went wrong, any call may show why: the first ones to end. */
function wantedCalls(
  failures: readonly Failure[],
  violations: readonly Violation[],
  first: readonly string[],
): readonly string[] {
  const named = [
    ...violations.flatMap(({ callId }) => callId ?? []),
    ...failures.flatMap(({ call }) => call?.callId ?? []),
  ];
  return named.length > 0 ? [...new Set(named)] : first;
}

function tellStories(snapshot: Snapshot, scenario: Scenario, wanted: ReadonlySet<string>): readonly Story[] {
  const calls = new Map<string, PlayedCall>();
  const explanations = new Map<string, Explanation>();
  const { trace } = playScenario(snapshot, scenario, {
    trace: callId => wanted.has(callId),
    onInvite: (before, invite) => {
      if (!wanted.has(invite.callId)) return;
      const explanation = explain(before, invite);
      if (explanation !== null) explanations.set(invite.callId, explanation);
    },
    onCall: call => {
      if (wanted.has(call.callId)) calls.set(call.callId, call);
    },
  });
  const events = new Map<string, TraceEvent[]>([...wanted].map(callId => [callId, []]));
  for (const event of trace ?? []) events.get(event.callId)?.push(event);
  return [...wanted].flatMap(callId => {
    const call = calls.get(callId);
    if (call === undefined) return [];
    return [{ call, events: events.get(callId)!, explanation: explanations.get(callId) ?? null }];
  });
}

/** Asks the switch why, of the moment at which it decides. */
function explain(...[{ view, draining }, invite]: Parameters<InviteObserver>): Explanation | null {
  const { callee, caller, forwarding, source, atMs, seed } = invite;
  if (callee === null) return null;
  const from = { kind: 'address', address: source.address, port: source.port } as const;
  const question = {
    callee,
    caller,
    forwarding,
    from,
    atMs,
    seed: null,
    inviteSeed: seed,
    down: [],
    full: [],
  };
  try {
    return { ...explainCall({ view, live: true, draining }, question), filesHash: view.snapshot.hash };
  } catch (error) {
    if (error instanceof ExplainError) return null;
    throw error;
  }
}

function endsOf(calls: number, reasons: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const recorded = [...reasons.values()].reduce((sum, count) => sum + count, 0);
  const ends = [...reasons, ...(recorded < calls ? [[noRecord, calls - recorded] as const] : [])];
  return new Map(ends.sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1)));
}
