/** Prices in words, by the price look-ups and charges of the call core. */
import type { Price } from '../call/prices.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { chargeFor } from '../rating/charge.ts';
import { formatRate } from '../rating/decimal.ts';
import { type Money, moneyText, noMoney } from '../rating/money.ts';
import { formatStages } from '../rating/stages.ts';
import type { ExplainedRate } from './explanation.ts';

/** How long a call the costs are told for. */
export const exampleSeconds = 60;

export function exampleCharge({ parameters }: Snapshot, price: Price | null): Money {
  return price === null ? noMoney : chargeFor(price.rate, exampleSeconds, parameters.feePrecision).amount;
}

/** `number` is the one that the price was looked up by. */
export function explainRate(snapshot: Snapshot, price: Price | null, number: string): ExplainedRate | null {
  if (price === null) return null;
  const { table, row, prefixLength, rate } = price;
  return {
    rateTable: table.name,
    prefix: number.slice(0, prefixLength),
    rate: formatRate(rate.ratePerUnit),
    unitSeconds: rate.unitSeconds,
    increments: `${rate.firstIncrementSeconds}/${rate.nextIncrementSeconds}`,
    connectFee: formatRate(rate.connectFee),
    freeSeconds: rate.freeSeconds,
    stages: formatStages(rate.stages),
    source: `${table.rowFile}:${table.line[row]!}`,
    exampleAmount: moneyText(exampleCharge(snapshot, price)),
  };
}

/** So many hundredths of a percent of `charge` are `margin`, rounded half away from zero; null of nothing. */
export function marginPercent(margin: Money, charge: Money): string | null {
  if (charge <= 0n) return null;
  const absolute = margin < 0n ? -margin : margin;
  const hundredths = (2n * absolute * 10_000n + charge) / (2n * charge);
  const text = hundredths.toString().padStart(3, '0');
  const sign = margin < 0n && hundredths !== 0n ? '-' : '';
  return `${sign}${text.slice(0, -2)}.${text.slice(-2)}`;
}
