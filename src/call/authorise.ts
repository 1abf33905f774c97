/** Who is calling and whether the call may begin: everything that needs no state of the running switch. */
import type { EndReason } from '../cdr/record.ts';
import type { Account, MappingGateway, Snapshot } from '../config/snapshot.ts';
import { findMappingGateway } from '../routing/ingress.ts';
import type { InviteInput } from './inputs.ts';
import { type Price, priceFor } from './prices.ts';

/** Why a call may not begin, whatever the switch is doing. */
export type AuthorisationRefusal = Extract<
  EndReason,
  | 'IllegalCall'
  | 'InvalidNumber'
  | 'NumberNotAllowed'
  | 'GatewayLocked'
  | 'Shutdown'
  | 'AccountLocked'
  | 'AccountExpired'
  | 'NoSuchRate'
>;

export type Authorisation =
  | {
      readonly kind: 'allowed';
      readonly gateway: MappingGateway;
      readonly account: Account;
      readonly callee: string;
      /** null when the account is unrated. */
      readonly price: Price | null;
    }
  | {
      readonly kind: 'rejected';
      readonly reason: AuthorisationRefusal;
      /** null when the source is unknown. */
      readonly gateway: MappingGateway | null;
    };

/** The checks in their order: the source, the number, the gateway, the switch, the account, the rate. */
export function authorise(
  snapshot: Snapshot,
  invite: InviteInput,
  draining: boolean,
  nowMs: number,
): Authorisation {
  const { callee } = invite;
  const match = findMappingGateway(snapshot, invite.source, invite.caller, callee ?? '');
  if (match.kind === 'unknownSource') return rejected('IllegalCall', null);
  const gateway = snapshot.mappingGateways[match.mappingGateway]!;
  return authoriseFrom(snapshot, gateway, callee, match.kind === 'found', draining, nowMs);
}

/** The checks behind the source, for a call that came from `gateway`; `numbersAllowed` says whether it takes its numbers. */
export function authoriseFrom(
  snapshot: Snapshot,
  gateway: MappingGateway,
  callee: string | null,
  numbersAllowed: boolean,
  draining: boolean,
  nowMs: number,
): Authorisation {
  if (callee === null || callee === '') return rejected('InvalidNumber', gateway);
  if (!numbersAllowed) return rejected('NumberNotAllowed', gateway);
  if (gateway.locked) return rejected('GatewayLocked', gateway);
  if (draining) return rejected('Shutdown', gateway);
  const account = snapshot.accounts[gateway.account]!;
  if (account.locked) return rejected('AccountLocked', gateway);
  if (account.validUntilMs !== null && nowMs >= account.validUntilMs) {
    return rejected('AccountExpired', gateway);
  }
  const pricing = priceFor(snapshot, account, callee, nowMs);
  if (pricing.kind === 'missing') return rejected('NoSuchRate', gateway);
  const price = pricing.kind === 'rated' ? pricing : null;
  return { kind: 'allowed', gateway, account, callee, price };
}

function rejected(reason: AuthorisationRefusal, gateway: MappingGateway | null): Authorisation {
  return { kind: 'rejected', reason, gateway };
}
