/** What reports ask of every difference. Those that a comparison made know it without the texts of all their attempts. */
import type { Money } from '../rating/money.ts';
import type { Difference, Outcome, Scope } from './plan.ts';

export interface MarginChange {
  readonly before: Money;
  readonly after: Money;
}

/** A gateway that costs more than the customer pays, of 60 s. */
export interface Loss {
  readonly gateway: string;
  readonly margin: Money;
  readonly marginPercent: string | null;
}

export type Answer = Pick<Outcome, 'refusal' | 'rate'>;

/** Of a difference with one outcome on each side. */
export interface KnownFacts {
  /** What the customer sees of the outcomes. */
  readonly answers: readonly [before: Answer, after: Answer];
  /** Equal for outcomes of the same refusal, gateways, order and chance. */
  readonly wayBefore: string;
  readonly wayAfter: string;
  /** Gateways that are tried on the other side only, in their order. */
  readonly lost: readonly string[];
  readonly won: readonly string[];
  /** null when it is not known on one side. */
  readonly marginChange: MarginChange | null;
  /** Of the new side: the gateway that costs most beyond what the customer pays, of several the first by name; null without a loss. */
  readonly worstLoss: Loss | null;
}

/** Differences with facts, which are more than their properties. */
interface Knowing {
  readonly knownFacts: KnownFacts | null;
  withScopes(scopes: readonly Scope[]): Difference;
}

function isKnowing(difference: object): difference is Knowing {
  return 'knownFacts' in difference;
}

/** The same for some of its scopes. */
export function withScopes(difference: Difference, scopes: readonly Scope[]): Difference {
  return isKnowing(difference) ? difference.withScopes(scopes) : { ...difference, scopes };
}

/** null where all is to be told from the outcomes. */
export function knownFactsOf(difference: Difference): KnownFacts | null {
  return isKnowing(difference) ? difference.knownFacts : null;
}
