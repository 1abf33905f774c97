/**
 * Dial plans, which rewrite a number by the rule whose original fits it best (VOS3000 "rewrite rules", manual §4.3.1):
 * `0:44` makes 0207 into 44207. Plain data, so that a plan can be part of a Snapshot.
 */
import type { Source } from '../../config/snapshot.ts';

export interface DialPlan {
  /** The better fit stands first: the first rule that fits a number is the one. */
  readonly rules: readonly DialPlanRule[];
}

export interface DialPlanRule {
  /** As it is written, `original:target`. */
  readonly text: string;
  readonly source: Source;
  readonly original: Original;
  /** At least one; with several, one is picked at random for each call. */
  readonly targets: readonly Target[];
}

export interface Original {
  /** What the number begins with, up to the first wildcard. */
  readonly literal: string;
  /** What follows; empty when the literal is all. */
  readonly wildcards: readonly OriginalPart[];
  /** All of them must hold for the whole number. */
  readonly lengths: readonly LengthTest[];
}

export type OriginalPart =
  | { readonly kind: 'literal'; readonly text: string }
  /** `?`: exactly one digit. */
  | { readonly kind: 'digit' }
  /** `*`: any run of characters, also none. */
  | { readonly kind: 'run' };

export interface LengthTest {
  /** L, E, G and F of VOS3000: less than, equal to, greater than, and different from. */
  readonly is: 'less' | 'equal' | 'greater' | 'different';
  readonly length: number;
}

export type Target =
  | { readonly kind: 'text'; readonly parts: readonly TargetPart[] }
  /** A number between two of the same length, both included, picked at random for each call. */
  | { readonly kind: 'range'; readonly from: string; readonly to: string };

export type TargetPart =
  | { readonly kind: 'literal'; readonly text: string }
  /** `?`: a random digit. */
  | { readonly kind: 'randomDigit' }
  /** `$`: the character that stands at the same place, counted from 0, in the number. */
  | { readonly kind: 'keep'; readonly at: number }
  /** `*`: what the `*` of this place in the original stood for; all that the original fits when it has none (-1). */
  | { readonly kind: 'run'; readonly index: number };

export const emptyDialPlan: DialPlan = { rules: [] };

/** Characters of a number and of the letters that serve as route tags. */
export const numberCharacter: RegExp = /^[0-9A-Za-z*#+]$/;
