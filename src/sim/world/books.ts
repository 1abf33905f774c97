/**
 * The money of the world's store: what everybody has, and that no money comes from nowhere or goes there. It
 * takes what the switch gives it, and says what a real store and its owner would not stand for.
 */
import type { LedgerCharge } from '../../cdr/open-call.ts';
import type { Account, Snapshot } from '../../config/snapshot.ts';
import { type Money, money, moneyText, noMoney } from '../../rating/money.ts';
import type { Violations } from './violations.ts';

/** One a snapshot. */
const knownAccounts = new WeakMap<Snapshot, ReadonlyMap<string, Account>>();

function accountsOf(snapshot: Snapshot): ReadonlyMap<string, Account> {
  let accounts = knownAccounts.get(snapshot);
  if (accounts === undefined) {
    accounts = new Map(snapshot.accounts.map(account => [account.name, account]));
    knownAccounts.set(snapshot, accounts);
  }
  return accounts;
}

export class Books {
  readonly balances: Map<string, Money>;
  readonly lowest: Map<string, Money>;
  readonly #given: ReadonlyMap<string, Money>;
  readonly #violations: Violations;
  /** Below it no call may bring an account; missing where nothing was lowered yet. */
  readonly #floors = new Map<string, bigint>();
  readonly #snapshots: Snapshot[];

  constructor(snapshot: Snapshot, given: ReadonlyMap<string, Money>, violations: Violations) {
    this.#given = given;
    this.balances = new Map(given);
    this.lowest = new Map(given);
    this.#violations = violations;
    this.#snapshots = [snapshot];
  }

  /** The limits of this configuration hold as well from now on. */
  use(snapshot: Snapshot): void {
    if (!this.#snapshots.includes(snapshot)) this.#snapshots.push(snapshot);
  }

  pay(account: string, amount: Money): void {
    if (amount < noMoney) this.#floors.set(account, this.#lowered(account) + amount);
    this.#book(account, amount);
  }

  /** The charges of a call that has ended. */
  charge(callId: string, ledger: readonly LedgerCharge[]): void {
    for (const { account, amount } of ledger) {
      const balance = this.#book(account, amount);
      const floor = this.#floorOf(account);
      if (floor === null || balance >= floor) continue;
      this.#violations.add(
        'overdraftPassed',
        `A call brings ${account} to ${moneyText(balance)}, below the ${moneyText(money(floor))} that it may go to.`,
        callId,
      );
    }
  }

  #book(account: string, amount: Money): Money {
    const balance = money((this.balances.get(account) ?? noMoney) + amount);
    this.balances.set(account, balance);
    if (balance < (this.lowest.get(account) ?? noMoney)) this.lowest.set(account, balance);
    return balance;
  }

  /** How far corrections have lowered what the account may go to. */
  #lowered(account: string): bigint {
    return this.#floors.get(account) ?? 0n;
  }

  /** null for an account that any debt is allowed, because no credit is held of it. */
  #floorOf(name: string): bigint | null {
    let floor: bigint = this.#given.get(name) ?? noMoney;
    for (const snapshot of this.#snapshots) {
      const account = accountsOf(snapshot).get(name);
      if (account === undefined) continue;
      if (account.kind === 'vendor' && !snapshot.parameters.verifyVendorCredit) return null;
      if (-account.overdraftLimit < floor) floor = -account.overdraftLimit;
    }
    return floor + this.#lowered(name);
  }
}
