/** The operations of the switch that runs in this process. */
import type { AccountSummary, CallSummary, GatewaySummary } from '../call/summaries.ts';
import type { Switch } from '../call/switch.ts';
import { suggest } from '../config/schema/suggest.ts';
import { explainCall } from '../explain/explain-call.ts';
import { ExplainError } from '../explain/explain-error.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { LiveQuestion } from '../explain/question.ts';
import { moneyText } from '../rating/money.ts';
import type { CdrQuery, Store } from '../store/store.ts';
import { type Clock, wallClockOffsetMs } from './clock.ts';
import type { Reloader } from './configuration/reloader.ts';
import type { ServingVersion } from './configuration/serving-version.ts';
import { decisionReason, heldReport, holdReport, operatorName } from './decision-reports.ts';
import type { Engine } from './engine.ts';
import {
  type AccountReport,
  type BalanceReport,
  type CallReport,
  type CdrReport,
  type GatewayReport,
  OperationError,
  type PaymentReport,
  type QualityReport,
  type ReloadResult,
  type ResumeResult,
  type RollbackResult,
  type StatusReport,
  type SwitchOperations,
} from './operations.ts';
import { type ProcessParts, processReport } from './process-report.ts';
import { cdrReport, isoTime, ledgerReport, paymentAmount, paymentNote } from './reports.ts';
import { rolloutReport } from './rollout/rollout-report.ts';
import type { RolloutResult } from './rollout/rollouts.ts';
import type { SipServer } from './sip-server.ts';
import { snapshotBytes } from './snapshot-bytes.ts';
import type { OpenedSource } from './sources/open-source.ts';

export interface RunningParts {
  readonly core: Switch;
  readonly engine: Engine;
  readonly store: Store;
  readonly storePath: string;
  readonly sip: { readonly connected: boolean; counters(): Readonly<Record<string, number>> };
  readonly sipServer: SipServer;
  readonly reloader: Reloader;
  readonly source: Pick<OpenedSource, 'report' | 'counters'>;
  readonly serving: ServingVersion;
  readonly process: ProcessParts;
  readonly clock: Clock;
  readonly startedAtMs: number;
}

export class RunningOperations implements SwitchOperations {
  readonly #parts: RunningParts;

  constructor(parts: RunningParts) {
    this.#parts = parts;
  }

  async status(): Promise<StatusReport> {
    const { core, engine, store, storePath, sip, sipServer, reloader, clock, startedAtMs } = this.#parts;
    const { snapshot } = core;
    const { serving } = this.#parts;
    const { lastGoodAtMs, lastRefusedAtMs, ...reload } = reloader.status();
    return {
      name: snapshot.switch.name,
      currency: snapshot.switch.currency,
      pid: process.pid,
      startedAt: isoTime(startedAtMs),
      draining: core.draining,
      snapshot: { hash: snapshot.hash, commit: snapshot.commit },
      reload: {
        ...reload,
        lastGoodAt: isoTime(lastGoodAtMs),
        lastRefusedAt: lastRefusedAtMs === null ? null : isoTime(lastRefusedAtMs),
      },
      hold: holdReport(serving.hold),
      rollout: rolloutReport(serving.rollouts?.status() ?? null, clock()),
      givenUp: serving.rollouts?.givenUp ?? null,
      decisions: serving.decisions,
      source: this.#parts.source.report(),
      sip: { server: sipServer.kind, connected: sip.connected, listening: sipServer.listening },
      store: { path: storePath, ...store.health() },
      calls: { active: engine.openCalls, ...core.callRate(clock()) },
      process: processReport(this.#parts.process, core),
      clockOffsetMs: wallClockOffsetMs(clock),
      counters: {
        ...prefixed('calls', core.counters()),
        ...engine.counters(),
        ...prefixed('sip', sip.counters()),
        ...prefixed('edge', await sipServer.counters()),
        ...prefixed('source', this.#parts.source.counters()),
        ...prefixed('rollouts', serving.rollouts?.counters() ?? {}),
      },
    };
  }

  calls(): readonly CallReport[] {
    const nowMs = this.#parts.clock();
    return this.#parts.core.calls().map(call => callReport(call, nowMs));
  }

  gateways(): readonly GatewayReport[] {
    const nowMs = this.#parts.clock();
    return this.#parts.core.gateways(nowMs).map(gateway => gatewayReport(gateway, nowMs));
  }

  quality(gateway: string | null, prefix: string | null): readonly QualityReport[] {
    const { core, clock } = this.#parts;
    const isAsked = (name: string): boolean => gateway === null || name === gateway;
    const wantsPrefixes = gateway !== null || prefix !== null;
    const rows = core.quality(
      clock(),
      (name, of) => wantsPrefixes && isAsked(name) && of.startsWith(prefix ?? ''),
    );
    if (gateway !== null && !rows.some(row => row.gateway === gateway)) throw notMeasured(gateway, rows);
    return rows.filter(row => isAsked(row.gateway) && (prefix === null || row.prefix !== null));
  }

  accounts(): readonly AccountReport[] {
    return this.#parts.core.accounts(this.#parts.clock()).map(accountReport);
  }

  async balance(account: string, ledgerLimit: number): Promise<BalanceReport> {
    const known = this.#account(account);
    const entries = await this.#parts.store.ledger(account, ledgerLimit);
    return { ...accountReport(known), ledger: entries.map(ledgerReport) };
  }

  async pay(account: string, amount: string, note: string): Promise<PaymentReport> {
    const { store, engine, clock } = this.#parts;
    this.#account(account);
    const units = paymentAmount(amount);
    const { lastError } = store.health();
    if (lastError !== null) {
      throw new OperationError(
        'wrong',
        `nothing was recorded, because the store cannot be written at the moment: ${lastError}`,
        'try again when `class4 status` shows no such error any more',
      );
    }
    const balance = await store.pay(account, units, clock(), paymentNote(note));
    engine.handle({ type: 'payment', account, amount: units });
    return { account, amount: moneyText(units), balance: moneyText(balance) };
  }

  async cdrs(query: CdrQuery): Promise<readonly CdrReport[]> {
    return (await this.#parts.store.cdrs(query)).map(cdrReport);
  }

  async reload(): Promise<ReloadResult> {
    const { hold, atMs: _, ...report } = await this.#parts.reloader.reloadNow();
    return { ...report, hold: holdReport(hold) };
  }

  async rollback(version: string | null, reason: string, by: string): Promise<RollbackResult> {
    const request = { version, reason: decisionReason(reason), by: operatorName(by) };
    const { hold, ...decision } = await this.#parts.serving.rollback(request);
    return { ...decision, hold: heldReport(hold) };
  }

  async resume(reason: string | null, by: string): Promise<ResumeResult> {
    const given = reason === null ? null : decisionReason(reason);
    return this.#parts.reloader.resume({ reason: given, by: operatorName(by) });
  }

  async decideRollout(
    decision: 'promote' | 'abort',
    version: string | null,
    reason: string | null,
    by: string,
  ): Promise<RolloutResult> {
    const { rollouts } = this.#parts.serving;
    if (rollouts === null) throw new OperationError('wrong', 'nothing is being rolled out');
    const given = reason === null ? null : decisionReason(reason);
    const request = { version, reason: given, by: operatorName(by) };
    return decision === 'promote' ? rollouts.promote(request) : rollouts.abort(request);
  }

  snapshot(): Iterable<Uint8Array> {
    return snapshotBytes(this.#parts.core.snapshot);
  }

  explain({ atMs, seed, ...question }: LiveQuestion): Explanation {
    const { core, clock } = this.#parts;
    const around = { view: core.view, live: true, draining: core.draining };
    try {
      return explainCall(around, { ...question, atMs: atMs ?? clock(), seed });
    } catch (error) {
      if (error instanceof ExplainError) throw new OperationError('wrong', error.message, error.hint);
      throw error;
    }
  }

  release(callId: string): void {
    const isUp = this.#parts.core.calls().some(call => call.callId === callId);
    if (!isUp) throw new OperationError('notFound', `there is no call ${callId}`, 'see `class4 calls`');
    this.#parts.engine.handle({ type: 'forcedRelease', callId });
  }

  #account(name: string): AccountSummary {
    const accounts = this.#parts.core.accounts(this.#parts.clock());
    const found = accounts.find(account => account.name === name);
    if (found !== undefined) return found;
    throw unknownAccount(
      name,
      accounts.map(account => account.name),
    );
  }
}

function notMeasured(name: string, measured: readonly QualityReport[]): OperationError {
  const similar = suggest(name, [...new Set(measured.map(({ gateway }) => gateway))]);
  return new OperationError(
    'notFound',
    `there is no routing gateway "${name}" whose quality is measured`,
    similar === null ? 'see SS_GATEWAY_ASR_CALCULATE and calculateQuality' : `did you mean "${similar}"?`,
  );
}

export function unknownAccount(name: string, known: readonly string[]): OperationError {
  const similar = suggest(name, known);
  return new OperationError(
    'notFound',
    `there is no account "${name}"`,
    similar === null ? 'see `class4 account list`' : `did you mean "${similar}"?`,
  );
}

function prefixed(prefix: string, counters: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counters).map(([name, value]) => [`${prefix}.${name}`, value]));
}

function callReport(call: CallSummary, nowMs: number): CallReport {
  const { startedAtMs, answeredAtMs, deadline, ...facts } = call;
  return {
    ...facts,
    startedAt: isoTime(startedAtMs),
    answeredAt: answeredAtMs === null ? null : isoTime(answeredAtMs),
    seconds: Math.max(0, Math.floor((nowMs - (answeredAtMs ?? startedAtMs)) / 1000)),
    deadline: deadline === null ? null : { timer: deadline.timer, at: isoTime(deadline.atMs) },
  };
}

function gatewayReport(gateway: GatewaySummary, nowMs: number): GatewayReport {
  const { unavailableUntilMs, offlineSinceMs, quality, ...facts } = gateway;
  return {
    ...facts,
    unavailableUntil: unavailableUntilMs > nowMs ? isoTime(unavailableUntilMs) : null,
    offlineSince: offlineSinceMs === null ? null : isoTime(offlineSinceMs),
    quality,
  };
}

function accountReport(account: AccountSummary): AccountReport {
  const { balance, held, overdraftLimit, usable, ...facts } = account;
  return {
    ...facts,
    balance: moneyText(balance),
    held: moneyText(held),
    overdraftLimit: moneyText(overdraftLimit),
    usable: moneyText(usable),
  };
}
