/**
 * What a change of the configuration does to calls: the result of `comparePlans`. Prices and money are exact decimal
 * text, times ISO 8601 UTC. Everything is in a stable order, so that equal changes give equal plans. It is plain data but
 * for the outcomes of differences, which are made each time that they are read: a large plan would not have room for all.
 *
 * A number is described by how it is dialled: as it arrives at the switch, before any dial plan.
 */

/** Where something stands, in the files of one side. */
export interface Place {
  /** Path relative to the configuration directory. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface Plan {
  readonly before: PlannedSide;
  readonly after: PlannedSide;
  readonly space: NumberSpace;
  /** The moments that were compared; `TimeClass` stands for all moments that are alike for calls. */
  readonly times: readonly TimeClass[];
  /** What was supposed of the switch; the first supposes nothing. */
  readonly suppositions: readonly Supposition[];
  /** Mapping gateways whose calls are served alike on each side stand in one group. */
  readonly customers: readonly CustomerGroup[];
  /** By customers, then by what is worst, then by prefix. */
  readonly differences: readonly Difference[];
  /** Settings that have another value, whatever they do to routes; by file and line of the new side. */
  readonly settings: readonly SettingChange[];
  /** What was not compared exactly, and why. Empty means that the differences are all there are. */
  readonly limits: readonly PlanLimit[];
  readonly extent: Extent;
}

export interface PlannedSide {
  readonly hash: string;
  readonly commit: string | null;
  /** ISO 4217 */
  readonly currency: string;
}

/** The numbers that were compared: every text of these characters up to this length, and at least 1 long. */
export interface NumberSpace {
  /** `0123456789` and every other character that a rule of either side names, and one that none does. */
  readonly symbols: string;
  readonly longest: number;
}

export interface TimeClass {
  /** ISO 8601, UTC: one of the moments, the first from now on. */
  readonly at: string;
  /** Calendars of either side that these moments lie in, by name. */
  readonly calendars: readonly string[];
  /** What begins or ends with it: `now`, or the rates and accounts that change then, for people. */
  readonly label: string;
}

export interface Supposition {
  /** Routing gateways that are taken for down, by name. */
  readonly down: readonly string[];
}

export interface CustomerGroup {
  /** Names of mapping gateways, at least one. */
  readonly gateways: readonly string[];
  /** Names of their accounts, each once. */
  readonly accounts: readonly string[];
  /** `before` when they are gone afterwards, `after` when they are new. */
  readonly on: 'both' | 'before' | 'after';
}

/**
 * One difference for numbers that begin with `prefix`. A number is described by the longest prefix of all differences
 * and exceptions of the same scope that it begins with.
 */
export interface Difference {
  readonly scopes: readonly Scope[];
  /** As dialled; empty for every number. */
  readonly prefix: string;
  /** Longer prefixes to which this does not apply: they are alike on both sides, or have a difference of their own. */
  readonly except: readonly string[];
  /** Lengths of the whole number as dialled, ascending; null for every length of the space from the prefix's on. */
  readonly lengths: readonly LengthRange[] | null;
  /** More than one where chance or live quality decides. Never empty. */
  readonly before: readonly Outcome[];
  readonly after: readonly Outcome[];
  /** What is different, the most severe first. */
  readonly kinds: readonly ChangeKind[];
  /** The lines that did it. */
  readonly causes: readonly Cause[];
  /** A number that it is true for, as dialled. */
  readonly example: string;
}

export interface LengthRange {
  readonly from: number;
  /** Included. */
  readonly to: number;
}

/** For whom and when a difference holds: all combinations of what it lists. */
export interface Scope {
  /** Index into `customers`. */
  readonly customer: number;
  /** Indexes into `times`. */
  readonly times: readonly number[];
  /** Indexes into `suppositions`. */
  readonly suppositions: readonly number[];
  /** Which callers; null for all. */
  readonly callers: readonly CallerClass[] | null;
}

/** Callers that no rule of either side tells apart. */
export interface CallerClass {
  /** One of them; empty for a caller who does not tell a number. */
  readonly example: string;
  /** The number that forwarded the call; null when none did. */
  readonly forwarding: string | null;
}

export type ChangeKind =
  | 'unroutable'
  | 'routable'
  | 'refusal'
  | 'loss'
  | 'routesLost'
  | 'routesWon'
  | 'reordered'
  | 'protect'
  | 'customerRate'
  | 'vendorRate'
  | 'numberSent';

/** What happens to a call of one number. */
export interface Outcome {
  /** The end reason of a call that is turned away, such as `NoAvailableRouter`; null for one that is carried. */
  readonly refusal: string | null;
  /** What the customer pays; null when nothing, or when the call is turned away before it is priced. */
  readonly rate: PlannedRate | null;
  /** In the order in which they are tried; protect routes last. */
  readonly attempts: readonly PlannedAttempt[];
  /** What chance has to come to for this, for people; null when nothing is left to chance. */
  readonly chance: string | null;
}

export interface PlannedAttempt {
  readonly gateway: string;
  readonly account: string;
  readonly protect: boolean;
  /** From 0. Attempts of the same rank stand in an order that measured quality, load and calls carried decide for each call. */
  readonly rank: number;
  /** What the vendor asks; null when nothing or not known. */
  readonly rate: PlannedRate | null;
  /** The vendor has no rate for the number, or a locked one, and the gateway does not check. */
  readonly rateMissing: boolean;
  readonly sent: SentNumbers;
  /** Of a talk of 60 s: what is left of what the customer pays; null when one of the prices is not known. */
  readonly margin: string | null;
  /** Hundredths of a percent of what the customer pays; null of nothing. */
  readonly marginPercent: string | null;
}

export interface SentNumbers {
  readonly callee: Rewriting;
  readonly caller: string;
  readonly forwarding: string | null;
}

/** The number without its first `drop` characters, behind `put`. */
export interface Rewriting {
  readonly drop: number;
  readonly put: string;
  /** The number as dialled does not go on behind `put`. */
  readonly whole: boolean;
  /** All that chance may make of it, as `explain` writes it; empty when nothing is left to chance. */
  readonly choices: readonly string[];
}

export interface PlannedRate {
  /** Per `unitSeconds`. */
  readonly rate: string;
  readonly unitSeconds: number;
  /** `first/next`, in seconds. */
  readonly increments: string;
  readonly connectFee: string;
  readonly freeSeconds: number;
  readonly stages: string;
}

/** One thing that made a difference; at least one of the places is there. */
export interface Cause {
  /** For people, without an end mark. */
  readonly what: string;
  readonly before: Place | null;
  readonly after: Place | null;
}

export interface SettingChange {
  /** Such as `gateways/acme`, `accounts/globex`, `switch.yaml`, `rates/premium`. */
  readonly object: string;
  /** The path of the setting in its file; empty when the object is new or gone. */
  readonly setting: string;
  /** JSON text; null when it is not there. Secrets are never shown. */
  readonly before: string | null;
  readonly after: string | null;
  readonly placeBefore: Place | null;
  readonly placeAfter: Place | null;
  /** `routing` is what differences tell of, `hunting` what happens from attempt to attempt, `limits` how many calls. */
  readonly about: SettingSubject;
  /** It counts only after a restart. */
  readonly needsRestart: boolean;
}

export type SettingSubject = 'routing' | 'hunting' | 'billing' | 'limits' | 'other';

/** What the answer does not hold exactly. */
export interface PlanLimit {
  readonly kind: 'times' | 'callers' | 'numbers' | 'chance';
  /** A sentence for people. */
  readonly detail: string;
  /** Of the rule that asks for too much; null where none does. */
  readonly source: Place | null;
}

/** How much of the configuration is touched, for guards. Counts of entries, not of numbers. */
export interface Extent {
  /** Prefixes of routing gateways: an entry counts as changed when it is new, gone or of another mode. */
  readonly routes: ChangedShare;
  /** Rows of rate tables: a row counts as changed when it is new, gone or asks another price. */
  readonly rates: ChangedShare;
}

export interface ChangedShare {
  readonly before: number;
  readonly after: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

export interface PlanOptions {
  /** ms since 1970 UTC */
  readonly nowMs: number;
  /** Routing gateways that may be down, each on its own, by name; one that neither side has is ignored. */
  readonly down?: readonly string[];
  /** Characters of numbers, for spaces smaller than that of the telephone. */
  readonly symbols?: string;
  /** Default 32: what is longer goes to no gateway. At most 64. */
  readonly longest?: number;
  /** Default 24. */
  readonly mostTimes?: number;
  /** Default 16 for each customer. */
  readonly mostCallers?: number;
  /** Regions of one customer at one time; default 2,000,000. */
  readonly mostRegions?: number;
}
