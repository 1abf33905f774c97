/**
 * What an operator can ask of a running switch and tell it to do; the shapes are those of `--json`. Times are ISO
 * 8601 UTC, money is exact decimal text.
 */
import type { QualityFigures } from '../call/quality/quality-window.ts';
import type { QualitySummary } from '../call/summaries.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { LiveQuestion } from '../explain/question.ts';
import type { CdrQuery } from '../store/store.ts';
import type { OfferOutcome } from './configuration/serving-version.ts';
import type { RolloutReport } from './rollout/rollout-report.ts';
import type { GivenUp, RolloutResult } from './rollout/rollouts.ts';
import type { SourceReport } from './sources/source-report.ts';

export interface StatusReport {
  readonly name: string;
  readonly currency: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly draining: boolean;
  readonly snapshot: { readonly hash: string; readonly commit: string | null };
  readonly reload: {
    readonly applied: number;
    readonly unchanged: number;
    readonly refused: number;
    /** Good, and not applied because of a hold. */
    readonly held: number;
    /** Good, and begun or going on as a rollout. */
    readonly trying: number;
    /** Good, and not tried again after its rollout was aborted. */
    readonly givenUp: number;
    readonly lastGoodAt: string;
    readonly lastRefusedAt: string | null;
    /** Of the last reading; errors among them mean that the files on disk are not what serves. */
    readonly diagnostics: readonly Diagnostic[];
    readonly restartNeeded: readonly string[];
    /** Hash of the configuration that the files are; null when it is broken or was not read. */
    readonly sourceHash: string | null;
  };
  /** Where configurations come from. */
  readonly source: SourceReport;
  /** null while changes of the files are applied. */
  readonly hold: HoldReport | null;
  /** null while all new calls go by the same configuration. */
  readonly rollout: RolloutReport | null;
  /** The change that was given up last; null when there is none, or the files have changed since. */
  readonly givenUp: GivenUp | null;
  /** Decisions about what serves that are not on disk yet, and would not survive a restart. */
  readonly decisions: { readonly pending: number; readonly lastError: string | null };
  readonly sip: {
    readonly server: 'embedded' | 'drachtio';
    readonly connected: boolean;
    readonly listening: readonly string[];
  };
  readonly store: {
    readonly path: string;
    readonly pendingWrites: number;
    readonly lastError: string | null;
  };
  /** `callRateLimit` is SS_MAX_CPS; `callsInPeriod` count against it now. */
  readonly calls: {
    readonly active: number;
    readonly callRateLimit: CallRateReport | null;
    readonly callsInPeriod: number;
  };
  readonly process: ProcessReport;
  /** The wall clock minus the clock of the switch. */
  readonly clockOffsetMs: number;
  readonly counters: Readonly<Record<string, number>>;
}

export interface ProcessReport {
  /** How long the event loop was held in the last minute: the longest, and 99 of 100 in the worst ten seconds. */
  readonly eventLoop: { readonly longestMs: number; readonly p99Ms: number };
  readonly memory: {
    readonly residentBytes: number;
    readonly heapUsedBytes: number;
    readonly externalBytes: number;
    readonly arrayBufferBytes: number;
  };
  /** The last reading of the configuration, most of it in a thread that calls do not wait for; null before the first. */
  readonly lastLoad: {
    readonly readMs: number;
    readonly compileMs: number;
    readonly handOverMs: number;
    /** The longest that handing over held the event loop. */
    readonly handOverTurnMs: number;
    /** Parts of the configuration that were new. */
    readonly newParts: number;
  } | null;
  /** Putting a snapshot into service, which holds the event loop; null when none was since the start. */
  readonly lastApplyMs: number | null;
  /** Snapshots that only calls from before a change still go by, and these calls. */
  readonly oldSnapshots: { readonly snapshots: number; readonly calls: number };
}

/** Somebody went back to a version: it serves until somebody resumes. */
export interface HoldReport {
  readonly hash: string;
  readonly by: string;
  readonly reason: string;
  readonly since: string;
  /** False: the disk does not take it, and a restart would serve the files. */
  readonly durable: boolean;
}

export interface CallReport {
  readonly callId: string;
  readonly state: string;
  readonly caller: string;
  readonly callee: string;
  readonly mappingGateway: string;
  readonly routingGateway: string | null;
  readonly startedAt: string;
  readonly answeredAt: string | null;
  /** Seconds since the answer, or since the call came when it is not answered. */
  readonly seconds: number;
  readonly attempts: readonly string[];
  readonly snapshotHash: string;
  /** The timer that runs next and when it is due. */
  readonly deadline: { readonly timer: string; readonly at: string } | null;
}

/** At most so many calls may begin in any period of so many seconds. */
export interface CallRateReport {
  readonly calls: number;
  readonly perSeconds: number;
}

export interface GatewayReport {
  readonly name: string;
  readonly kind: 'mapping' | 'routing';
  readonly activeLines: number;
  readonly lineLimit: number | null;
  readonly callRateLimit: CallRateReport | null;
  /** Calls that count against the call rate now; 0 without one. */
  readonly callsInPeriod: number;
  readonly carried: number;
  readonly configured: boolean;
  readonly unavailableUntil: string | null;
  /** Since when it does not answer OPTIONS as it should; null while it is online, or not asked. */
  readonly offlineSince: string | null;
  /** Of a routing gateway that is measured; otherwise null. */
  readonly quality: QualityFigures | null;
}

/** `prefix` is null for all calls of the gateway. */
export type QualityReport = QualitySummary;

export interface AccountReport {
  readonly name: string;
  readonly kind: 'customer' | 'vendor';
  readonly balance: string;
  readonly held: string;
  readonly overdraftLimit: string;
  /** Balance plus overdraft limit minus what calls hold. */
  readonly usable: string;
  /** Calls over all gateways of the account. */
  readonly activeLines: number;
  readonly lineLimit: number | null;
  readonly callRateLimit: CallRateReport | null;
  /** Calls that count against the call rate now; 0 without one. */
  readonly callsInPeriod: number;
}

export interface AttemptReport {
  readonly gateway: string;
  readonly caller: string;
  readonly callee: string;
  /** Absent where no number was sent as the one that forwarded the call. */
  readonly forwarding?: string;
  readonly address: string;
  readonly startedAt: string;
  readonly delayMs: number;
  readonly ringDelayMs: number | null;
  readonly status: number;
  /** What the gateway really said, where it was replaced by `status`; otherwise absent. */
  readonly receivedStatus?: number;
  readonly reason: string;
  readonly outcome: string;
}

export interface ChargeReport {
  readonly account: string;
  readonly rateTable: string;
  readonly prefix: string;
  readonly rateSource: string;
  readonly rate: string;
  readonly unitSeconds: number;
  readonly firstIncrementSeconds: number;
  readonly nextIncrementSeconds: number;
  /** These three are absent where the rate has none. */
  readonly connectFee?: string;
  readonly freeSeconds?: number;
  readonly stages?: string;
  readonly billedSeconds: number;
  readonly amount: string;
}

export interface CdrReport {
  readonly callId: string;
  readonly snapshotHash: string;
  readonly snapshotCommit: string | null;
  readonly mappingGateway: string | null;
  readonly customerAccount: string | null;
  readonly routingGateway: string | null;
  readonly vendorAccount: string | null;
  readonly sourceAddress: string;
  readonly caller: string;
  readonly callee: string;
  readonly forwarding: string | null;
  readonly billingCaller: string;
  readonly billingCallee: string;
  readonly sentCaller: string | null;
  readonly sentCallee: string | null;
  readonly sipCallId: string;
  readonly startedAt: string;
  readonly postDialDelayMs: number | null;
  readonly answeredAt: string | null;
  readonly endedAt: string;
  readonly talkSeconds: number;
  readonly endedBy: string;
  readonly endReason: string;
  readonly status: number;
  readonly attempts: readonly AttemptReport[];
  readonly customerCharge: ChargeReport | null;
  readonly vendorCharge: ChargeReport | null;
  readonly profit: string;
}

export interface LedgerReport {
  readonly id: number;
  readonly account: string;
  readonly at: string;
  readonly kind: string;
  readonly amount: string;
  readonly callId: string | null;
  readonly note: string;
}

export interface BalanceReport extends AccountReport {
  /** The newest entries, newest first. */
  readonly ledger: readonly LedgerReport[];
}

export interface PaymentReport {
  readonly account: string;
  readonly amount: string;
  readonly balance: string;
}

export interface ReloadResult {
  /**
   * `held`: good, and not applied until somebody resumes. `trying`: good, and on a share of the calls. `givenUp`: good, but
   * its rollout was aborted.
   */
  readonly outcome: OfferOutcome | 'refused' | 'moving';
  /** Hash of the snapshot that serves. */
  readonly hash: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Why it could not be read at all; null when the diagnostics say what is wrong, and when nothing is. */
  readonly failure: string | null;
  readonly restartNeeded: readonly string[];
  readonly hold: HoldReport | null;
  /** Hash of the configuration that the files are; null when it is broken or was not read. */
  readonly sourceHash: string | null;
}

/** A decision of an operator about what serves. */
export interface DecisionResult {
  /** Hashes of what served before, and of what serves now. */
  readonly from: string;
  readonly to: string;
  /** False: it serves, and would not survive a restart yet; `problem` says why. */
  readonly durable: boolean;
  readonly problem: string | null;
  readonly restartNeeded: readonly string[];
}

export interface RollbackResult extends DecisionResult {
  readonly hold: HoldReport;
}

export interface ResumeResult {
  /** `refused` and `moving`: nothing changed, and the hold stays. */
  readonly outcome: 'resumed' | 'refused' | 'moving';
  readonly diagnostics: readonly Diagnostic[];
  /** Why the files could not be read at all. */
  readonly failure: string | null;
  /** null unless it was resumed. */
  readonly decision: DecisionResult | null;
}

export type { LiveQuestion } from '../explain/question.ts';
export type { RolloutReport } from './rollout/rollout-report.ts';
export type { GivenUp } from './rollout/rollouts.ts';

/** The operator asked for something that cannot be; nothing was changed. */
export class OperationError extends Error {
  readonly kind: 'wrong' | 'notFound';
  readonly hint: string | null;

  constructor(kind: OperationError['kind'], message: string, hint: string | null = null) {
    super(message);
    this.name = 'OperationError';
    this.kind = kind;
    this.hint = hint;
  }
}

/** Every method may throw OperationError. */
export interface SwitchOperations {
  status(): Promise<StatusReport>;
  calls(): readonly CallReport[];
  gateways(): readonly GatewayReport[];
  /** Of all gateways, or of one; with a prefix only route prefixes that begin with it, otherwise the prefixes of one. */
  quality(gateway: string | null, prefix: string | null): readonly QualityReport[];
  accounts(): readonly AccountReport[];
  balance(account: string, ledgerLimit: number): Promise<BalanceReport>;
  pay(account: string, amount: string, note: string): Promise<PaymentReport>;
  cdrs(query: CdrQuery): Promise<readonly CdrReport[]>;
  reload(): Promise<ReloadResult>;
  /** The configuration that serves, as `snapshotOfBytes` (live/snapshot-bytes.ts) reads it. */
  snapshot(): Iterable<Uint8Array>;
  /** `version`: number, beginning of a hash, or null for the one that served before. */
  rollback(version: string | null, reason: string, by: string): Promise<RollbackResult>;
  resume(reason: string | null, by: string): Promise<ResumeResult>;
  /**
   * Ends the rollout that is under way: for all calls, or for none. `version` is the beginning of the hash of the change
   * that is meant, or null.
   */
  decideRollout(
    decision: 'promote' | 'abort',
    version: string | null,
    reason: string | null,
    by: string,
  ): Promise<RolloutResult>;
  /** What would become of a call now. Changes nothing. */
  explain(question: LiveQuestion): Explanation;
  /** Ends a call; throws when it is not up. */
  release(callId: string): void;
}
