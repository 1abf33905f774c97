/**
 * Rates by value, as text, for the journal and the call detail record: a call is charged by what it started
 * with, even when its snapshot is long gone.
 */
import type { JournaledRate } from '../cdr/open-call.ts';
import type { CdrCharge } from '../cdr/record.ts';
import type { RateTable } from '../config/snapshot.ts';
import { chargeFor } from './charge.ts';
import { formatRate, parseRate } from './decimal.ts';
import type { Rate } from './rate-table.ts';
import { formatStages, noStages, parseStages, type RateStage } from './stages.ts';

/** Few rates have what may be absent, and copying objects key by key would cost more than the whole charge. */
type WithOptional<T extends { readonly freeSeconds?: number; readonly stages?: string }> = T & {
  freeSeconds?: number;
  stages?: string;
};

/** The price of a row with its origin. `prefix` is the row's prefix, `account` the account's name. */
export function journaledRate(
  table: RateTable,
  row: number,
  rate: Rate,
  prefix: string,
  account: string,
): JournaledRate {
  const journaled: WithOptional<JournaledRate> = {
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
  if (rate.freeSeconds !== 0) journaled.freeSeconds = rate.freeSeconds;
  if (rate.stages.length > 0) journaled.stages = formatStages(rate.stages);
  return journaled;
}

/** The rate again, exactly. Throws when the texts are no prices: `journaledRate` never writes such. */
export function rateFromJournal(journaled: JournaledRate): Rate {
  return {
    ratePerUnit: exactPrice(journaled.rate),
    unitSeconds: journaled.unitSeconds,
    firstIncrementSeconds: journaled.firstIncrementSeconds,
    nextIncrementSeconds: journaled.nextIncrementSeconds,
    connectFee: exactPrice(journaled.connectFee),
    freeSeconds: journaled.freeSeconds ?? 0,
    stages: journaled.stages === undefined ? noStages : exactStages(journaled.stages),
  };
}

/** What a call with this much talk owes by a journaled rate; `feePrecision` is 0–8 decimals. */
export function cdrCharge(journaled: JournaledRate, talkSeconds: number, feePrecision: number): CdrCharge {
  const charge = chargeFor(rateFromJournal(journaled), talkSeconds, feePrecision);
  const written: WithOptional<CdrCharge> & { connectFee?: string } = {
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
  if (journaled.freeSeconds !== undefined) written.freeSeconds = journaled.freeSeconds;
  if (journaled.stages !== undefined) written.stages = journaled.stages;
  if (journaled.connectFee !== '0') written.connectFee = journaled.connectFee;
  return written;
}

function exactPrice(text: string): bigint {
  const price = parseRate(text);
  if (price === null) throw new RangeError(`not a price: ${JSON.stringify(text)}`);
  return BigInt(price);
}

function exactStages(text: string): readonly RateStage[] {
  const stages = parseStages(text);
  if (stages === null) throw new RangeError(`no stages: ${JSON.stringify(text)}`);
  return stages.map(({ seconds, fee }) => ({ seconds, fee: BigInt(fee) }));
}
