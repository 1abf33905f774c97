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
import type { Calendar } from './snapshot/calendars.ts';
import type {
  AttemptTimeouts,
  CallRate,
  HuntingRules,
  MappingGateway,
  RoutingGateway,
  Transport,
} from './snapshot/gateways.ts';
import type { RoutingIndexes } from './snapshot/indexes.ts';
import type { LrnTable } from './snapshot/lrn.ts';
import type { NumberList } from './snapshot/numbers.ts';
import type { RateTable } from './snapshot/rate-tables.ts';
import type { GatewayGroup, QualitySettings } from './snapshot/routing.ts';
import type { Places, Source } from './snapshot/source.ts';

export type * from './snapshot/calendars.ts';
export type * from './snapshot/gateways.ts';
export type * from './snapshot/indexes.ts';
export type * from './snapshot/lrn.ts';
export type * from './snapshot/numbers.ts';
export type * from './snapshot/rate-tables.ts';
export type * from './snapshot/routing.ts';
export type * from './snapshot/source.ts';

declare const compiledBrand: unique symbol;

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
  readonly gatewayGroups: readonly GatewayGroup[];
  readonly numberLists: readonly NumberList[];
  /** Indexes of the number lists that hold the numbers of our own customers. */
  readonly onNetNumbers: readonly number[];
  readonly lrnTables: readonly LrnTable[];
  readonly ingress: IngressTable;
  readonly routes: RouteTable;
  /** Save time when many calls are routed, and change nothing; null when nobody made them. */
  readonly indexes: RoutingIndexes | null;
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
  readonly history: HistorySettings;
  /** What a plan lets through that changes to this configuration; absent when nothing is said. */
  readonly plan?: PlanSettings;
  /** How the next change is rolled out; absent gives it to all calls at once. */
  readonly rollout?: RolloutSettings;
}

/** Reasons for changes that are meant to be large; each counts for the change that brings it. */
export interface PlanSettings {
  readonly allow: { readonly routes: string | null; readonly rates: string | null };
}

export interface RolloutSettings {
  /** Of the new calls that go by a change until it is decided on; more than 0 and at most 50. */
  readonly canaryPercent: number;
  readonly forMs: number;
  /** Percentage points by which the ASR must have fallen for a change to be given up. */
  readonly asrDropPoints: number;
  /** By which the post-dial delay must have risen. */
  readonly pddRiseMs: number;
  /** Of each side, before anything is said of ASR and post-dial delay. */
  readonly minimumCalls: number;
}

/** How much is kept of the configurations that served. What serves, is held, or served before it is always kept. */
export interface HistorySettings {
  readonly versions: number;
  /** Since a version served last. */
  readonly days: number;
  /** Of how many versions the compiled form is kept, too. */
  readonly compiledVersions: number;
  /** Of disk, 10⁶ bytes each. */
  readonly megabytes: number;
}

/** A secret is never in the Snapshot: only where to find it when it is needed. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/** System parameters with their defaults filled in. Each schema description names the VOS3000 spelling. */
export interface Parameters {
  /** By the names of parameters. */
  readonly places: Places;
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
  /** SERVER_GATEWAY_ROUTE_PREFIX: route tags that rating leaves out of the callee. */
  readonly routeTags: readonly string[];
  readonly quality: QualitySettings;
  /** SS_SIP_OPTIONS_CHECK_PERIOD. */
  readonly optionsPeriodMs: number;
  /** SERVER_BILLING_RECORD_SERVER_HANG_UP: write a CDR for a call that the switch ended before an answer. */
  readonly recordServerHangUp: boolean;
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

/**
 * One prefix of one routing gateway, columnar; entries of one prefix stand side by side, and `trie` values are the first
 * of them.
 */
export interface RouteTable {
  readonly trie: PrefixTrie;
  readonly entryCount: number;
  /** Index into routingGateways. */
  readonly gateway: Uint16Array;
  /** 1 is Expiration: the entry's own mode, or its gateway's. */
  readonly expiration: Uint8Array;
  /** Both of these once more in one word, and whether the prefix has another entry: see routing/route-table.ts. */
  readonly steps: Uint32Array;
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
