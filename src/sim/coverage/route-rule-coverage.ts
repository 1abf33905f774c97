/** Which of the rules between gateways and accounts kept a gateway or a call out. */
import type { Account, MappingGateway, RoutingGateway, Snapshot, Source } from '../../config/snapshot.ts';
import type { LeftOutReason } from '../../routing/route-decision.ts';
import { decidingPlace } from '../../routing/setting-place.ts';
import type { Elements } from './elements.ts';

interface Rule {
  readonly owner: 'mapping' | 'routing' | 'vendor';
  readonly setting: string;
}

const ruleOfReason: Readonly<Partial<Record<LeftOutReason, Rule>>> = {
  locked: { owner: 'routing', setting: 'locked' },
  vendorAccountLocked: { owner: 'vendor', setting: 'locked' },
  vendorAccountExpired: { owner: 'vendor', setting: 'validUntil' },
  notAllowedForMappingGateway: { owner: 'mapping', setting: 'routingGateways' },
  groupNotAllowedForMappingGateway: { owner: 'mapping', setting: 'routingGatewayGroups' },
  mappingGatewayNotAllowed: { owner: 'routing', setting: 'mappingGateways' },
  mappingGatewayGroupNotAllowed: { owner: 'routing', setting: 'mappingGatewayGroups' },
  profitBelowMinimum: { owner: 'routing', setting: 'minimumProfitPercent' },
  profitBelowCustomerMinimum: { owner: 'mapping', setting: 'minimumProfitPercent' },
  rateAboveMaximum: { owner: 'routing', setting: 'maximumRate' },
  rateAboveCustomerMaximum: { owner: 'mapping', setting: 'maximumRate' },
};

export class RouteRuleCoverage {
  readonly #elements: Elements;

  constructor(snapshot: Snapshot, elements: Elements) {
    this.#elements = elements;
    for (const gateway of snapshot.mappingGateways) this.#defineMapping(gateway);
    for (const gateway of snapshot.routingGateways) this.#defineRouting(gateway);
    for (const account of snapshot.accounts) this.#defineAccount(account);
  }

  /** Routing left the gateway out. Reasons that are no rules of these count for nothing here. */
  leftOut(from: MappingGateway, gateway: RoutingGateway, reason: LeftOutReason): void {
    const rule = ruleOfReason[reason];
    if (rule === undefined) return;
    const owners = {
      mapping: `mapping ${from.index}`,
      routing: `routing ${gateway.index}`,
      vendor: `account ${gateway.clearingAccount}`,
    };
    this.#hit(owners[rule.owner], rule.setting);
  }

  gatewayLocked({ index, locked }: MappingGateway): void {
    // A period in which it takes no calls closes it, too, and that one counts as a period.
    if (locked) this.#hit(`mapping ${index}`, 'locked');
  }

  accountLocked({ index }: Account): void {
    this.#hit(`account ${index}`, 'locked');
  }

  accountExpired({ index }: Account): void {
    this.#hit(`account ${index}`, 'validUntil');
  }

  callLevelTooLow({ index }: MappingGateway): void {
    this.#hit(`mapping ${index}`, 'callLevel');
  }

  #defineMapping(gateway: MappingGateway): void {
    const { routingGateways, routingGatewayGroups } = gateway;
    const owner = `mapping ${gateway.index}`;
    this.#defineGateway(owner, gateway);
    const may = `${gateway.name}: routing gateways that it may not use`;
    if (routingGateways.kind !== 'any') this.#define(owner, 'routingGateways', may, routingGateways.source);
    if (routingGatewayGroups.kind !== 'any') {
      this.#define(owner, 'routingGatewayGroups', `${may}, by group`, routingGatewayGroups.source);
    }
    if (gateway.callLevel === 'international') return;
    const level = `${gateway.name}: calls that go farther than ${gateway.callLevel}`;
    this.#define(owner, 'callLevel', level, decidingPlace(gateway, 'callLevel'));
  }

  #defineRouting(gateway: RoutingGateway): void {
    const { mappingGateways, mappingGatewayGroups } = gateway;
    const owner = `routing ${gateway.index}`;
    this.#defineGateway(owner, gateway);
    const takes = `${gateway.name}: mapping gateways that it does not take`;
    if (mappingGateways.kind !== 'any') {
      this.#define(owner, 'mappingGateways', takes, mappingGateways.source);
    }
    if (mappingGatewayGroups.kind !== 'any') {
      this.#define(owner, 'mappingGatewayGroups', `${takes}, by group`, mappingGatewayGroups.source);
    }
  }

  #defineGateway(owner: string, gateway: MappingGateway | RoutingGateway): void {
    const { name, locked, minimumProfitPercent, maximumRate } = gateway;
    if (locked) this.#define(owner, 'locked', `${name}: locked`, decidingPlace(gateway, 'locked'));
    if (minimumProfitPercent !== null) {
      const source = decidingPlace(gateway, 'minimumProfitPercent');
      this.#define(owner, 'minimumProfitPercent', `${name}: profit below ${minimumProfitPercent} %`, source);
    }
    if (maximumRate !== null) {
      const source = decidingPlace(gateway, 'maximumRate');
      this.#define(owner, 'maximumRate', `${name}: price above the maximum`, source);
    }
  }

  #defineAccount(account: Account): void {
    const { index, name, locked, validUntilMs } = account;
    const owner = `account ${index}`;
    if (locked) this.#define(owner, 'locked', `${name}: locked`, decidingPlace(account, 'locked'));
    if (validUntilMs === null) return;
    this.#define(owner, 'validUntil', `${name}: expired`, decidingPlace(account, 'validUntil'));
  }

  #define(owner: string, setting: string, name: string, source: Source): void {
    this.#elements.define(`rule ${owner} ${setting}`, 'routeRule', name, source);
  }

  #hit(owner: string, setting: string): void {
    this.#elements.hit(`rule ${owner} ${setting}`);
  }
}
