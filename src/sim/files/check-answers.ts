/** Answers that are expected where nobody answers. */
import type { Findings } from '../../config/findings.ts';
import type { GatewayBehaviour } from '../scenario/behaviour.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Complains only when it is certain that no gateway of the scenario can ever answer. */
export function checkAnswers({ gateways, otherGateways, calls, events }: Scenario, findings: Findings): void {
  const behaviours = [otherGateways, ...gateways.values()];
  for (const event of events) if (event.kind === 'behaviour') behaviours.push(event.behaviour);
  if (behaviours.some(canAnswer)) return;
  for (const { place, expect } of calls) {
    const vain = expect.find(
      ({ subject, matcher }) =>
        (subject === 'result' && matcher.kind === 'is' && matcher.value === 'answered') ||
        (subject === 'gateway' && !(matcher.kind === 'is' && matcher.value === null)),
    );
    if (vain === undefined) continue;
    findings.add(
      'C4707',
      vain.place,
      `${vain.written} is expected, and no gateway of the scenario ever answers`,
      {
        related: [{ ...place, message: 'the call' }],
      },
    );
  }
}

function canAnswer({ rules }: GatewayBehaviour): boolean {
  return rules.some(({ behaviour, probability }) => {
    const { steps, onCancel } = behaviour;
    return probability > 0 && (onCancel === 'answers' || steps.some(({ kind }) => kind === 'answer'));
  });
}
