/** A number becomes scenarios: how its call goes when gateways answer, and the whole hunt when none does. */
import type { SourceAddress } from '../../call/inputs.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import { usualBehaviour } from '../files/behaviour.ts';
import type { GatewayBehaviour } from '../scenario/behaviour.ts';
import type { PlayedCall } from '../scenario/played.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { playScenario } from '../world/play.ts';
import { expectationsOf } from './expectations.ts';
import { nothingSpecial, plentyOfMoney } from './plain-scenario.ts';

export interface RecordedNumber {
  readonly callee: string;
  readonly caller: string;
  readonly forwarding: string | null;
  /** The mapping gateway, and the address from which its call comes. */
  readonly via: string;
  readonly source: SourceAddress;
  /** ms since 1970 UTC */
  readonly startMs: number;
  /** null for one that says what happens. */
  readonly name: string | null;
}

/** The call of a person who hangs up after a minute. */
const talkMs = 60_000;
const refusal = 503;

export function recordNumber(snapshot: Snapshot, number: RecordedNumber): readonly Scenario[] {
  const answered = recorded(snapshot, number, usualBehaviour, wordsOf);
  if (isRefused(answered)) return [answered];
  return [answered, recorded(snapshot, number, everybodyRefuses, () => 'is offered to all of these in turn')];
}

const everybodyRefuses: GatewayBehaviour = {
  ...usualBehaviour,
  rules: usualBehaviour.rules.map(rule => ({
    ...rule,
    behaviour: {
      ...rule.behaviour,
      steps: [
        { kind: 'fail', afterMs: 0, status: refusal, reason: null, retryAfterSeconds: null, contact: null },
      ],
    },
  })),
};

function isRefused({ calls }: Scenario): boolean {
  return calls[0]!.expect.some(({ subject, matcher }) => {
    return subject === 'result' && matcher.kind === 'is' && matcher.value === 'refused';
  });
}

function recorded(
  snapshot: Snapshot,
  number: RecordedNumber,
  otherGateways: GatewayBehaviour,
  words: (call: PlayedCall) => string,
): Scenario {
  const { callee, caller, forwarding, via, source, startMs } = number;
  const call = { ...nothingSpecial, callee, caller, forwarding, via, source, hangUpAfterMs: talkMs };
  const scenario: Scenario = {
    name: '',
    place: call.place,
    seed: 0,
    startMs,
    given: plentyOfMoney(snapshot),
    gateways: new Map(),
    otherGateways,
    calls: [call],
    events: [],
    expect: [],
    virtualOnly: null,
  };
  const [played] = playScenario(snapshot, scenario).calls;
  if (played === undefined) throw new Error('the call of a recorded number was not played');
  return {
    ...scenario,
    name: `${number.name ?? `${callee} via ${via}`} ${words(played)}`,
    calls: [{ ...call, expect: expectationsOf(played, call.place) }],
  };
}

function wordsOf({ answeredAtMs, attempts, record, finalStatus }: PlayedCall): string {
  if (answeredAtMs !== null) return `is carried by ${attempts.at(-1)!.gateway}`;
  const why = record?.endReason ?? `${finalStatus ?? 'silence'}`;
  return attempts.length === 0 ? `is refused (${why})` : `fails (${why})`;
}
