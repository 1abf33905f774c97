/** Money in use: what each account has, and what calls in progress hold of it. */
import { chargeFor } from '../rating/charge.ts';
import { affordableSeconds } from '../rating/credit.ts';
import { type Money, money, noMoney } from '../rating/money.ts';
import type { Rate } from '../rating/rate-table.ts';
import { CallCapacity } from './call-capacity.ts';

/** One account while the switch runs: its money, and its calls over all gateways. */
export class AccountState extends CallCapacity {
  balance: Money;
  /** What calls in progress hold of the balance and the overdraft; never negative. */
  held: Money = noMoney;

  constructor(name: string, balance: Money) {
    super(name);
    this.balance = balance;
  }

  /** What a further hold may take: balance + overdraft limit − held. May be negative. */
  free(overdraftLimit: bigint): Money {
    return money(this.balance + overdraftLimit - this.held);
  }
}

/**
 * The money one call holds of one account: the exact charge for the talk it covers, so that two calls at once can
 * never spend the same money and no call can cost more than it held.
 */
export class CreditHold {
  readonly account: AccountState;
  readonly #overdraftLimit: bigint;
  readonly #feePrecision: number;
  #rate: Rate;
  #amount: Money = noMoney;
  #coveredSeconds = 0;

  constructor(account: AccountState, overdraftLimit: bigint, rate: Rate, feePrecision: number) {
    this.account = account;
    this.#overdraftLimit = overdraftLimit;
    this.#feePrecision = feePrecision;
    this.#rate = rate;
  }

  /** So long a talk costs no more than is held; Infinity when talk costs nothing more. */
  get coveredSeconds(): number {
    return this.#coveredSeconds;
  }

  get amount(): Money {
    return this.#amount;
  }

  /**
   * Holds enough for a talk of `seconds`, or as much of it as the account can pay. Never gives anything back.
   * Returns whether more talk is covered than before.
   */
  extendTo(seconds: number): boolean {
    if (seconds <= this.#coveredSeconds) return false;
    const affordable = money(this.#amount + this.account.free(this.#overdraftLimit));
    const whole = chargeFor(this.#rate, seconds, this.#feePrecision).amount;
    // What nothing is asked for needs no credit, not even from an account below its limit.
    if (whole <= affordable || whole === this.#amount) {
      this.#hold(whole);
      return true;
    }
    const covered = affordableSeconds(this.#rate, affordable, this.#feePrecision);
    if (covered <= this.#coveredSeconds) return false;
    this.#hold(chargeFor(this.#rate, covered, this.#feePrecision).amount);
    return true;
  }

  /** Another price applies to the whole talk: the money held covers a shorter or longer one. */
  reprice(rate: Rate): void {
    this.#rate = rate;
    this.#coveredSeconds = Math.max(0, affordableSeconds(rate, this.#amount, this.#feePrecision));
  }

  /** Gives everything back; the hold covers nothing any more. */
  release(): void {
    this.account.held = money(this.account.held - this.#amount);
    this.#amount = noMoney;
    this.#coveredSeconds = 0;
  }

  #hold(amount: Money): void {
    this.account.held = money(this.account.held + amount - this.#amount);
    this.#amount = amount;
    this.#coveredSeconds = affordableSeconds(this.#rate, amount, this.#feePrecision);
  }
}
