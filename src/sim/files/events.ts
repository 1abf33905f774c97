/** What happens besides calls. */
import type { Located } from '../../config/read/located.ts';
import type { BehaviourRule, GatewayBehaviour } from '../scenario/behaviour.ts';
import type { ScenarioEvent } from '../scenario/scenario.ts';
import { completeBehaviour, type ParsedBehaviour, parseBehaviour } from './behaviour.ts';
import { parseChange } from './configuration-change.ts';
import { amountOf } from './given.ts';
import { type Context, childOf, durationAt, has, placeOfKey, textAt } from './nodes.ts';

/** What a gateway does from now on may depend on what the others do. */
export type ParsedEvent =
  | Exclude<ScenarioEvent, { readonly kind: 'behaviour' }>
  | (Omit<Extract<ScenarioEvent, { readonly kind: 'behaviour' }>, 'behaviour'> & {
      readonly behaviour: ParsedBehaviour;
    });

const kinds = [
  'payment',
  'behaves',
  'releaseCalls',
  'restart',
  'drain',
  'shutdown',
  'sipServerLost',
  'reload',
  'clockAhead',
  'clockBack',
] as const;

/** null, with a finding unless the file is known to be wrong, when it is not exactly one event. */
export function parseEvent(node: Located, incomplete: boolean, context: Context): ParsedEvent | null {
  const { findings, names } = context;
  const [kind, other] = kinds.filter(key => has(node, key));
  const when = { atMs: durationAt(node, 'at', findings) ?? 0, place: node.place };
  if (other !== undefined) {
    findings.add(
      'C4713',
      placeOfKey(node, other),
      `${other} stands beside ${kind}, and an event is one thing`,
    );
    return null;
  }
  const gateway = textAt(node, 'gateway');
  const half =
    kind === undefined && gateway !== null
      ? 'behaves'
      : kind === 'behaves' && gateway === null
        ? 'gateway'
        : null;
  if (kind === undefined || half !== null) {
    const message = half === null ? 'nothing happens in this event' : `the event has no ${half}`;
    if (!incomplete) findings.add('C4713', node.place, message);
    return null;
  }
  if (gateway !== null && kind !== 'behaves') {
    findings.add(
      'C4713',
      placeOfKey(node, 'gateway'),
      `gateway stands beside ${kind}, and belongs to behaves`,
    );
    return null;
  }
  if (kind === 'behaves') {
    const behaviour = parseBehaviour(childOf(node, 'behaves')!, findings);
    if (names.find('routing-gateway', gateway!.text, gateway!.place, findings) === null) return null;
    return { ...when, kind: 'behaviour', gateway: gateway!.text, behaviour };
  }
  if (kind === 'reload') return { ...when, kind, change: parseChange(childOf(node, kind)!, context) };
  if (kind === 'clockAhead' || kind === 'clockBack') {
    const byMs = durationAt(node, kind, findings) ?? 0;
    return { ...when, kind: 'clockStep', stepMs: kind === 'clockAhead' ? byMs : -byMs };
  }
  if (kind !== 'payment') return { ...when, kind };
  const payment = childOf(node, 'payment')!;
  const [account, amount] = [textAt(payment, 'account'), childOf(payment, 'amount')];
  if (account === null || amount === null) return null;
  if (names.find('account', account.text, account.place, findings) === null) return null;
  return { ...when, kind: 'payment', account: account.text, amount: amountOf(amount, findings) };
}

/** In the order of their times; those of one time as they are written. */
export function completeEvents(
  events: readonly ParsedEvent[],
  others: readonly BehaviourRule[],
): readonly ScenarioEvent[] {
  const complete = (behaviour: ParsedBehaviour): GatewayBehaviour =>
    completeBehaviour(behaviour, others, false);
  return events
    .map(event => (event.kind === 'behaviour' ? { ...event, behaviour: complete(event.behaviour) } : event))
    .sort((a, b) => a.atMs - b.atMs);
}
