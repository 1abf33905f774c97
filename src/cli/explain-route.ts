/** What the switch would do with a call, as plain data: the shape of `class4 explain --json`. */
import { type Price, priceFor, rateLimitOf } from '../call/prices.ts';
import { suggest } from '../config/schema/suggest.ts';
import type { Account, MappingGateway, Snapshot, Source } from '../config/snapshot.ts';

import { findAccountRate, rateTablesAt } from '../rating/account-rate.ts';
import { chargeFor } from '../rating/charge.ts';
import { formatRate } from '../rating/decimal.ts';
import { type Money, money, moneyText } from '../rating/money.ts';
import { isLockedRow } from '../rating/rate-table.ts';
import { formatStages } from '../rating/stages.ts';
import { passesNumberFilter } from '../routing/number-filter.ts';
import {
  type Because,
  type RouteCandidate,
  type RouteRequest,
  type RoutingState,
  selectRoute,
} from '../routing/select-route.ts';
import { decidingPlace } from '../routing/setting-place.ts';
import { UsageError } from './arguments.ts';

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
  /** `file:line` */
  readonly source: string;
  /** What a call of `exampleSeconds` costs. */
  readonly exampleAmount: string;
}

export interface ExplainedAttempt {
  readonly gateway: string;
  readonly prefix: string;
  readonly mode: 'Extension' | 'Expiration';
  readonly priority: number;
  readonly address: string;
  readonly protectRoute: boolean;
  readonly account: string;
  /** null when the vendor is unrated. */
  readonly rate: ExplainedRate | null;
  /** Customer's example charge minus the vendor's. */
  readonly margin: string;
  readonly source: string;
}

export interface ExplainedExclusion {
  readonly gateway: string;
  readonly reason: string;
  readonly detail: string;
  readonly source: string;
}

export interface Explanation {
  readonly snapshot: { readonly hash: string; readonly commit: string | null };
  readonly callee: string;
  readonly caller: string;
  readonly at: string;
  readonly currency: string;
  readonly exampleSeconds: number;
  readonly mappingGateway: string;
  readonly account: string;
  /** null when the account is unrated or the call is rejected for want of a rate. */
  readonly rate: ExplainedRate | null;
  /** Why the call is turned away before any gateway is looked for; then nothing is attempted. */
  readonly rejected: { readonly reason: string; readonly detail: string; readonly source: string } | null;
  readonly attempts: readonly ExplainedAttempt[];
  readonly excluded: readonly ExplainedExclusion[];
}

export interface ExplainRequest {
  readonly callee: string;
  readonly caller: string;
  readonly via: string;
  readonly atMs: number;
}

export const exampleSeconds = 60;

/** A switch on which nothing is going on. */
const idle: RoutingState = {
  activeLines: () => 0,
  callsCarried: () => 0,
  unavailableUntilMs: () => 0,
  callRateReached: () => false,
  vendorLinesFull: () => false,
  vendorCallRateReached: () => false,
  vendorCreditExhausted: () => false,
  groupActiveLines: () => 0,
  asr: () => null,
  isOffline: () => false,
  callerPoolExhausted: () => false,
};

/** @throws UsageError when the number or the mapping gateway is none. */
export function explainRoute(snapshot: Snapshot, request: ExplainRequest): Explanation {
  const { callee, caller, atMs } = request;
  if (!/^[0-9A-Za-z*#]+$/.test(callee)) {
    throw new UsageError(`"${callee}" is no number: digits, *, # and letters, as it arrives at the switch`);
  }
  const gateway = mappingGateway(snapshot, request.via);
  const account = snapshot.accounts[gateway.account]!;
  const rejected = rejection(snapshot, gateway, account, request);
  const pricing = priceFor(snapshot, account, callee, atMs);
  const price = pricing.kind === 'rated' ? pricing : null;
  const decision =
    rejected === null ? selectRoute(snapshot, idle, routeRequest(gateway, request, price), true) : null;
  const charge = price === null ? 0n : exampleCharge(snapshot, price);
  return {
    snapshot: { hash: snapshot.hash, commit: snapshot.commit },
    callee,
    caller,
    at: new Date(atMs).toISOString(),
    currency: snapshot.switch.currency,
    exampleSeconds,
    mappingGateway: gateway.name,
    account: account.name,
    rate: price === null ? null : explainRate(snapshot, price, callee),
    rejected,
    attempts: (decision?.attempts ?? []).map((one, index) =>
      explainAttempt(snapshot, request, one, decision!.because[index]!, charge),
    ),
    excluded: (decision?.because ?? [])
      .filter(({ outcome }) => outcome === 'excluded')
      .map(({ gateway: index, reason, detail, source }) => ({
        gateway: snapshot.routingGateways[index]!.name,
        reason,
        detail,
        source: sourceText(source),
      })),
  };
}

function routeRequest(
  { index }: MappingGateway,
  { callee, caller, atMs }: ExplainRequest,
  price: Price | null,
): RouteRequest {
  return {
    mappingGateway: index,
    caller,
    callee,
    untaggedCallee: callee,
    forwarding: null,
    calleeToRate: callee,
    numberSentToRate: null,
    customerRate: price === null ? null : rateLimitOf(price),
    atMs,
  };
}

function mappingGateway(snapshot: Snapshot, name: string): MappingGateway {
  const found = snapshot.mappingGateways.find(gateway => gateway.name === name);
  if (found !== undefined) return found;
  const names = snapshot.mappingGateways.map(gateway => gateway.name);
  const similar = suggest(name, names);
  throw new UsageError(
    `there is no mapping gateway "${name}"${similar === null ? `; there are ${names.join(', ') || 'none'}` : ` (did you mean "${similar}"?)`}`,
  );
}

/** The checks of the switch that need no source address, in their order. */
function rejection(
  snapshot: Snapshot,
  gateway: MappingGateway,
  account: Account,
  { callee, caller, atMs }: ExplainRequest,
): Explanation['rejected'] {
  for (const [filter, number, words] of [
    [gateway.numbers.callerPrefixes, caller, 'caller'],
    [gateway.numbers.calleePrefixes, callee, 'callee'],
  ] as const) {
    if (passesNumberFilter(filter, number)) continue;
    const source = filter.kind === 'any' ? gateway.source : filter.source;
    return rejectedFor('NumberNotAllowed', `${gateway.name} does not take this ${words}`, source);
  }
  if (gateway.locked) {
    return rejectedFor('GatewayLocked', `${gateway.name} is locked`, decidingPlace(gateway, 'locked'));
  }
  if (account.locked) {
    return rejectedFor('AccountLocked', `${account.name} is locked`, decidingPlace(account, 'locked'));
  }
  if (account.validUntilMs !== null && atMs >= account.validUntilMs) {
    return rejectedFor('AccountExpired', `${account.name} has expired`, decidingPlace(account, 'validUntil'));
  }
  return priceFor(snapshot, account, callee, atMs).kind === 'missing'
    ? missingRate(snapshot, account, callee, atMs)
    : null;
}

function missingRate(
  snapshot: Snapshot,
  account: Account,
  callee: string,
  atMs: number,
): Explanation['rejected'] {
  const found = findAccountRate(snapshot, account, callee, atMs);
  if (found === null || !isLockedRow(found.table, found.row)) {
    const tables = rateTablesAt(snapshot, account, atMs);
    const names = tables.map(({ name }) => name).join(' nor ');
    const have = tables.length === 1 ? `${names} has no rate` : `neither ${names} has a rate`;
    return rejectedFor('NoSuchRate', `${have} for ${callee}`, tables.at(-1)!.source);
  }
  const { table, row } = found;
  const source = { file: table.rowFile, line: table.line[row]!, column: 1 };
  return rejectedFor('NoSuchRate', `the rate of ${table.name} for ${callee} is locked`, source);
}

function rejectedFor(reason: string, detail: string, source: Source): Explanation['rejected'] {
  return { reason, detail, source: sourceText(source) };
}

function explainAttempt(
  snapshot: Snapshot,
  { callee, atMs }: ExplainRequest,
  { gateway: index, matchedLength, protect }: RouteCandidate,
  { source }: Because,
  customerCharge: bigint,
): ExplainedAttempt {
  const gateway = snapshot.routingGateways[index]!;
  const vendor = snapshot.accounts[gateway.clearingAccount]!;
  const pricing = priceFor(snapshot, vendor, callee, atMs);
  const price = pricing.kind === 'rated' ? pricing : null;
  const cost = price === null ? 0n : exampleCharge(snapshot, price);
  const { host, port, transport } = gateway.address;
  return {
    gateway: gateway.name,
    prefix: callee.slice(0, matchedLength),
    mode: isExpiration(snapshot, index, source.line) ? 'Expiration' : 'Extension',
    priority: gateway.priority,
    address: `${host.includes(':') ? `[${host}]` : host}:${port};${transport}`,
    protectRoute: protect,
    account: vendor.name,
    rate: price === null ? null : explainRate(snapshot, price, callee),
    margin: moneyText(money(customerCharge - cost)),
    source: sourceText(source),
  };
}

/** The mode of the prefix that stands on this line of the gateway's file. */
function isExpiration({ routes }: Snapshot, gateway: number, line: number): boolean {
  for (let entry = 0; entry < routes.entryCount; entry += 1) {
    if (routes.gateway[entry] === gateway && routes.line[entry] === line && routes.expiration[entry] === 1) {
      return true;
    }
  }
  return false;
}

function explainRate(snapshot: Snapshot, price: Price, callee: string): ExplainedRate {
  const { table, row, prefixLength, rate } = price;
  return {
    rateTable: table.name,
    prefix: callee.slice(0, prefixLength),
    rate: formatRate(rate.ratePerUnit),
    unitSeconds: rate.unitSeconds,
    increments: `${rate.firstIncrementSeconds}/${rate.nextIncrementSeconds}`,
    connectFee: formatRate(rate.connectFee),
    freeSeconds: rate.freeSeconds,
    stages: formatStages(rate.stages),
    source: `${table.rowFile}:${table.line[row]!}`,
    exampleAmount: moneyText(exampleCharge(snapshot, price)),
  };
}

function exampleCharge(snapshot: Snapshot, { rate }: Price): Money {
  return chargeFor(rate, exampleSeconds, snapshot.parameters.feePrecision).amount;
}

function sourceText({ file, line }: Source): string {
  return `${file}:${line}`;
}
