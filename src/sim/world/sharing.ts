/**
 * Calls that were played are kept until their scenario has been judged, and a burst may have a million: what is alike
 * in their records is kept once.
 */
import type { CallDetailRecord, CdrAttempt, CdrCharge } from '../../cdr/record.ts';
import type { Money } from '../../rating/money.ts';

/** What differs from call to call would only fill the memory. */
const mostShared = 10_000;

export class Sharing {
  readonly #texts = new Map<string, string>();
  readonly #charges = new Map<string, CdrCharge>();
  readonly #amounts = new Map<Money, Money>();

  /** The same record. */
  record(cdr: CallDetailRecord): CallDetailRecord {
    return {
      ...cdr,
      sourceAddress: shared(this.#texts, cdr.sourceAddress, cdr.sourceAddress),
      attempts: cdr.attempts.map(attempt => this.#attempt(attempt)),
      customerCharge: this.#charge(cdr.customerCharge),
      vendorCharge: this.#charge(cdr.vendorCharge),
      profit: shared(this.#amounts, cdr.profit, cdr.profit),
    };
  }

  #attempt(attempt: CdrAttempt): CdrAttempt {
    return { ...attempt, address: shared(this.#texts, attempt.address, attempt.address) };
  }

  #charge(charge: CdrCharge | null): CdrCharge | null {
    if (charge === null) return null;
    const { account, rateSource, billedSeconds } = charge;
    const known = shared(this.#charges, `${account} ${rateSource} ${billedSeconds}`, charge);
    return isSame(known, charge) ? known : charge;
  }
}

function shared<Key, Value>(known: Map<Key, Value>, key: Key, value: Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size < mostShared) known.set(key, value);
  return value;
}

function isSame(a: CdrCharge, b: CdrCharge): boolean {
  return (
    a.amount === b.amount &&
    a.rateTable === b.rateTable &&
    a.prefix === b.prefix &&
    a.rate === b.rate &&
    a.unitSeconds === b.unitSeconds &&
    a.firstIncrementSeconds === b.firstIncrementSeconds &&
    a.nextIncrementSeconds === b.nextIncrementSeconds &&
    a.connectFee === b.connectFee &&
    a.freeSeconds === b.freeSeconds &&
    a.stages === b.stages
  );
}
