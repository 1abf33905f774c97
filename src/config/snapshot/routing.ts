/** What a Snapshot says about choosing routing gateways, beyond the gateways themselves. */
import type { NumberFilter } from './numbers.ts';
import type { Places, Source } from './source.ts';

/** Gateways that share lines (VOS3000: gateway group). */
export interface GatewayGroup {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  readonly places: Places;
  /** Largest number of calls at once over all members; null is no limit. */
  readonly lines: number | null;
  /** Take the place of `lines` while the time lies in the calendar; the first one that fits counts. */
  readonly timedLines: readonly {
    readonly calendar: number;
    readonly lines: number;
    readonly source: Source;
  }[];
}

export interface GroupMembership {
  readonly group: number;
  /** The gateway steps aside when the group has fewer free lines than this; 0 never does. */
  readonly reservedLines: number;
  readonly source: Source;
}

/** What counts for a gateway while the time lies in the calendar; the first period that fits counts alone. */
export interface GatewayPeriod {
  readonly calendar: number;
  readonly source: Source;
  /** false: no calls in this period. */
  readonly available: boolean;
  /** null leaves what the gateway says. */
  readonly lines: number | null;
  /** null leaves what the gateway says; mapping gateways have none. */
  readonly priority: number | null;
  /** `null` leaves what the gateway says. */
  readonly callerPrefixes: NumberFilter | null;
  readonly calleePrefixes: NumberFilter | null;
  /** Index into the gateway's `periodDialPlans`; -1 leaves the gateway's own plans. */
  readonly dialPlans: number;
}

/** By what a customer wants equally ranked gateways ordered (VOS3000: first and second route policy). */
export type RoutePolicy = 'none' | 'asr' | 'rate';

/** The authorization of VOS3000 (callLevel): a call needs at least the level of its rate row. */
export type CallLevel = 'on-net' | 'local' | 'domestic' | 'international';

/** A percentage split of calls over routes: each share puts its route tag before the callee. */
export interface RouteShares {
  readonly shares: readonly {
    readonly tag: string;
    readonly weight: number;
    readonly source: Source;
  }[];
  /** Sum of the weights: after so many calls every share had exactly its weight of them. */
  readonly total: number;
  readonly source: Source;
}

/** Local number portability for North America, asked before routing. */
export interface LrnSettings {
  /** Index into lrnTables. */
  readonly table: number;
  /** Digits of the callee that the query leaves out. */
  readonly eatPrefixDigits: number;
  readonly onFailure: 'reject' | 'continue';
  /** Put before the number for rating: caller and callee in one state, in two, or not known. */
  readonly intrastatePrefix: string;
  readonly interstatePrefix: string;
  readonly undeterminedPrefix: string;
  /** Routing goes by the LRN instead of the dialled number. */
  readonly routeByLrn: boolean;
  readonly source: Source;
}

/** How the quality of gateways is measured (VOS3000: SS_GATEWAY_QUALITY_RESERVE_TIME and …_SEPARATE). */
export interface QualitySettings {
  /** SS_GATEWAY_ASR_CALCULATE. */
  readonly enabled: boolean;
  readonly windowSeconds: number;
  readonly sliceSeconds: number;
}
