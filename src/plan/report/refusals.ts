/** Why a call is turned away, beside the name that records and SIP responses have for it. */
import type { EndReason } from '../../cdr/record.ts';

const words: Readonly<Partial<Record<EndReason, string>>> = {
  NoAvailableRouter: 'no gateway can carry it',
  AllGatewayBusy: 'every gateway that could carry it is busy or down',
  AccountBalanceNotEnough: "the customer's credit is used up",
  NoSuchRate: 'the customer has no rate for the number',
  AccountLocked: "the customer's account is locked",
  AccountExpired: "the customer's account has expired",
  InvalidNumber: 'the number cannot be called',
  LrnQueryFailed: 'the number has no LRN',
  NumberNotAllowed: 'rules about numbers do not let it pass',
  NoCallPermission: 'the customer may not make calls of this level',
  GatewayLocked: 'the gateway of the customer takes no calls',
  LineLimit: 'the customer has no line left',
  CallRateLimit: 'the customer has no call left in the period',
};

/** `refused: no gateway can carry it (NoAvailableRouter)` */
export function refusalText(reason: string): string {
  const text = words[reason as EndReason];
  return text === undefined ? `refused: ${reason}` : `refused: ${text} (${reason})`;
}
