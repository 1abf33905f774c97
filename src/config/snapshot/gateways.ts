/** The gateways of a Snapshot: ingress (mapping) and egress (routing). */
import type { CallerPool, DialPlans, NumberRules } from './numbers.ts';
import type {
  CallLevel,
  GatewayPeriod,
  GroupMembership,
  LrnSettings,
  RoutePolicy,
  RouteShares,
} from './routing.ts';
import type { Places, Source } from './source.ts';

export type Transport = 'udp' | 'tcp';

export interface HostPort {
  /** An IPv4 or IPv6 literal (without brackets) or a host name. */
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
}

/** At most so many calls may begin in any period of so many seconds (VOS3000: maxCallRate and its unit). */
export interface CallRate {
  readonly calls: number;
  readonly perSeconds: number;
}

/** What a gateway's failure code becomes before anything is made of it (VOS3000: replace failed reason). */
export interface FailedReasonReplacements {
  /** By the code received, 300–699, each at most once. */
  readonly codes: readonly { readonly from: number; readonly to: number }[];
  /** For every code that is not among them; null leaves it as it is. */
  readonly other: number | null;
}

/** How long one attempt may stay in each stage before it counts as failed. */
export interface AttemptTimeouts {
  /** Nothing heard since the INVITE (SS_SIP_TIMEOUT_INVITE). */
  readonly inviteMs: number;
  /** After 100 Trying (SS_SIP_TIMEOUT_TRYING). */
  readonly tryingMs: number;
  /** After 183 without SDP (SS_SIP_TIMEOUT_SESSION_PROGRESS). */
  readonly progressMs: number;
  /** After 183 with SDP (SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP). */
  readonly progressSdpMs: number;
  /** After 180 (SS_SIP_TIMEOUT_RINGING). */
  readonly ringingMs: number;
}

/** When a failed attempt ends the hunt instead of moving on to the next gateway. */
export interface HuntingRules {
  /** SS_SIP_USER_AGENT_STOP_SWITCH_AFTER_INVITE_TIMEOUT. */
  readonly stopAfterInviteTimeout: boolean;
  /** SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY. */
  readonly stopAfterUserBusy: boolean;
  /** SS_SIP_STOP_SWITCH_AFTER_SDP. */
  readonly stopAfterSdp: boolean;
  readonly stopAfterRinging: boolean;
  readonly stopOn6xx: boolean;
  /** SS_GATEWAY_SWITCH_UNTIL_CONNECT: overrides the busy, SDP and ringing stops. */
  readonly untilConnect: boolean;
}

/** A list that either names the only ones allowed or the ones denied; `any` lets everybody through. */
export type NameFilter =
  | { readonly kind: 'any' }
  | { readonly kind: 'allow' | 'deny'; readonly indexes: readonly number[]; readonly source: Source };

export interface MappingGateway {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  readonly places: Places;
  /** Index of the customer account that pays. */
  readonly account: number;
  readonly authentication: 'ip' | 'ip-port';
  readonly locked: boolean;
  /** Largest number of calls at once; null is no limit. */
  readonly lines: number | null;
  /** Calls that may come this way; null is no limit. */
  readonly callRate: CallRate | null;
  readonly numbers: NumberRules;
  /** Which routing gateways this customer may use, by name and by group. */
  readonly routingGateways: NameFilter;
  readonly routingGatewayGroups: NameFilter;
  readonly groups: readonly GroupMembership[];
  readonly periods: readonly GatewayPeriod[];
  /** Before routing (VOS3000: "out" rewrite rules of a mapping gateway). */
  readonly dialPlans: DialPlans;
  readonly periodDialPlans: readonly DialPlans[];
  readonly firstRoutePolicy: RoutePolicy;
  readonly secondRoutePolicy: RoutePolicy;
  readonly callLevel: CallLevel;
  /** null splits nothing. */
  readonly routeShares: RouteShares | null;
  /** Percentage of the customer's rate that must be left; null asks for none. */
  readonly minimumProfitPercent: number | null;
  /** Highest price per second of a vendor; null is no limit. */
  readonly maximumRate: RateLimit | null;
  readonly lrn: LrnSettings | null;
  /** Resolved: this gateway's own value, or SS_TRY_PROTECT_ROUTE_DELAY. */
  readonly protectRouteDelayMs: number;
  /** Resolved: own value or null for none; the system cap applies beside it. */
  readonly maxCallDurationSeconds: number | null;
  /** How long the caller may wait for ringing or early media, all attempts together; null is no limit. */
  readonly callProceedingTimeoutMs: number | null;
  /** null replaces nothing. */
  readonly replaceFailedReason: FailedReasonReplacements | null;
}

export interface RoutingGateway {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  readonly places: Places;
  /** Index of the vendor account that is owed. */
  readonly clearingAccount: number;
  readonly address: HostPort;
  readonly priority: number;
  readonly prefixMode: 'extension' | 'expiration';
  readonly protectRoute: boolean;
  readonly locked: boolean;
  /** Largest number of calls at once; null is no limit. */
  readonly lines: number | null;
  /** Calls that may be tried there; null is no limit. */
  readonly callRate: CallRate | null;
  readonly numbers: NumberRules;
  /** Which mapping gateways may use this one, by name and by group. */
  readonly mappingGateways: NameFilter;
  readonly mappingGatewayGroups: NameFilter;
  readonly groups: readonly GroupMembership[];
  readonly periods: readonly GatewayPeriod[];
  /** After this gateway was chosen (VOS3000: "in" rewrite rules of a routing gateway). */
  readonly dialPlans: DialPlans;
  readonly periodDialPlans: readonly DialPlans[];
  /** null takes the caller as it is. */
  readonly callerPool: CallerPool | null;
  /** The vendor is rated by the callee after its dial plan instead of before. */
  readonly rateByNumberSent: boolean;
  /** Takes part in ordering by rate; otherwise it counts as the dearest. Needs `checkRate`. */
  readonly leastCostRouting: boolean;
  /** Percentage of the customer's rate that must be left; may be negative; null asks for none. Needs `checkRate`. */
  readonly minimumProfitPercent: number | null;
  /** Highest price per second of the vendor; null is no limit. Needs `checkRate`. */
  readonly maximumRate: RateLimit | null;
  /** Its quality is measured: its own value, or SS_GATEWAY_ASR_CALCULATE. */
  readonly calculateQuality: boolean;
  /** Asked by OPTIONS whether it is there. */
  readonly optionsCheck: boolean;
  /** Drop this gateway when its vendor's rate table has no rate for the number. */
  readonly checkRate: boolean;
  /** Resolved over the system parameters. */
  readonly timeouts: AttemptTimeouts;
  readonly hunting: HuntingRules;
  /** A response code in this set ends the hunt; classes are written out (`4xx` is 400–499). */
  readonly stopCodes: readonly { readonly from: number; readonly to: number }[];
  readonly maxCallDurationSeconds: number | null;
}

/** A price per second: `amount` (10⁻¹⁰ currency units, a safe integer) for so many seconds. */
export interface RateLimit {
  readonly amount: number;
  readonly seconds: number;
}
