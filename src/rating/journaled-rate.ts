/**
 * Rates by value, as text, for the journal and the call detail record: a call is charged by what it started
 * with, even when its snapshot is long gone.
 */
import type { JournaledRate } from '../cdr/open-call.ts';
import type { CdrCharge } from '../cdr/record.ts';
import type { RateTable } from '../config/snapshot.ts';
import { chargeFor } from './charge.ts';
import { formatRate, parseRate } from './decimal.ts';
import { type Rate, rateOfRow } from './rate-table.ts';

/** A row of a rate table with its origin. `prefix` is the row's prefix, `account` the account's name. */
export function journaledRate(table: RateTable, row: number, prefix: string, account: string): JournaledRate {
  const rate = rateOfRow(table, row);
  return {
    account,
    rateTable: table.name,
    prefix,
    rateSource: `${table.rowFile}:${table.line[row]}`,
    rate: formatRate(rate.ratePerUnit),
    unitSeconds: rate.unitSeconds,
    firstIncrementSeconds: rate.firstIncrementSeconds,
    nextIncrementSeconds: rate.nextIncrementSeconds,
    connectFee: formatRate(rate.connectFee),
  };
}

/** The rate again, exactly. Throws when the texts are no prices: `journaledRate` never writes such. */
export function rateFromJournal(journaled: JournaledRate): Rate {
  return {
    ratePerUnit: exactPrice(journaled.rate),
    unitSeconds: journaled.unitSeconds,
    firstIncrementSeconds: journaled.firstIncrementSeconds,
    nextIncrementSeconds: journaled.nextIncrementSeconds,
    connectFee: exactPrice(journaled.connectFee),
  };
}

/** What a call with this much talk owes by a journaled rate; `feePrecision` is 0–8 decimals. */
export function cdrCharge(journaled: JournaledRate, talkSeconds: number, feePrecision: number): CdrCharge {
  const charge = chargeFor(rateFromJournal(journaled), talkSeconds, feePrecision);
  return {
    account: journaled.account,
    rateTable: journaled.rateTable,
    prefix: journaled.prefix,
    rateSource: journaled.rateSource,
    rate: journaled.rate,
    unitSeconds: journaled.unitSeconds,
    firstIncrementSeconds: journaled.firstIncrementSeconds,
    nextIncrementSeconds: journaled.nextIncrementSeconds,
    billedSeconds: charge.billedSeconds,
    amount: charge.amount,
  };
}

function exactPrice(text: string): bigint {
  const price = parseRate(text);
  if (price === null) throw new RangeError(`not a price: ${JSON.stringify(text)}`);
  return BigInt(price);
}
