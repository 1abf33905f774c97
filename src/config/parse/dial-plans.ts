/** The dial plans of a gateway, with every rule that cannot be read or cannot do what it says. */
import { type DialPlan, type DialPlanRule, emptyDialPlan } from '../../routing/dial-plan/dial-plan.ts';
import { parseDialPlan } from '../../routing/dial-plan/parse.ts';
import { longestNumber } from '../../routing/number-fault.ts';
import type { Findings } from '../findings.ts';
import { shortened } from '../schema/findings.ts';
import type { DialPlans } from '../snapshot.ts';
import { lengthsThatFit, overtakenRules, resultLengths } from './dial-rule-effects.ts';
import type { Fields } from './fields.ts';

export const noDialPlans: DialPlans = {
  caller: emptyDialPlan,
  callee: emptyDialPlan,
  forwarding: emptyDialPlan,
};

/** The plans of the key `dialPlans`; null when there is none. */
export function parseDialPlans(fields: Fields, findings: Findings): DialPlans | null {
  if (!fields.has('dialPlans')) return null;
  const plans = fields.within('dialPlans');
  return {
    caller: parsePlan(plans, 'caller', findings),
    callee: parsePlan(plans, 'callee', findings),
    forwarding: parsePlan(plans, 'forwarding', findings),
  };
}

function parsePlan(fields: Fields, key: keyof DialPlans, findings: Findings): DialPlan {
  const written = fields.listed(key).map(({ text, place }) => ({ text, source: place }));
  if (written.length === 0) {
    const node = fields.node.children?.get(key)?.node;
    // In a list every item is a rule, or has a finding of its own.
    if (node?.children === null) findings.add('C4221', node.place, `there is no rule in "${node.source}"`);
    return emptyDialPlan;
  }
  const { plan, problems } = parseDialPlan(written);
  for (const { rule, message, other } of problems) {
    const related =
      other === undefined ? [] : [{ ...other.source, message: `the other one is ${other.text}` }];
    findings.add('C4221', rule.source, `the rule "${shortened(rule.text)}" ${message}`, { related });
  }
  for (const rule of plan.rules) checkRule(rule, key, findings);
  for (const [rule, other] of overtakenRules(plan.rules)) {
    const related = [{ ...other.source, message: 'the one that counts' }];
    const message = `the rule "${shortened(rule.text)}" never counts: "${shortened(other.text)}" fits the same numbers, and before it`;
    findings.add('C4226', rule.source, message, { related });
  }
  return plan;
}

/** A number that is empty is an error for callees alone: a caller or forwarding number may be withheld. */
function checkRule(rule: DialPlanRule, key: keyof DialPlans, findings: Findings): void {
  const text = `the rule "${shortened(rule.text)}"`;
  if (lengthsThatFit(rule.original).length === 0) {
    findings.add('C4226', rule.source, `${text} never counts: no number has the lengths that it asks for`);
    return;
  }
  const { shortest, longest } = resultLengths(rule);
  if (longest === 0 && key === 'callee') {
    const hint = 'Use a number filter, such as calleePrefixes, to refuse calls.';
    findings.add('C4227', rule.source, `${text} leaves nothing of any number that it fits`, { hint });
  }
  if (shortest > longestNumber) {
    const message = `${text} makes numbers of at least ${shortest} characters; ${longestNumber} are the most that a number may have`;
    findings.add('C4227', rule.source, message);
  }
}
