/** The numbers that a gateway is sent, as far as chance leaves them open. */
import type { DialPlans, RoutingGateway } from '../../config/snapshot.ts';
import type { DialPlan } from '../../routing/dial-plan/dial-plan.ts';
import { possibilities } from '../../routing/dial-plan/rewrite.ts';
import { textHash } from '../../routing/draws.ts';
import { numberFault } from '../../routing/number-fault.ts';
import { type CallNumbers, type NumberKind, numberKinds } from '../../routing/number-steps.ts';
import type { Rewritten } from '../space/symbolic-plan.ts';

/** What a rule with random targets may put before the rest of the number, as far as that can be sent. */
export function choicesOf(plan: DialPlan, number: string, { drop, whole }: Rewritten): readonly string[] {
  const rest = whole ? 0 : number.length - drop;
  return possibilities(plan, number)
    .filter(text => isUsable('callee', text))
    .map(text => text.slice(0, text.length - rest));
}

/** Whether chance decides if the numbers can be sent to a gateway with these plans. */
export function mayBeUnusable(plans: DialPlans, toSend: CallNumbers, hasCallerPool: boolean): boolean {
  return numberKinds.some(kind => {
    const before = toSend[kind];
    if (before === null || (kind === 'caller' && hasCallerPool)) return false;
    const texts = possibilities(plans[kind], before);
    return (
      texts.some(text => isUsable(kind, text, before)) && !texts.every(text => isUsable(kind, text, before))
    );
  });
}

/** `text` is written as `possibilities` writes it. */
function isUsable(kind: NumberKind, text: string, before: string = text): boolean {
  const number = text.replace(/\[(\d+)-\d+\]/, '$1');
  if (number === '' && (kind === 'forwarding' || (kind === 'caller' && before === ''))) return true;
  return numberFault(number) === null;
}

export function callerSent(
  { callerPool }: RoutingGateway,
  plan: DialPlan,
  before: string,
  sent: string,
): string {
  if (callerPool !== null) {
    const { numbers, order } = callerPool;
    if (numbers.length === 1) return numbers[0]!;
    return `one of ${numbers.length} numbers (${order}, ${textHash(numbers.join()).toString(16)})`;
  }
  return chosen(plan, 'caller', before) ?? sent;
}

export function forwardingSent(plan: DialPlan, before: string | null, sent: string | null): string | null {
  return before === null ? null : (chosen(plan, 'forwarding', before) ?? sent);
}

function chosen(plan: DialPlan, kind: NumberKind, before: string): string | null {
  const choices = possibilities(plan, before).filter(text => isUsable(kind, text, before));
  return choices.length === 0 ? null : choices.join(' or ');
}
