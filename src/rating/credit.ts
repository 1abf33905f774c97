import { exactFee, feeStep } from './charge.ts';
import type { Money } from './money.ts';
import type { Rate } from './rate-table.ts';

/**
 * The longest talk time in seconds whose charge (see `chargeFor`) is at most `usable`: exact, whatever the
 * increments and the rounding. Infinity when more talk costs nothing more, or when the credit covers more than
 * 2⁵³ seconds; -1 when not even the first increment is covered. A call that is free of any fee needs no credit, even from an account below its limit.
 */
export function affordableSeconds(rate: Rate, usable: Money, feePrecision: number): number {
  if (rate.ratePerUnit === 0n && rate.connectFee === 0n) return Number.POSITIVE_INFINITY;
  if (usable < 0n) return -1;
  // A fee is affordable when it rounds to at most `steps`, that is, when it lies below `steps` and a half:
  // 2 × numerator < (2 × steps + 1) × denominator.
  const steps = usable / feeStep(feePrecision);
  const connect = exactFee(rate, 0n, feePrecision);
  const largestNumerator = ((2n * steps + 1n) * connect.denominator - 1n) / 2n;
  const leftForTalk = largestNumerator - connect.numerator;
  if (leftForTalk < 0n) return -1;
  if (rate.ratePerUnit === 0n) return Number.POSITIVE_INFINITY;
  const payable = leftForTalk / rate.ratePerUnit;
  const first = BigInt(rate.firstIncrementSeconds);
  if (payable < first) return -1;
  const next = BigInt(rate.nextIncrementSeconds);
  const seconds = Number(first + ((payable - first) / next) * next);
  return Number.isSafeInteger(seconds) ? seconds : Number.POSITIVE_INFINITY;
}
