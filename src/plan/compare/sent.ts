/** The numbers that a gateway is sent, as far as chance leaves them open. */
import type { RoutingGateway } from '../../config/snapshot.ts';
import type { DialPlan } from '../../routing/dial-plan/dial-plan.ts';
import { possibilities } from '../../routing/dial-plan/rewrite.ts';
import { textHash } from '../../routing/draws.ts';
import type { Rewritten } from '../space/symbolic-plan.ts';

/** What a rule with random targets may put before the rest of the number. */
export function choicesOf(plan: DialPlan, number: string, { drop, whole }: Rewritten): readonly string[] {
  const rest = whole ? 0 : number.length - drop;
  return possibilities(plan, number).map(text => text.slice(0, text.length - rest));
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
  return chosen(plan, before) ?? sent;
}

export function forwardingSent(plan: DialPlan, before: string | null, sent: string | null): string | null {
  return before === null ? null : (chosen(plan, before) ?? sent);
}

function chosen(plan: DialPlan, before: string): string | null {
  const choices = possibilities(plan, before);
  return choices.length === 0 ? null : choices.join(' or ');
}
