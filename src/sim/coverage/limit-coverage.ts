/** Which limits were reached: lines, call rates, credit, durations, and what else keeps a gateway out for a while. */
import type { CallLimit } from '../../call/admission.ts';
import type {
  Account,
  CallRate,
  GatewayGroup,
  MappingGateway,
  Places,
  RoutingGateway,
  Snapshot,
  Source,
} from '../../config/snapshot.ts';
import type { LeftOutReason } from '../../routing/route-decision.ts';
import { decidingPlace } from '../../routing/setting-place.ts';
import type { Elements } from './elements.ts';

interface Limited {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  readonly places: Places;
  readonly lines: number | null;
  readonly callRate: CallRate | null;
  readonly maxCallDurationSeconds: number | null;
}

interface LimitOfReason {
  readonly owner: 'routing' | 'vendor';
  readonly limit: string;
}

const limitOfReason: Readonly<Partial<Record<LeftOutReason, LimitOfReason>>> = {
  linesFull: { owner: 'routing', limit: 'lines' },
  callRateReached: { owner: 'routing', limit: 'callRate' },
  vendorLinesFull: { owner: 'vendor', limit: 'lines' },
  vendorCallRateReached: { owner: 'vendor', limit: 'callRate' },
  vendorCreditExhausted: { owner: 'vendor', limit: 'credit' },
  offline: { owner: 'routing', limit: 'offline' },
  callerPoolExhausted: { owner: 'routing', limit: 'callerPool' },
};

export class LimitCoverage {
  readonly #elements: Elements;

  constructor(snapshot: Snapshot, elements: Elements) {
    this.#elements = elements;
    for (const gateway of snapshot.mappingGateways) this.#defineMapping(gateway);
    for (const gateway of snapshot.routingGateways) this.#defineRouting(gateway);
    const payers = new Set(snapshot.mappingGateways.map(({ account }) => account));
    for (const account of snapshot.accounts) {
      this.#defineAccount(account, payers.has(account.index) || snapshot.parameters.verifyVendorCredit);
    }
    for (const group of snapshot.gatewayGroups) this.#defineGroup(group);
  }

  /** A call was turned away because of it; for `groupLines` see `groupReached`. */
  reachedByCall(limit: CallLimit, gateway: MappingGateway): void {
    const { index, account } = gateway;
    if (limit === 'gatewayLines') this.#hit(`mapping ${index}`, 'lines');
    else if (limit === 'gatewayCallRate') this.#hit(`mapping ${index}`, 'callRate');
    else if (limit === 'accountLines') this.#hit(`account ${account}`, 'lines');
    else if (limit === 'accountCallRate') this.#hit(`account ${account}`, 'callRate');
  }

  groupReached(
    owner: MappingGateway | RoutingGateway,
    side: 'mapping' | 'routing',
    group: number,
    reason: 'groupLinesFull' | 'groupLinesReserved',
  ): void {
    if (reason === 'groupLinesFull') this.#hit(`group ${group}`, 'lines');
    else this.#hit(`${side} ${owner.index}`, `reserved ${group}`);
  }

  /** Routing left the gateway out. Reasons that are no limits count for nothing here. */
  leftOut({ index, clearingAccount }: RoutingGateway, reason: LeftOutReason): void {
    const limit = limitOfReason[reason];
    if (limit === undefined) return;
    this.#hit(limit.owner === 'vendor' ? `account ${clearingAccount}` : `routing ${index}`, limit.limit);
  }

  /** By the account's index. */
  creditUsedUp(account: number): void {
    this.#hit(`account ${account}`, 'credit');
  }

  /** A talk was ended at so many seconds, the smallest of the durations that were allowed. */
  durationReached(
    seconds: number,
    from: MappingGateway,
    customer: Account,
    gateway: RoutingGateway,
    vendor: Account,
  ): void {
    for (const [owner, { index, maxCallDurationSeconds }] of [
      ['mapping', from],
      ['account', customer],
      ['routing', gateway],
      ['account', vendor],
    ] as const) {
      if (maxCallDurationSeconds === seconds) this.#hit(`${owner} ${index}`, 'duration');
    }
  }

  /** The caller had waited so long for ringing. */
  patienceEnded({ index }: MappingGateway): void {
    this.#hit(`mapping ${index}`, 'proceeding');
  }

  #defineMapping(gateway: MappingGateway): void {
    const owner = `mapping ${gateway.index}`;
    this.#defineCapacity(owner, gateway, hasLines(gateway));
    this.#defineReserved(owner, gateway);
    if (gateway.callProceedingTimeoutMs === null) return;
    const source = decidingPlace(gateway, 'callProceedingTimeoutSeconds');
    this.#define(owner, 'proceeding', `${gateway.name}: wait for ringing`, source);
  }

  #defineRouting(gateway: RoutingGateway): void {
    const owner = `routing ${gateway.index}`;
    const { name, callerPool, optionsCheck } = gateway;
    this.#defineCapacity(owner, gateway, hasLines(gateway));
    this.#defineReserved(owner, gateway);
    if (optionsCheck) {
      this.#define(owner, 'offline', `${name}: offline`, decidingPlace(gateway, 'optionsCheck'));
    }
    if (callerPool === null || callerPool.linesPerNumber === null) return;
    this.#define(owner, 'callerPool', `${name}: caller pool used up`, callerPool.source);
  }

  #defineReserved(owner: string, { name, groups }: MappingGateway | RoutingGateway): void {
    for (const { group, reservedLines, source } of groups) {
      if (reservedLines === 0) continue;
      this.#define(owner, `reserved ${group}`, `${name}: ${reservedLines} lines left to others`, source);
    }
  }

  #defineAccount(account: Account, isHeld: boolean): void {
    const owner = `account ${account.index}`;
    this.#defineCapacity(owner, account, account.lines !== null);
    if (account.unrated || account.rateTable === null || !isHeld) return;
    const source = decidingPlace(account, 'overdraftLimit');
    this.#define(owner, 'credit', `${account.name}: credit used up`, source);
  }

  #defineGroup({ index, name, lines, timedLines, source }: GatewayGroup): void {
    if (lines === null && timedLines.length === 0) return;
    this.#define(`group ${index}`, 'lines', `${name}: lines in use`, source);
  }

  #defineCapacity(owner: string, limited: Limited, withLines: boolean): void {
    const { name, callRate, maxCallDurationSeconds } = limited;
    if (withLines) this.#define(owner, 'lines', `${name}: lines in use`, decidingPlace(limited, 'lines'));
    if (callRate !== null) {
      const source = decidingPlace(limited, 'callRate.calls');
      this.#define(owner, 'callRate', `${name}: call rate`, source);
    }
    if (maxCallDurationSeconds !== null) {
      const source = decidingPlace(limited, 'maxCallDurationSeconds');
      this.#define(owner, 'duration', `${name}: longest talk`, source);
    }
  }

  #define(owner: string, limit: string, name: string, source: Source): void {
    this.#elements.define(`limit ${owner} ${limit}`, 'limit', name, source);
  }

  #hit(owner: string, limit: string): void {
    this.#elements.hit(`limit ${owner} ${limit}`);
  }
}

function hasLines({ lines, periods }: MappingGateway | RoutingGateway): boolean {
  return lines !== null || periods.some(period => period.lines !== null);
}
