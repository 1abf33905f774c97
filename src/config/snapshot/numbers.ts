/** What a Snapshot says about numbers: which may pass, and how they are rewritten. */
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import type { DialPlan } from '../../routing/dial-plan/dial-plan.ts';
import type { Source } from './source.ts';

export interface AnyNumber {
  readonly kind: 'any';
}

/** `allow` passes numbers with one of its prefixes, `deny` all others. */
export type NumberFilter =
  | AnyNumber
  | { readonly kind: 'allow' | 'deny'; readonly prefixes: readonly string[]; readonly source: Source };

/** Passes (or not) calls whose caller and callee begin with the two prefixes of one pair (VOS3000: denyCallerCallee). */
export type PairFilter =
  | AnyNumber
  | {
      readonly kind: 'allow' | 'deny';
      readonly pairs: readonly { readonly caller: string; readonly callee: string }[];
      readonly source: Source;
    };

/** The lengths that a number may have. Bit i of `low` is length i, bit i of `high` length 32 + i. */
export type LengthFilter =
  | AnyNumber
  | { readonly kind: 'allow'; readonly low: number; readonly high: number; readonly source: Source };

/** `allow` passes numbers of one of its lists (by their indexes), `deny` all others: a white list or a black list. */
export type NumberListFilter =
  | AnyNumber
  | { readonly kind: 'allow' | 'deny'; readonly lists: readonly number[]; readonly source: Source };

/** Numbers, and prefixes of numbers, under one name (VOS3000: number group). */
export interface NumberList {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  /** 1 is a number that must be met exactly, 2 a prefix, 3 both. */
  readonly entries: PrefixTrie;
  readonly entryCount: number;
}

/** What a gateway asks of the numbers of a call. All of it must hold. */
export interface NumberRules {
  readonly callerPrefixes: NumberFilter;
  readonly calleePrefixes: NumberFilter;
  /** Of the number that forwarded the call, for calls that have one (Diversion, History-Info). */
  readonly forwardingPrefixes: NumberFilter;
  readonly callerCalleePrefixes: PairFilter;
  readonly callerLengths: LengthFilter;
  readonly calleeLengths: LengthFilter;
  readonly callerLists: NumberListFilter;
  readonly calleeLists: NumberListFilter;
  /** Whether the callee must be, or must not be, one of `onNetNumbers` (VOS3000: calleeE164Restrict). */
  readonly calleeNetwork: 'any' | 'on-net' | 'off-net';
}

export interface DialPlans {
  readonly caller: DialPlan;
  readonly callee: DialPlan;
  /** For the number that forwarded the call. */
  readonly forwarding: DialPlan;
}

/** The caller's number is taken from a pool (VOS3000: rewriteRulesInCallerUseE164Group). */
export interface CallerPool {
  /** Indexes of number lists; only their exact numbers count. */
  readonly lists: readonly number[];
  /** The numbers, in the order of the lists, each once. */
  readonly numbers: readonly string[];
  /** Calls at once with one number; null is no limit. */
  readonly linesPerNumber: number | null;
  readonly order: 'random' | 'rotating';
  readonly source: Source;
}
