/** Gateways at random: good ones, bad ones, and ones that are right on the limits of the switch's patience. */
import type { BehaviourStep, CallBehaviour, GatewayBehaviour } from '../scenario/behaviour.ts';
import type { Chances } from './chances.ts';
import type { Gateway } from './palette.ts';

const any = { firstCall: null, lastCall: null, calleePrefix: null, probability: 1 } as const;

const answersSoon: CallBehaviour = {
  reaction: 'script',
  steps: [
    { kind: 'provisional', afterMs: 20, status: 100, sdp: false },
    { kind: 'provisional', afterMs: 480, status: 180, sdp: false },
    { kind: 'answer', afterMs: 2000 },
  ],
  onCancel: 'ends',
  hangUpAfterMs: null,
  diesAfterMs: null,
  sendsMedia: true,
};

/** As every gateway is in good times. */
export const healthy: GatewayBehaviour = { rules: [{ ...any, behaviour: answersSoon }], optionsStatus: 200 };

const usualFailures = [400, 403, 404, 408, 480, 484, 486, 487, 488, 500, 502, 503, 504, 600, 603, 604];

/** Nothing gets through. */
export function outage(chances: Chances): GatewayBehaviour {
  const behaviour: CallBehaviour = chances.pick([
    { ...answersSoon, reaction: 'silent', steps: [] },
    { ...answersSoon, reaction: 'unreachable', steps: [] },
    { ...answersSoon, steps: [failing([503], 300, chances)] },
  ]);
  return { rules: [{ ...any, behaviour }], optionsStatus: chances.pick([null, 503]) };
}

/** Half of all gateways treat some calls in one way and some in another. */
export function anyBehaviour(gateway: Gateway, chances: Chances): GatewayBehaviour {
  const rules = [];
  if (chances.happens(50)) {
    const probability = chances.pick([0.05, 0.25, 0.5]);
    rules.push({ ...any, probability, behaviour: anyCall(gateway, chances) });
  }
  rules.push({ ...any, behaviour: chances.happens(40) ? answersSoon : anyCall(gateway, chances) });
  return { rules, optionsStatus: chances.happens(90) ? 200 : chances.pick([null, 404, 503]) };
}

/** Packets get lost on the way to it and back: some calls are unheard of, others hear of an answer and nothing else. */
export function lossy(gateway: Gateway, chances: Chances): GatewayBehaviour {
  const late = chances.pick(gateway.timeoutsMs) - chances.pick([1, 500]);
  return {
    rules: [
      { ...any, probability: 0.2, behaviour: { ...answersSoon, reaction: 'silent', steps: [] } },
      {
        ...any,
        probability: 0.2,
        behaviour: { ...answersSoon, steps: [{ kind: 'answer', afterMs: Math.max(late, 0) }] },
      },
      { ...any, probability: 0.2, behaviour: { ...answersSoon, steps: answersSoon.steps.slice(0, 2) } },
      { ...any, behaviour: answersSoon },
    ],
    optionsStatus: chances.happens(50) ? 200 : null,
  };
}

function anyCall(gateway: Gateway, chances: Chances): CallBehaviour {
  const behaviour: CallBehaviour = {
    ...answersSoon,
    onCancel: chances.pick(['ends', 'ends', 'answers', 'ignores']),
    hangUpAfterMs: chances.happens(30) ? chances.below(100_000) : null,
    diesAfterMs: chances.happens(10) ? chances.below(100_000) : null,
    sendsMedia: chances.happens(95),
  };
  switch (chances.below(10)) {
    case 0:
      return { ...behaviour, reaction: 'silent', steps: [] };
    case 1:
      return { ...behaviour, reaction: 'unreachable', steps: [] };
    case 2:
    case 3:
      return {
        ...behaviour,
        steps: [...progress(gateway, chances), failing(codesOf(gateway, chances), 0, chances)],
      };
    case 4:
      return { ...behaviour, steps: [failing([503], chances.pick([1, 30, 400]), chances)] };
    case 5:
      return { ...behaviour, steps: progress(gateway, chances) };
    default:
      return {
        ...behaviour,
        steps: [...progress(gateway, chances), { kind: 'answer', afterMs: wait(gateway, chances) }],
      };
  }
}

/** Up to three provisional responses. */
function progress(gateway: Gateway, chances: Chances): readonly BehaviourStep[] {
  const steps: BehaviourStep[] = [];
  for (let count = chances.below(4); count > 0; count--) {
    const status = chances.pick([100, 180, 181, 183, 183]);
    const sdp = status !== 100 && chances.happens(40);
    steps.push({ kind: 'provisional', afterMs: wait(gateway, chances), status, sdp });
  }
  return steps;
}

/** Mostly short; sometimes right before, at or after the time at which the switch loses its patience. */
function wait({ timeoutsMs }: Gateway, chances: Chances): number {
  if (chances.happens(10)) return chances.pick(timeoutsMs) + chances.pick([-1, 0, 1]);
  return chances.pick([0, 20, 500, 3000]) + chances.below(200);
}

/** What it may fail with: often what means something special, sometimes anything at all. */
function codesOf({ codes }: Gateway, chances: Chances): readonly number[] {
  if (codes.length > 0 && chances.happens(30)) return codes;
  return chances.happens(80) ? usualFailures : [chances.between(300, 699)];
}

/** Retry-After 0 is none. */
function failing(codes: readonly number[], retryAfterSeconds: number, chances: Chances): BehaviourStep {
  const status = chances.pick(codes);
  return {
    kind: 'fail',
    afterMs: chances.below(1000),
    status,
    reason: null,
    retryAfterSeconds: retryAfterSeconds === 0 ? null : retryAfterSeconds,
    contact: status < 400 ? 'sip:elsewhere@192.0.2.99' : null,
  };
}
