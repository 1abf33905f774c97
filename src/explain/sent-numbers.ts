/** What routing gateways get, with everything that chance could make of it. */
import type { CallerPool, RoutingGateway, Snapshot } from '../config/snapshot.ts';
import type { PoolUse } from '../routing/caller-pool.ts';
import { possibilities } from '../routing/dial-plan/rewrite.ts';
import { dialPlansIn, type NumberStep } from '../routing/number-steps.ts';
import { poolCaller, prepareAttempt } from '../routing/prepare-attempt.ts';
import type { PreparedNumbers } from '../routing/prepare-numbers.ts';
import { routingPeriodAt } from '../routing/timed-settings.ts';
import type { ExplainedSent, ExplainedStep } from './explanation.ts';
import { placeText } from './place-text.ts';

export type AttemptNumbers =
  | {
      readonly kind: 'sent';
      readonly sent: ExplainedSent;
      /** What the vendor is rated by. */
      readonly toRate: string;
    }
  /** These numbers cannot be sent, so that the gateway is passed over. */
  | {
      readonly kind: 'unusable';
      readonly reason: string;
      readonly detail: string;
      readonly source: string;
    };

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
  if (prepared.kind === 'invalid') {
    const { reason, detail, source } = prepared;
    return { kind: 'unusable', reason, detail, source: placeText(source) };
  }
  const { callee, caller } = dialPlansIn(gateway, routingPeriodAt(snapshot, gateway.index, atMs));
  const { billing, calleeToSend } = numbers;
  const { callerPool } = gateway;
  const fromPool = callerPool === null ? null : poolCaller(gateway, pool, seed);
  return {
    kind: 'sent',
    sent: {
      ...prepared.sent,
      caller: fromPool ?? prepared.sent.caller,
      calleeChoices: possibilities(callee, calleeToSend),
      callerChoices:
        callerPool === null ? possibilities(caller, billing.caller) : poolChoices(callerPool, pool),
      steps: prepared.steps.map(explainStep),
    },
    toRate: prepared.calleeToRate,
  };
}

/** What chance may take from the pool now; it has no say in one that takes its numbers in turns. */
function poolChoices({ numbers, linesPerNumber, order }: CallerPool, use: PoolUse): readonly string[] {
  if (order === 'rotating') return [];
  const free =
    linesPerNumber === null ? numbers : numbers.filter(number => use.callsWith(number) < linesPerNumber);
  return free.length > 1 ? free : [];
}
