/** What files say about routing, read but not yet connected: the parts of gateways, and the objects they refer to. */
import type { Place } from '../diagnostics/diagnostic.ts';
import type { PrefixTrie } from '../prefixes/prefix-trie.ts';
import type { TextAt } from './parse/fields.ts';
import type { ParsedNames, ParsedObject, ParsedPrefixes } from './parsed.ts';
import type {
  CallerPool,
  CallLevel,
  DialPlans,
  LrnSettings,
  LrnTable,
  PairFilter,
  RateLimit,
  RoutePolicy,
} from './snapshot.ts';

export interface ParsedPairs {
  readonly kind: 'allow' | 'deny';
  readonly pairs: Extract<PairFilter, { kind: 'allow' | 'deny' }>['pairs'];
  readonly place: Place;
}

export interface ParsedLengths {
  /** Bit i of `low` is length i, bit i of `high` length 32 + i. */
  readonly low: number;
  readonly high: number;
  readonly place: Place;
}

export interface ParsedNumberRules {
  readonly callerPrefixes: ParsedPrefixes | null;
  readonly calleePrefixes: ParsedPrefixes | null;
  readonly forwardingPrefixes: ParsedPrefixes | null;
  readonly callerCalleePrefixes: ParsedPairs | null;
  readonly callerLengths: ParsedLengths | null;
  readonly calleeLengths: ParsedLengths | null;
  readonly callerLists: ParsedNames | null;
  readonly calleeLists: ParsedNames | null;
  readonly calleeNetwork: 'any' | 'on-net' | 'off-net';
}

export interface ParsedMembership {
  readonly group: TextAt;
  readonly reservedLines: number;
  readonly reservedPlace: Place;
  readonly place: Place;
}

export interface ParsedPeriod {
  readonly calendar: TextAt;
  readonly place: Place;
  readonly available: boolean;
  readonly lines: number | null;
  readonly priority: number | null;
  readonly callerPrefixes: ParsedPrefixes | null;
  readonly calleePrefixes: ParsedPrefixes | null;
  /** null leaves those of the gateway. */
  readonly dialPlans: DialPlans | null;
}

/** What mapping and routing gateways have in common. */
export interface ParsedGateway extends ParsedObject {
  readonly locked: boolean;
  readonly lines: number | null;
  readonly numbers: ParsedNumberRules;
  readonly groups: readonly ParsedMembership[];
  readonly periods: readonly ParsedPeriod[];
  readonly dialPlans: DialPlans;
  readonly minimumProfitPercent: number | null;
  readonly maximumRate: RateLimit | null;
  /** The file has a finding, so what is absent may only be unreadable. */
  readonly incomplete: boolean;
}

export interface ParsedShare {
  readonly tag: string;
  readonly percent: number;
  readonly place: Place;
}

export interface ParsedLrn extends Omit<LrnSettings, 'table' | 'source'> {
  readonly table: TextAt;
  readonly place: Place;
}

/** What a customer has a say in beside which gateways may be used. */
export interface ParsedCustomerRouting {
  readonly firstRoutePolicy: RoutePolicy;
  readonly secondRoutePolicy: RoutePolicy;
  readonly callLevel: CallLevel;
  /** null splits nothing. */
  readonly routeShares: { readonly shares: readonly ParsedShare[]; readonly place: Place } | null;
  readonly lrn: ParsedLrn | null;
}

export interface ParsedCallerPool extends Omit<CallerPool, 'lists' | 'numbers' | 'source'> {
  readonly lists: readonly TextAt[];
  readonly place: Place;
}

export interface ParsedGatewayGroup extends ParsedObject {
  readonly lines: number | null;
  readonly linesPlace: Place;
  readonly timedLines: readonly {
    readonly calendar: TextAt;
    readonly lines: number;
    readonly place: Place;
  }[];
  readonly incomplete: boolean;
}

export interface ParsedNumberList extends ParsedObject {
  readonly entries: PrefixTrie;
  readonly entryCount: number;
  /** How many of the entries are whole numbers. */
  readonly numberCount: number;
  /** Its file of lines, relative to the configuration directory; null without one. */
  readonly linesFile: string | null;
  /** What the hash of the configuration counts. */
  readonly meaning: unknown;
  readonly incomplete: boolean;
}

export interface ParsedLrnTable extends ParsedObject {
  /** null when it has no usable rows. */
  readonly table: LrnTable | null;
  readonly meaning: unknown;
}
