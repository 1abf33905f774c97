/**
 * How vendors behave towards a call that comes again: as they did in its record, and where they were not asked then, as
 * the same gateway did with numbers like it, or all gateways together. What is drawn goes by the call and the gateway
 * alone, so that both sides of a comparison meet the same behaviour.
 */
import type { CdrAttempt } from '../cdr/record.ts';
import { Draws, textHash } from '../routing/draws.ts';
import { callBehaviourOf, type RecordedAttempt } from '../sim/record/from-record.ts';
import type { CallBehaviour } from '../sim/scenario/behaviour.ts';
import type { Arrival } from './arrival.ts';
import { emptyNode, PrefixBudget, type PrefixNode, PrefixSamples } from './prefix-samples.ts';

/** Where a behaviour is from, the best first. */
export const levels = [
  'recorded',
  'gatewayAtPrefix',
  'gateway',
  'allAtPrefix',
  'allGateways',
  'nothingKnown',
] as const;
export type Level = (typeof levels)[number];

/** What was learned, as plain data. */
export interface LearnedBehaviour {
  readonly gateways: Map<string, PrefixNode<RecordedAttempt>>;
  readonly all: PrefixNode<RecordedAttempt>;
  readonly talks: PrefixNode<number>;
}

export interface ChosenBehaviour {
  readonly behaviour: CallBehaviour;
  readonly level: Level;
}

/** Where nobody ever answered a call like this (ms). */
const usualTalkMs = 60_000;
/** A gateway of which nothing at all is known has no answer for the call. */
const nothingKnown: RecordedAttempt = {
  delayMs: 0,
  ringDelayMs: null,
  status: 503,
  reason: 'Service Unavailable',
  outcome: 'failed',
};

/** Prefixes of all gateways together: some hundred MB at most, however many calls there are. */
const mostPrefixes = 100_000;

export class VendorModel {
  readonly #budget = new PrefixBudget(mostPrefixes);
  /** One text for each kind of behaviour. */
  readonly #kinds = new Map<string, string>();
  readonly #gateways = new Map<string, PrefixSamples<RecordedAttempt>>();
  readonly #all: PrefixSamples<RecordedAttempt>;
  readonly #talks: PrefixSamples<number>;

  constructor(learned?: LearnedBehaviour) {
    for (const [gateway, root] of learned?.gateways ?? [])
      this.#gateways.set(gateway, new PrefixSamples(this.#budget, root));
    this.#all = new PrefixSamples(this.#budget, learned?.all ?? emptyNode());
    this.#talks = new PrefixSamples(this.#budget, learned?.talks ?? emptyNode());
  }

  get learned(): LearnedBehaviour {
    const gateways = new Map([...this.#gateways].map(([gateway, { root }]) => [gateway, root]));
    return { gateways, all: this.#all.root, talks: this.#talks.root };
  }

  learn({ recorded: { billingCallee }, attempts, talkMs }: Arrival): void {
    if (talkMs !== null) this.#talks.add(billingCallee, '', talkMs);
    for (const attempt of attempts) {
      // What the gateway would have done is not known: the caller, or the switch, did not wait for it.
      if (attempt.outcome === 'released') continue;
      const kind = this.#kindOf(attempt);
      const value = behaviourIn(attempt);
      this.#of(attempt.gateway).add(billingCallee, kind, value);
      this.#all.add(billingCallee, kind, value);
    }
  }

  /** How the gateway takes the call; `seed` is that of the call. */
  behaviourFor(arrival: Arrival, gateway: string, seed: number): ChosenBehaviour {
    const { attempts, calleeHangsUp, talkMs } = arrival;
    const hangUpAfterMs = calleeHangsUp ? talkMs : null;
    const own = attempts.find(attempt => attempt.gateway === gateway);
    if (own !== undefined) return { behaviour: callBehaviourOf(own, hangUpAfterMs), level: 'recorded' };
    const { attempt, level } = this.#draw(arrival.recorded.billingCallee, gateway, seed);
    return { behaviour: callBehaviourOf(attempt, hangUpAfterMs), level };
  }

  /** How long a call talks that nobody had answered (ms). */
  talkMsFor({ recorded: { billingCallee }, talkMs }: Arrival, seed: number): number {
    if (talkMs !== null) return talkMs;
    return this.#talks.drawAny(billingCallee, new Draws(seed, talkStream))?.value ?? usualTalkMs;
  }

  #draw(
    number: string,
    gateway: string,
    seed: number,
  ): { readonly attempt: RecordedAttempt; readonly level: Level } {
    const draws = new Draws(seed, textHash(gateway, behaviourStream));
    const own = this.#gateways.get(gateway)?.draw(number, draws);
    if (own !== null && own !== undefined) {
      return { attempt: own.value, level: own.prefixLength > 0 ? 'gatewayAtPrefix' : 'gateway' };
    }
    const any = this.#all.drawAny(number, draws);
    if (any === null) return { attempt: nothingKnown, level: 'nothingKnown' };
    return { attempt: any.value, level: any.prefixLength > 0 ? 'allAtPrefix' : 'allGateways' };
  }

  #kindOf({ outcome, status, receivedStatus, reason }: CdrAttempt): string {
    const kind = `${outcome} ${status} ${receivedStatus ?? ''} ${reason}`;
    const known = this.#kinds.get(kind);
    if (known !== undefined) return known;
    this.#kinds.set(kind, kind);
    return kind;
  }

  #of(gateway: string): PrefixSamples<RecordedAttempt> {
    const known = this.#gateways.get(gateway);
    if (known !== undefined) return known;
    const made = new PrefixSamples<RecordedAttempt>(this.#budget);
    this.#gateways.set(gateway, made);
    return made;
  }
}

const talkStream = textHash('talk');
const behaviourStream = textHash('behaviour');

/** Without what nobody looks at: of each prefix many are kept. */
function behaviourIn({
  delayMs,
  ringDelayMs,
  status,
  receivedStatus,
  reason,
  outcome,
}: CdrAttempt): RecordedAttempt {
  const behaviour = { delayMs, ringDelayMs, status, reason, outcome };
  return receivedStatus === undefined ? behaviour : { ...behaviour, receivedStatus };
}
