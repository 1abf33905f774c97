/** Accounts and payments while no switch runs: of the configuration and the database, directly. */
import type { Snapshot } from '../config/snapshot.ts';
import { openControlServer } from '../control/server.ts';
import { silentLogger } from '../diagnostics/logger.ts';
import {
  type AccountReport,
  type BalanceReport,
  OperationError,
  type PaymentReport,
} from '../live/operations.ts';
import { ledgerReport } from '../live/reports.ts';
import { unknownAccount } from '../live/running-operations.ts';
import { type Money, money, moneyText, noMoney } from '../rating/money.ts';
import type { Io } from './io.ts';
import { withOfflineStore } from './offline-store.ts';

/** @throws ConfigurationError, StoreError */
export function offlineAccounts(directory: string, io: Io): Promise<readonly AccountReport[]> {
  return withOfflineStore(
    directory,
    io,
    false,
    async ({ snapshot, store }) => accountsOf(snapshot, await store.balances()),
    snapshot => accountsOf(snapshot, new Map()),
  );
}

/** With at most so many entries of the ledger. @throws OperationError, ConfigurationError, StoreError */
export function offlineBalance(
  directory: string,
  name: string,
  limit: number,
  io: Io,
): Promise<BalanceReport> {
  return withOfflineStore<BalanceReport>(
    directory,
    io,
    false,
    async ({ snapshot, store }) => {
      const account = accountOf(snapshot, name, await store.balance(name));
      return { ...account, ledger: (await store.ledger(name, limit)).map(ledgerReport) };
    },
    snapshot => ({ ...accountOf(snapshot, name, noMoney), ledger: [] }),
  );
}

export interface OfflinePayment {
  readonly account: string;
  readonly units: Money;
  readonly note: string;
}

/** @throws OperationError, ConfigurationError, StoreError, ControlSocketError */
export async function payOffline(
  directory: string,
  { account, units, note }: OfflinePayment,
  io: Io,
): Promise<PaymentReport> {
  // Holding the socket keeps a switch from starting in between, which would not know of the payment.
  const claim = await openControlServer(directory, silentLogger);
  try {
    return await withOfflineStore(
      directory,
      io,
      true,
      async ({ snapshot, store }) => {
        accountOf(snapshot, account, noMoney);
        const balance = await store.pay(account, units, Date.now(), note);
        return { account, amount: moneyText(units), balance: moneyText(balance) };
      },
      () => {
        throw new OperationError('wrong', 'there is no database');
      },
    );
  } finally {
    await claim.close();
  }
}

function accountsOf(snapshot: Snapshot, balances: ReadonlyMap<string, Money>): readonly AccountReport[] {
  return snapshot.accounts.map(({ name }) => accountOf(snapshot, name, balances.get(name) ?? noMoney));
}

/** @throws OperationError when there is none of this name. */
function accountOf(snapshot: Snapshot, name: string, balance: Money): AccountReport {
  const account = snapshot.accounts.find(candidate => candidate.name === name);
  if (account === undefined) {
    throw unknownAccount(
      name,
      snapshot.accounts.map(candidate => candidate.name),
    );
  }
  return {
    name,
    kind: account.kind,
    balance: moneyText(balance),
    held: moneyText(noMoney),
    overdraftLimit: moneyText(money(account.overdraftLimit)),
    usable: moneyText(money(balance + account.overdraftLimit)),
    activeLines: 0,
    lineLimit: account.lines,
    callRateLimit: account.callRate,
    callsInPeriod: 0,
  };
}
