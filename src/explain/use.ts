/** Lines, call rates and money of those who take part in a call. */
import type { CallCapacity, CallLimits } from '../call/call-capacity.ts';
import type { Account, MappingGateway } from '../config/snapshot.ts';
import { money, moneyText } from '../rating/money.ts';
import { settingsAt } from '../routing/timed-settings.ts';
import type { Circumstances } from './circumstances.ts';
import type { ExplainedAccount, ExplainedUse } from './explanation.ts';
import { placeText } from './place-text.ts';

export function explainIngress({ view }: Circumstances, gateway: MappingGateway, atMs: number): ExplainedUse {
  const { callRate } = gateway;
  const lines = settingsAt(view.snapshot, atMs).mappingLines[gateway.index]!;
  return useOf(view.mappingGateways[gateway.index]!, { lines, callRate }, atMs);
}

export function explainAccount(
  { view, live }: Circumstances,
  account: Account,
  atMs: number,
): ExplainedAccount {
  const state = view.accounts[account.index]!;
  return {
    name: account.name,
    locked: account.locked,
    validUntil: account.validUntilMs === null ? null : isoTime(account.validUntilMs),
    overdraftLimit: moneyText(money(account.overdraftLimit)),
    balance: live ? moneyText(state.balance) : null,
    held: live ? moneyText(state.held) : null,
    usable: live ? moneyText(state.free(account.overdraftLimit)) : null,
    ...useOf(state, account, atMs),
    source: placeText(account.source),
  };
}

function useOf(capacity: CallCapacity, limits: CallLimits, atMs: number): ExplainedUse {
  return {
    activeLines: capacity.active,
    lineLimit: limits.lines,
    callRateLimit: limits.callRate,
    callsInPeriod: capacity.callsInPeriod(limits, atMs),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
