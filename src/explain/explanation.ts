/**
 * What the switch does with one call, and why, as plain data: the shape of `class4 explain --json`, from the files as
 * from a running switch. Times are ISO 8601 UTC, prices and money exact decimal text, places `file:line`.
 */

export interface Explanation extends NumbersOfCall {
  /** `idle`: nothing is going on, and all money is there. `live`: as the running switch has it now. */
  readonly state: 'idle' | 'live';
  /** The configuration that decided. */
  readonly snapshot: { readonly hash: string; readonly commit: string | null };
  /** The hash of the files on disk; null when they were not read or have errors. */
  readonly filesHash: string | null;
  /** `callee`, `caller` and `forwarding` are as they came to the switch. */
  readonly at: string;
  /** Decides what chance decides. */
  readonly seed: number;
  /** What `--down` and `--full` declared, in the order of their names. */
  readonly declared: { readonly down: readonly string[]; readonly full: readonly string[] };
  readonly currency: string;
  readonly exampleSeconds: number;
  readonly authentication: ExplainedAuthentication;
  /** null when nobody is known at the address. */
  readonly mappingGateway: string | null;
  readonly account: string | null;
  /** Lines and call rate of the mapping gateway. */
  readonly ingress: ExplainedUse | null;
  readonly customer: ExplainedAccount | null;
  readonly numbers: ExplainedNumbers;
  /** What the customer pays; null when nothing, or when the call is turned away before it is priced. */
  readonly rate: ExplainedRate | null;
  /** Why the call is turned away without any attempt. */
  readonly rejected: ExplainedRejection | null;
  /** In the order to try them. */
  readonly attempts: readonly ExplainedAttempt[];
  readonly excluded: readonly ExplainedExclusion[];
  /** Where the search for gateways ended; null when it never began. */
  readonly stopped: ExplainedStop | null;
  /** How many of the attempts are made at most (SS_GATEWAY_SWITCH_LIMIT); null is no limit. */
  readonly switchLimit: number | null;
  /** Protect routes are tried as soon as the caller has waited so long, too; 0 never. */
  readonly protectDelaySeconds: number;
}

export interface ExplainedAuthentication {
  /** `address` asked who calls from there, `name` was told by --via. */
  readonly by: 'address' | 'name';
  readonly outcome: 'found' | 'unknownSource' | 'numberNotAllowed';
  /** A sentence. */
  readonly detail: string;
  /** The address entry that matched, or the mapping gateway; null for nobody. */
  readonly source: string | null;
}

/** null is no limit. */
export interface ExplainedUse {
  readonly activeLines: number;
  readonly lineLimit: number | null;
  readonly callRateLimit: { readonly calls: number; readonly perSeconds: number } | null;
  /** Calls that count against the call rate now; 0 without one. */
  readonly callsInPeriod: number;
}

export interface ExplainedAccount extends ExplainedUse {
  readonly name: string;
  readonly locked: boolean;
  readonly validUntil: string | null;
  readonly overdraftLimit: string;
  /** These three are null where they are not known, which is anywhere but in the running switch. */
  readonly balance: string | null;
  readonly held: string | null;
  /** Balance plus overdraft limit minus what calls hold. */
  readonly usable: string | null;
  readonly source: string;
}

/** The numbers of the call from the way in to the choice of gateways. */
export interface ExplainedNumbers {
  /** What was done to them, in its order. */
  readonly steps: readonly ExplainedStep[];
  /** What prefixes are compared with; null when the call is turned away before. */
  readonly routed: NumbersOfCall | null;
  /** The callee that prices are looked up by; null when the call is turned away before. */
  readonly rated: string | null;
}

export interface NumbersOfCall {
  readonly callee: string;
  readonly caller: string;
  /** null when the call was not forwarded. */
  readonly forwarding: string | null;
}

export interface ExplainedStep {
  readonly stage: string;
  readonly number: 'caller' | 'callee' | 'forwarding';
  readonly before: string;
  readonly after: string;
  readonly detail: string;
  readonly source: string;
}

export interface ExplainedRate {
  readonly rateTable: string;
  readonly prefix: string;
  /** Decimal text: price per unit. */
  readonly rate: string;
  readonly unitSeconds: number;
  readonly increments: string;
  readonly connectFee: string;
  /** Seconds at the beginning that are not rated. */
  readonly freeSeconds: number;
  /** `seconds:fee` with semicolons between them, or `none`. */
  readonly stages: string;
  readonly source: string;
  /** What a call of `exampleSeconds` costs. */
  readonly exampleAmount: string;
}

export interface ExplainedRejection {
  /** One of docs/end-reasons.md. */
  readonly reason: string;
  /** The SIP status that the caller gets. */
  readonly status: number;
  readonly detail: string;
  readonly source: string | null;
}

export interface ExplainedAttempt {
  /** From 1. */
  readonly position: number;
  readonly gateway: string;
  readonly protectRoute: boolean;
  readonly prefix: string;
  readonly mode: 'Extension' | 'Expiration';
  readonly priority: number;
  /** What decides its place behind priority, and before load, calls carried and name: route policies in their order. */
  readonly policies: readonly {
    readonly policy: 'asr' | 'rate';
    /** A percentage, or a price; null when it is not known, or when the gateway takes no part. */
    readonly value: string | null;
    /** false: it is not measured, or not ordered by its rate, and goes behind those that are. */
    readonly takesPart: boolean;
  }[];
  readonly sent: ExplainedSent;
  /** `host:port;transport` */
  readonly address: string;
  readonly activeLines: number;
  readonly lineLimit: number | null;
  readonly carried: number;
  readonly groups: readonly ExplainedGroup[];
  /** The vendor's. */
  readonly account: string;
  /** null when the vendor is unrated, or has no rate and needs none. */
  readonly rate: ExplainedRate | null;
  /** What the vendor and the customer are charged for a call of `exampleSeconds`. */
  readonly cost: string;
  readonly charge: string;
  /** `charge` minus `cost`. */
  readonly margin: string;
  /** Of `charge`, with two decimals; null when nothing is charged. */
  readonly marginPercent: string | null;
  readonly detail: string;
  readonly source: string;
}

/** What the gateway gets. With chance in it, `callee` is what the seed gives and `calleeChoices` all it can be. */
export interface ExplainedSent extends NumbersOfCall {
  /** Empty without chance: numbers, ranges such as `100-199`, or numbers with `?` for a digit. */
  readonly calleeChoices: readonly string[];
  readonly callerChoices: readonly string[];
  readonly steps: readonly ExplainedStep[];
}

export interface ExplainedGroup {
  readonly name: string;
  readonly activeLines: number;
  readonly lineLimit: number | null;
  /** Free lines that this gateway leaves to others. */
  readonly reservedLines: number;
}

export interface ExplainedExclusion {
  readonly gateway: string;
  readonly prefix: string;
  /** Stable; docs/routing.md says what to do about each. */
  readonly reason: string;
  readonly detail: string;
  readonly source: string;
}

export interface ExplainedStop {
  readonly reason: 'expiration' | 'noShorterPrefix' | 'noPrefix';
  readonly detail: string;
  readonly source: string | null;
}
