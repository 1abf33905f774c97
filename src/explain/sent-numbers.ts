/** What routing gateways get, with everything that chance could make of it. */
import type { RoutingGateway, Snapshot } from '../config/snapshot.ts';
import type { PoolUse } from '../routing/caller-pool.ts';
import { possibilities } from '../routing/dial-plan/rewrite.ts';
import { dialPlansAt, type NumberStep } from '../routing/number-steps.ts';
import { poolCaller, prepareAttempt } from '../routing/prepare-attempt.ts';
import type { PreparedNumbers } from '../routing/prepare-numbers.ts';
import type { ExplainedSent, ExplainedStep } from './explanation.ts';
import { placeText } from './place-text.ts';

export interface AttemptNumbers {
  readonly sent: ExplainedSent;
  /** What the vendor is rated by. */
  readonly toRate: string;
}

export function explainStep({ stage, number, before, after, detail, source }: NumberStep): ExplainedStep {
  return { stage, number, before, after, detail, source: placeText(source) };
}

export function explainSent(
  snapshot: Snapshot,
  gateway: RoutingGateway,
  numbers: PreparedNumbers,
  pool: PoolUse,
  seed: number,
  atMs: number,
): AttemptNumbers {
  const prepared = prepareAttempt(snapshot, gateway, numbers, seed, atMs, true);
  const steps = prepared.steps.map(explainStep);
  const { callee, caller } = dialPlansAt(snapshot, gateway, atMs);
  const plain = { callee: numbers.calleeToSend, caller: numbers.billing.caller };
  if (prepared.kind === 'invalid') {
    const { detail, source } = prepared;
    const sent = { ...plain, forwarding: numbers.billing.forwarding };
    return {
      sent: {
        ...sent,
        unusable: `${detail} (${placeText(source)})`,
        calleeChoices: [],
        callerChoices: [],
        steps,
      },
      toRate: numbers.calleeToRate,
    };
  }
  const { callerPool } = gateway;
  const fromPool = callerPool === null ? null : poolCaller(gateway, pool, seed);
  return {
    sent: {
      ...prepared.sent,
      caller: fromPool ?? prepared.sent.caller,
      unusable: null,
      calleeChoices: possibilities(callee, plain.callee),
      callerChoices:
        callerPool === null ? possibilities(caller, plain.caller) : othersThanOne(callerPool.numbers),
      steps,
    },
    toRate: prepared.calleeToRate,
  };
}

function othersThanOne(numbers: readonly string[]): readonly string[] {
  return numbers.length > 1 ? numbers : [];
}
