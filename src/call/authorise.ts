/** Who is calling and whether the call may begin: everything that needs no state of the running switch. */
import type { EndReason } from '../cdr/record.ts';
import type { Account, CallLevel, MappingGateway, Snapshot } from '../config/snapshot.ts';
import { callLevels, levelOfRow } from '../rating/rate-table.ts';
import { findMappingGateway } from '../routing/ingress.ts';
import { numberRefusal, type RuledNumbers } from '../routing/number-rules.ts';
import { type PreparedNumbers, prepareNumbers, routeTagLength } from '../routing/prepare-numbers.ts';
import { mappingPeriodAt } from '../routing/timed-settings.ts';
import type { InviteInput } from './inputs.ts';
import { type Price, priceFor } from './prices.ts';

/** Why a call may not begin, whatever the switch is doing. */
export type AuthorisationRefusal = Extract<
  EndReason,
  | 'IllegalCall'
  | 'InvalidNumber'
  | 'LrnQueryFailed'
  | 'NumberNotAllowed'
  | 'GatewayLocked'
  | 'Shutdown'
  | 'AccountLocked'
  | 'AccountExpired'
  | 'NoSuchRate'
  | 'NoCallPermission'
>;

export interface Rejection {
  readonly kind: 'rejected';
  readonly reason: AuthorisationRefusal;
  /** null when the source is unknown. */
  readonly gateway: MappingGateway | null;
  /** null when it did not come to preparing them. */
  readonly numbers: PreparedNumbers | null;
}

export type Authorisation =
  | {
      readonly kind: 'allowed';
      readonly gateway: MappingGateway;
      readonly account: Account;
      readonly numbers: PreparedNumbers;
      /** null when the account is unrated. */
      readonly price: Price | null;
    }
  | Rejection;

/** What of an INVITE the checks behind its source look at. */
export type ArrivingCall = Pick<InviteInput, 'caller' | 'callee' | 'forwarding' | 'seed'>;

/**
 * The checks in their order: the source, the number by the rules of the gateway, the gateway, the switch, the account, the
 * number after its dial plans, the rate, the permission. `callsBefore` tells how many calls a mapping gateway has had, by its index.
 */
export function authorise(
  snapshot: Snapshot,
  invite: ArrivingCall & Pick<InviteInput, 'source'>,
  callsBefore: (mappingGateway: number) => number,
  draining: boolean,
  nowMs: number,
): Authorisation {
  const match = findMappingGateway(snapshot, invite.source, invite.caller, invite.callee ?? '', nowMs);
  if (match.kind === 'unknownSource') return rejected('IllegalCall', null);
  const gateway = snapshot.mappingGateways[match.mappingGateway]!;
  const isTaken = match.kind === 'found';
  return authoriseFrom(snapshot, gateway, invite, isTaken, callsBefore(gateway.index), draining, nowMs);
}

/**
 * The checks behind the source, for a call that came from `gateway`; `numbersAllowed` says whether it takes its
 * numbers, `shareSlot` how many calls it has had before.
 */
export function authoriseFrom(
  snapshot: Snapshot,
  gateway: MappingGateway,
  { caller, callee, forwarding, seed }: ArrivingCall,
  numbersAllowed: boolean,
  shareSlot: number,
  draining: boolean,
  nowMs: number,
): Authorisation {
  if (callee === null || callee === '') return rejected('InvalidNumber', gateway);
  const period = mappingPeriodAt(snapshot, gateway.index, nowMs);
  if (!numbersAllowed) return rejected('NumberNotAllowed', gateway);
  const ruled = receivedNumbers(snapshot, caller, callee, forwarding);
  if (numberRefusal(snapshot, gateway.numbers, period, ruled) !== null) {
    return rejected('NumberNotAllowed', gateway);
  }
  if (gateway.locked || period?.available === false) return rejected('GatewayLocked', gateway);
  if (draining) return rejected('Shutdown', gateway);
  const account = snapshot.accounts[gateway.account]!;
  if (account.locked) return rejected('AccountLocked', gateway);
  if (account.validUntilMs !== null && nowMs >= account.validUntilMs) {
    return rejected('AccountExpired', gateway);
  }
  const circumstances = { atMs: nowMs, seed, shareSlot };
  const numbers = prepareNumbers(snapshot, gateway, { caller, callee, forwarding }, circumstances);
  if (numbers.kind === 'refused') return rejected(numbers.reason, gateway);
  const pricing = priceFor(snapshot, account, numbers.calleeToRate, nowMs);
  if (pricing.kind === 'missing') return rejected('NoSuchRate', gateway, numbers);
  const price = pricing.kind === 'rated' ? pricing : null;
  if (price !== null && !mayCall(gateway, levelOfRow(price.table, price.row))) {
    return rejected('NoCallPermission', gateway, numbers);
  }
  return { kind: 'allowed', gateway, account, numbers, price };
}

/** The numbers as they were sent, as the rules of a mapping gateway look at them. */
export function receivedNumbers(
  snapshot: Snapshot,
  caller: string,
  callee: string,
  forwarding: string | null,
): RuledNumbers {
  return { caller, callee, untaggedCallee: callee.slice(routeTagLength(snapshot, callee)), forwarding };
}

/** Whether the gateway's call level reaches as far as that of a rate row; a row without one asks for none. */
export function mayCall({ callLevel }: MappingGateway, level: CallLevel | null): boolean {
  return level === null || callLevels.indexOf(level) <= callLevels.indexOf(callLevel);
}

function rejected(
  reason: AuthorisationRefusal,
  gateway: MappingGateway | null,
  numbers: PreparedNumbers | null = null,
): Rejection {
  return { kind: 'rejected', reason, gateway, numbers };
}
