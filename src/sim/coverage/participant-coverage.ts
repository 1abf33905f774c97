/** Who took part in calls: gateways, accounts, groups; and what chose among them: shares, caller pools, LRN queries. */
import type {
  Account,
  LrnSettings,
  MappingGateway,
  RoutingGateway,
  Snapshot,
} from '../../config/snapshot.ts';
import { tableResolver } from '../../routing/lrn/resolver.ts';
import { shareOfSlot } from '../../routing/route-shares.ts';
import type { Elements } from './elements.ts';

const lrnOutcomes = ['intrastate', 'interstate', 'undetermined', 'not found'] as const;

export class ParticipantCoverage {
  readonly #snapshot: Snapshot;
  readonly #elements: Elements;

  constructor(snapshot: Snapshot, elements: Elements) {
    this.#snapshot = snapshot;
    this.#elements = elements;
    for (const gateway of snapshot.mappingGateways) this.#defineMapping(gateway);
    for (const { index, name, source, protectRoute, callerPool } of snapshot.routingGateways) {
      elements.define(`tried ${index}`, 'routingGateway', name, source);
      elements.define(`answering ${index}`, 'answeringGateway', name, source);
      if (protectRoute) elements.define(`protect ${index}`, 'protectRoute', name, source);
      if (callerPool !== null) elements.define(`pool ${index}`, 'callerPool', name, callerPool.source);
    }
    for (const { index, name, source } of snapshot.accounts) {
      elements.define(`account ${index}`, 'account', name, source);
    }
    for (const { index, name, source } of snapshot.gatewayGroups) {
      elements.define(`group ${index}`, 'gatewayGroup', name, source);
    }
  }

  called({ index, groups }: MappingGateway): void {
    this.#elements.hit(`mapping ${index}`);
    for (const { group } of groups) this.#elements.hit(`group ${group}`);
  }

  tried({ index, groups, protectRoute, callerPool }: RoutingGateway): void {
    this.#elements.hit(`tried ${index}`);
    if (protectRoute) this.#elements.hit(`protect ${index}`);
    if (callerPool !== null) this.#elements.hit(`pool ${index}`);
    for (const { group } of groups) this.#elements.hit(`group ${group}`);
  }

  answered({ index }: RoutingGateway, accounts: readonly Account[]): void {
    this.#elements.hit(`answering ${index}`);
    for (const account of accounts) this.#elements.hit(`account ${account.index}`);
  }

  /** Call number `slot` of the gateway was split. */
  shared({ index, name, routeShares }: MappingGateway, slot: number): void {
    if (routeShares === null) return;
    this.#elements.hit(`share ${index} ${shareOfSlot(routeShares, name, slot)}`);
  }

  /** The LRN of the callee was asked for; both numbers as they are after the dial plans. */
  lrnAsked({ index, lrn }: MappingGateway, caller: string, callee: string): void {
    if (lrn === null) return;
    this.#elements.hit(`lrn ${index} ${this.#outcomeOf(lrn, caller, callee)}`);
  }

  #outcomeOf(lrn: LrnSettings, caller: string, callee: string): (typeof lrnOutcomes)[number] {
    const table = this.#snapshot.lrnTables[lrn.table]!;
    const answer = tableResolver.resolve(table, callee.slice(lrn.eatPrefixDigits));
    if (answer === null) return 'not found';
    const from = tableResolver.stateOf(table, caller);
    if (from === null || answer.state === null) return 'undetermined';
    return from === answer.state ? 'intrastate' : 'interstate';
  }

  #defineMapping({ index, name, source, routeShares, lrn }: MappingGateway): void {
    const elements = this.#elements;
    elements.define(`mapping ${index}`, 'mappingGateway', name, source);
    for (const [place, { tag, weight, source: at }] of (routeShares?.shares ?? []).entries()) {
      const text = `${name}: ${weight} of ${routeShares!.total} with ${tag === '' ? 'no tag' : `tag ${tag}`}`;
      elements.define(`share ${index} ${place}`, 'routeShare', text, at);
    }
    if (lrn === null) return;
    const { name: table } = this.#snapshot.lrnTables[lrn.table]!;
    for (const outcome of lrnOutcomes) {
      elements.define(`lrn ${index} ${outcome}`, 'lrn', `${name}: ${outcome}, by ${table}`, lrn.source);
    }
  }
}
