/**
 * Everything that chance decides in a scenario, from its seed alone. Each call has chances of its own, so that a call
 * added to a scenario changes nothing of the others, and a live switch can be given the very same ones.
 */
import { Draws, textHash } from '../../routing/draws.ts';
import type { CallBehaviour, GatewayBehaviour } from '../scenario/behaviour.ts';

/** Seeds of calls are below it, as in the live switch. */
const seedsBelow = 2 ** 48 - 1;

/** The seed of one call: of the scenario's seed, the position of the call in it and that in its burst, from 0. */
export function callSeed(seed: number, callIndex: number, burstIndex: number): number {
  const stream = Math.imul(callIndex + 1, 0x9e37_79b1) ^ Math.imul(burstIndex, 0x85eb_ca6b);
  return new Draws(seed, stream).below(seedsBelow);
}

/** The `n`-th number of a burst, from 0: the `x` at the end of the number are the last digits of n. */
export function numberInBurst(number: string, n: number): string {
  let first = number.length;
  while (first > 0 && number.charCodeAt(first - 1) === 0x78) first--;
  const places = number.length - first;
  if (places === 0) return number;
  // Joined, it is one piece of memory; added, it would be three, for each of a million calls.
  return [number.slice(0, first), String(n).padStart(places, '0').slice(-places)].join('');
}

/** An INVITE at a gateway, as far as its behaviour may depend on it. */
export interface InviteAtGateway {
  readonly gateway: string;
  /** From 1, of all INVITEs to the gateway in the scenario. */
  readonly ordinal: number;
  readonly callee: string;
  /** Of the call. */
  readonly seed: number;
  /** Of the call's attempts, from 0. */
  readonly leg: number;
}

const onePercentOfOneMillionth = 1e8;

/** The behaviour of the first rule that fits. Each rule that leaves something to chance draws for itself. */
export function behaviourFor({ rules }: GatewayBehaviour, invite: InviteAtGateway): CallBehaviour {
  if (rules.length === 1) return rules[0]!.behaviour;
  let draws: Draws | null = null;
  for (const { firstCall, lastCall, calleePrefix, probability, behaviour } of rules) {
    if (firstCall !== null && invite.ordinal < firstCall) continue;
    if (lastCall !== null && invite.ordinal > lastCall) continue;
    if (calleePrefix !== null && !invite.callee.startsWith(calleePrefix)) continue;
    if (probability >= 1) return behaviour;
    draws ??= new Draws(invite.seed, textHash(invite.gateway, invite.leg + 1));
    if (draws.below(onePercentOfOneMillionth) < probability * onePercentOfOneMillionth) return behaviour;
  }
  return rules.at(-1)!.behaviour;
}
