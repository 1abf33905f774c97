/** Puts into words what a vendor's price has against a call. */
import type {
  Account,
  MappingGateway,
  RateLimit,
  RoutingGateway,
  Snapshot,
  Source,
} from '../config/snapshot.ts';
import { findAccountRate, isUnrated, rateTablesAt } from '../rating/account-rate.ts';
import type { RouteRequest } from './route-decision.ts';
import type { Exclusion } from './route-reasons.ts';
import { decidingPlace } from './setting-place.ts';

export type PriceExclusion = Extract<
  Exclusion,
  | 'noVendorRate'
  | 'vendorRateLocked'
  | 'profitBelowMinimum'
  | 'profitBelowCustomerMinimum'
  | 'rateAboveMaximum'
  | 'rateAboveCustomerMaximum'
>;

/** The line of the rule, and a sentence without an end mark. */
export function explainPriceExclusion(
  snapshot: Snapshot,
  request: RouteRequest,
  gateway: RoutingGateway,
  reason: PriceExclusion,
): { readonly source: Source; readonly detail: string } {
  const vendor = snapshot.accounts[gateway.clearingAccount]!;
  const mapping = snapshot.mappingGateways[request.mappingGateway]!;
  const number = ratedNumber(gateway, request);
  switch (reason) {
    case 'noVendorRate':
      return {
        source: decidingPlace(gateway, 'checkRate'),
        detail: noRateText(snapshot, vendor, number, request.atMs),
      };
    case 'vendorRateLocked': {
      const { table, row } = findAccountRate(snapshot, vendor, number, request.atMs)!;
      return {
        source: { file: table.rowFile, line: table.line[row]!, column: 1 },
        detail: `rates are checked and the rate of ${table.name} for ${number} is locked`,
      };
    }
    case 'profitBelowMinimum':
    case 'profitBelowCustomerMinimum': {
      const limit = reason === 'profitBelowMinimum' ? gateway : mapping;
      const price = vendorRate(snapshot, vendor, number, request.atMs);
      return {
        source: decidingPlace(limit, 'minimumProfitPercent'),
        detail: `${profitText(price, request.customerRate!)} would be left, and ${minimumText(limit)}`,
      };
    }
    case 'rateAboveMaximum':
    case 'rateAboveCustomerMaximum': {
      const limit = reason === 'rateAboveMaximum' ? gateway : mapping;
      return {
        source: decidingPlace(limit, 'maximumRate'),
        detail: `the price of ${vendor.name} for ${number} is above the maximum of ${limit.name}`,
      };
    }
  }
}

function ratedNumber({ index, rateByNumberSent }: RoutingGateway, request: RouteRequest): string {
  if (!rateByNumberSent || request.numberSentToRate === null) return request.calleeToRate;
  return request.numberSentToRate(index);
}

function noRateText(snapshot: Snapshot, vendor: Account, number: string, atMs: number): string {
  const tables = rateTablesAt(snapshot, vendor, atMs);
  if (tables.length === 0) return `rates are checked and ${vendor.name} has no rate table`;
  const names = tables.map(({ name }) => name).join(' nor ');
  const have = tables.length === 1 ? `${names} has no rate` : `neither ${names} has a rate`;
  return `rates are checked and ${have} for ${number}`;
}

/** Nothing where the vendor is not paid for the call. */
function vendorRate(snapshot: Snapshot, vendor: Account, number: string, atMs: number): RateLimit {
  const found = isUnrated(snapshot, vendor, number) ? null : findAccountRate(snapshot, vendor, number, atMs);
  if (found === null) return { amount: 0, seconds: 1 };
  return { amount: found.table.rate[found.row]!, seconds: found.table.unitSeconds[found.row]! };
}

function profitText(vendor: RateLimit, customer: RateLimit): string {
  if (customer.amount === 0) return 'nothing of a free call';
  return `a profit of ${profitPercent(vendor, customer)} %`;
}

/** Hundredths of a percent, rounded down: what is left never looks as much as what is asked for. */
function profitPercent(vendor: RateLimit, customer: RateLimit): number {
  const paid = BigInt(vendor.amount) * BigInt(customer.seconds) * 10_000n;
  const price = BigInt(customer.amount) * BigInt(vendor.seconds);
  const share = paid / price + (paid % price === 0n ? 0n : 1n);
  return Number(10_000n - share) / 100;
}

function minimumText({ name, minimumProfitPercent }: RoutingGateway | MappingGateway): string {
  return `${name} asks for ${minimumProfitPercent} %`;
}
