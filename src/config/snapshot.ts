/**
 * The Snapshot: one configuration directory, validated and compiled, immutable, hashed.
 *
 * Everything that decides a call reads a Snapshot and nothing else. It is plain data (records, arrays, typed
 * arrays over SharedArrayBuffer), so that a worker thread can compile it and hand it over without copying the
 * large tables. Objects refer to each other by their index in the Snapshot's arrays; an index means nothing
 * outside its Snapshot, names do.
 *
 * Glossary: a *mapping gateway* is an ingress peer (customer side), a *routing gateway* an egress peer (vendor
 * side); a *protect route* is a routing gateway held back until the normal ones have failed; a *deck* is a rate
 * table in a CSV file.
 */
import type { PrefixTrie } from '../prefixes/prefix-trie.ts';

declare const compiledBrand: unique symbol;

/** Where a value stands, so that every decision can be traced to its line. Lines and columns count from 1. */
export interface Source {
  /** Path relative to the configuration directory, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Where the value of each setting of an object stands that is not left to its default; `settingPlace` in routing reads
 * it. A carrier has tens of thousands of these, so what objects have in common they share.
 */
export interface Places {
  /** The settings that the object's own file states, by their paths in it: `lines`, `timeouts.ringingSeconds`. */
  readonly settings: readonly string[];
  /** For each of them in turn its line and its column: twice as many numbers. */
  readonly at: readonly number[];
  /** Where those stand that it inherits. */
  readonly inherited: Readonly<Record<string, Source>>;
}

export type Transport = 'udp' | 'tcp';

export interface HostPort {
  /** An IPv4 or IPv6 literal (without brackets) or a host name. */
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
}

export interface Snapshot {
  readonly [compiledBrand]: true;
  /** SHA-256 over the meaning of the configuration, hex. Comments and layout of the YAML do not change it. */
  readonly hash: string;
  /** The git commit that the configuration is; null without one, or when its files differ from it. */
  readonly commit: string | null;
  readonly switch: SwitchSettings;
  readonly parameters: Parameters;
  readonly mappingGateways: readonly MappingGateway[];
  readonly routingGateways: readonly RoutingGateway[];
  readonly accounts: readonly Account[];
  readonly rateTables: readonly RateTable[];
  readonly calendars: readonly Calendar[];
  readonly ingress: IngressTable;
  readonly routes: RouteTable;
}

/** What switch.yaml says about the process itself. A change of these needs a restart (`sip`, `store`). */
export interface SwitchSettings {
  readonly name: string;
  /** ISO 4217 code in which every account and rate of this switch is kept. */
  readonly currency: string;
  readonly sip: {
    readonly listen: readonly {
      readonly transport: Transport;
      readonly address: string;
      readonly port: number;
    }[];
    readonly server:
      | { readonly kind: 'embedded' }
      | {
          readonly kind: 'drachtio';
          readonly host: string;
          readonly port: number;
          readonly secret: SecretReference;
        };
  };
  readonly store: {
    /** Path of the database, relative to the configuration directory. */ readonly path: string;
  };
}

/** A secret is never in the Snapshot: only where to find it when it is needed. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/** System parameters with their defaults filled in. Each schema description names the VOS3000 spelling. */
export interface Parameters {
  /** SS_SIP_TIMEOUT_INVITE and its sisters. */
  readonly timeouts: AttemptTimeouts;
  /** SS_SIP_RESEND_INTERVAL: at most 10 waits between transmissions of a request. */
  readonly resendIntervalsMs: readonly number[];
  readonly hunting: HuntingRules;
  /** SS_GATEWAY_SWITCH_LIMIT: the largest number of gateways tried for one call; null is no limit. */
  readonly gatewaySwitchLimit: number | null;
  /** SS_TRY_PROTECT_ROUTE_DELAY; 0 tries protect routes only after every normal candidate failed. */
  readonly protectRouteDelayMs: number;
  /** SS_MAX_CALL_DURATION; null is no limit. */
  readonly maxCallDurationSeconds: number | null;
  /** SS_SIP_NO_TIMER_REINVITE_INTERVAL: the cap on talk time for callers without session timers. */
  readonly noTimerCapSeconds: number;
  /** SS_REPLY_UNAUTHORIZED: answer unknown sources (403) or stay silent. */
  readonly replyUnauthorized: boolean;
  /** SERVER_BILLING_RECORD_ILLEGAL_CALL: write a CDR for a call from an unknown source. */
  readonly recordIllegalCalls: boolean;
  /** SERVER_BILLING_HOLD_TIME_PRECISION: a fraction of a second of at least this many ms counts as a second. */
  readonly holdTimePrecisionMs: number;
  /** SERVER_BILLING_FEE_PRECISION: decimals of a charge, 0–8. */
  readonly feePrecision: number;
  /** SERVER_BILLING_FREE_TIME: seconds of each talk that are not rated, where the rate row says nothing of them. */
  readonly freeSeconds: number;
  /** SERVER_BILLING_FREE_E164S: numbers, or with an asterisk at the end prefixes, to which calls are not billed. */
  readonly freeNumbers: readonly string[];
  /** SERVER_BILLING_PREVENT_OVERDRAFT_ADVANCE_TIME: how much talk a credit hold covers ahead. */
  readonly creditHoldStepSeconds: number;
  /** SERVER_VERIFY_CLEARING_CUSTOMER_REMAIN_MONEY_LIMIT: skip vendors whose credit is used up. */
  readonly verifyVendorCredit: boolean;
  /** SS_MAX_CPS, for all calls of the switch together; null is no limit. */
  readonly callRate: CallRate | null;
  /** SERVER_BILLING_RECORD_ZERO_HOLD_TIME: write a CDR for a call that nobody answered. */
  readonly recordUnanswered: boolean;
  /** SERVER_BILLING_RECORD_SERVER_HANG_UP: write a CDR for a call that the switch ended before an answer. */
  readonly recordServerHangUp: boolean;
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

export type NumberFilter =
  | { readonly kind: 'any' }
  | { readonly kind: 'allow' | 'deny'; readonly prefixes: readonly string[]; readonly source: Source };

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
  readonly callerPrefixes: NumberFilter;
  readonly calleePrefixes: NumberFilter;
  /** Which routing gateways this customer may use. */
  readonly routingGateways: NameFilter;
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
  /** Which mapping gateways may use this one. */
  readonly mappingGateways: NameFilter;
  /** Drop this gateway when its vendor's rate table has no rate for the number. */
  readonly checkRate: boolean;
  /** Resolved over the system parameters. */
  readonly timeouts: AttemptTimeouts;
  readonly hunting: HuntingRules;
  /** A response code in this set ends the hunt; classes are written out (`4xx` is 400–499). */
  readonly stopCodes: readonly { readonly from: number; readonly to: number }[];
  readonly maxCallDurationSeconds: number | null;
}

export interface Account {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  readonly places: Places;
  readonly kind: 'customer' | 'vendor';
  readonly locked: boolean;
  /** Credit below zero that the account may use, in money units (see rating/money.ts), not negative. */
  readonly overdraftLimit: bigint;
  /** Index into rateTables; null only for an account that needs no rates, which has no others either. */
  readonly rateTable: number | null;
  /** Take the place of `rateTable` while a call's time lies in the calendar; the first one that fits counts. */
  readonly timedRateTables: readonly { readonly calendar: number; readonly rateTable: number }[];
  /** Asked before the others; null for none. */
  readonly privateRateTable: number | null;
  /** Calls of this account are free of charge and need no rate. */
  readonly unrated: boolean;
  /** The account is expired from this time on (ms since 1970 UTC); null never. */
  readonly validUntilMs: number | null;
  readonly maxCallDurationSeconds: number | null;
  /** Largest number of calls at once over all gateways of the account; null is no limit. */
  readonly lines: number | null;
  /** Calls that may begin over all gateways of the account; null is no limit. */
  readonly callRate: CallRate | null;
}

/** Weekly periods by the clocks of a time zone, with dated exceptions; src/calendar reads it. */
export interface Calendar {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  readonly zone: ZoneOffsets;
  /** The periods that begin on each day of the week, Monday first: seven lists. */
  readonly week: readonly (readonly DaySpan[])[];
  /** In the order of their days, none overlapping another. On these days they stand in the place of the week's. */
  readonly exceptions: readonly CalendarException[];
}

/** In minutes since the midnight that begins its day: `fromMinute` is below 1440, `untilMinute` at most a day later. */
export interface DaySpan {
  readonly fromMinute: number;
  /** Exclusive. Above 1440 it lies on the next day. */
  readonly untilMinute: number;
}

export interface CalendarException {
  /** Days since 1970-01-01, by the calendar's own clocks. */
  readonly fromDay: number;
  /** Exclusive. */
  readonly untilDay: number;
  readonly spans: readonly DaySpan[];
}

/** What the clocks of a time zone show, from 2020 to 2070; before and after, its first and last offset count. */
export interface ZoneOffsets {
  /** IANA name. */
  readonly name: string;
  /** The instants at which the offset changes, ms since 1970 UTC, ascending. */
  readonly changesAtMs: readonly number[];
  /** ms to add to UTC: element i counts before `changesAtMs[i]`, the last one behind all changes. */
  readonly offsetsMs: readonly number[];
}

/**
 * A rate table, columnar. Row r is prefix → price; `rows` finds by longest prefix the chain of rows of that
 * prefix, ordered by start, newest first (`nextRow` links them, -1 ends).
 */
export interface RateTable {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  /** The trie's value is the first row of the chain. */
  readonly prefixes: PrefixTrie;
  readonly rowCount: number;
  /** Price per unit, exact, as an integer number of 10⁻¹⁰ currency units (see rating/rate-table.ts). */
  readonly rate: Float64Array;
  /** Seconds the rate is for. */
  readonly unitSeconds: Uint32Array;
  readonly firstIncrementSeconds: Uint32Array;
  readonly nextIncrementSeconds: Uint32Array;
  /** Charged once when the call is answered, 10⁻¹⁰ currency units. */
  readonly connectFee: Float64Array;
  /** 1 rejects the call. */
  readonly locked: Uint8Array;
  /** ms since 1970 UTC; -Infinity when always. */
  readonly effectiveFromMs: Float64Array;
  /** ms since 1970 UTC, exclusive; Infinity when open. */
  readonly effectiveUntilMs: Float64Array;
  readonly nextRow: Int32Array;
  /** Line of each row in its file (`rowFile` is the deck or the YAML file). */
  readonly line: Uint32Array;
  readonly rowFile: string;
  readonly extras: RateRowExtras;
}

/** What few rows of a rate table have: free seconds and stages, each distinct combination once. */
export interface RateRowExtras {
  /** Per row the number of its combination, 0 for none; of length 0 when no row of the table has any. */
  readonly ofRow: Uint32Array;
  /** Per combination; -1 takes SERVER_BILLING_FREE_TIME. */
  readonly freeSeconds: Int32Array;
  /** The stages of combination c stand from stageStart[c] up to, not including, stageStart[c + 1]. */
  readonly stageStart: Uint32Array;
  readonly stageSeconds: Uint32Array;
  /** For the whole stage, 10⁻¹⁰ currency units. */
  readonly stageFee: Float64Array;
}

/** One prefix of one routing gateway, columnar; `trie` values are first entries of chains linked by nextEntry. */
export interface RouteTable {
  readonly trie: PrefixTrie;
  readonly entryCount: number;
  /** Index into routingGateways. */
  readonly gateway: Uint16Array;
  /** 1 is Expiration: the entry's own mode, or its gateway's. */
  readonly expiration: Uint8Array;
  readonly nextEntry: Int32Array;
  /** Line in the gateway's file. */
  readonly line: Uint32Array;
}

/** One way in. Several mapping gateways may share an address when their number filters tell them apart. */
export interface IngressAddress {
  readonly mappingGateway: number;
  /** 4 or 16 bytes, network order. */
  readonly address: Uint8Array;
  readonly prefixBits: number;
  /** null matches every port (authentication `ip`). */
  readonly port: number | null;
  readonly source: Source;
}

export interface IngressTable {
  readonly addresses: readonly IngressAddress[];
}
