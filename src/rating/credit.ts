import { exactFee, feeStep } from './charge.ts';
import type { Money } from './money.ts';
import type { Rate } from './rate-table.ts';

/**
 * The longest talk time in seconds whose charge (see `chargeFor`) is at most `usable`: exact, whatever the free
 * seconds, the stages, the increments and the rounding. Infinity when more talk costs nothing more, or when the
 * credit covers more than 2⁵³ seconds; -1 when not even the first second is covered. A call that is free of any
 * fee needs no credit, even from an account below its limit.
 */
export function affordableSeconds(rate: Rate, usable: Money, feePrecision: number): number {
  if (costsNothing(rate)) return Number.POSITIVE_INFINITY;
  if (usable < 0n) return -1;
  // A fee is affordable when it rounds to at most `steps`, that is, when it lies below `steps` and a half:
  // 2 × numerator < (2 × steps + 1) × denominator.
  const steps = usable / feeStep(feePrecision);
  const connect = exactFee(rate, 0n, 0n, feePrecision);
  const largestNumerator = ((2n * steps + 1n) * connect.denominator - 1n) / 2n;
  let left = largestNumerator - connect.numerator;
  let reached = rate.freeSeconds;
  if (left < 0n) return secondsOrNone(reached);
  const unit = BigInt(rate.unitSeconds);
  for (const stage of rate.stages) {
    left -= stage.fee * unit;
    if (left < 0n) return secondsOrNone(reached);
    reached += stage.seconds;
  }
  if (rate.ratePerUnit === 0n) return Number.POSITIVE_INFINITY;
  const payable = left / rate.ratePerUnit;
  const first = BigInt(rate.firstIncrementSeconds);
  if (payable < first) return secondsOrNone(reached);
  const next = BigInt(rate.nextIncrementSeconds);
  const seconds = Number(BigInt(reached) + first + ((payable - first) / next) * next);
  return Number.isSafeInteger(seconds) ? seconds : Number.POSITIVE_INFINITY;
}

function costsNothing(rate: Rate): boolean {
  return rate.ratePerUnit === 0n && rate.connectFee === 0n && rate.stages.every(({ fee }) => fee === 0n);
}

function secondsOrNone(seconds: number): number {
  return seconds > 0 ? seconds : -1;
}
